import { afterLook, type FileCopy, isLeaving, lookedAt } from '../../domain/copies/file-copy.ts';
import type { PermittedAct } from '../../domain/policy/policy.ts';
import { destinationsOf, manifestOf } from '../../domain/restore/manifest.ts';
import type { RestoreNeed, SeenRelease } from '../../domain/restore/restore-choice.ts';
import { restorePlan } from '../../domain/restore/restore-plan.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { releasePosition } from '../../domain/watch/release-position.ts';
import { mayActOnRun, noSuchRun } from '../access/asked-run.ts';
import { mayAct, mayActOn } from '../access/authorization.ts';
import type { Asked, NotAllowed, RestorePlanAnswer, VerifyAnswer } from '../access/backups.ts';
import { placesOf } from '../places/place-identity.ts';
import { placesOnRecord } from '../places/places-in-trouble.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { proveCopy } from './prove-copy.ts';
import { republish } from './publish-documents.ts';

/**
 * Reads both copies back once more. What was found is on record and in the thread, good or bad; a place that could not be
 * reached takes no proof away.
 */
export async function verifyBackup(
  deps: WorkflowDeps,
  asked: Asked,
  input: { runId: string },
): Promise<VerifyAnswer> {
  const found = await storedBackup(deps, asked, input.runId, 'verify');
  if ('answer' in found) return found.answer;
  const { run, success, off } = found;
  const places = placesOf({ ...deps, offCluster: off });
  const signal = new AbortController().signal;
  const looks = await Promise.all(
    (success.copies ?? []).map(async (before) => ({
      before,
      found: await proveCopy({ ...off, places, clock: deps.clock }, before, signal),
    })),
  );
  const detail = Object.fromEntries(
    looks.map(({ before, found }) => [found.file, readBack(afterLook(before, found))]),
  );
  const change = (now: RunSuccess) => ({
    ...now,
    copies: (now.copies ?? []).map(newer(looks.map(({ found }) => found))),
  });
  const changed = await record(deps, asked, run, change, 'verified', detail, () => [
    { kind: 'thread', entry: { type: 'receipt' } },
  ]);
  await republishFor(deps, asked, found, signal);
  return { outcome: 'verified', run: changed };
}

function readBack({ provenAt, failure, stored, unread }: FileCopy): string {
  if (!stored) return 'nothing is stored';
  if (unread) return `not read: ${unread.kind}`;
  return provenAt === undefined ? `not whole: ${failure?.kind}` : 'whole';
}

/** Reading takes long: what was stored again, removed or looked at meanwhile is taken from the current record. */
function newer(found: readonly FileCopy[]): (copy: FileCopy) => FileCopy {
  return (copy) => {
    if (isLeaving(copy)) return copy;
    const hit = found.find(
      ({ key, destination, stored }) =>
        key === copy.key && destination === copy.destination && stored?.sha256 === copy.stored?.sha256,
    );
    return hit && lookedAt(hit) >= lookedAt(copy) ? afterLook(copy, hit) : copy;
  };
}

/** The documents beside the files say the same as the record; where they cannot, the thread says so. */
export function republishFor(
  deps: WorkflowDeps,
  { deliveryId }: Pick<Asked, 'deliveryId'>,
  { run, off }: Pick<Stored, 'run' | 'off'>,
  signal: AbortSignal,
): Promise<void> {
  const cluster = deps.fleet.cluster(run.cluster) ?? { name: run.cluster, language: 'en' };
  return republish({ deps, signal, cluster }, off, { runId: run.id, deliveryId: `manifest:${deliveryId}` });
}

/**
 * Which backup restores the cluster, and how, from the records alone: cluster and destinations may be gone.
 * `what`: a cluster, a run, or nothing. `zStream`: what the cluster ran, when the person knows it.
 */
