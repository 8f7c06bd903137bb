import { allSettled, type FileCopy } from '../domain/file-copy.ts';
import { isDisproven } from '../domain/proven-backup.ts';
import {
  decideRetention,
  type KeptBackup,
  type RetentionDecision,
  type RetentionFacts,
  type RetentionPolicy,
} from '../domain/retention.ts';
import type { BackupRun, RunSuccess } from '../domain/run.ts';
import { auditEvent } from './audit-events.ts';
import type { OffCluster } from './copy-ports.ts';
import { StorageError } from './destination.ts';
import { publishAnew } from './publish-anew.ts';
import type { RunWork } from './run-work.ts';

const lookedBack = 1_000;

/** What retention would do at one destination, and has not done yet. */
export interface PrunePlan {
  readonly destination: string;
  readonly delete: readonly BackupRun[];
  /** What is kept and what is not, and why. */
  readonly decision: RetentionDecision;
}

/** Pure but for reading the records: the same for `--dry-run`, the thread and the deletion. */
export function prunePlans(
  runs: readonly BackupRun[],
  policies: Readonly<Record<string, RetentionPolicy>>,
  facts: Pick<RetentionFacts, 'presentZStream' | 'now'> & Partial<Pick<RetentionFacts, 'failedRun'>>,
): readonly PrunePlan[] {
  return Object.entries(policies).map(([destination, policy]) => {
    const here = runs.filter((run) => copiesAt(run, destination).length > 0);
    const backups = here.map((run) => keptBackup(run, destination));
    const decision = decideRetention(backups, policy, { failedRun: undefined, ...facts });
    const ids = new Set(decision.delete.map(({ backup }) => backup.runId));
    return { destination, delete: here.filter((run) => ids.has(run.id)), decision };
  });
}

/**
 * After a backup that is proven where it should be, and only then: says in the thread what goes, then removes it.
 * A refused deletion (a lock, a missing right) is said, too.
 */
export async function prune(work: RunWork, off: OffCluster, success: RunSuccess): Promise<void> {
  const { deps, claim, cluster, plan } = work;
  const proven = success.copies?.every((copy) => copy.provenAt !== undefined) ?? false;
  if (!cluster.retention || !proven) return;
  const [succeeded, ended] = await Promise.all([
    deps.records.runs({ cluster: cluster.name, succeeded: true, limit: lookedBack }),
    deps.records.runs({ cluster: cluster.name, limit: 1 }),
  ]);
  const runs = [
    { ...claim.run, plan, success, startedAt: claim.run.startedAt ?? deps.clock.now() },
    ...succeeded.filter(({ id }) => id !== claim.run.id),
  ];
  // In a later round a newer run may have failed meanwhile: then nothing is deleted.
  const failedRun = ended.find(({ status }) => status === 'failed')?.id;
  const facts = { presentZStream: newestZStream(runs) ?? plan.zStream, now: deps.clock.now(), failedRun };
  const thinned = new Set<string>();
  for (const each of prunePlans(runs, cluster.retention, facts)) {
    if (each.delete.length === 0) continue;
    await say(work, each.destination, { willRemove: each.delete.map((run) => run.id).join(', ') });
    const refused: string[] = [];
    for (const run of each.delete) {
      const stays = await removeBackup(work, off, run, each.destination);
      if (stays.length === 0) thinned.add(run.id);
      refused.push(...stays);
    }
    if (refused.length > 0) await say(work, each.destination, { refused: refused.join('; ') });
  }
  // Where another place still holds a file of the backup, its documents must not promise what is gone. Best effort.
  for (const runId of thinned) await publishAnew(work, off, runId, `manifest:${claim.run.id}:${runId}`);
}

/** What the newest run found the cluster on: nearer to the truth than what an older one was planned for. */
function newestZStream(runs: readonly BackupRun[]): string | undefined {
  const [newest] = runs.toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  return newest?.plan?.zStream;
}

/** Removes every object of the backup at this place; returns what stays, and why. */
async function removeBackup(
  work: RunWork,
  off: OffCluster,
  run: BackupRun,
  name: string,
): Promise<readonly string[]> {
  const destination = off.destinations.get(name);
  const refused: string[] = [];
  try {
    const [copy] = copiesAt(run, name);
    const prefix = copy?.key.slice(0, copy.key.lastIndexOf('/') + 1) ?? '';
    if (prefix === '') return [];
    for (const { key, location } of await destination.list(prefix)) {
      const removal = await destination.remove(key);
      if (removal.kind === 'refused') refused.push(`${location}: ${removal.why}`);
    }
  } catch (error) {
    work.signal.throwIfAborted();
    if (!(error instanceof StorageError)) throw error;
    refused.push(`${run.id}: ${error.message}`);
  }
  if (refused.length === 0) await forget(work, run, name);
  return refused;
}

/** The record keeps the run; its copies at this place are gone. */
async function forget(work: RunWork, run: BackupRun, name: string): Promise<void> {
  const { deps, claim } = work;
  const now = deps.clock.now();
  const pruned = (copy: FileCopy): FileCopy =>
    copy.destination === name
      ? { ...copy, stored: undefined, provenAt: undefined, nextTryAt: undefined, prunedAt: now }
      : copy;
  await deps.records.decide({
    runId: run.id,
    deliveryId: `prune:${claim.run.id}:${run.id}:${name}`,
    now,
    // From the record as it is now: another place of this backup may have been emptied a moment ago.
    decision: ({ success }) => ({
      set: { success: success && { ...success, copies: success.copies?.map(pruned) ?? [] } },
      audit: [auditEvent(now, 'bot', 'pruned', { destination: name, byRun: claim.run.id })],
      notices: [{ kind: 'card' }],
    }),
  });
}

/** Not by the claim: in a later round the run is over, and nobody holds it any more. Said once, whoever takes it up again. */
async function say(
  { deps, claim }: RunWork,
  destination: string,
  detail: Readonly<Partial<Record<'willRemove' | 'refused', string>>>,
): Promise<void> {
  const now = deps.clock.now();
  const event = auditEvent(now, 'bot', 'pruned', { destination, ...detail });
  await deps.records.decide({
    runId: claim.run.id,
    deliveryId: `prune:${claim.run.id}:${destination}:${Object.keys(detail)}`,
    now,
    decision: () => ({
      set: {},
      audit: [event],
      notices: [{ kind: 'thread', entry: { type: 'audit', event } }],
    }),
  });
  deps.wake();
}

function copiesAt(run: BackupRun, destination: string): readonly FileCopy[] {
  return (run.success?.copies ?? []).filter(
    (copy) => copy.destination === destination && copy.stored !== undefined,
  );
}

function keptBackup(run: BackupRun, destination: string): KeptBackup {
  const here = copiesAt(run, destination);
  const locks = here.flatMap((copy) => copy.stored?.lockedUntil ?? []);
  const proven = allSettled(run.success?.copies ?? []) && !(run.success && isDisproven(run.success));
  return {
    runId: run.id,
    zStream: run.plan?.zStream ?? 'unknown',
    takenAt: run.startedAt ?? run.requestedAt,
    proof: proven ? 'proven' : 'unproven',
    lockedUntil: locks.length > 0 ? Math.max(...locks) : undefined,
  };
}
