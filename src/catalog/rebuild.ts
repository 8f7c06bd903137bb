import type { ClusterPolicy } from '../domain/policy/policy.ts';
import type { BackupRun } from '../domain/run/run.ts';
import type { Destination } from '../workflow/ports/destination.ts';
import type { Records } from '../workflow/ports/records.ts';
import { type Findings, findManifests } from './find-manifests.ts';
import { runOfManifest } from './run-of-manifest.ts';

export interface CatalogDeps {
  readonly destinations: readonly Destination[];
  /** Of the configuration; undefined: it does not know this cluster any more. */
  readonly cluster: (name: string) => ClusterPolicy | undefined;
  /** Of the place that the records mean by this destination; absent: there are no records, so any marker will do. */
  readonly idOnRecord?: (destination: string) => Promise<string | undefined>;
  /** ms UTC */
  readonly now: () => number;
}

export interface Catalog {
  /** Oldest first. */
  readonly runs: readonly BackupRun[];
  readonly skipped: Findings['skipped'];
}

/** Every backup that the destinations know, from them alone. */
export async function readCatalog(deps: CatalogDeps, signal: AbortSignal): Promise<Catalog> {
  const idOnRecord = deps.idOnRecord ?? (async () => undefined);
  const { manifests, objects, notKnown, skipped } = await findManifests(
    deps.destinations,
    idOnRecord,
    signal,
  );
  const now = deps.now();
  const runs = manifests.map((manifest) =>
    runOfManifest({ manifest, objects, notKnown, policy: deps.cluster(manifest.cluster.name), now }),
  );
  return { runs, skipped };
}

export interface Rebuilt {
  readonly run: BackupRun;
  readonly outcome: 'imported' | 'known';
}

/** Puts every run on record that is not there yet; what is there stays as it is, so it may be done at any time, and again. */
export async function rebuild(
  catalog: Catalog,
  records: Pick<Records, 'importRun'>,
  now: number,
): Promise<readonly Rebuilt[]> {
  const rebuilt: Rebuilt[] = [];
  for (const run of catalog.runs) {
    const from = [...new Set(run.success?.copies?.map(({ destination }) => destination))].join(', ');
    const event = { at: now, actor: { kind: 'bot' }, action: 'imported', detail: { from } } as const;
    // Its own end, too: the record of a run is whole only when a line says how it ended.
    const ended = { ...event, at: run.finishedAt ?? now, action: 'succeeded', detail: {} } as const;
    rebuilt.push({ run, outcome: await records.importRun(run, [ended, event]) });
  }
  return rebuilt;
}
