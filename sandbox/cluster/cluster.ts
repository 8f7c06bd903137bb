import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SandboxNode } from '../node/port.ts';
import { type AccountName, Accounts, kubeconfigYaml } from './accounts.ts';
import { ApiServer } from './api-server.ts';
import { Faults } from './faults.ts';
import { servedKinds } from './kinds.ts';
import { timestamp } from './kube-object.ts';
import { Kubelet } from './kubelet.ts';
import { listen } from './listen.ts';
import { readAccessManifests } from './manifests.ts';
import { type ClusterObjects, clusterObjects } from './objects.ts';
import type { Pod } from './pod.ts';
import type { RunningCommand } from './pod-run.ts';
import { type LoggedRequest, RequestLog } from './request-log.ts';
import { addDefaultAccount } from './resources.ts';
import { type RoleRule, roleRules, withoutRule } from './role-rules.ts';
import { seedAccess } from './seed-access.ts';
import { isNodeReady, renewHeartbeats, seedEtcdPods, seedNodes } from './seed-nodes.ts';
import type { SeedOptions } from './seed-options.ts';
import { seedPlatform } from './seed-platform.ts';
import { ServiceAccountTokens, type TokenOptions } from './service-account-tokens.ts';
import { ObjectStore } from './store.ts';
import { Timers } from './timers.ts';
import { createUpgrade, type Upgrade } from './upgrade.ts';

export interface ClusterOptions extends SeedOptions, TokenOptions {
  /** The machines behind the node objects, by name; a pod on a node without one stays Pending. They are not closed here. */
  nodes: readonly SandboxNode[];
  now?: () => Date;
  /** Images that nodes can pull although they do not have them. */
  pullableImages?: readonly string[];
  podStartMs?: number;
  podStopMs?: number;
  /** False: HTTP/1.1 only, as behind some proxies. */
  http2?: boolean;
  /** Hears of each request once it is answered. */
  onRequest?: (request: LoggedRequest) => void;
  /** An overlay of deploy/: its RBAC objects are the bot's rights. Standard: that of managed clusters; `none`: it has none yet. */
  deployDirectory?: string | 'none';
}

export interface SandboxCluster {
  readonly url: string;
  readonly caPem: string;
  readonly objects: ClusterObjects;
  readonly faults: Faults;
  /** The last 5000 requests, oldest first. */
  readonly requests: readonly LoggedRequest[];
  readonly pods: {
    /** What runs in pods now. */
    running(): RunningCommand[];
    /** Ends a pod as its kubelet does: all of it is killed, the object stays as Failed. Throws if there is none. */
    fail(name: string, namespace: string, why: { reason: string; message: string }): void;
    /** How long kubelets take to end a deleted pod from now on; undefined: as at the start. */
    stopAfter(ms: number | undefined): void;
  };
  /** Updates to another release, stage by stage. */
  readonly upgrade: Upgrade;
  /** Every rule of the roles that the bot is bound to. */
  botRules(): RoleRule[];
  /** Takes one rule (or one verb of it) away; the answer gives it back. */
  withoutRule(rule: RoleRule, verb?: string): () => void;
  kubeconfig(account: AccountName): string;
  /** Readable by this user only: it holds a token. */
  writeKubeconfig(account: AccountName, path: string): Promise<void>;
  token(account: AccountName): string;
  /** How commands can be run in pods from now on; `any` at the start: WebSocket and SPDY. */
  execOver(protocols: 'any' | 'spdy'): void;
  /** Ends an account's token: 401 from now on. */
  revoke(account: AccountName): void;
  /** Gives a revoked account a new token; kubeconfigs written before do not know it. */
  reissue(account: AccountName): void;
  /** Forgets past events, so that watches from before get 410. */
  compact(): void;
  /** Ends all requests, timers, sockets and processes. */
  close(): Promise<void>;
}

const heartbeatMs = 10_000;
const tokenDelayMs = 50;
const defaultDeploy = fileURLToPath(new URL('../../deploy/overlays/managed', import.meta.url));

