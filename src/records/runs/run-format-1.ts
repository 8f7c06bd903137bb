import type { FileKind, Manifest } from '../../domain/copies/manifest-document.ts';
import type { PlannedCopy } from '../../domain/copies/planned-copy.ts';
import type { Plan } from '../../domain/preflight/plan.ts';
import { factsOf, publishedOf } from '../../domain/restore/manifest-facts.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';

/** Held the whole manifest within the run, and of each file in the plan one text: `snapshot → nas-1`. */
export interface Format1 extends Omit<BackupRun, 'plan' | 'success' | 'published'> {
  readonly plan: (Omit<Plan, 'copies'> & { readonly copies?: readonly string[] }) | undefined;
  readonly success: (Omit<RunSuccess, 'manifestFacts'> & { readonly manifest?: Manifest }) | undefined;
}

/** A run of format 1 in today's shape. */
export function fromFormat1({ plan: oldPlan, success: oldSuccess, ...rest }: Format1): BackupRun {
  const { copies: texts, ...plan } = oldPlan ?? {};
  const copies = texts?.flatMap((text) => plannedCopy(text) ?? []);
  const { manifest, ...success } = oldSuccess ?? {};
  const run = {
    ...rest,
    plan: oldPlan && ({ ...plan, ...(copies ? { copies } : {}) } as Plan),
    success: oldSuccess && (success as RunSuccess),
  };
  if (!manifest || !run.success) return run;
  const published = publishedOf(manifest);
  const facts = factsOf(manifest, { ...run, success: run.success });
  return {
    ...run,
    success: { ...run.success, manifestFacts: facts },
    ...(published ? { published } : {}),
  };
}

/** `resources → vault (encrypted for ops-a, ops-b)`. Names hold no blanks, commas and brackets. */
function plannedCopy(text: string): PlannedCopy | undefined {
  const [, file, destination, who] =
    /^(snapshot|resources) → (.+?)(?: \(encrypted for (.+)\))?$/su.exec(text) ?? [];
  if (file === undefined || destination === undefined) return undefined;
  return { file: file as FileKind, destination, encryptedFor: who === undefined ? [] : who.split(', ') };
}
