import type { CoreV1Api } from '@kubernetes/client-node';
import type { ClusterPolicy, SessionPolicy } from '../domain/policy.ts';
import type { Clock, NodeSession, NodeSessions, SessionRequest } from '../workflow/ports.ts';
import { diskFacts, inspect, leftIn, type NodeShell, removePath, runScript } from './node-session.ts';
import type { ClientCommand } from './remote-command.ts';
import { sessionContainer, sessionPodName } from './session-pod.ts';
import { createOrAdopt, deletePod, type PodPlace, waitUntilReady } from './session-pods.ts';

/** How to reach one cluster for node sessions. */
export interface SessionReach {
  readonly core: CoreV1Api;
  readonly client: ClientCommand;
}

/** `reach` throws for a cluster that is not configured. */
export function createNodeSessions(reach: (cluster: string) => SessionReach, clock: Clock): NodeSessions {
  return {
    async open(cluster, request, signal) {
      const { core, client } = reach(cluster.name);
      const place: PodPlace = { core, namespace: cluster.session.namespace, clock };
      return openSession(place, client, cluster, request, signal);
    },
  };
}

async function openSession(
  place: PodPlace,
  client: ClientCommand,
  cluster: ClusterPolicy,
  request: SessionRequest,
  signal: AbortSignal,
): Promise<NodeSession> {
  const pod = await createOrAdopt(place, request, lifetimeSeconds(cluster.session));
  try {
    await waitUntilReady(place, request, cluster.session.startDeadlineMs, signal);
  } catch (error) {
    // A lost claim means that another worker has taken the pod over: it is not ours to delete.
    if (!signal.aborted) await deletePod(place, pod).catch(() => undefined);
    throw error;
  }
  const at: NodeShell = {
    client,
    pod: { namespace: place.namespace, pod: sessionPodName, container: sessionContainer },
    clock: place.clock,
    commandDeadlineMs: cluster.session.commandDeadlineMs,
    signal,
  };
  return {
    pod: sessionPodName,
    diskFacts: (paths) => diskFacts(at, paths),
    runScript: (script) => runScript(at, script),
    // Two digests over gigabytes take longer than a short command.
    inspect: (directory) => inspect(at, directory, cluster.session.scriptDeadlineMs),
    tidy: (directory) => removePath(at, `${directory}/.run`),
    remove: (directory) => removePath(at, directory),
    leftIn: (directory) => leftIn(at, directory),
    close: () => deletePod(place, pod),
  };
}

/** Longer than everything that may happen in it, so that the kubelet ends only what a dead bot left behind. */
function lifetimeSeconds(policy: SessionPolicy): number {
  const commands = 6 * policy.commandDeadlineMs;
  return Math.ceil((policy.startDeadlineMs + 2 * policy.scriptDeadlineMs + commands) / 1000);
}
