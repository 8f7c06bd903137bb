import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { markerKey, markerText, parseMarker } from '../../../src/domain/copies/place-marker.ts';
import { checkPlaces, placeStatus } from '../../../src/workflow/places/place-identity.ts';
import { lookAtPlace } from '../../../src/workflow/places/place-look.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import { quietWatch, watched } from '../../contracts/watch-samples.ts';
import { installation, nas, placeDirectory } from '../../support/place-lab.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const key = 'prod-east/2026-11-23T061444Z-4.16.8-r-aaaaaaaa/snapshot.db';

/** A volume is mounted at `mount`: renaming it away leaves what an unmount leaves, an empty directory. */
async function mounted(t: TestContext) {
  const dir = await placeDirectory(t);
  const mount = path.join(dir, 'mount');
  await mkdir(mount);
  return {
    mount,
    marker: () => readFile(path.join(mount, markerKey), 'utf8'),
    async unmount(as = 'volume') {
      await rename(mount, path.join(dir, as));
      await mkdir(mount);
    },
    async remount(as = 'volume') {
      await rm(mount, { recursive: true });
      await rename(path.join(dir, as), mount);
    },
    async file(name: string, size: number) {
      const file = path.join(mount, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'x'.repeat(size));
    },
  };
}

/** Whom the outbox would send a direct message, and of what. */
async function informed(records: Records): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const item = await records.takeNotice({ now: Date.now() });
    if (!item) return found;
    if (item.about === 'cluster' && item.notice.kind === 'private') {
      const { say, slackUser } = item.notice;
      if (say.type === 'place-not-known') found.push(`${slackUser} ${say.destination} ${say.state}`);
    }
    await records.noticeSent(item.id, { now: Date.now(), ts: undefined });
  }
}

describe('a destination that the records do not know yet', () => {
  it('is marked where both are empty, and known from then on', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount));
    const first = await placeStatus(deps, 'nas-1');
    assert.deepEqual([first.state, first.mayWrite, first.mayRemove], ['known', true, true]);
    const marker = parseMarker(await place.marker());
    assert.equal((await records.place('nas-1'))?.id, marker?.id);
    assert.equal(marker?.by, 'etcd-backup');
    const text = await place.marker();
    assert.equal((await placeStatus(deps, 'nas-1')).state, 'known');
    assert.equal(await place.marker(), text);
  });

  it('after an upgrade is marked where every copy on record lies there with its size', async (t) => {
    const place = await mounted(t);
    const { deps, stored } = await installation(t, nas(place.mount));
    await stored('r-aaaaaaaa', key, 100);
    await place.file(key, 100);
    await place.file('prod-east/README', 3);
    assert.equal((await placeStatus(deps, 'nas-1')).state, 'known');
    assert.ok(parseMarker(await place.marker()));
  });

  for (const [title, size] of [
    ['lacks a copy', undefined],
    ['has a copy of another size', 99],
  ] as const) {
    it(`after an upgrade is not marked where it ${title}: it has to be adopted`, async (t) => {
      const place = await mounted(t);
      const { deps, stored, records } = await installation(t, nas(place.mount));
      await stored('r-aaaaaaaa', key, 100);
      if (size !== undefined) await place.file(key, size);
      const { state, mayWrite, mayRemove, refusal } = await placeStatus(deps, 'nas-1');
      assert.deepEqual([state, mayWrite, mayRemove], ['adopt-needed', false, false]);
      assert.match(refusal.message, /0 of 1 copies on record .*\/etcd-backup destination adopt nas-1/s);
      await assert.rejects(place.marker(), /ENOENT/);
      assert.equal((await records.place('nas-1'))?.id, undefined);
    });
  }

  it('is not marked where the records have nothing and something lies there', async (t) => {
    const place = await mounted(t);
    const { deps } = await installation(t, nas(place.mount));
    await place.file('NOT_MOUNTED', 0);
    assert.equal((await placeStatus(deps, 'nas-1')).state, 'adopt-needed');
    assert.deepEqual(await readdir(place.mount), ['NOT_MOUNTED']);
  });

  it('is not marked while a run cannot be read: it may have copies there', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount));
    const unreadable = { ...records, storedCopies: async () => ({ copies: [], unreadable: 1 }) };
    assert.equal((await placeStatus({ ...deps, records: unreadable }, 'nas-1')).state, 'adopt-needed');
  });

  it('keeps the marker that another installation wrote: both know the same id, and nothing is rewritten', async (t) => {
    const place = await mounted(t);
    const [first, second] = [
      await installation(t, nas(place.mount)),
      await installation(t, nas(place.mount)),
    ];
    await placeStatus(first.deps, 'nas-1');
    const text = await place.marker();
    // With backups of the first one beside it, too.
    await place.file(key, 100);
    assert.equal((await placeStatus(second.deps, 'nas-1')).state, 'known');
    assert.equal(await place.marker(), text);
    const ids = await Promise.all(
      [first, second].map(async ({ records }) => (await records.place('nas-1'))?.id),
    );
    assert.equal(ids[0], ids[1]);
    const actions = (await second.records.placeAudit('nas-1')).lines.map(({ action }) => action);
    assert.deepEqual(actions, ['taken']);
  });

  it('that two installations meet at the same moment gets one id', async (t) => {
    const place = await mounted(t);
    const both = [await installation(t, nas(place.mount)), await installation(t, nas(place.mount))];
    const standings = await Promise.all(
      both.flatMap(({ deps }) => [deps, deps]).map((deps) => placeStatus(deps, 'nas-1')),
    );
    assert.deepEqual(
      standings.map(({ state }) => state),
      ['known', 'known', 'known', 'known'],
    );
    const ids = await Promise.all(both.map(async ({ records }) => (await records.place('nas-1'))?.id));
    assert.equal(ids[0], ids[1]);
    assert.equal(parseMarker(await place.marker())?.id, ids[0]);
  });

  it('and that takes no marker is not called known', async (t) => {
    const place = await mounted(t);
    const full = wrapped(nas(place.mount), {
      async put() {
        throw new StorageError({ op: 'put', kind: 'full', message: 'no space left', hint: 'Free some' });
      },
    });
    const { deps, records } = await installation(t, full);
    assert.equal((await placeStatus(deps, 'nas-1')).mayRemove, false);
    assert.equal((await records.place('nas-1'))?.id, undefined);
  });
});

