import type { RestorePlan } from '../../src/domain/restore/restore-plan.ts';
import type { RestoreStep } from '../../src/domain/restore/restore-steps.ts';

/** One step of RESTORE.md as a person finds it there. */
export interface PaperStep {
  readonly step: RestoreStep;
  readonly title: string;
  /** The shell block as printed; undefined: the step has none. */
  readonly block: string | undefined;
}

/** The steps of a paper: blocks and titles from its text, what they mean from the plan. Throws where the two do not agree. */
export function paperSteps(plan: RestorePlan, text: string): readonly PaperStep[] {
  const parts = [...text.matchAll(/^### \d+\. (.*)\n([\s\S]*?)(?=^#{2,3} )/gm)];
  if (parts.length !== plan.steps.length)
    throw new Error(`the paper has ${parts.length} steps, the plan ${plan.steps.length}`);
  return plan.steps.map((step, index) => {
    const [, title = '', body = ''] = parts[index] ?? [];
    const block = /^(`{3,})sh\n([\s\S]*?)\n\1$/m.exec(body)?.[2];
    if (block !== (step.commands.length === 0 ? undefined : step.commands.join('\n')))
      throw new Error(`the commands of step “${title}” are not those of the plan`);
    return { step, title, block };
  });
}
