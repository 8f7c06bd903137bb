import { allSettled, type FileCopy } from '../../domain/copies/file-copy.ts';
import {
  decideRetention,
  type KeptBackup,
  type RetentionDecision,
  type RetentionFacts,
  type RetentionPolicy,
} from '../../domain/copies/retention.ts';
import { verdictOf } from '../../domain/run/drill-outcome.ts';
import { isDisproven, provenBackup } from '../../domain/run/proven-backup.ts';
import { type BackupRun, type RunSuccess, takenAt } from '../../domain/run/run.ts';

/** What retention would do at one destination, and has not done yet. */
export interface PrunePlan {
  readonly destination: string;
  /** Newest first. */
  readonly delete: readonly BackupRun[];
  /** What is kept and what is not, and why. */
  readonly decision: RetentionDecision;
}

type Facts = Pick<RetentionFacts, 'presentZStream' | 'now'> &
  Partial<Pick<RetentionFacts, 'failedRun' | 'runAtHand'>>;

/** Pure: the same for `--dry-run`, the thread and the deletion. `runs`: of one cluster, newest first by the records' order. */
export function prunePlans(
  runs: readonly BackupRun[],
  policies: Readonly<Record<string, RetentionPolicy>>,
  facts: Facts,
): readonly PrunePlan[] {
  return Object.entries(policies).map(([destination, policy]) => {
    const backups = runs.flatMap((run, index) =>
      storedAt(run, destination).length > 0 ? [keptBackup(run, destination, runs.length - index)] : [],
    );
    const decision = decideRetention(backups, policy, { failedRun: undefined, ...facts });
    const ids = new Set(decision.delete.map(({ backup }) => backup.runId));
    return { destination, delete: runs.filter((run) => ids.has(run.id)), decision };
  });
}

/** The copies that are stored there, also while they are being removed. */
export function storedAt(run: BackupRun, destination: string): readonly FileCopy[] {
  return (run.success?.copies ?? []).filter(
    (copy) => copy.destination === destination && copy.stored !== undefined,
  );
}

function keptBackup(run: BackupRun, destination: string, seq: number): KeptBackup {
  const here = storedAt(run, destination);
  const copies = run.success?.copies ?? [];
  const locks = here.flatMap((copy) => copy.stored?.lockedUntil ?? []);
  const proofs = copies.flatMap(({ provenAt }) => provenAt ?? []);
  const proven = allSettled(copies) && !(run.success && isDisproven(run.success));
  return {
    runId: run.id,
    seq,
    zStream: run.plan?.zStream ?? 'unknown',
    takenAt: takenAt(run),
    proof: proven ? 'proven' : 'unproven',
    provenAt: proofs.length > 0 ? Math.max(...proofs) : undefined,
    restores: provenBackup(run) !== undefined,
    abandonedSince: run.abandoned?.declaredAt,
    inDoubt: isInDoubt(run.success),
    drillToCome: isDrillToCome(run.success),
    lockedUntil: locks.length > 0 ? Math.max(...locks) : undefined,
  };
}

/** A drill that is still to come may show that it restores nothing. */
function isInDoubt(success: RunSuccess | undefined): boolean {
  const { drill } = success ?? {};
  return drill ? verdictOf(drill) === 'inconclusive' : isDrillToCome(success);
}

function isDrillToCome(success: RunSuccess | undefined): boolean {
  return success?.drillWait !== undefined && success.drill === undefined;
}
