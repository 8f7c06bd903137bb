import { afterLook, type FileCopy, lookedAt } from '../domain/file-copy.ts';
import type { Manifest } from '../domain/manifest.ts';
import { manifestWith } from '../domain/manifest-edition.ts';
import type { RestoreNeed } from '../domain/restore-choice.ts';
import { restorePlan } from '../domain/restore-plan.ts';
import type { BackupRun, DrillOutcome, RunSuccess } from '../domain/run.ts';
import { admit, meantCluster, wrongChannel } from './admission.ts';
import { auditEvent } from './audit-events.ts';
import type { Asked, DrillAnswer, NotAllowed, RestorePlanAnswer, VerifyAnswer } from './backups.ts';
import type { OffCluster } from './copy-ports.ts';
import type { WorkflowDeps } from './deps.ts';
import { noSuchRun } from './no-such-run.ts';
import { proveCopy } from './prove-copy.ts';
import { publishAnew } from './publish-anew.ts';

const lookedBack = 1_000;

/**
 * Reads both copies back once more. What was found is on record and in the thread, good or bad; a place that could not be
 * reached takes no proof away.
 */
export async function verifyBackup(
  deps: WorkflowDeps,
  asked: Asked,
  input: { runId: string },
): Promise<VerifyAnswer> {
  const found = await storedBackup(deps, asked, input.runId);
  if ('answer' in found) return found.answer;
  const { run, success, off } = found;
  const signal = new AbortController().signal;
  const looks = await Promise.all(
    (success.copies ?? []).map(async (before) => ({
      before,
      found: await proveCopy({ ...off, clock: deps.clock }, before, signal),
    })),
  );
  const detail = Object.fromEntries(
    looks.map(({ before, found }) => [found.file, readBack(afterLook(before, found))]),
  );
  const change = (now: RunSuccess) => ({
    ...now,
    copies: (now.copies ?? []).map(newer(looks.map(({ found }) => found))),
  });
  const changed = await record(deps, asked, run, change, 'verified', detail, [{ type: 'receipt' }]);
  await tellPlaces(deps, asked, found, signal);
  return { outcome: 'verified', run: changed };
}

function readBack({ provenAt, failure, stored, unread }: FileCopy): string {
  if (!stored) return 'nothing is stored';
  if (unread) return `not read: ${unread.kind}`;
  return provenAt === undefined ? `not whole: ${failure?.kind}` : 'whole';
}

/** Reading takes long: what was stored anew, removed or looked at meanwhile stands as the record has it by now. */
function newer(found: readonly FileCopy[]): (copy: FileCopy) => FileCopy {
  return (copy) => {
    const hit = found.find(
      ({ key, destination, stored }) =>
        key === copy.key && destination === copy.destination && stored?.sha256 === copy.stored?.sha256,
    );
    return hit && lookedAt(hit) >= lookedAt(copy) ? afterLook(copy, hit) : copy;
  };
}

/** Restores the snapshot's copy into a throw-away etcd. */
export async function drillBackup(
  deps: WorkflowDeps,
  asked: Asked,
  input: { runId: string },
): Promise<DrillAnswer> {
  const found = await storedBackup(deps, asked, input.runId);
  if ('answer' in found) return found.answer;
  const { run, success, off } = found;
  if (!off.drill) return { outcome: 'no-etcd-tools' };
  const snapshots = success.copies?.filter((each) => each.file === 'snapshot' && each.stored) ?? [];
  const copy = snapshots.find((each) => each.encryptFor.length === 0);
  if (!copy) return { outcome: snapshots.length > 0 ? 'encrypted' : 'no-copies', run };
  const signal = new AbortController().signal;
  const drill = await off.drill({
    open: () => off.destinations.get(copy.destination).open(copy.key, { signal }),
    expected: success.artifacts.snapshot.status,
    scriptEtcdVersion: success.manifest?.etcd.etcdctlVersion ?? undefined,
    signal,
  });
  const change = (now: RunSuccess) => ({ ...now, drill });
  const changed = await record(deps, asked, run, change, 'drilled', drillDetail(drill), []);
  await tellPlaces(deps, asked, found, signal);
  return { outcome: 'drilled', run: changed, drill };
}

function drillDetail(drill: DrillOutcome): Readonly<Record<string, string>> {
  return drill.ok
    ? { outcome: 'ok', revision: String(drill.revision), keys: String(drill.keys) }
    : { outcome: 'failed', why: drill.why };
}

