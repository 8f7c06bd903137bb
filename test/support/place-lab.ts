import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { directoryDestination } from '../../src/storage/directory/directory.ts';
import { randomIds } from '../../src/system/ids.ts';
import type { WatchedPlaceDeps } from '../../src/workflow/places/place-identity.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { succeededWith } from '../slack/messages/copied-runs.ts';
import { labPolicy } from './cluster-lab.ts';

/** One installation: its own records, and `nas-1` at a place that may be another's, too. */
export interface Installation {
  readonly records: Records;
  readonly deps: WatchedPlaceDeps;
  /** Puts a succeeded run on record that has stored `size` bytes under `key` at `nas-1`. */
  stored(runId: string, key: string, size: number): Promise<void>;
}

export async function placeDirectory(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'places-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

export function nas(place: string): Destination {
  return directoryDestination({ name: 'nas-1', path: place, clock: { now: () => Date.now() } });
}

export async function installation(
  t: TestContext,
  place: Destination,
  options: { owners?: readonly string[]; clusterOwners?: readonly string[] } = {},
): Promise<Installation> {
  const dir = await placeDirectory(t);
  await mkdir(dir, { recursive: true });
  const records = await openSqliteRecords({ file: path.join(dir, 'records.sqlite') });
  t.after(() => records.close());
  const copies = [
    {
      file: 'snapshot' as const,
      destination: place.name,
      place: { kind: 'directory' as const, path: place.label },
      custodians: [],
      encryptFor: [],
    },
  ];
  const policy: ClusterPolicy = labPolicy({ copies, owners: [...(options.clusterOwners ?? [])] });
  const deps: WatchedPlaceDeps = {
    offCluster: {
      destinations: { get: () => place },
      owners: { [place.name]: options.owners ?? [] },
    },
    records,
    fleet: { clusters: [policy] },
    ids: randomIds(),
    clock: { now: () => Date.now() },
    log: { info: () => undefined, warn: () => undefined },
    wake: () => undefined,
    self: { botName: 'etcd-backup' },
  };
  return {
    records,
    deps,
    async stored(runId, key, size) {
      const copy: FileCopy = {
        ...(copies[0] as (typeof copies)[0]),
        key,
        location: `${place.label}/${key}`,
        tries: 1,
        stored: { size, sha256: 'a'.repeat(64), at: 1, lockedUntil: undefined },
        provenAt: 1,
        failure: undefined,
        nextTryAt: undefined,
      };
      const run = succeededWith({ copies: [copy] });
      await records.importRun({ ...run, id: runId, cluster: 'prod-east', card: undefined }, []);
    },
  };
}