export async function planRestore(
  deps: WorkflowDeps,
  asked: Asked,
  input: { what: string | undefined; zStream: string | undefined },
): Promise<RestorePlanAnswer> {
  const run = input.what === undefined ? undefined : await deps.records.run(input.what);
  if (!run && input.what?.startsWith('r-') && !deps.fleet.cluster(input.what)) {
    const access = await mayAct(deps, 'read', asked);
    return access.ok ? noSuchRun(deps, asked, input.what) : access.answer;
  }
  const access = await mayActOn(deps, 'read', asked, run?.cluster ?? input.what);
  if (!access.ok) return access.answer;
  const { name: cluster, language } = access.cluster;
  const keeping = await deps.records.runs({ cluster, succeeded: true, keeps: 'copies' });
  // One that was asked for by name is listed, also when nothing of it is left.
  const runs = run && !keeping.some(({ id }) => id === run.id) ? [...keeping, run] : keeping;
  const manifests = runs.flatMap((each) => manifestOf(each) ?? []);
  const off = deps.offCluster;
  if (run && !manifestOf(run)) return { outcome: 'no-copies', run };
  if (!off) throw new Error('restore plans need their words: nothing was opened for copies');
  const watch = await lastSeen(deps, cluster);
  const need: RestoreNeed = {
    // Not named: what the watch saw last; without that the newest proven backup is taken, and the plan warns.
    zStream: input.zStream ?? run?.plan?.zStream,
    // A run asked for by name may belong to an earlier cluster of this name.
    clusterId: run ? undefined : watch?.clusterId,
    runId: run?.id,
    seen: watch?.seen,
    places: await placesOnRecord(deps.records, manifests.flatMap(destinationsOf)),
    now: deps.clock.now(),
  };
  const answer = restorePlan(manifests, need);
  return { outcome: 'restore-plan', cluster, answer, text: off.restoreText(answer, cluster, language) };
}

/** From the records: the cluster itself may be gone. */
async function lastSeen(
  deps: WorkflowDeps,
  cluster: string,
): Promise<{ readonly clusterId: string; readonly seen: SeenRelease } | undefined> {
  const watch = await deps.records.watch(cluster);
  const place = watch && releasePosition(watch);
  if (!watch?.seen || !place) return undefined;
  const { at, clusterId } = watch.seen;
  const seen: SeenRelease =
    place.kind === 'on'
      ? { kind: 'on', zStream: place.release.version, at }
      : { kind: 'updating', from: place.from?.version, to: place.to.version, at };
  return { clusterId, seen };
}

type Stored = { readonly run: BackupRun; readonly success: RunSuccess; readonly off: OffCluster };
type NoBackup = Extract<VerifyAnswer, { outcome: 'no-copies' | 'no-backup' | 'no-such-run' }> | NotAllowed;

export async function storedBackup(
  deps: WorkflowDeps,
  asked: Asked,
  runId: string,
  act: PermittedAct,
): Promise<Stored | { readonly answer: NoBackup }> {
  const access = await mayActOnRun(deps, act, asked, runId);
  if (!access.ok) return access;
  const { run } = access;
  const { success } = run;
  if (run.status !== 'succeeded' || !success) return { answer: { outcome: 'no-backup', run } };
  const off = deps.offCluster;
  const stored = success.copies?.some((copy) => copy.stored !== undefined) ?? false;
  return off && stored ? { run, success, off } : { answer: { outcome: 'no-copies', run } };
}

export async function record(
  deps: WorkflowDeps,
  asked: Asked,
  run: BackupRun,
  change: (now: RunSuccess) => RunSuccess,
  action: 'verified' | 'drilled',
  detail: Readonly<Record<string, string>>,
  also: (run: BackupRun) => readonly Notice[],
): Promise<BackupRun> {
  const now = deps.clock.now();
  const person = deps.fleet.person(asked.slackUser);
  const actor = person ? { slackUser: person.slackUser, clusterUser: person.clusterUser } : 'bot';
  const event = auditEvent(now, actor, action, detail);
  const decided = await deps.records.decide<never>({
    runId: run.id,
    deliveryId: asked.deliveryId,
    now,
    decision: (current) => ({
      set: { success: current.success && change(current.success) },
      audit: [event],
      notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'audit', event } }, ...also(current)],
    }),
  });
  deps.wake();
  return 'run' in decided ? decided.run : run;
}
