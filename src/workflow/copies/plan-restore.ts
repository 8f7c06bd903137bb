import { hostOfEndpoint } from '../../domain/cluster/etcd-members.ts';
import type { Manifest } from '../../domain/copies/manifest-document.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { WantedBefore } from '../../domain/restore/before-moment.ts';
import { destinationsOf, manifestOf } from '../../domain/restore/manifest.ts';
import { withPresentPlaces } from '../../domain/restore/present-places.ts';
import type { RestoreNeed, SeenRelease } from '../../domain/restore/restore-choice.ts';
import { restorePlan } from '../../domain/restore/restore-plan.ts';
import { parseMoment } from '../../domain/text/moment.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import { releasePosition } from '../../domain/watch/release-position.ts';
import { noSuchRun } from '../access/asked-run.ts';
import { mayAct, mayActOn } from '../access/authorization.ts';
import type { Asked, KnownCluster, RestorePlanAnswer } from '../access/backups.ts';
import { placesOnRecord } from '../places/places-in-trouble.ts';
import type { WorkflowDeps } from '../ports/deps.ts';

export interface RestoreQuestion {
  /** A cluster, a run, or nothing. */
  readonly what: string | undefined;
  /** What the cluster ran, when the person knows it. */
  readonly zStream: string | undefined;
  /** As typed: a moment on the cluster's clock, before which the backup was taken. */
  readonly before?: string | undefined;
}

/** Which backup restores the cluster, and how, from the records alone: cluster and destinations may be gone. */
export async function planRestore(
  deps: WorkflowDeps,
  asked: Asked,
  input: RestoreQuestion,
): Promise<RestorePlanAnswer> {
  const run = input.what === undefined ? undefined : await deps.records.run(input.what);
  if (!run && input.what?.startsWith('r-') && !deps.fleet.cluster(input.what)) {
    const access = await mayAct(deps, 'read', asked);
    return access.ok ? noSuchRun(deps, asked, input.what) : access.answer;
  }
  const access = await mayActOn(deps, 'read', asked, run?.cluster ?? input.what);
  if (!access.ok) return access.answer;
  const policy = access.cluster;
  const { name: cluster, language } = policy;
  const before = readBefore(input.before, policy, deps.clock.now());
  if (before && 'outcome' in before) return before;
  const keeping = await deps.records.runs({ cluster, succeeded: true, keeps: 'copies' });
  // One that was asked for by name is listed, also when nothing of it is left.
  const runs = run && !keeping.some(({ id }) => id === run.id) ? [...keeping, run] : keeping;
  const manifests = runs
    .flatMap((each) => manifestOf(each) ?? [])
    .map((each) => withPresentPlaces(each, policy.copies ?? []));
  const off = deps.offCluster;
  if (run && !manifestOf(run)) return { outcome: 'no-copies', run };
  if (!off) throw new Error('restore plans need their words: nothing was opened for copies');
  const watch = await deps.records.watch(cluster);
  const seen = watch && lastSeen(watch);
  const need: RestoreNeed = {
    // Not named: what the watch saw last; without that the newest proven backup is taken, and the plan warns.
    zStream: input.zStream ?? run?.plan?.zStream,
    // A run asked for by name may belong to an earlier cluster of this name.
    clusterId: run ? undefined : watch?.seen && seen && watch.seen.clusterId,
    runId: run?.id,
    before,
    seen,
    places: await placesOnRecord(deps.records, manifests.flatMap(destinationsOf)),
    now: deps.clock.now(),
  };
  const answer = restorePlan(manifests, need);
  const text = off.restoreText(answer, cluster, language);
  const members = await lastMembers(deps, cluster, manifests);
  const known: KnownCluster = { seen, silentSince: watch?.silent?.since, members };
  return { outcome: 'restore-plan', cluster, answer, text, known };
}

function readBefore(
  typed: string | undefined,
  { name: cluster, timeZone }: ClusterPolicy,
  now: number,
): WantedBefore | Extract<RestorePlanAnswer, { outcome: 'no-such-moment' }> | undefined {
  if (typed === undefined) return undefined;
  const moment = parseMoment(typed, timeZone, now);
  if (moment && moment.at <= now) return { ...moment, timeZone };
  return { outcome: 'no-such-moment', cluster, typed, ahead: moment?.at };
}

/** From the records: the cluster itself may be gone. */
function lastSeen(watch: ClusterWatch): SeenRelease | undefined {
  const place = releasePosition(watch);
  if (!watch.seen || !place) return undefined;
  const { at } = watch.seen;
  return place.kind === 'on'
    ? { kind: 'on', zStream: place.release.version, at }
    : { kind: 'updating', from: place.from?.version, to: place.to.version, at };
}

/** Runs that are looked through for a reading of etcd's members: also one that failed may have made it. */
const recentRuns = 20;

/** The newest reading that is on record: of a run, or of a manifest, which is all that a rebuilt record has of it. */
async function lastMembers(
  deps: WorkflowDeps,
  cluster: string,
  manifests: readonly Manifest[],
): Promise<KnownCluster['members']> {
  const kept = manifests.flatMap(membersIn);
  const runs = await deps.records.runs({ cluster, limit: recentRuns });
  const named = manifests.flatMap(({ etcdMembers }) => etcdMembers?.list ?? []);
  const nameOf = (endpoint: string) => {
    const host = hostOfEndpoint(endpoint) ?? endpoint;
    return named.find(({ node, address }) => node !== null && address === host)?.node ?? host;
  };
  const read = runs.flatMap(({ etcdMembers: reading }) => {
    if (!reading) return [];
    const answered = reading.answered.map(({ endpoint }) => nameOf(endpoint));
    return [{ at: reading.at, answered, silent: reading.silent.map(nameOf) }];
  });
  return [...kept, ...read].sort((a, b) => b.at - a.at)[0];
}

function membersIn({ etcdMembers }: Manifest): readonly NonNullable<KnownCluster['members']>[] {
  if (etcdMembers?.readAt == null) return [];
  const asked = etcdMembers.list.flatMap(({ node, address, raftIndex }) =>
    address === null ? [] : [{ name: node ?? address, answered: raftIndex !== null }],
  );
  const names = (answered: boolean) =>
    asked.filter((each) => each.answered === answered).map(({ name }) => name);
  return [{ at: Date.parse(etcdMembers.readAt), answered: names(true), silent: names(false) }];
}
