import assert from 'node:assert/strict';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { editionOf, readEditionMark } from '../../../src/domain/restore/edition.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { schedulePapers } from '../../../src/workflow/copies/renew-papers.ts';
import { filesBelow } from '../../support/backups.ts';
import { openPlaceRoom, type PlaceRoom } from '../../support/place-room.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const timeout = 600_000;
const signal = new AbortController().signal;

/** A backup whose papers an earlier version of the bot wrote, at both places and on record. */
async function earlier(t: TestContext) {
  const room = await openPlaceRoom(t);
  const { id } = await room.done();
  const vault = room.places.get('vault')?.label ?? '';
  const run = await room.lab.run(id);
  const edition = editionOf(run.plan?.zStream ?? '').number;
  assert.equal(run.published?.edition, edition, 'a new backup has the present edition');
  for (const root of [room.mount, vault]) {
    const [file = ''] = await papers(root);
    const text = await readFile(path.join(root, file), 'utf8');
    await writeFile(path.join(root, file), text.replace(`edition=${edition} `, `edition=${edition - 1} `));
  }
  await forgetEdition(room, id);
  return { room, id, vault, edition };
}

/** As the record of an earlier version has it. */
async function forgetEdition(room: PlaceRoom, id: string): Promise<void> {
  await room.lab.records.decide({
    runId: id,
    deliveryId: `earlier:${room.lab.clock.now()}`,
    now: room.lab.clock.now(),
    decision({ published }) {
      const { edition: _, ...rest } = published ?? assert.fail('nothing is published');
      return { set: { published: rest, papers: undefined }, audit: [], notices: [] };
    },
  });
}

async function papers(root: string): Promise<readonly string[]> {
  return (await filesBelow(root)).filter((name) => /RESTORE(?:\.\d+)?\.md$/.test(name));
}

async function editionAt(root: string): Promise<number | undefined> {
  const [file = ''] = await papers(root);
  return readEditionMark(await readFile(path.join(root, file), 'utf8'))?.edition;
}

function unchanged(before: BackupRun, after: BackupRun): void {
  assert.deepEqual(
    { ...after, published: undefined, papers: undefined },
    { ...before, published: undefined, papers: undefined },
  );
}

