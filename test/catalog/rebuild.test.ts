import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { readCatalog } from '../../src/catalog/rebuild.ts';
import type { FileKind, Manifest, ManifestCopy } from '../../src/domain/copies/manifest-document.ts';
import { manifestOf, manifestText } from '../../src/domain/restore/manifest.ts';
import { backupPrefix } from '../../src/domain/restore/object-keys.ts';
import { directoryDestination } from '../../src/storage/directory/directory.ts';
import { anotherManifest, startedAt } from '../support/manifests.ts';

const now = startedAt + 86_400_000;
const clock = { now: () => now };
const lockedUntil = '2027-02-21T00:00:00.000Z';
const provenAt = '2026-11-23T06:15:31.250Z';
const names = {
  snapshot: 'snapshot_2026-11-23_061444.db',
  resources: 'static_kuberesources_2026-11-23_061444.tar.gz.age',
};
const home = { snapshot: 'nas-1', resources: 'vault' } as const;

let root: string;

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'catalog-'));
});
after(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  await rm(root, { recursive: true, force: true });
  for (const name of Object.values(home)) await mkdir(path.join(root, name), { recursive: true });
});

function catalog() {
  const destinations = Object.values(home).map((name) =>
    directoryDestination({ name, path: path.join(root, name), clock }),
  );
  return readCatalog(
    { destinations, cluster: () => undefined, now: () => now },
    new AbortController().signal,
  );
}

function prefixOf(runId: string): string {
  return backupPrefix({ cluster: 'prod-east', startedAt, zStream: '4.16.8', runId });
}

/** A backup whose files lie where its manifest says; sizes count here, not contents. */
async function backupAt(
  runId: string,
  proven: readonly FileKind[] = ['snapshot', 'resources'],
): Promise<Manifest> {
  const base = anotherManifest({ runId });
  const prefix = prefixOf(runId);
  const copy = (kind: FileKind): ManifestCopy => ({
    ...(base.files[kind].copies[0] ?? assert.fail()),
    destination: home[kind],
    place: { kind: 'directory', path: path.join(root, home[kind]) },
    key: `${prefix}${names[kind]}`,
    storedSize: 100,
    lockedUntil: kind === 'resources' ? lockedUntil : null,
    provenAt: proven.includes(kind) ? provenAt : null,
  });
  const manifest = {
    ...base,
    files: {
      snapshot: { ...base.files.snapshot, copies: [copy('snapshot')] },
      resources: { ...base.files.resources, copies: [copy('resources')] },
    },
  };
  for (const kind of ['snapshot', 'resources'] as const) {
    await put(home[kind], `${prefix}${names[kind]}`, 'x'.repeat(100));
    await put(home[kind], `${prefix}manifest.json`, manifestText(manifest));
    await put(home[kind], `${prefix}RESTORE.md`, 'how to restore');
  }
  return manifest;
}