/** The documents beside the files say the same as the record; where they cannot, the thread says so. */
async function tellPlaces(
  deps: WorkflowDeps,
  { deliveryId }: Asked,
  { run, off }: Stored,
  signal: AbortSignal,
): Promise<void> {
  const cluster = deps.fleet.cluster(run.cluster) ?? { name: run.cluster, language: 'en' };
  const unpublished = await publishAnew({ deps, signal, cluster }, off, run.id, `manifest:${deliveryId}`);
  if (unpublished.length === 0) return;
  await deps.records.decide({
    runId: run.id,
    deliveryId: `manifest-missing:${deliveryId}`,
    now: deps.clock.now(),
    decision: () => ({
      set: {},
      audit: [],
      notices: [{ kind: 'thread', entry: { type: 'manifest-missing', destinations: unpublished } }],
    }),
  });
  deps.wake();
}

/** From the records alone: cluster and destinations may be gone. */
export async function planRestore(
  deps: WorkflowDeps,
  asked: Asked,
  input: { what: string | undefined; zStream: string | undefined },
): Promise<RestorePlanAnswer> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  const run = input.what === undefined ? undefined : await deps.records.run(input.what);
  if (!run && input.what?.startsWith('r-') && !deps.fleet.cluster(input.what))
    return noSuchRun(deps, asked, input.what);
  const meant = meantCluster(deps.fleet, run?.cluster ?? input.what, asked.channel);
  if ('question' in meant) return meant.question;
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  if (elsewhere) return elsewhere;
  const cluster = meant.cluster.name;
  const runs = await deps.records.runs({ cluster, succeeded: true, limit: lookedBack });
  const manifests = runs.flatMap(presentManifest);
  const off = deps.offCluster;
  if (run && !run.success?.manifest) return { outcome: 'no-copies', run };
  if (!off) throw new Error('restore plans need their words: nothing was opened for copies');
  const need: RestoreNeed = {
    // Not known: the newest proven backup is taken, and the plan warns.
    zStream: input.zStream ?? run?.plan?.zStream,
    clusterId: undefined,
    runId: run?.id,
    now: deps.clock.now(),
  };
  const answer = restorePlan(manifests, need);
  const { language } = meant.cluster;
  return { outcome: 'restore-plan', cluster, answer, text: off.restoreText(answer, cluster, language) };
}

/** With copies and drill as they stand now: one that retention removed or a later look found damaged restores nothing. */
function presentManifest({ success }: BackupRun): readonly Manifest[] {
  return success?.manifest ? [manifestWith(success.manifest, success)] : [];
}

type Stored = { readonly run: BackupRun; readonly success: RunSuccess; readonly off: OffCluster };
type NoBackup = Extract<VerifyAnswer, { outcome: 'no-copies' | 'no-backup' | 'no-such-run' }> | NotAllowed;

async function storedBackup(
  deps: WorkflowDeps,
  asked: Asked,
  runId: string,
): Promise<Stored | { readonly answer: NoBackup }> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return { answer: admitted.answer };
  const run = await deps.records.run(runId);
  if (!run) return { answer: await noSuchRun(deps, asked, runId) };
  const cluster = deps.fleet.cluster(run.cluster);
  const elsewhere = cluster && wrongChannel(cluster, asked.channel);
  if (elsewhere) return { answer: elsewhere };
  const { success } = run;
  if (run.status !== 'succeeded' || !success) return { answer: { outcome: 'no-backup', run } };
  const off = deps.offCluster;
  const stored = success.copies?.some((copy) => copy.stored !== undefined) ?? false;
  return off && stored ? { run, success, off } : { answer: { outcome: 'no-copies', run } };
}

async function record(
  deps: WorkflowDeps,
  asked: Asked,
  run: BackupRun,
  change: (now: RunSuccess) => RunSuccess,
  action: 'verified' | 'drilled',
  detail: Readonly<Record<string, string>>,
  entries: readonly { readonly type: 'receipt' }[],
): Promise<BackupRun> {
  const now = deps.clock.now();
  const person = deps.fleet.person(asked.slackUser);
  const actor = person ? { slackUser: person.slackUser, clusterUser: person.clusterUser } : 'bot';
  const event = auditEvent(now, actor, action, detail);
  const decided = await deps.records.decide<never>({
    runId: run.id,
    deliveryId: asked.deliveryId,
    now,
    decision: ({ success }) => ({
      set: { success: success && change(success) },
      audit: [event],
      notices: [
        { kind: 'card' },
        { kind: 'thread', entry: { type: 'audit', event } },
        ...entries.map((entry) => ({ kind: 'thread' as const, entry })),
      ],
    }),
  });
  deps.wake();
  return 'run' in decided ? decided.run : run;
}
