import { mkdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { type EtcdState, readEtcdState } from './etcd-state.ts';
import { furnishHost, podManifest, write } from './furnish-hosts.ts';
import type { RestoreHostsOptions } from './options.ts';
import { type Ran, runText } from './run-text.ts';

/**
 * A set of simulated control-plane hosts of a cluster that lost etcd, and the shell of a person who has SSH to them and a kubeconfig:
 * `ssh`, `oc` and the programs of the hosts are stand-ins that really move files and really restore etcd; the rest is this machine's.
 */
export interface RestoreHosts {
  readonly dir: string;
  /** The person's own directory. */
  readonly home: string;
  readonly names: readonly string[];
  /** Minor of OpenShift 4. */
  readonly minor: number;
  readonly webhooks: readonly string[];
  /** Root of a host's file tree. */
  root(host: string): string;
  /**
   * Runs shell text as the person types it, or as `core` on a host. Variables and the working directory of the person's shell last
   * from one text to the next. Exit code and output, standard error among it.
   */
  run(
    text: string,
    options?: { readonly on?: string; readonly env?: Readonly<Record<string, string>> },
  ): Promise<Ran>;
  /** What the real etcd of a host says once it is started on the data that lies there; stopped again. */
  etcdState(host: string): Promise<EtcdState>;
  /** What went wrong although nothing failed, such as data that was moved under a running etcd. */
  harms(): Promise<readonly string[]>;
  /** Names and marks of the operators' state, for tests and demos: whether a file below `cluster/` exists. */
  clusterHas(file: string): Promise<boolean>;
}

export async function createRestoreHosts(options: RestoreHostsOptions): Promise<RestoreHosts> {
  await mkdir(options.dir, { recursive: true });
  const dir = await realpath(options.dir);
  if (!/^[A-Za-z0-9_./-]+$/.test(dir))
    throw new Error(`${dir} needs quotes in a shell: take another directory`);
  const root = (host: string) => path.join(dir, 'hosts', host);
  for (const host of options.hosts) await furnishHost(root(host.name), host, options);
  await furnishCluster(dir, options);
  const home = path.join(dir, 'person');
  await mkdir(home, { recursive: true });
  const read = (file: string) => readFile(path.join(dir, file), 'utf8').catch(() => undefined);
  return {
    dir,
    home,
    names: options.hosts.map(({ name }) => name),
    minor: options.minor,
    webhooks: options.webhooks ?? [],
    root,
    run: (text, { on, env = {} } = {}) =>
      runText({ dir, home, signal: options.signal }, on === undefined ? text : overSsh(on, text), env),
    etcdState: (host) => readEtcdState(options.tools, root(host), options.signal),
    async harms() {
      return ((await read('harms')) ?? '').split('\n').filter((line) => line !== '');
    },
    clusterHas: async (file) => (await read(path.join('cluster', file))) !== undefined,
  };
}

async function furnishCluster(dir: string, options: RestoreHostsOptions): Promise<void> {
  const { hosts, minor, tools, webhooks = [] } = options;
  const names = hosts.map(({ name }) => name);
  // keepalived would rather have it anywhere but on the first host.
  const order = [...names.slice(1), ...names.slice(0, 1)];
  const snapshotTool = tools.etcdutl ?? tools.etcdctl;
  const conf = {
    HOSTS: names.join(' '),
    MINOR: minor,
    RESTORE_TOOL: snapshotTool,
    STATUS_TOOL: snapshotTool,
    ADDRESS_ORDER: options.keepalived === true ? order.join(' ') : '',
    API_ADDRESS: '172.31.77.5',
    OVN: options.ovn === true ? 1 : '',
    GUARD: options.guard === true ? 1 : '',
  };
  const lines = Object.entries(conf).map(([key, value]) => `${key}='${value}'\n`);
  await write(dir, 'conf', lines.join(''));
  for (const each of ['csr', 'webhooks', 'ovn'])
    await mkdir(path.join(dir, 'cluster', each), { recursive: true });
  await write(dir, 'cluster/etcd-pod.yaml', podManifest('of a new revision'));
  for (const name of webhooks) {
    const text = `kind: ValidatingWebhookConfiguration\nmetadata: {name: ${name}}\nwebhooks:\n  - failurePolicy: Fail\n`;
    await write(dir, `cluster/webhooks/${name}.yaml`, text);
  }
}

function overSsh(host: string, text: string): string {
  return `ssh core@${host} '${text.replaceAll("'", "'\\''")}'`;
}
