import type { Language } from '../domain/policy/policy.ts';
import type { RestorePlan } from '../domain/restore/restore-plan.ts';
import type { RestoreStep } from '../domain/restore/restore-steps.ts';
import type { RoomPaper, StepText } from '../domain/restore-room/room.ts';
import { en } from './en.ts';
import type { FailureWords, WayBack } from './failure-words.ts';
import { failuresEn } from './failures-en.ts';
import { failuresKo } from './failures-ko.ts';
import { ko } from './ko.ts';
import { stepWords } from './wording.ts';

const wordings = { en, ko };
const failures: Readonly<Record<Language, FailureWords>> = { en: failuresEn, ko: failuresKo };

/** The words of every step of a plan, in its order, as RESTORE.md has them, with what is known of its failures. */
export function stepTexts(plan: RestorePlan, language: Language): readonly StepText[] {
  const { at, of, back } = failures[language];
  return plan.steps.map((step) => ({
    ...stepWords(step, wordings[language]),
    causes: [...(of[step.kind] ?? []), ...at[step.where]],
    wayBack: back[wayBack(step, plan)],
  }));
}

/** What RESTORE.md says before its steps. */
export function firstWords(plan: RestorePlan, language: Language): Pick<RoomPaper, 'before' | 'warnings'> {
  const words = wordings[language];
  return { before: words.before(plan), warnings: plan.warnings.map(words.warning) };
}

export function roomPauseReason(runId: string, language: Language): string {
  return failures[language].pauseReason(runId);
}

function wayBack({ kind, phase }: RestoreStep, { procedure }: RestorePlan): WayBack {
  if (kind === 'disable-etcd')
    return procedure === 'two-nodes-with-fencing' ? 'pacemakerStop' : 'scriptedStop';
  if (kind === 'stop-others') return 'stopByHand';
  if (kind === 'keepalived' || kind === 'machines' || kind === 'restore') return kind;
  if (phase === 'clean-up') return 'over';
  return phase === 'fetch' || phase === 'check' || kind === 'chapter' ? 'untouched' : 'forward';
}
