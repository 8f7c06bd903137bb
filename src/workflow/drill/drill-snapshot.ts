import type { DrillFailure } from '../../domain/drill/drill.ts';
import { drillFailureText, verdictReasonText } from '../../domain/drill/drill-failure-text.ts';
import { chooseTools } from '../../domain/drill/drill-tools.ts';
import { type ControlShown, type JudgedFailure, judgeDrill } from '../../domain/drill/drill-verdict.ts';
import type { DrillOutcome, FailedDrill } from '../../domain/run/run.ts';
import type { DrillPlaces } from '../copies/fetch-snapshot.ts';
import type { Fetched } from '../ports/drill-ports.ts';
import { drillControl } from './drill-control.ts';
import { type DrillDeps, type DrillSubject, neededMinor } from './drill-subject.ts';

/**
 * One whole drill: fetches the snapshot, restores it, once more where that fails, and tries a control where the failure does not
 * say by itself what is to blame. Takes minutes. Never throws for what places, programs or snapshots do; the caller looks whether
 * its signal was aborted. What was fetched is gone afterwards.
 */
export async function drillSnapshot(
  deps: DrillDeps,
  off: DrillPlaces,
  subject: DrillSubject,
  fetch: () => Promise<Fetched>,
  signal: AbortSignal,
): Promise<DrillOutcome> {
  const { drill } = off;
  const { success } = subject;
  const needs = neededMinor(subject);
  const set = chooseTools(drill.tools, needs);
  if (!set) return noTools(needs, deps.clock.now());
  const facts = { tools: set.version, ...(needs === undefined ? {} : { needs }) };
  const ownMinor = set.minor === needs;
  const conclude = (failure: DrillFailure, judged: JudgedFailure, control?: ControlShown) => {
    const outcome = failedDrill(failure, judged, { ...facts, ...runOf(control) }, deps.clock.now());
    deps.log.warn({ run: subject.run.id, drill: outcome }, 'a restore drill did not succeed');
    return outcome;
  };

  const fetched = await fetch();
  if (!fetched.ok) return conclude(fetched.failure, placeOr(fetched.failure, ownMinor));
  const { snapshot } = fetched;
  const failures: DrillFailure[] = [];
  let control: ControlShown | undefined;
  try {
    for (;;) {
      const attempt = await drill.restore(snapshot, {
        set,
        expected: success.artifacts.snapshot.status,
        scriptEtcdVersion: success.manifestFacts?.etcdctlVersion,
        signal,
      });
      if (attempt.ok) {
        const { revision, keys } = attempt;
        return { ok: true, revision, keys, tools: set.version, at: deps.clock.now() };
      }
      const { failure } = attempt;
      const evidence = { failures: [...failures, failure] as [DrillFailure], ownMinor };
      failures.push(failure);
      let next = judgeDrill({ ...evidence, control: undefined });
      if (next === 'control') {
        // Its room goes to the control.
        await snapshot.remove();
        control = await drillControl(deps, off, subject, set, signal);
        next = judgeDrill({ ...evidence, control });
      }
      if (typeof next !== 'string') return conclude(failure, next, control);
    }
  } finally {
    await snapshot.remove();
  }
}

/** Why there is no drill, as an outcome that says nothing about the backup. */
export function noTools(needs: string | undefined, at: number): FailedDrill {
  const failure = { kind: 'no-tools', ...(needs === undefined ? {} : { minor: needs }) } as const;
  return failedDrill(failure, { verdict: 'not-made', because: 'place' }, {}, at);
}

export function failedDrill(
  failure: DrillFailure,
  { verdict, because }: JudgedFailure,
  facts: Pick<FailedDrill, 'tools' | 'needs' | 'control'>,
  at: number,
): FailedDrill {
  const why = [drillFailureText(failure), verdictReasonText(because, facts)].filter(Boolean).join('; ');
  return { ok: false, failure, verdict, because, ...facts, why, at };
}

function placeOr(failure: DrillFailure, ownMinor: boolean): JudgedFailure {
  const judged = judgeDrill({ failures: [failure], ownMinor, control: undefined });
  return typeof judged === 'string' ? { verdict: 'inconclusive', because: 'unclear' } : judged;
}

function runOf(control: ControlShown | undefined): { readonly control?: string } {
  return control === undefined || control.kind === 'none' ? {} : { control: control.runId };
}
