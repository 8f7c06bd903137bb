import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { RetentionPolicy } from '../../../src/domain/copies/retention.ts';
import { openRoom } from '../../../src/domain/restore-room/open-room.ts';
import { stopRoom } from '../../../src/domain/restore-room/transitions.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import { aManifest } from '../../support/manifests.ts';
import { type Around, openRetentionLab, type RetentionLab } from '../../support/retention-lab.ts';
import { anna, changed, opening } from '../../support/rooms.ts';

const timeout = 300_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const yearMs = 365 * dayMs;

async function opened(
  t: TestContext,
  rules: Partial<RetentionPolicy>,
  owners: readonly string[] = [],
): Promise<RetentionLab> {
  const lab = await openRetentionLab(rules, owners);
  t.after(() => lab.close());
  return lab;
}

const proven = ({ success }: BackupRun) => success?.copies?.filter(({ provenAt }) => provenAt !== undefined);

/** How many files of each run are there, and how many of them the record calls proven. */
async function kept(lab: RetentionLab, ids: readonly string[]): Promise<readonly string[]> {
  const runs = await Promise.all(ids.map(lab.run));
  return runs.map((run) => `${lab.there(run).length} ${proven(run)?.length}`);
}

/** For the backup of this run, which no rule may want any more. */
async function openRoomFor({ records, clock, run }: RetentionLab, runId: string) {
  const { cluster } = await run(runId);
  const now = clock.now();
  const decision = () => openRoom({ ...opening({ ...aManifest(), runId }), cluster, now });
  const decided = await records.decideRoom<never>({ cluster, now, decision });
  assert.ok(decided.outcome === 'changed');
  return {
    close: () =>
      records.decideRoom<never>({
        cluster,
        roomId: decided.room.id,
        now,
        decision: ({ room }) => changed(stopRoom(room ?? assert.fail(), { by: anna, now })),
      }),
  };
}

async function stopsSaid(lab: RetentionLab): Promise<readonly string[]> {
  const said: string[] = [];
  for (;;) {
    const item = await lab.records.takeNotice({ now: lab.clock.now() });
    if (!item) return said;
    if (
      item.about === 'run' &&
      item.notice.kind === 'thread' &&
      item.notice.entry.type === 'retention-stopped'
    )
      said.push(`thread ${item.notice.entry.stop.kind}`);
    if (item.about === 'run' && item.notice.kind === 'private')
      said.push(`${item.notice.slackUser} ${item.notice.say.type}`);
    await lab.records.noticeSent(item.id, { now: lab.clock.now(), ts: undefined });
  }
}

