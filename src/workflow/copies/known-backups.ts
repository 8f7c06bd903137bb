import { afterLook, type FileCopy, isLeaving, lookedAt } from '../../domain/copies/file-copy.ts';
import type { PermittedAct } from '../../domain/policy/policy.ts';
import type { Notice } from '../../domain/run/notice.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { mayActOnRun } from '../access/asked-run.ts';
import type { Asked, NotAllowed, VerifyAnswer } from '../access/backups.ts';
import { placesOf } from '../places/place-identity.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { proveCopy } from './prove-copy.ts';
import { republish } from './publish-documents.ts';

/**
 * Reads both copies back once more. What was found is on record and in the thread, good or bad. Copies at a place that could not be
 * reached stay verified.
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
