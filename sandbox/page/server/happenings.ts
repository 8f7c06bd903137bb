import type { Workspace } from '../../slack/workspace.ts';
import type { WorldEvent } from '../../world.ts';
import type { PageHappening } from '../protocol.ts';

export interface Happenings {
  /** The last ones, oldest first. */
  recent(): readonly PageHappening[];
  take(event: WorldEvent): void;
  /** Calls of the bot that Slack refused since the last look. */
  lookAt(workspace: Workspace): void;
  onLine(listener: (line: PageHappening) => void): () => void;
}

const kept = 200;
const longest = 240;

/** What happens underneath, in one line each. Requests that only read are left out: the bot reads every second. */
export function createHappenings(): Happenings {
  const lines: PageHappening[] = [];
  const listeners = new Set<(line: PageHappening) => void>();
  const bytes = new Map<string, number>();
  let calls = 0;

  function add(line: PageHappening): void {
    lines.push(line);
    if (lines.length > kept) lines.shift();
    for (const listener of listeners) listener(line);
  }

  return {
    recent: () => lines,
    take(event) {
      const { at, kind } = event;
      if (kind === 'slack') return;
      if (kind === 'api') {
        const { verb, path, user, status, dryRun } = event.request;
        if (['get', 'list', 'watch'].includes(verb)) return;
        const text = `${verb} ${path}${dryRun ? ' (dry run)' : ''}`;
        add({ at, kind, who: shortName(user ?? ''), text: text.slice(0, longest), outcome: status });
        return;
      }
      const command = commandText(event.argv);
      const key = `${event.node} ${event.argv.join('\0')}`;
      if (kind === 'output') bytes.set(key, (bytes.get(key) ?? 0) + event.bytes);
      if (kind === 'command') add({ at, kind, who: event.node, text: command, outcome: undefined });
      if (kind === 'exit') {
        const copied = bytes.get(key) ?? 0;
        bytes.delete(key);
        const text = `${command}${copied > 0 ? ` → ${copied.toLocaleString('en')} bytes` : ''}`;
        add({ at, kind, who: event.node, text, outcome: event.code });
      }
    },
    lookAt(workspace) {
      const all = workspace.calls();
      // One under way has no outcome yet: the next look begins with it.
      for (; calls < all.length && all[calls]?.outcome !== 'pending'; calls += 1) {
        const call = all[calls];
        if (call && call.outcome !== 'ok')
          add({ at: call.at, kind: 'slack', who: 'Slack', text: call.method, outcome: call.outcome });
      }
    },
    onLine(listener) {
      const own: typeof listener = (line) => listener(line);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

/** Of a service account the name alone. */
function shortName(user: string): string {
  return user.startsWith('system:serviceaccount:') ? (user.split(':').at(-1) ?? user) : user;
}

/** A script among the words is shown by its first line. */
function commandText(argv: readonly string[]): string {
  const words = argv.map((word) => {
    const [first = '', ...rest] = word.trim().split('\n');
    return rest.length > 0 ? `${first} …` : first;
  });
  return words.join(' ').slice(0, longest);
}