/** Starts a healthy OpenShift cluster on a free port of 127.0.0.1 that real clients can talk to. */
export async function startCluster(options: ClusterOptions): Promise<SandboxCluster> {
  const now = options.now ?? (() => new Date());
  const store = new ObjectStore(now);
  const objects = clusterObjects(store, now);
  await seed(objects, store, options, now());
  const timers = new Timers();
  const { podStartMs = 100, podStopMs = 100, pullableImages = [], nodes } = options;
  const kubelet = new Kubelet({ store, nodes, timers, now, podStartMs, podStopMs, pullableImages });
  timers.every(heartbeatMs, () => beat(objects, now()));
  const [accounts, faults, requests] = [new Accounts(), new Faults(), new RequestLog(options.onRequest)];
  const served = servedKinds(options);
  const version = () =>
    versionOf(objects.find('clusterversions', 'version')?.status?.desired?.version ?? '4.16.8');
  let protocols: 'any' | 'spdy' = 'any';
  const tokens = new ServiceAccountTokens(store, now, options);
  const identify = (header: string | undefined) => accounts.identify(header) ?? tokens.identify(header);
  const parts = { store, identify, tokens, kubelet, faults, requests, timers, now, served, version };
  const api = new ApiServer({ ...parts, execOver: () => protocols });
  const { url, caPem, down, up, stop } = await listen(api, { http2: options.http2 ?? true });
  fillTokenSecrets(store, tokens, timers, caPem);
  const kubeconfig = (account: AccountName) =>
    kubeconfigYaml({ url, caPem, token: accounts.token(account), user: account });
  return {
    url,
    caPem,
    objects,
    faults,
    requests: requests.entries,
    pods: {
      running: () => kubelet.commands(),
      fail: (name, namespace, why) => kubelet.fail(objects.get('pods', name, namespace) as Pod, why),
      stopAfter: (ms) => kubelet.stopAfter(ms),
    },
    upgrade: createUpgrade({
      objects,
      now,
      async restartApi(downMs) {
        await down();
        await pause(downMs);
        await up();
      },
      killPodsOn: (node) => killPods(kubelet, objects, node),
    }),
    botRules: () => roleRules(objects),
    withoutRule: (rule, verb) => withoutRule(objects, rule, verb),
    kubeconfig,
    writeKubeconfig: (account, path) => writeFile(path, kubeconfig(account), { mode: 0o600 }),
    token: (account) => accounts.token(account),
    execOver: (next) => {
      protocols = next;
    },
    revoke: (account) => accounts.revoke(account),
    reissue: (account) => accounts.reissue(account),
    compact: () => store.compact(),
    close: async () => {
      timers.close();
      await kubelet.close();
      api.close();
      await stop();
    },
  };
}

async function seed(
  objects: ClusterObjects,
  store: ObjectStore,
  options: ClusterOptions,
  now: Date,
): Promise<void> {
  const nodes = seedNodes(options, now);
  const { deployDirectory = defaultDeploy } = options;
  const bot = deployDirectory === 'none' ? [] : await readAccessManifests(deployDirectory);
  const all = [
    ...seedAccess(),
    ...bot,
    ...nodes,
    ...seedEtcdPods(options, nodes, now),
    ...(await seedPlatform(options, now)),
  ];
  const since = timestamp(new Date(now.getTime() - (options.installedDaysAgo ?? 200) * 24 * 60 * 60 * 1000));
  for (const object of all)
    objects.put({ ...object, metadata: { creationTimestamp: since, ...object.metadata } });
  for (const namespace of objects.list('namespaces')) addDefaultAccount(store, namespace.metadata.name);
}

/** The token controller: a Secret of its type gets its token a moment after it was made. */
function fillTokenSecrets(
  store: ObjectStore,
  tokens: ServiceAccountTokens,
  timers: Timers,
  caPem: string,
): void {
  store.onEvent(({ type, kind, object }) => {
    if (type !== 'ADDED' || kind.resource !== 'secrets') return;
    timers.after(tokenDelayMs, () => {
      const secret = store.find(kind, object.metadata.name, object.metadata.namespace);
      const data = secret && tokens.dataFor(secret, caPem);
      if (data) store.update(kind, { ...secret, data: { ...secret.data, ...data } });
    });
  });
}

/** Static pods come back with their node; what was started through the API does not. */
function killPods(kubelet: Kubelet, objects: ClusterObjects, node: string): void {
  const why = {
    reason: 'Terminated',
    message: 'Pod was terminated in response to imminent node shutdown.',
  };
  for (const key of new Set(kubelet.commands().map(({ pod }) => pod))) {
    const [namespace = '', name = ''] = key.split('/');
    const pod = objects.find('pods', name, namespace) as Pod | undefined;
    if (pod?.spec.nodeName === node) kubelet.fail(pod, why);
  }
}

function beat(objects: ClusterObjects, now: Date): void {
  for (const node of objects.list('nodes').filter(isNodeReady)) {
    objects.patch('nodes', node.metadata.name, (draft) => renewHeartbeats(draft, now));
  }
}

/** OpenShift 4.y runs Kubernetes 1.(y+13). */
function versionOf(openshift: string): object {
  const minor = Number(openshift.split('.')[1]) + 13;
  return {
    major: '1',
    minor: String(minor),
    gitVersion: `v1.${minor}.7`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'go1.21.11',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}
