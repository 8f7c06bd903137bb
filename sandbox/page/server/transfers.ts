import type { WorldEvent } from '../../world.ts';
import type { PagePlace, PageTransfer } from '../protocol.ts';

/** Bytes on their way: the snapshot as it is written on the node, and each copy off it. Newest last. */
export interface Transfers {
  take(event: WorldEvent): void;
  /** The files of nodes as they are now. */
  look(places: Readonly<Record<string, PagePlace>>): void;
  list(): readonly PageTransfer[];
}

const kept = 6;
const snapshot = /snapshot_[^/]+\.db(\.part)?$/;

export function createTransfers(): Transfers {
  const transfers = new Map<string, PageTransfer>();
  let sizes: ReadonlyMap<string, number> = new Map();

  function put(key: string, transfer: PageTransfer): void {
    transfers.set(key, transfer);
    const [oldest] = transfers.keys();
    if (transfers.size > kept && oldest !== undefined) transfers.delete(oldest);
  }

  function copied(event: Extract<WorldEvent, { kind: 'output' | 'command' | 'exit' }>): void {
    const file = fileOf(event.argv);
    if (file === undefined) return;
    const key = `${event.node}:${file}`;
    const total = sizes.get(key);
    const before = transfers.get(`copy ${key}`);
    const name = file.slice(file.lastIndexOf('/') + 1);
    const bytes =
      event.kind === 'command' ? 0 : (before?.bytes ?? 0) + (event.kind === 'output' ? event.bytes : 0);
    // Tried again, it is at the end of the list again.
    if (event.kind === 'command') transfers.delete(`copy ${key}`);
    const isOver = event.kind === 'exit';
    put(`copy ${key}`, { kind: 'copy', node: event.node, name, bytes, total, isOver });
  }

  return {
    take(event) {
      if (event.kind === 'output' || event.kind === 'command' || event.kind === 'exit') copied(event);
    },
    look(places) {
      const nodes = Object.entries(places).filter(([, { kind }]) => kind === 'node');
      const files = nodes.flatMap(([node, place]) => place.files.map((file) => ({ node, ...file })));
      sizes = new Map(files.map(({ node, path, bytes }) => [`${node}:${path}`, bytes]));
      for (const { node, path, bytes } of files.filter((file) => snapshot.test(file.path))) {
        const isOver = !path.endsWith('.part');
        const whole = path.replace(/\.part$/, '');
        const name = whole.slice(whole.lastIndexOf('/') + 1);
        const key = `snapshot ${node}:${whole}`;
        const before = transfers.get(key);
        if (before?.isOver !== true && before?.bytes !== bytes)
          put(key, { kind: 'snapshot', node, name, bytes, total: isOver ? bytes : undefined, isOver });
      }
    },
    list: () => [...transfers.values()],
  };
}

/** The file of a backup that this command copies off its node; undefined: it copies none. */
function fileOf([program, mark, file, ...rest]: readonly string[]): string | undefined {
  const isCopy = program === 'cat' && mark === '--' && rest.length === 0;
  return isCopy && file !== undefined && /\.(db|tar\.gz)$/.test(file) ? file : undefined;
}
