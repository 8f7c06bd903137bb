import type { DrillFailure, DrillVerdict } from '../drill/drill.ts';
import { judgeDrill } from '../drill/drill-verdict.ts';
import type { DrillOutcome, RunSuccess } from './run.ts';

/** Failures that earlier releases counted against the snapshot, whatever programs had found them. */
const earlierDisproofs: readonly DrillFailure['kind'][] = [
  'snapshot-damaged',
  'status-differs',
  'revision-differs',
  'no-keys',
];

/**
 * What a drill says of its backup. Records of earlier releases name neither the programs nor a verdict: what they counted
 * against the snapshot still does, and of the rest nothing is proven.
 */
export function verdictOf(drill: DrillOutcome): DrillVerdict {
  if (drill.ok) return 'restores';
  if (drill.verdict) return drill.verdict;
  if (!drill.failure) return drill.disproven === true ? 'does-not-restore' : 'inconclusive';
  if (earlierDisproofs.includes(drill.failure.kind)) return 'does-not-restore';
  const judged = judgeDrill({ failures: [drill.failure], ownMinor: false, control: undefined });
  return typeof judged === 'string' ? 'inconclusive' : judged.verdict;
}

/** It says whether the backup restores. */
export function isDecided(drill: DrillOutcome): boolean {
  const verdict = verdictOf(drill);
  return verdict === 'restores' || verdict === 'does-not-restore';
}

/** The record after one more drill: one without a verdict takes no earlier one back, good or bad. */
export function afterDrill(success: RunSuccess, outcome: DrillOutcome): RunSuccess {
  const { drillTry: _, drillBegunAt: __, ...rest } = success;
  const keeps = success.drill !== undefined && isDecided(success.drill) && !isDecided(outcome);
  return keeps ? { ...rest, drillTry: outcome } : { ...rest, drill: outcome };
}