describe('papers of an earlier edition', { timeout, concurrency: 3 }, () => {
  it('are due after start, are written at every place, and only once', async (t) => {
    const { room, id, vault, edition } = await earlier(t);
    const before = await room.lab.run(id);
    await schedulePapers(room.lab.deps, signal);
    const due = await room.lab.run(id);
    assert.equal(due.papers?.edition, edition);
    assert.equal(await editionAt(room.mount), edition - 1, 'on record before anything is written');

    await room.allDue();
    assert.deepEqual([await editionAt(room.mount), await editionAt(vault)], [edition, edition]);
    const after = await room.lab.run(id);
    assert.deepEqual([after.published?.edition, after.papers?.dueAt], [edition, undefined]);
    unchanged(before, after);
    assert.deepEqual((await room.lab.actions(id)).slice(-2), ['papers-due', 'papers-published']);

    const files = [await filesBelow(room.mount), await filesBelow(vault)];
    await schedulePapers(room.lab.deps, signal);
    assert.equal(await room.lab.turn(), undefined, 'nothing is due any more');
    assert.deepEqual([await filesBelow(room.mount), await filesBelow(vault)], files);
  });

  it('that rebuilt records do not know of are left alone where they are current, with the time when they were written', async (t) => {
    const room = await openPlaceRoom(t);
    const { id } = await room.done();
    const { published } = await room.lab.run(id);
    const files = await filesBelow(room.mount);
    await forgetEdition(room, id);
    room.lab.clock.forward(60_000);

    await schedulePapers(room.lab.deps, signal);
    await room.allDue();

    const after = await room.lab.run(id);
    assert.deepEqual([after.published, after.papers?.dueAt], [published, undefined]);
    assert.deepEqual(await filesBelow(room.mount), files);
    assert.equal((await room.lab.actions(id)).at(-1), 'papers-due', 'nothing was written');
  });

  it('stay where the place is not the known one, and are written when it is back', async (t) => {
    const { room, id, vault, edition } = await earlier(t);
    await room.unmount();
    await schedulePapers(room.lab.deps, signal);
    await room.allDue();
    assert.deepEqual(await readdir(room.mount), [], 'nothing is written on the bare disk');
    assert.equal(await editionAt(vault), edition);
    const away = await room.lab.run(id);
    assert.deepEqual([away.published?.edition, away.papers?.tries], [undefined, 1]);

    await room.remount();
    assert.equal(await editionAt(room.mount), edition - 1);
    room.lab.clock.forward(3_600_000);
    await room.allDue();
    assert.equal(await editionAt(room.mount), edition);
    assert.equal((await room.lab.run(id)).published?.edition, edition);
  });

  it('that a bot was cut off from in the middle are written by the next one', async (t) => {
    const { room, id, vault, edition } = await earlier(t);
    await schedulePapers(room.lab.deps, signal);
    const { dueAt } = (await room.lab.run(id)).papers ?? assert.fail('nothing is due');
    const place = room.places.get('vault') ?? assert.fail();
    const killed = wrapped(place, {
      put: (key, ...rest) => {
        if (key.includes('RESTORE')) throw new Error('killed');
        return place.put(key, ...rest);
      },
    });
    room.places.set('vault', killed);
    // The manifest is the new one by now, RESTORE.md is not.
    await assert.rejects(() => room.lab.turn(), /killed/);
    room.places.set('vault', place);
    assert.equal(await editionAt(vault), edition - 1);
    room.lab.clock.forward(1_000);
    await schedulePapers(room.lab.deps, signal);
    assert.equal((await room.lab.run(id)).papers?.dueAt, dueAt, 'a second start finds the work on record');
    assert.equal((await room.lab.actions(id)).filter((each) => each === 'papers-due').length, 1);
    await room.lab.records.recover();
    await room.allDue();
    assert.deepEqual([await editionAt(room.mount), await editionAt(vault)], [edition, edition]);
  });

  it('lie beside the new ones where a lock keeps them, the highest number being the newest', async (t) => {
    const { room, vault, edition } = await earlier(t);
    const place = room.places.get('vault') ?? assert.fail();
    room.places.set('vault', wrapped(place, { remove: async () => ({ kind: 'refused', why: 'locked' }) }));
    await schedulePapers(room.lab.deps, signal);
    await room.allDue();
    const names = (await papers(vault)).map((name) => path.basename(name));
    assert.deepEqual(names, ['RESTORE.2.md', 'RESTORE.md']);
    const [newest = '', oldest = ''] = await papers(vault);
    const marks = await Promise.all(
      [newest, oldest].map(async (name) => readEditionMark(await readFile(path.join(vault, name), 'utf8'))),
    );
    assert.deepEqual(
      marks.map((mark) => mark?.edition),
      [edition, edition - 1],
    );
  });

  it('of a later version of the bot are left alone by an earlier one', async (t) => {
    const { room, id, vault, edition } = await earlier(t);
    for (const root of [room.mount, vault]) {
      const [file = ''] = await papers(root);
      const from = path.join(root, file);
      const text = await readFile(from, 'utf8');
      await writeFile(`${from}.next`, text.replace(`edition=${edition - 1} `, `edition=${edition + 1} `));
      await rename(`${from}.next`, from);
    }
    await schedulePapers(room.lab.deps, signal);
    await room.allDue();
    assert.deepEqual([await editionAt(room.mount), await editionAt(vault)], [edition + 1, edition + 1]);
    assert.equal((await room.lab.run(id)).papers?.dueAt, undefined);
  });
});
