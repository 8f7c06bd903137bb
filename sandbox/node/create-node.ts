import { link, mkdir, open, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { applyBehaviour, type Behaviour, HEALTHY, type ScriptSettings } from './behaviour.ts';
import { type CommandOptions, type Outcome, runCommand } from './command.ts';
import type { Etcd } from './etcd.ts';
import { DATABASE, furnish } from './furnish.ts';
import { mapCommand, OutsideTreeError } from './path-map.ts';
import type { NodeEvent, NodeIo, SandboxNode } from './port.ts';

/** Their stdout is bytes of files and stays exact. */
const BYTE_COPIERS = new Set(['cat', 'head', 'tail', 'dd']);
const RECORDED_DATABASE_BYTES = 36_864;

export interface NodeOptions {
  name: string;
  /** A directory of the node's own: created if missing; removing it is up to the caller. */
  dir: string;
  internalIp?: string;
  /** Addresses of all members of etcd; absent: this node's alone. */
  members?: readonly string[];
  /** The member that the script takes its snapshot from; without one it hands out the recorded snapshot. */
  etcd?: Pick<Etcd, 'clientUrl' | 'etcdctl' | 'statusTool' | 'databaseFile'>;
  /** The node's clock; the script names its files by it. */
  now?: () => Date;
  onEvent?: (event: NodeEvent) => void;
}

export interface ControlPlaneSandboxNode extends SandboxNode {
  readonly internalIp: string;
  /** What the backup script meets from now on; what is left out is healthy. */
  behave(behaviour: Partial<Behaviour>): Promise<void>;
}

/**
 * A control-plane node whose commands really run, without root, in a file tree of its own.
 * `run` takes `chroot /host …` only: paths of the node are whole words and are mapped into the tree, and back in
 * what is printed (not in stdout of cat, head, tail and dd, which is exact).
 */
export async function createNode(options: NodeOptions): Promise<ControlPlaneSandboxNode> {
  const { name, internalIp = '172.31.77.10', now = () => new Date(), onEvent = () => undefined } = options;
  await mkdir(options.dir, { recursive: true });
  const root = await realpath(options.dir);
  await furnish(root, name, internalIp);
  await placeDatabase(path.join(root, DATABASE), options.etcd?.databaseFile);
  const settings = scriptSettings(internalIp, options);
  const behave = (behaviour: Partial<Behaviour>) =>
    applyBehaviour(root, { ...HEALTHY, ...behaviour }, settings);
  await behave({});
  const closing = new AbortController();
  const running = new Set<Promise<number>>();
  return {
    name,
    dir: root,
    internalIp,
    behave,
    run(argv, io) {
      const signal = AbortSignal.any([io.signal, closing.signal]);
      const what = { node: name, argv: argv.slice(2) };
      onEvent({ ...what, kind: 'command' });
      const onOutput = (bytes: number) => onEvent({ ...what, kind: 'output', bytes });
      const run = runOnNode(root, argv, { ...io, signal }, { env: environment(root, now), onOutput });
      run.then((code) => onEvent({ ...what, kind: 'exit', code })).catch(() => {});
      running.add(run);
      run.finally(() => running.delete(run)).catch(() => {});
      return run;
    },
    async close() {
      closing.abort();
      await Promise.allSettled(running);
    },
  };
}

function scriptSettings(
  internalIp: string,
  { etcd, members = [internalIp] }: Pick<NodeOptions, 'etcd' | 'members'>,
): ScriptSettings {
  if (!etcd) return { internalIp, members };
  return {
    internalIp,
    members,
    etcdctl: etcd.etcdctl,
    statusTool: etcd.statusTool,
    endpoint: etcd.clientUrl,
  };
}

/** A hard link shows the live size of a real database; where that cannot be, a sparse file of the recorded size. */
async function placeDatabase(target: string, source: string | undefined): Promise<void> {
  await rm(target, { force: true });
  if (source !== undefined) {
    try {
      return await link(source, target);
    } catch (error) {
      if (!['EXDEV', 'EPERM', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  await using file = await open(target, 'w', 0o600);
  await file.truncate(RECORDED_DATABASE_BYTES);
}

/** Nothing of this process's environment reaches the node: no proxy, no token. */
function environment(root: string, now: () => Date): Record<string, string> {
  return {
    PATH: `${root}/.sandbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: `${root}/root`,
    HOST: '/host',
    LANG: 'C',
    TZ: 'UTC',
    SANDBOX_PID: String(process.pid),
    SANDBOX_CLOCK_OFFSET: String(Math.round((now().getTime() - Date.now()) / 1000)),
  };
}

async function runOnNode(
  root: string,
  argv: readonly string[],
  io: NodeIo,
  options: Pick<CommandOptions, 'env' | 'onOutput'>,
): Promise<number> {
  const [chroot, host, ...command] = argv;
  if (chroot !== 'chroot' || host !== '/host' || command.length === 0) {
    io.stderr.write("the sandbox's node runs `chroot /host COMMAND…` only\n");
    return 126;
  }
  const program = command[0] ?? '';
  let mapped: string[];
  try {
    mapped = mapCommand(root, command);
  } catch (error) {
    if (!(error instanceof OutsideTreeError)) throw error;
    io.stderr.write(`${program}: ${error.message}: refused by the sandbox\n`);
    return 126;
  }
  const exactOutput = BYTE_COPIERS.has(path.posix.basename(program));
  const outcome = await runCommand(mapped, io, { ...options, root, exactOutput });
  return 'exitCode' in outcome ? outcome.exitCode : couldNotStart(program, outcome, io);
}

function couldNotStart(program: string, { error }: Extract<Outcome, { error: unknown }>, io: NodeIo): number {
  const missing = error.code === 'ENOENT';
  const reason = missing
    ? 'No such file or directory'
    : error.code === 'EACCES'
      ? 'Permission denied'
      : error.message;
  io.stderr.write(`chroot: can't execute '${program}': ${reason}\n`);
  return missing ? 127 : 126;
}