describe('a destination whose id is on record', () => {
  it('is not the bare mount point, and is known again when the volume is back', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount));
    await placeStatus(deps, 'nas-1');
    await place.unmount();
    const bare = await placeStatus(deps, 'nas-1');
    assert.deepEqual([bare.state, bare.mayWrite, bare.mayRemove], ['absent', false, false]);
    assert.equal(bare.refusal.kind, 'not-known-place');
    assert.deepEqual(await readdir(place.mount), [], 'no marker makes a place of a bare mount point');
    await place.remount();
    assert.equal((await placeStatus(deps, 'nas-1')).state, 'known');
    const { lines, chain } = await records.placeAudit('nas-1');
    assert.deepEqual(
      lines.map(({ action }) => action),
      ['marked', 'not-known', 'known-again'],
    );
    assert.deepEqual(chain, { ok: true });
  });

  it("is not another installation's volume", async (t) => {
    const place = await mounted(t);
    const { deps } = await installation(t, nas(place.mount));
    await placeStatus(deps, 'nas-1');
    await place.unmount();
    const other = await installation(t, nas(place.mount));
    await placeStatus(other.deps, 'nas-1');
    const text = await place.marker();
    assert.equal((await placeStatus(deps, 'nas-1')).state, 'different');
    assert.equal(await place.marker(), text);
  });

  it('with a marker that is none is neither written to nor believed, and the marker stays as it is', async (t) => {
    const place = await mounted(t);
    const { deps } = await installation(t, nas(place.mount));
    await placeStatus(deps, 'nas-1');
    for (const text of [
      '',
      '{"schema":"something else"}',
      `${markerText({ id: 'p-aaaaaaaa', createdAt: 1, by: 'x'.repeat(20_000) })}`,
    ]) {
      await writeFile(path.join(place.mount, markerKey), text);
      const { state, mayWrite, mayRemove } = await placeStatus(deps, 'nas-1');
      assert.deepEqual([state, mayWrite, mayRemove], ['unreadable', false, false]);
      assert.equal(await place.marker(), text);
    }
  });

  it('and that does not answer says nothing, neither to owners', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount), { owners: ['U1'] });
    await watched(records, quietWatch('prod-east'));
    await placeStatus(deps, 'nas-1');
    await rm(place.mount, { recursive: true });
    const { state, mayRemove, refusal } = await placeStatus(deps, 'nas-1');
    assert.deepEqual([state, mayRemove, refusal.kind], ['unreachable', false, 'unreachable']);
    assert.deepEqual(await informed(records), []);
  });
});

