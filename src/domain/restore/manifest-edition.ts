import { type FileCopy, manifestCopy } from '../copies/file-copy.ts';
import { verdictOf } from '../run/drill-outcome.ts';
import { isDisproven } from '../run/proven-backup.ts';
import type { DrillOutcome, RunSuccess } from '../run/run.ts';
import {
  type FileKind,
  fileKinds,
  type Manifest,
  type ManifestCopy,
  type ManifestDrill,
} from './manifest.ts';

/** The manifest with the current copies and drill. What is not given, and only the manifest knows of, stays in it. */
export function manifestWith(manifest: Manifest, success: Pick<RunSuccess, 'copies' | 'drill'>): Manifest {
  const { copies, drill } = success;
  const { snapshot, resources } = manifest.files;
  return {
    ...manifest,
    ...(drill ? { drill: manifestDrill(drill) } : {}),
    files: copies
      ? {
          snapshot: { ...snapshot, copies: copiesOf('snapshot', copies) },
          resources: { ...resources, copies: copiesOf('resources', copies) },
        }
      : manifest.files,
  };
}

function copiesOf(file: FileKind, copies: readonly FileCopy[]): readonly ManifestCopy[] {
  return copies.flatMap((copy) => {
    const entry = copy.file === file ? manifestCopy(copy) : undefined;
    return entry ? [entry] : [];
  });
}

function manifestDrill(drill: DrillOutcome): ManifestDrill {
  const at = new Date(drill.at).toISOString();
  if (drill.ok) {
    const { revision, keys } = drill;
    return { at, ok: true, revision, keys, why: null, disproven: false };
  }
  const why = drill.why.replace(/\p{C}+/gu, ' ');
  const verdict = verdictOf(drill) === 'not-made' ? ({ verdict: 'not-made' } as const) : {};
  return { at, ok: false, revision: null, keys: null, why, disproven: isDisproven({ drill }), ...verdict };
}

/** As it is on record; the inverse of what a manifest tells. */
export function drillOf({ drill }: Manifest): DrillOutcome | undefined {
  if (!drill) return undefined;
  const at = Date.parse(drill.at);
  const { revision, keys } = drill;
  if (drill.ok && revision !== null && keys !== null) return { ok: true, revision, keys, at };
  const verdict = drill.verdict === undefined ? {} : { verdict: drill.verdict };
  return { ok: false, why: drill.why ?? '', disproven: drill.disproven, ...verdict, at };
}

/** Whether a reader who has only the documents would choose otherwise: what is where, what is proven, what the drill showed. */
export function tellsOther(a: Manifest, b: Manifest): boolean {
  return worthOf(a) !== worthOf(b);
}

function worthOf({ drill, files }: Manifest): string {
  const copies = fileKinds.flatMap((kind) =>
    files[kind].copies.map(({ destination, key, storedSha256, provenAt }) => [
      kind,
      destination,
      key,
      storedSha256,
      provenAt !== null,
    ]),
  );
  return JSON.stringify([copies, drill?.ok, drill?.disproven]);
}
