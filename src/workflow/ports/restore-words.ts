import type { Language } from '../../domain/policy/policy.ts';
import type { RestorePlan } from '../../domain/restore/restore-plan.ts';
import type { RoomPaper, StepText } from '../../domain/restore-room/room.ts';

/** The words of a restore that go on record with it. */
export interface RestoreWords {
  /** Of each step of the plan, in its order. */
  readonly steps: (plan: RestorePlan, language: Language) => readonly StepText[];
  /** What a reader has to know of the plan before its first step. */
  readonly first: (plan: RestorePlan, language: Language) => Pick<RoomPaper, 'before' | 'warnings'>;
  /** Why the cluster is paused while it is restored from this run's backup. */
  readonly pauseReason: (runId: string, language: Language) => string;
}