describe('owners', () => {
  it('are informed once, and again only after it had been fine', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount), {
      owners: ['U1', 'U2'],
      clusterOwners: ['U3'],
    });
    await watched(records, quietWatch('prod-east'));
    await placeStatus(deps, 'nas-1');
    assert.deepEqual(await informed(records), []);
    await place.unmount();
    await Promise.all([1, 2, 3].map(() => placeStatus(deps, 'nas-1')));
    await checkPlaces(deps, ['nas-1']);
    assert.deepEqual(await informed(records), ['U1 nas-1 absent', 'U2 nas-1 absent']);
    await place.remount();
    await placeStatus(deps, 'nas-1');
    await place.unmount();
    await placeStatus(deps, 'nas-1');
    await placeStatus(deps, 'nas-1');
    assert.deepEqual(await informed(records), ['U1 nas-1 absent', 'U2 nas-1 absent']);
  });

  it('are informed once more when the trouble becomes another one: what they have to do has changed', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount), { owners: ['U1'] });
    await watched(records, quietWatch('prod-east'));
    await placeStatus(deps, 'nas-1');
    await place.unmount();
    await placeStatus(deps, 'nas-1');
    const other = markerText({ id: deps.ids.placeId(), createdAt: 1, by: 'another bot' });
    await writeFile(path.join(place.mount, markerKey), other);
    await Promise.all([1, 2, 3].map(() => placeStatus(deps, 'nas-1')));
    assert.deepEqual(await informed(records), ['U1 nas-1 absent', 'U1 nas-1 different']);
    assert.equal((await records.place('nas-1'))?.trouble?.state, 'different');
    const actions = (await records.placeAudit('nas-1')).lines.map(({ action }) => action);
    assert.deepEqual(actions, ['marked', 'not-known', 'not-known']);
  });

  it('of the clusters that use it are informed where it has none of its own', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount), { clusterOwners: ['U3'] });
    await watched(records, quietWatch('prod-east'));
    await place.file('NOT_MOUNTED', 0);
    await placeStatus(deps, 'nas-1');
    assert.deepEqual(await informed(records), ['U3 nas-1 adopt-needed']);
  });

  it('are informed at once, also before their cluster was looked at for the first time', async (t) => {
    const place = await mounted(t);
    const { deps, records } = await installation(t, nas(place.mount), { owners: ['U1'] });
    await place.file('NOT_MOUNTED', 0);
    await placeStatus(deps, 'nas-1');
    assert.equal((await records.place('nas-1'))?.trouble?.state, 'adopt-needed');
    assert.deepEqual(await informed(records), ['U1 nas-1 adopt-needed']);
  });
});

describe('a look', () => {
  it('changes nothing, whatever it finds', async (t) => {
    const place = await mounted(t);
    const destination = nas(place.mount);
    const { deps, records } = await installation(t, destination, { owners: ['U1'] });
    await watched(records, quietWatch('prod-east'));
    const look = () => lookAtPlace({ destinations: { get: () => destination }, records }, 'nas-1');
    assert.equal((await look()).state, 'new');
    assert.deepEqual(await readdir(place.mount), []);
    await placeStatus(deps, 'nas-1');
    await place.unmount();
    assert.equal((await look()).state, 'absent');
    assert.equal((await records.place('nas-1'))?.trouble, undefined);
    assert.deepEqual(await informed(records), []);
  });
});
