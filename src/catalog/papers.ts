import { fileKinds, type Manifest, type ManifestFile } from '../domain/copies/manifest-document.ts';
import type { Language } from '../domain/policy/policy.ts';
import { editionOf, readEditionMark } from '../domain/restore/edition.ts';
import { liesWithRun } from '../domain/restore/object-keys.ts';
import { restoreText } from '../restore/restore-text.ts';
import { existingEditions, putNewest, readNewest } from '../workflow/copies/editions.ts';
import { answerFor } from '../workflow/copies/publish-documents.ts';
import { type Destination, type ListedObject, StorageError } from '../workflow/ports/destination.ts';
import { type Findings, findManifests } from './find-manifests.ts';

/** What became of the paper of one backup; `location`: the directory of the backup. */
export type Paper = { readonly runId: string; readonly cluster: string; readonly location: string } & (
  | { readonly outcome: 'written'; readonly name: string; readonly edition: number; readonly before: Before }
  | { readonly outcome: 'current'; readonly edition: number }
  /** No complete backup: there are no steps to write. */
  | { readonly outcome: 'nothing-to-restore' }
  | { readonly outcome: 'failed'; readonly why: string }
);

/** Edition of the newest paper that lay there; `none`: there was none. `unmarked`: not known whose it is. */
type Before = number | 'none' | 'unmarked';

export interface Papers {
  readonly papers: readonly Paper[];
  readonly skipped: Findings['skipped'];
}

interface Wanted {
  readonly language: Language;
  /** ms UTC */
  readonly now: number;
  readonly signal: AbortSignal;
}

/**
 * Writes RESTORE.md for every backup below one directory, from the manifests there and nothing else: for a place whose bot is
 * gone. What lies there stays as it is, its own and others'; a newer paper goes beside it with the next number.
 */
export async function writePapers(place: Destination, wanted: Wanted): Promise<Papers> {
  const { manifests, objects, skipped } = await findManifests([place], async () => undefined, wanted.signal);
  const listed = objects.get(place.name) ?? new Map<string, ListedObject>();
  const papers: Paper[] = [];
  for (const manifest of manifests) papers.push(await writePaper(place, listed, manifest, wanted));
  return { papers, skipped };
}

async function writePaper(
  place: Destination,
  listed: ReadonlyMap<string, ListedObject>,
  manifest: Manifest,
  { language, now, signal }: Wanted,
): Promise<Paper> {
  const { runId, cluster, release } = manifest;
  // Where its manifest was read.
  const key = [...listed.keys()].find((each) => liesWithRun(each, runId)) ?? '';
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  const backup = { runId, cluster: cluster.name, location: `${place.label}/${prefix}` };
  const restores = existingEditions([...listed.keys()], `${prefix}RESTORE.md`);
  const edition = editionOf(release.zStream).number;
  try {
    const before = await newestEdition(await readNewest(place, restores, signal), runId);
    if (typeof before === 'number' && before >= edition) return { ...backup, outcome: 'current', edition };
    const here = asItLiesHere(manifest, place.label, listed, now);
    const answer = answerFor(here, now);
    if (answer.outcome === 'none') return { ...backup, outcome: 'nothing-to-restore' };
    await putNewest(place, restores, restoreText(answer, cluster.name, language), signal, false);
    const next = Math.max(0, ...restores.numbers) + 1;
    const name = next === 1 ? 'RESTORE.md' : `RESTORE.${next}.md`;
    return { ...backup, outcome: 'written', name, edition, before };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { ...backup, outcome: 'failed', why: error.message };
  }
}

function newestEdition(text: string | undefined, runId: string): Before {
  if (text === undefined) return 'none';
  const mark = readEditionMark(text);
  return mark?.runId === runId ? mark.edition : 'unmarked';
}

/**
 * The bot's path of a directory means nothing to anyone else: copies that lie here are named by where they are found now. A copy
 * that should be here and is not, or has another size, is no copy.
 */
function asItLiesHere(
  manifest: Manifest,
  root: string,
  listed: ReadonlyMap<string, ListedObject>,
  now: number,
): Manifest {
  const all = fileKinds.flatMap((kind) => manifest.files[kind].copies);
  const names = new Set(all.filter(({ key }) => listed.has(key)).map(({ destination }) => destination));
  const moved = (file: ManifestFile): ManifestFile => ({
    ...file,
    copies: file.copies.map((copy) => {
      if (copy.place.kind !== 'directory' || !names.has(copy.destination)) return copy;
      const isWhole = listed.get(copy.key)?.size === copy.storedSize;
      return {
        ...copy,
        place: { kind: 'directory' as const, path: root },
        provenAt: isWhole ? copy.provenAt : null,
      };
    }),
  });
  return {
    ...manifest,
    files: { snapshot: moved(manifest.files.snapshot), resources: moved(manifest.files.resources) },
    times: { ...manifest.times, written: new Date(now).toISOString() },
  };
}