async function put(destination: string, key: string, text: string): Promise<void> {
  const file = path.join(root, destination, key);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

describe('what lies at the destinations', () => {
  it('becomes a run with both copies, their proofs to the millisecond, and the card in its thread', async () => {
    const manifest = await backupAt('r-aaaaaaaa');
    const { runs, skipped } = await catalog();
    assert.deepEqual(skipped, []);
    const [run] = runs;
    assert.equal(run?.status, 'succeeded');
    assert.deepEqual(run && manifestOf(run), manifest);
    assert.deepEqual(run?.card, { channel: 'C1', ts: '1795414484.000100' });
    assert.deepEqual(
      run?.success?.copies?.map(({ destination, provenAt }) => [destination, provenAt]),
      [
        ['nas-1', Date.parse(provenAt)],
        ['vault', Date.parse(provenAt)],
      ],
    );
    assert.deepEqual(
      run?.votes.map(({ person, status }) => [person.clusterUser, status]),
      [['approver', 'counted']],
    );
  });

  it('keeps what another release wrote and this one does not know', async () => {
    const base = await backupAt('r-aaaaaaaa');
    const manifest = {
      ...base,
      newer: { kept: [1] },
      etcd: { ...base.etcd, quota: 8 },
      people: { ...base.people, approvers: base.people.approvers.map((each) => ({ ...each, team: 'sre' })) },
    };
    for (const place of ['nas-1', 'vault'])
      await put(place, `${prefixOf('r-aaaaaaaa')}manifest.json`, manifestText(manifest));
    const { runs } = await catalog();
    assert.deepEqual(runs[0] && manifestOf(runs[0]), manifest);
  });

  it('of a time line that the cluster left bears that mark again; the newest word of several counts', async () => {
    const full = await backupAt('r-aaaaaaaa');
    const by = { slackUser: 'U0', clusterUser: 'requester' };
    const abandoned = {
      id: 'prod-east/restored@9',
      restoredFrom: 'r-bbbbbbbb',
      restoredAt: '2026-11-24T09:00:00.000Z',
      marked: '2026-11-24T09:05:00.000Z',
      by,
    };
    const times = { ...full.times, written: '2026-11-24T10:00:00.000Z' };
    // The other place was away when it was marked.
    await put(
      'vault',
      `${prefixOf('r-aaaaaaaa')}manifest.2.json`,
      manifestText({ ...full, abandoned, times }),
    );
    const { runs, skipped } = await catalog();
    assert.deepEqual(skipped, []);
    assert.deepEqual(runs[0]?.abandoned, {
      id: 'prod-east/restored@9',
      from: 'r-bbbbbbbb',
      at: Date.parse('2026-11-24T09:00:00Z'),
      declaredAt: Date.parse('2026-11-24T09:05:00Z'),
      by,
    });
  });

  it('reports what a drill showed, and of several editions the one that was written last, though it knows less', async () => {
    const full = await backupAt('r-aaaaaaaa');
    const edition = (written: string, change: Partial<Manifest>): Manifest => ({
      ...full,
      ...change,
      times: { ...full.times, written },
    });
    const drill = { at: provenAt, ok: false, revision: null, keys: null, why: 'no keys', disproven: true };
    const unproven = full.files.resources.copies.map((copy) => ({ ...copy, provenAt: null }));
    const resources = { ...full.files.resources, copies: unproven };
    const last = edition('2026-11-24T10:00:00.500Z', { drill, files: { ...full.files, resources } });
    const prefix = prefixOf('r-aaaaaaaa');
    await put('vault', `${prefix}manifest.json`, manifestText(edition('2026-11-24T10:00:00.499Z', {})));
    await put('vault', `${prefix}manifest.2.json`, manifestText(last));
    const { runs, skipped } = await catalog();
    assert.deepEqual(skipped, []);
    const { success } = runs[0] ?? assert.fail();
    assert.deepEqual(success?.drill, {
      ok: false,
      why: 'no keys',
      disproven: true,
      at: Date.parse(provenAt),
    });
    assert.equal(success?.copies?.find(({ file }) => file === 'resources')?.provenAt, undefined);
  });

  it('of several editions the one with the most proven copies counts, whatever its name and place', async () => {
    const full = await backupAt('r-aaaaaaaa');
    const half = { ...full, files: { ...full.files, resources: { ...full.files.resources, copies: [] } } };
    const prefix = prefixOf('r-aaaaaaaa');
    await put('nas-1', `${prefix}manifest.json`, manifestText(half));
    await put('vault', `${prefix}manifest.json`, manifestText(half));
    await put('vault', `${prefix}manifest.2.json`, manifestText(full));
    const { runs, skipped } = await catalog();
    assert.deepEqual([runs.length, skipped], [1, []]);
    assert.deepEqual(runs[0] && manifestOf(runs[0]), full);
  });

  it('a manifest of a newer schema, a torn one, one in a wrong directory and foreign files are named; the rest is found', async () => {
    const good = await backupAt('r-aaaaaaaa');
    await put(
      'nas-1',
      `${prefixOf('r-bbbbbbbb')}manifest.json`,
      manifestText(good).replace('manifest/2', 'manifest/3'),
    );
    await put('nas-1', `${prefixOf('r-cccccccc')}manifest.json`, manifestText(good).slice(0, 900));
    await put('vault', `${prefixOf('r-dddddddd')}manifest.json`, manifestText(good));
    await put('vault', `${prefixOf('r-eeeeeeee')}${names.resources}`, 'no manifest at all');
    await put('vault', 'photos/cat.jpg', 'not ours');
    const { runs, skipped } = await catalog();
    assert.deepEqual(
      runs.map(({ id }) => id),
      ['r-aaaaaaaa'],
    );
    const reported = skipped.map(({ kind, location }) => [kind, path.relative(root, location).split('/')[0]]);
    assert.deepEqual(reported.toSorted(), [
      ['foreign', 'vault'],
      ['newer-schema', 'nas-1'],
      ['unexplained', 'vault'],
      ['unreadable', 'nas-1'],
      ['wrong-place', 'vault'],
    ]);
    assert.match(
      skipped.find(({ kind }) => kind === 'newer-schema')?.why ?? '',
      /use the version that wrote it/,
    );
  });

  it('a manifest that gives a file of another run out as its own is named, and not imported', async () => {
    const good = await backupAt('r-aaaaaaaa');
    const [copy = assert.fail()] = good.files.snapshot.copies;
    for (const key of [copy.key, 'prod-east/snapshot.db']) {
      const base = anotherManifest({ runId: 'r-bbbbbbbb' });
      const snapshot = { ...base.files.snapshot, copies: [{ ...copy, key }] };
      const manifest = { ...base, files: { ...base.files, snapshot } };
      await put('nas-1', `${prefixOf('r-bbbbbbbb')}manifest.json`, manifestText(manifest));
      const { runs, skipped } = await catalog();
      assert.deepEqual(
        runs.map(({ id }) => id),
        ['r-aaaaaaaa'],
      );
      assert.deepEqual(
        skipped.map(({ kind }) => kind),
        ['wrong-place'],
      );
    }
  });

  it('a copy that is gone or has another size is reported as such, and no restore uses it', async () => {
    await backupAt('r-aaaaaaaa');
    await backupAt('r-bbbbbbbb');
    await rm(path.join(root, 'vault', `${prefixOf('r-aaaaaaaa')}${names.resources}`));
    await truncate(path.join(root, 'nas-1', `${prefixOf('r-bbbbbbbb')}${names.snapshot}`), 99);
    const { runs } = await catalog();
    const faults = runs.flatMap((run) =>
      (run.success?.copies ?? []).flatMap((copy) =>
        copy.failure ? [[run.id, copy.file, copy.failure.kind]] : [],
      ),
    );
    assert.deepEqual(faults.toSorted(), [
      ['r-aaaaaaaa', 'resources', 'not-found'],
      ['r-bbbbbbbb', 'snapshot', 'size'],
    ]);
    for (const run of runs) {
      const { snapshot, resources } = manifestOf(run)?.files ?? assert.fail();
      assert.equal(snapshot.copies.length + resources.copies.length, 1);
    }
  });

  it('half a pair never looks like a whole one', async () => {
    const full = await backupAt('r-aaaaaaaa');
    const half = { ...full, files: { ...full.files, resources: { ...full.files.resources, copies: [] } } };
    const prefix = prefixOf('r-aaaaaaaa');
    await rm(path.join(root, 'vault', 'prod-east'), { recursive: true });
    await put('nas-1', `${prefix}manifest.json`, manifestText(half));
    const { runs } = await catalog();
    const copies = runs[0]?.success?.copies ?? [];
    assert.deepEqual(
      copies.map(({ file, provenAt, failure }) => [file, provenAt !== undefined, failure?.kind]),
      [
        ['snapshot', true, undefined],
        ['resources', false, 'not-found'],
      ],
    );
  });

  it('a destination that is gone is named; what the other one reports is trusted', async () => {
    await backupAt('r-aaaaaaaa');
    await rm(path.join(root, 'vault'), { recursive: true });
    const { runs, skipped } = await catalog();
    assert.deepEqual(
      skipped.map(({ kind, location }) => [kind, location.startsWith('vault (')]),
      [['unreachable', true]],
    );
    const copies = runs[0]?.success?.copies ?? [];
    assert.deepEqual(
      copies.map(({ file, provenAt }) => [file, provenAt]),
      [
        ['snapshot', Date.parse(provenAt)],
        ['resources', Date.parse(provenAt)],
      ],
    );
  });
});
