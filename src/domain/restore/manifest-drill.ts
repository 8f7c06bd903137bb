import type { Manifest, ManifestDrill } from '../copies/manifest-document.ts';
import { verdictOf } from '../run/drill-outcome.ts';
import { isDisproven } from '../run/proven-backup.ts';
import type { DrillOutcome } from '../run/run.ts';

/** The outcome of a drill, as a manifest describes it. */
export function manifestDrill(drill: DrillOutcome): ManifestDrill {
  const at = new Date(drill.at).toISOString();
  if (drill.ok) {
    const { revision, keys } = drill;
    return { at, ok: true, revision, keys, why: null, disproven: false };
  }
  const why = drill.why.replace(/\p{C}+/gu, ' ');
  const verdict = verdictOf(drill) === 'not-made' ? ({ verdict: 'not-made' } as const) : {};
  return { at, ok: false, revision: null, keys: null, why, disproven: isDisproven({ drill }), ...verdict };
}

/** As it is on record; the inverse of `manifestDrill`. */
export function drillOf({ drill }: Manifest): DrillOutcome | undefined {
  if (!drill) return undefined;
  const at = Date.parse(drill.at);
  const { revision, keys } = drill;
  if (drill.ok && revision !== null && keys !== null) return { ok: true, revision, keys, at };
  const verdict = drill.verdict === undefined ? {} : { verdict: drill.verdict };
  return { ok: false, why: drill.why ?? '', disproven: drill.disproven, ...verdict, at };
}