describe('removing old backups', { timeout }, () => {
  it('a clock that was three hours ahead once: each later run keeps its own fresh copies', async (t) => {
    const lab = await opened(t, { newest: 1 });
    lab.clock.jump(3 * hourMs);
    const ahead = await lab.backup();
    lab.clock.jump(-3 * hourMs);
    await lab.settle();
    for (let run = 0; run < 3; run += 1) {
      const id = await lab.backup();
      await lab.settle();
      assert.deepEqual(
        await kept(lab, [ahead, id]),
        ['2 2', '2 2'],
        'its date has not come yet, so it stays',
      );
      const [{ proven: [newest] = [] } = {}] = await lab.records.fleet({ now: lab.clock.now() });
      assert.equal(newest?.runId, id);
    }
    lab.clock.forward(4 * hourMs);
    const last = await lab.backup();
    await lab.settle();
    assert.deepEqual(await kept(lab, [ahead, last]), ['0 0', '2 2'], 'by then it is an old one');
  });

  it('one night with a clock a year ahead and `days: 30`: nothing goes, and it is said once', async (t) => {
    const lab = await opened(t, { days: 30 }, ['U0OWNER']);
    const ids: string[] = [];
    for (let day = 0; day < 10; day += 1) {
      ids.push(await lab.backup());
      await lab.settle();
      lab.clock.forward(dayMs);
    }
    await stopsSaid(lab);
    lab.clock.jump(yearMs);
    for (let night = 0; night < 2; night += 1) {
      ids.push(await lab.backup());
      // All rounds that there are.
      for (let round = 0; round < 6; round += 1) {
        await lab.settle();
        lab.clock.forward(7 * hourMs);
      }
    }
    lab.clock.jump(-yearMs);
    ids.push(await lab.backup());
    await lab.settle();

    assert.deepEqual(await kept(lab, ids), Array(13).fill('2 2'));
    assert.deepEqual(await stopsSaid(lab), ['thread clocks-apart', 'U0OWNER retention-stopped']);
    const [{ proven: [newest] = [] } = {}] = await lab.records.fleet({ now: lab.clock.now() });
    assert.equal(newest?.runId, ids.at(-1));
  });

  it('nothing goes before the success of the run at hand is on record', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const removedAt: string[] = [];
    lab.around = async (call, act) => {
      const [newest] = await lab.records.runs({ limit: 1 });
      if (call === 'remove') removedAt.push(`${newest?.id} ${newest?.status}`);
      return act();
    };
    for (let run = 0; run < 3; run += 1) await lab.backup();
    assert.deepEqual(removedAt, [], 'it is work of its own');
    const last = (await lab.records.runs({ limit: 1 }))[0]?.id;
    await lab.settle();
    assert.deepEqual([...new Set(removedAt)], [`${last} succeeded`]);
  });

  it('nothing goes while the cluster’s clock is not known, and it goes on when it is', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const [first, second] = [await lab.backup(), await lab.backup()];
    lab.apiAnswers = false;
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second]), ['2 2', '2 2']);
    lab.apiAnswers = true;
    lab.clock.forward(hourMs);
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second]), ['0 0', '2 2']);
  });

  it('nothing goes while a restore room is open, also of its own backup, and it is said once', async (t) => {
    const lab = await opened(t, { newest: 1 }, ['U0OWNER']);
    const first = await lab.backup();
    await lab.settle();
    const room = await openRoomFor(lab, first);
    const [second, third] = [await lab.backup(), await lab.backup()];
    for (let round = 0; round < 6; round += 1) {
      await lab.settle();
      lab.clock.forward(7 * hourMs);
    }
    assert.deepEqual(await kept(lab, [first, second, third]), ['2 2', '2 2', '2 2']);
    assert.deepEqual(await stopsSaid(lab), ['thread restore-room', 'U0OWNER retention-stopped']);

    await room.close();
    const last = await lab.backup();
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second, third, last]), ['0 0', '0 0', '0 0', '2 2']);
  });

  it('nothing goes while API server and node both say that the bot is six minutes off', async (t) => {
    const lab = await opened(t, { newest: 1 });
    lab.clusterAheadMs = 6 * 60_000;
    const [first, second] = [await lab.backup(), await lab.backup()];
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second]), ['2 2', '2 2']);
    lab.clusterAheadMs = 0;
    const third = await lab.backup();
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second, third]), ['0 0', '0 0', '2 2']);
  });

  it('never takes from under a person what became the newest that restores: a removal that only was on record is called off', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const [first, second] = [await lab.backup(), await lab.backup()];
    lab.around = failing((call) => call === 'remove');
    await lab.settle();
    lab.around = undefined;
    const { success } = await lab.run(first);
    assert.ok(success?.copies?.some(({ removing }) => removing));
    assert.deepEqual(
      await kept(lab, [first, second]),
      ['2 1', '2 2'],
      'what is to go counts as proven no more',
    );
    await lab.drilledWrong(second);
    lab.clock.forward(hourMs);
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second]), ['2 2', '2 2']);
    assert.equal(
      (await lab.run(first)).success?.copies?.every(({ removing }) => removing === undefined),
      true,
    );
  });

  it('a file that is not where the record says was not removed: it is named, and not recorded as gone', async (t) => {
    const lab = await opened(t, { newest: 1 });
    await lab.backup();
    const first = await lab.backup();
    // Both places are known by now.
    await lab.settle();
    const copy = lab.there(await lab.run(first))[0] ?? assert.fail();
    const { rm } = await import('node:fs/promises');
    await rm(copy.location);
    const second = await lab.backup();
    await lab.settle();
    const found = (await lab.run(first)).success?.copies?.find(({ file }) => file === copy.file);
    assert.deepEqual(
      [found?.prunedAt, found?.provenAt, found?.failure?.kind],
      [undefined, undefined, 'not-found'],
    );
    const refused = (await lab.records.auditLines(second)).flatMap(({ detail }) => detail.refused ?? []);
    assert.match(refused.join(), new RegExp(copy.key));
  });

  it('a place that goes on failing ends the work after some rounds, with one report; the next run goes on', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const [first, second] = [await lab.backup(), await lab.backup()];
    lab.around = failing((call) => call === 'remove');
    for (let round = 0; round < 8; round += 1) {
      await lab.settle();
      lab.clock.forward(7 * hourMs);
    }
    assert.deepEqual(await stopsSaid(lab), ['thread place']);
    lab.around = undefined;
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second]), ['2 1', '2 2'], 'given up until the next run');
    const third = await lab.backup();
    await lab.settle();
    assert.deepEqual(await kept(lab, [first, second, third]), ['0 0', '0 0', '2 2']);
  });
});

describe('a bot that dies while it removes old backups', { timeout }, () => {
  for (const moment of ['before', 'after'] as const) {
    it(`${moment} any call: what the record calls proven is there, and the next bot ends the work`, async (t) => {
      for (let at = 1; ; at += 1) {
        const lab = await opened(t, { newest: 1 });
        const [first, second] = [await lab.backup(), await lab.backup()];
        const died = await diesAt(lab, at, moment);
        lab.around = undefined;
        await provenIsThere(lab);
        await lab.settle();
        await provenIsThere(lab);
        assert.deepEqual(await kept(lab, [first, second]), ['0 0', '2 2'], `at call ${at}`);
        assert.ok((await lab.run(first)).success?.copies?.every(({ prunedAt }) => prunedAt !== undefined));
        if (!died) return;
      }
    });
  }
});

class Died extends Error {}

/** True: it came so far. */
async function diesAt(lab: RetentionLab, at: number, moment: 'before' | 'after'): Promise<boolean> {
  let calls = 0;
  lab.around = async (_call, act) => {
    calls += 1;
    const isIt = calls === at;
    if (isIt && moment === 'before') throw new Died();
    const result = await act();
    if (isIt) throw new Died();
    return result;
  };
  try {
    await lab.settle();
    return false;
  } catch (error) {
    if (!(error instanceof Died)) throw error;
    return true;
  }
}

export async function provenIsThere(lab: RetentionLab): Promise<void> {
  for (const run of await lab.records.runs({ succeeded: true })) {
    const there = lab.there(run).map(({ key }) => key);
    for (const { key, provenAt } of run.success?.copies ?? [])
      assert.ok(provenAt === undefined || there.includes(key), `${key} is proven and not there`);
  }
}

function failing(fits: (call: string) => boolean): Around {
  return async (call, act) => {
    if (!fits(call)) return act();
    const message = 'the place did not answer';
    throw new StorageError({ op: 'remove', kind: 'unreachable', message, hint: 'Look at it.' });
  };
}
