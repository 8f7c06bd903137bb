import type { ClusterFacts, PodAdmission } from '../../domain/cluster/facts.ts';
import { known, type Reading } from '../../domain/cluster/reading.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { nodeResult } from '../../domain/preflight/node.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { oneLine } from '../../domain/text/one-line.ts';
import type { ApiClient } from '../api/api-client.ts';
import { refusalIn } from '../pods/pod-refusal.ts';
import { sessionPod } from '../pods/session-pod.ts';

/** Only its presence matters to admission (a quota may have a scope for pods that end). */
const lifetimeS = 3_600;
const longestDetail = 300;

/** Would the session pod come in? Asked with the very pod of a run, on the node that a run would choose. */
export async function readSessionPod(
  api: ApiClient,
  { session }: ClusterPolicy,
  { nodes, etcdPods }: Pick<ClusterFacts, 'nodes' | 'etcdPods'>,
): Promise<Reading<PodAdmission> | undefined> {
  const wish = { nodeWanted: undefined, configuredImage: session.image };
  const { node, sessionImage: image } = nodeResult(nodes, etcdPods, wish);
  if (!node || image === undefined) return undefined;
  const { namespace } = session;
  const body = sessionPod({ runId: 'dry-run', node: node.name, image }, { namespace, lifetimeS });
  const refusal = await api.dryRun({ group: '', version: 'v1', resource: 'pods', namespace }, body);
  if (!refusal) return known({ kind: 'admitted' });
  const { failure, why } = refusal;
  if (failure.kind !== 'status') return { ok: false, why };
  const said = failure.body?.message ?? `HTTP ${failure.code}`;
  const detail = oneLine(redact(said), longestDetail);
  // A session of now has the name. It comes after admission, so ours would have come in.
  if (failure.code === 409 && failure.body?.reason === 'AlreadyExists') return known({ kind: 'admitted' });
  if (/does not support dry run/.test(said)) return known({ kind: 'no-dry-run', detail });
  const because = refusalIn(said) ?? (failure.code === 404 ? 'namespace-absent' : undefined);
  if (because) return known({ kind: 'refused', because, detail });
  const final = failure.code >= 400 && failure.code < 500 && !passing.includes(failure.code);
  return final ? known({ kind: 'refused', because: 'other', detail }) : { ok: false, why };
}

/** Credentials, a conflict, too many requests: nothing that admission said. */
const passing: readonly number[] = [401, 408, 409, 429];
