import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { World } from '../world.ts';
import { sessionNamespace } from './breaks.ts';
import type { FaultStage } from './stage.ts';

/** What is there after a run, seen with nothing of the bot's own. */
export interface LeftBehind {
  /** Files below the nodes' backup directories, as the node names them, without what was there before. */
  readonly files: readonly string[];
  readonly pods: readonly string[];
  /** Commands that still run on a node. */
  readonly commands: readonly string[];
  /** oc or kubectl processes that the bot did not end. Empty where processes cannot be looked at (no /proc). */
  readonly clients: readonly string[];
}

const backupRoot = '/home/core/assets/backup';

/** What was there before a run, so that only its own traces are held against it. */
export interface Before {
  readonly files: ReadonlySet<string>;
  readonly pods: ReadonlySet<string | undefined>;
}

export async function lookBefore(world: World): Promise<Before> {
  const pods = world.cluster.objects.list('pods', sessionNamespace);
  return { files: await filesOnNodes(world), pods: new Set(pods.map((pod) => pod.metadata.uid)) };
}

/** Every file and empty directory below the backup root of every node, `node:path`. */
async function filesOnNodes({ plane, tree }: World): Promise<ReadonlySet<string>> {
  const found = plane.nodes.map(async ({ name }) =>
    (await tree(name, backupRoot)).map((file) => `${name}:${file.path}`),
  );
  return new Set((await Promise.all(found)).flat());
}

export async function leftBehind(stage: FaultStage, before: Before): Promise<LeftBehind> {
  const { cluster } = stage.world;
  const files = [...(await filesOnNodes(stage.world))].filter((file) => !before.files.has(file));
  const pods = cluster.objects
    .list('pods', sessionNamespace)
    .filter((pod) => !before.pods.has(pod.metadata.uid));
  return {
    files: files.map((file) => file.slice(file.indexOf(':') + 1)),
    pods: pods.map((pod) => pod.metadata.name),
    commands:
      pods.length === 0 && before.pods.size > 0
        ? []
        : cluster.pods.running().map((command) => command.argv.join(' ').replace(/\s+/g, ' ').slice(0, 80)),
    clients: await childrenOf(stage.bot.pid, path.basename(stage.world.client.path)),
  };
}

/** Processes that this process started, by their names. */
async function childrenOf(pid: number, name: string): Promise<readonly string[]> {
  const ids = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    ids
      .filter((id) => /^\d+$/.test(id))
      .map(async (id) => {
        const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
        // `pid (name) state parent …`; the name may hold anything.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const own = Number(parent) === pid && state !== 'Z' && stat.includes(`(${name.slice(0, 15)})`);
        return own ? [`${name} (process ${id})`] : [];
      }),
  );
  return found.flat();
}

/** One line for people. */
export function leftText(left: LeftBehind): string {
  const parts = [
    ...(left.files.length > 0 ? [`${left.files.length} files: ${names(left.files)}`] : []),
    ...left.pods.map((pod) => `session pod ${pod}`),
    ...left.clients.map((client) => `${client} still runs`),
  ];
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}

function names(files: readonly string[]): string {
  const shown = files.slice(0, 3).map((file) => path.posix.basename(file));
  return [...shown, ...(files.length > 3 ? ['…'] : [])].join(', ');
}
