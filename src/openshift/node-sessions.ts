import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import type { ClusterPolicy, SessionPolicy } from '../domain/policy.ts';
import type { Clock, NodeSession, NodeSessions, SessionRequest } from '../workflow/ports.ts';
import { RunFailureError, runFailure } from '../workflow/run-failure-error.ts';
import type { ClientCommand } from './client-process.ts';
import type { ClusterConnection } from './connection.ts';
import {
  diskFacts,
  inspect,
  leftIn,
  type NodeShell,
  removePath,
  runScript,
  scriptState,
} from './node-session.ts';
import { readRemoteFile } from './remote-file.ts';
import { sessionContainer, sessionPodName } from './session-pod.ts';
import {
  abandonPod,
  createOrAdopt,
  deletePod,
  fateOf,
  openPlace,
  type PodPlace,
  removePodOf,
  runOfPod,
  waitUntilReady,
} from './session-pods.ts';

export interface NodeSessionsOptions {
  readonly connections: readonly ClusterConnection[];
  /** oc or kubectl: a bare name (found in PATH) or an absolute path. */
  readonly clientPath: string;
  /** What the client gets as its environment; nothing else of ours reaches it. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Writable directory for what the client remembers of each API server. */
  readonly cacheDir: string;
  readonly clock: Clock;
}

export function createNodeSessions(options: NodeSessionsOptions): NodeSessions {
  return {
    async open(cluster, request, signal) {
      const client = clientCommand(options, connectionOf(options, cluster));
      return openSession(placeOf(options, cluster), client, cluster, request, signal);
    },
    podName: sessionPodName,
    removeLeftover: (cluster, runId) => removePodOf(placeOf(options, cluster), runId),
    holder: (cluster) => runOfPod(placeOf(options, cluster)),
  };
}

function connectionOf(options: NodeSessionsOptions, cluster: ClusterPolicy): ClusterConnection {
  const connection = options.connections.find((each) => each.cluster === cluster.name);
  if (!connection) throw new Error(`no connection is configured for cluster "${cluster.name}"`);
  return connection;
}

function placeOf(options: NodeSessionsOptions, cluster: ClusterPolicy): PodPlace {
  const { namespace, commandDeadlineMs } = cluster.session;
  const { clock } = options;
  return openPlace(connectionOf(options, cluster), { namespace, clock, goneDeadlineMs: commandDeadlineMs });
}

/** In a pod the client finds its own way by the service account; elsewhere by the kubeconfig. Paths and names only. */
function clientCommand(
  options: NodeSessionsOptions,
  { cluster, kubeconfig }: ClusterConnection,
): ClientCommand {
  const reach =
    kubeconfig === 'in-cluster'
      ? []
      : [
          `--kubeconfig=${kubeconfig.file}`,
          ...(kubeconfig.context === undefined ? [] : [`--context=${kubeconfig.context}`]),
        ];
  const args = [...reach, `--cache-dir=${join(options.cacheDir, cluster)}`];
  return { path: options.clientPath, args, env: options.clientEnv };
}

async function openSession(
  place: PodPlace,
  client: ClientCommand,
  cluster: ClusterPolicy,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<NodeSession> {
  const until = place.clock.now() + cluster.session.startDeadlineMs;
  const lifetimeS = lifetimeSeconds(cluster.session);
  const pod = await createOrAdopt(place, request, { lifetimeS, until, signal });
  try {
    await waitUntilReady(place, request, { until, signal });
  } catch (error) {
    // A lost claim means that another worker has taken the pod over: it is not ours to delete.
    if (signal.aborted) throw error;
    throw await abandoned(place, pod, error);
  }
  const at: NodeShell = {
    client,
    pod: { namespace: place.pods.namespace, pod: sessionPodName, container: sessionContainer },
    clock: place.clock,
    commandDeadlineMs: cluster.session.commandDeadlineMs,
    signal,
  };
  const told = <T>(work: Promise<T>) => withFate(place, pod, work);
  return {
    pod: sessionPodName,
    diskFacts: (paths) => told(diskFacts(at, paths)),
    runScript: (script) => told(runScript(at, script)),
    scriptState: (directory) => told(scriptState(at, directory)),
    readFile: (path, into) => readRemoteFile(client, at.pod, path, { stallMs: copyStallMs, signal, into }),
    // Two digests over gigabytes take longer than a short command.
    inspect: (directory) => told(inspect(at, directory, cluster.session.scriptDeadlineMs)),
    tidy: (directory) => removePath(at, `${directory}/.run`),
    remove: (directory) => removePath(at, directory),
    leftIn: (directory) => leftIn(at, directory),
    close: () => deletePod(place, pod, { signal }),
  };
}

/** A lost session, told by what became of its pod: the client knows only that it is gone. */
async function withFate<T>(place: PodPlace, pod: V1Pod, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RunFailureError) || error.failure.kind !== 'session-lost') throw error;
    const detail = await fateOf(place, pod);
    throw detail === undefined ? error : runFailure('session-lost', { detail }, { cause: error });
  }
}

/** Removes the pod; the error that it is to be thrown with names the pod where that did not work. */
async function abandoned(place: PodPlace, pod: V1Pod, error: unknown): Promise<unknown> {
  try {
    await abandonPod(place, pod);
    return error;
  } catch (second) {
    if (!(error instanceof RunFailureError && second instanceof RunFailureError)) return error;
    return new RunFailureError(error.failure, { cause: second, sessionPod: sessionPodName });
  }
}

// A node under load may pause; WebSocket clients give up after 60 s by themselves.
const copyStallMs = 60_000;

/** Longer than everything that may happen in it, so that the kubelet ends only what a dead bot left behind. */
function lifetimeSeconds(policy: SessionPolicy): number {
  const commands = 6 * policy.commandDeadlineMs;
  return Math.ceil((policy.startDeadlineMs + 2 * policy.scriptDeadlineMs + commands) / 1000);
}
