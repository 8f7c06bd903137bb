import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import {
  type ClusterConnection,
  type Connections,
  connectionTo,
} from '../../domain/network/cluster-connection.ts';
import type { ClusterPolicy, SessionPolicy } from '../../domain/policy/policy.ts';
import type { Clock, NodeSession, NodeSessions, SessionRequest } from '../../workflow/ports/ports.ts';
import { RunFailureError, runFailure } from '../../workflow/ports/run-failure-error.ts';
import type { ClientCommand } from '../client/client-process.ts';
import { answers, openPlace, type PodPlace } from '../pods/pod-calls.ts';
import { removePodOf } from '../pods/pod-removal.ts';
import { sessionContainer, sessionPodName } from '../pods/session-pod.ts';
import {
  closePod,
  createOrAdopt,
  type Opening,
  podTermination,
  runOfPod,
  waitUntilReady,
  withoutPod,
} from '../pods/session-pods.ts';
import { etcdMembers } from './etcd-members.ts';
import { diskFacts, inspect, leftIn, removePath } from './node-session.ts';
import type { NodeShell } from './node-shell.ts';
import { readRemoteFile } from './remote-file.ts';
import { runScript, scriptState } from './run-script.ts';

export interface NodeSessionsOptions {
  readonly connections: Connections;
  /** oc or kubectl: a bare name (found in PATH) or an absolute path. */
  readonly clientPath: string;
  /** What the client gets as its environment; nothing else of ours reaches it. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** SECRET values of `clientEnv`. */
  readonly clientSecrets?: readonly string[];
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
    removeLeftover: (cluster, runId, removal = {}) => removePodOf(placeOf(options, cluster), runId, removal),
    holder: (cluster) => runOfPod(placeOf(options, cluster)),
  };
}

function connectionOf(options: NodeSessionsOptions, cluster: ClusterPolicy): ClusterConnection {
  return connectionTo(options.connections, cluster.name);
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
  return { path: options.clientPath, args, env: options.clientEnv, secrets: options.clientSecrets };
}

async function openSession(
  place: PodPlace,
  client: ClientCommand,
  cluster: ClusterPolicy,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<NodeSession> {
  const until = place.clock.monotonic() + cluster.session.startDeadlineMs;
  const lifetimeS = lifetimeSeconds(cluster.session);
  const opening = { creates: { lateUntil: undefined }, until, signal };
  let pod: V1Pod | undefined;
  try {
    pod = await createOrAdopt(place, request, { ...opening, lifetimeS });
    await waitUntilReady(place, request, opening);
  } catch (error) {
    // A lost claim means that another worker has taken the pod over: it is not ours to delete.
    if (signal.aborted) throw error;
    throw await withoutPod(place, request, { ...opening, pod, error });
  }
  return sessionIn(place, client, cluster, { ...opening, runId: request.runId, pod });
}

function sessionIn(
  place: PodPlace,
  client: ClientCommand,
  cluster: ClusterPolicy,
  opened: Opening & { runId: string; pod: V1Pod },
): NodeSession {
  const { pod, signal } = opened;
  const at: NodeShell = {
    client,
    pod: { namespace: place.pods.namespace, pod: sessionPodName, container: sessionContainer },
    clock: place.clock,
    commandDeadlineMs: cluster.session.commandDeadlineMs,
    endsAt: endOf(pod, place.clock),
    signal,
  };
  const withPodFate = <T>(work: Promise<T>) => withFate(place, pod, work);
  return {
    pod: sessionPodName,
    diskFacts: (paths) => withPodFate(diskFacts(at, paths)),
    // A backup does not depend on it: why the way onto the node broke, the next command says.
    etcdMembers: () => etcdMembers(at),
    runScript: (script) => withPodFate(runScript(at, script)),
    scriptState: (directory) => withPodFate(scriptState(at, directory)),
    readFile: (path, into) => readRemoteFile(client, at.pod, path, { stallMs: copyStallMs, signal, into }),
    // Two digests over gigabytes take longer than a short command.
    inspect: (directory) => withPodFate(inspect(at, directory, cluster.session.scriptDeadlineMs)),
    tidy: (directory) => removePath(at, `${directory}/.run`),
    remove: (directory) => removePath(at, directory),
    leftIn: (directory) => leftIn(at, directory),
    close: () => closePod(place, opened.runId, opened),
  };
}

/**
 * A lost session, by what became of its pod: the client knows only that it is gone. A silent cluster, only if its API does
 * not answer for the pod either: else it is the connection into the session that is broken.
 */
async function withFate<T>(place: PodPlace, pod: V1Pod, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RunFailureError)) throw error;
    const { kind } = error.failure;
    if (kind === 'cluster-silent') throw (await answers(place)) ? (error.cause ?? error) : error;
    if (kind !== 'session-lost') throw error;
    const detail = await podTermination(place, pod);
    throw detail === undefined ? error : runFailure('session-lost', { detail }, { cause: error });
  }
}

/** When the kubelet ends the pod by its deadline, in ms UTC. */
function endOf({ metadata, spec }: V1Pod, clock: Clock): number {
  const made = metadata?.creationTimestamp?.getTime() ?? clock.now();
  return made + (spec?.activeDeadlineSeconds ?? 0) * 1000;
}

// A node under load may pause; WebSocket clients give up after 60 s by themselves.
const copyStallMs = 60_000;

/** Longer than everything that may happen in it, so that the kubelet ends only what a dead bot left behind. */
function lifetimeSeconds(policy: SessionPolicy): number {
  const commands = 7 * policy.commandDeadlineMs;
  return Math.ceil((policy.startDeadlineMs + 2 * policy.scriptDeadlineMs + commands) / 1000);
}
