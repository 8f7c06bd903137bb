import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { newRestore, withMark } from '../../../src/domain/run/restore-effect.ts';
import { newestSchema } from '../../../src/records/engine/migrations.ts';
import { openSqliteRecords } from '../../../src/records/store/sqlite.ts';
import type { OutboxItem, Records } from '../../../src/workflow/ports/records.ts';
import { withoutSeq } from '../../contracts/records-fleet-property.ts';
import {
  accepted,
  cardNotice,
  change,
  claimed,
  later,
  requestedRun,
  requester,
  sendAll,
  t0,
} from '../../contracts/records-samples.ts';
import { quietWatch, watched } from '../../contracts/watch-samples.ts';
import { withDirectory } from '../sqlite-store.ts';

/** A file as the program of this schema left it, through SQLite itself. */
async function oldFile(directory: string, schema = 1): Promise<{ file: string; raw: DatabaseSync }> {
  const file = join(directory, 'records.db');
  const raw = new DatabaseSync(file, { timeout: 5_000 });
  raw.exec(await readFile(new URL(`../schema-${schema}.sql`, import.meta.url), 'utf8'));
  return { file, raw };
}

/** A file of an older schema with data, `before` it is opened and migrated. */
async function withOldFile(
  before: (raw: DatabaseSync) => void,
  work: (records: Records, raw: DatabaseSync, file: string) => Promise<void>,
  schema = 1,
) {
  await withDirectory(async (directory) => {
    const { file, raw } = await oldFile(directory, schema);
    before(raw);
    const records = await openSqliteRecords({ file });
    try {
      await work(records, raw, file);
    } finally {
      raw.close();
      await records.close();
    }
  });
}

const asItIs = () => {};

suite('records of an older schema', () => {
  test('runs, audit and deliveries are as they were', () =>
    withOldFile(asItIs, async (records, raw) => {
      assert.equal(raw.prepare('select version from schema_version').get()?.version, newestSchema);
      assert.deepEqual(raw.prepare('pragma foreign_key_check').all(), []);
      assert.equal(raw.prepare('pragma integrity_check').get()?.integrity_check, 'ok');
      const proven = await records.run('r-proven');
      assert.deepEqual(proven?.card, { channel: 'C0OPS', ts: '1.1' });
      assert.equal(proven?.success?.copies?.length, 2);
      const { lines, chain } = await records.auditTrail('r-proven');
      assert.deepEqual([lines.length, chain], [2, { ok: true }]);
      const again = await records.decide({
        runId: 'r-ended',
        deliveryId: 'cancel-r-ended',
        now: t0,
        decision: () => assert.fail('was decided on'),
      });
      assert.equal(again.outcome, 'duplicate');
      assert.equal((await claimed(records, t0 + 300_000)).run.id, 'r-waiting');
    }));

  test('what is due keeps its rank: a schedule steps back behind people, an emergency goes ahead', async () => {
    const ranked = (fields: string, rank: number) =>
      withOldFile(
        (raw) => raw.exec(`update runs set run = json_patch(run, '${fields}') where id = 'r-waiting'`),
        async (_, raw) => {
          const row = raw.prepare("select work_rank from runs where id = 'r-waiting'").get();
          assert.equal(row?.work_rank, rank, fields);
        },
      );
    await ranked('{}', 1);
    await ranked('{"origin":{"kind":"schedule"}}', 2);
    await ranked('{"emergency":"the last member is failing"}', 0);
  });

  test('messages keep their ids, their order and what became of them; those that were sent are not sent again', () =>
    withOldFile(asItIs, async (records, raw) => {
      const rows = raw.prepare('select id, stream, live, state, slack_ts from outbox order by id').all();
      assert.deepEqual(
        rows.map((row) => Object.values(row)),
        [
          [1, 'run r-proven', 'card', 'sent', '1.1'],
          [2, 'run r-proven', null, 'sent', '1.2'],
          [3, 'run r-waiting', 'card', 'posting', null],
          [4, 'run r-waiting', null, 'pending', null],
          [5, 'run r-waiting', null, 'pending', null],
        ],
      );
      await records.recover();
      const posting = await records.takeNotice({ now: t0 });
      assert.deepEqual([posting?.id, posting?.mayHaveArrived], [3, true]);
      assert.deepEqual(await sendAll(records, t0), ['r-waiting private'], 'the thread waits for its card');
      await records.noticeSent(3, { now: t0, ts: '1.3' });
      assert.deepEqual(await sendAll(records, t0), ['r-waiting thread+1']);
      await watched(records, quietWatch('prod-east'), { notices: [{ kind: 'reminder', id: 'm-1' }] });
      assert.equal((await records.takeNotice({ now: t0 }))?.id, 6, 'ids go on where they were');
    }));

  test('a card that waited before the migration is not queued a second time', () =>
    withOldFile(
      (raw) => raw.exec("update outbox set state = 'pending', attempts = 0 where id = 3"),
      async (records) => {
        const claim = await claimed(records, t0 + 300_000);
        await records.advance(claim, change({ status: 'waiting' }, { notices: [cardNotice] }));
        assert.deepEqual(await sendAll(records, t0), [
          'r-waiting card',
          'r-waiting thread+1',
          'r-waiting private',
        ]);
      },
    ));

  test('runs that ended before are reported in fleet and figures; one that cannot be read is left out', () =>
    withOldFile(asItIs, async (records) => {
      const [cluster, ...more] = await records.fleet({ now: later });
      assert.deepEqual(more, []);
      assert.equal(cluster?.active?.id, 'r-waiting');
      assert.deepEqual(cluster && withoutSeq(cluster).proven, [
        {
          runId: 'r-proven',
          cluster: 'prod-east',
          clusterId: '6b0f2d4c-7a0e-4a53-9a44-3a4c1b2d9f10',
          zStream: '4.16.8',
          takenAt: t0 + 1_000,
          provenAt: t0 + 50_000,
          place: 'off-cluster',
          signersEndAt: undefined,
        },
      ]);
      const figures = await records.runFigures({ since: 0 });
      assert.deepEqual(
        figures.map(({ runId, finishedAt, snapshotBytes }) => [runId, finishedAt, snapshotBytes]),
        [
          ['r-proven', t0 + 60_000, 104_000_000],
          ['r-ended', t0 + 250_000, undefined],
        ],
      );
      await assert.rejects(records.run('r-damaged'), /row "r-damaged" of table runs/);
    }));

  test('what is kept beside the runs is derived again where it is missing, however much there is', () =>
    withOldFile(
      (raw) =>
        raw.exec(
          `with recursive n(i) as (select 1 union all select i + 1 from n where i < 450)
           insert into runs select printf('r-%03d', i), cluster, status, requested_at, null, null, null, 0, touched_at,
             format, replace(run, '"r-ended"', printf('"r-%03d"', i)), null, null from runs, n where id = 'r-ended'`,
        ),
      async (records, raw, file) => {
        assert.equal((await records.runFigures({ since: 0 })).length, 452);
        raw.exec("delete from ended_runs where run_id > 'r-100'");
        const other = await openSqliteRecords({ file });
        const ids = (await other.runFigures({ since: 0 })).map(({ runId }) => runId);
        await other.close();
        assert.equal(new Set(ids).size, 452);
      },
    ));

  test('several programs that open an old file at once migrate it once', () =>
    withDirectory(async (directory) => {
      const { file, raw } = await oldFile(directory);
      raw.close();
      const opened = await Promise.all([1, 2, 3].map(() => openSqliteRecords({ file })));
      for (const records of opened) {
        assert.equal((await records.runFigures({ since: 0 })).length, 2);
        await records.close();
      }
    }));

  test('a migration that fails leaves the file as it was', () =>
    withDirectory(async (directory) => {
      const { file, raw } = await oldFile(directory);
      // The last thing that the migration makes is there already.
      raw.exec('create table outbox_of_stream (id integer)');
      const before = raw.prepare('select sql from sqlite_schema order by name').all();
      await assert.rejects(openSqliteRecords({ file }), /records\.db: .*outbox_of_stream/);
      assert.deepEqual(raw.prepare('select sql from sqlite_schema order by name').all(), before);
      raw.exec('drop table outbox_of_stream');
      const records = await openSqliteRecords({ file });
      await accepted(records, 'r-new', 'prod-west');
      await records.close();
      raw.close();
    }));
});

suite('records of schema 8, with messages of runs and of clusters apart', () => {
  const withSchema8 = (work: (records: Records, raw: DatabaseSync) => Promise<void>, before = '') =>
    withOldFile((raw) => raw.exec(before), work, 8);

  test('deliveries that were decided on are not decided on again', () =>
    withSchema8(async (records, raw) => {
      assert.deepEqual(raw.prepare('pragma foreign_key_check').all(), []);
      const never = () => assert.fail('was decided on');
      const now = t0;
      const click = await records.decide({ runId: 'r-card', deliveryId: 'click-1', now, decision: never });
      assert.equal(click.outcome, 'duplicate');
      for (const [cluster, deliveryId] of [
        ['prod-east', 'snooze-1'],
        ['unwatched', 'snooze-2'],
      ] as const) {
        const again = await records.decideWatch({ cluster, deliveryId, now, decision: never });
        assert.equal(again.outcome, 'duplicate');
      }
      const run = requestedRun('r-other', 'prod-west');
      const request = { run, deliveryId: 'delivery-of-r-new', audit: [], notices: [] };
      const repeated = await records.accept(request);
      assert.deepEqual([repeated.outcome, repeated.run?.id], ['duplicate', 'r-new']);
    }));

  test('messages keep ids, order and what became of them, those to owners are private ones, and no place is lost', () =>
    withSchema8(async (records) => {
      await records.recover();
      const posting = await records.takeNotice({ now: t0 });
      assert.deepEqual(
        [posting?.id, posting?.about, posting?.notice.kind, posting?.mayHaveArrived],
        [2, 'run', 'thread', true],
      );
      assert.equal(posting?.about === 'run' && posting.runId, 'r-card');
      assert.deepEqual(await sendAll(records, t0), [
        'r-new card',
        'r-new private',
        'r-new private',
        'prod-east reminder',
        'prod-east nag',
        'prod-east private',
        'fleet summary',
      ]);
      assert.deepEqual(await records.privateDeliveries('r-new', 'emergency-started'), [
        { slackUser: 'U2', state: 'sent', tries: 1 },
      ]);
      assert.equal(await records.lastPosted({ cluster: 'prod-east', where: 'top' }), '1.1');
      assert.deepEqual((await records.run('r-card'))?.card, { channel: 'C0OPS', ts: '1.1' });
      assert.deepEqual((await records.watch('prod-east'))?.reminder?.message, {
        channel: 'C0OPS',
        ts: '1.4',
      });
    }));

  test('a summary whose picture was missing goes on under the existing message', () =>
    withSchema8(async (records) => {
      const place = { channel: 'C0PLATFORM', ts: '1.9' };
      const rule = '0 9 * * 1|UTC|C0PLATFORM';
      assert.deepEqual(await records.newestSummary({ now: t0 }), { slot: t0, rule, place });
      const summaries = (await all(records)).filter(({ about }) => about === 'fleet');
      assert.deepEqual(
        summaries.map(({ notice }) => notice),
        [{ kind: 'summary', slot: t0 }],
      );
    }));

  test('a summary that was tried without result is looked for before it is posted; one that was not due is not posted', () =>
    withSchema8(async (records) => {
      const summaries = (await all(records)).filter(({ about }) => about === 'fleet');
      assert.deepEqual(
        summaries.map(({ attempts, mayHaveArrived, createdAt }) => [attempts, mayHaveArrived, createdAt]),
        [[2, true, t0 + 5]],
      );
      assert.equal((await records.newestSummary({ now: t0 }))?.place, undefined);
    }, `update summaries set post = json_set(json_remove(post, '$.place'), '$.tries', 2) where slot = ${t0}`));

  /** Everything that is to be sent. */
  async function all(records: Records): Promise<readonly OutboxItem[]> {
    const items: OutboxItem[] = [];
    for (
      let item = await records.takeNotice({ now: t0 });
      item;
      item = await records.takeNotice({ now: t0 })
    ) {
      items.push(item);
      await records.noticeSent(item.id, { now: t0, ts: undefined });
    }
    return items;
  }
});

suite('records of schema 9, before restores were on record', () => {
  const backups = ['r-aaaaaaaa', 'r-bbbbbbbb', 'r-cccccccc'] as const;

  test('runs, their order, what they are worth and their audit are as they were; none bears a mark', () =>
    withOldFile(
      asItIs,
      async (records, raw) => {
        assert.equal(raw.prepare('select version from schema_version').get()?.version, newestSchema);
        assert.deepEqual(raw.prepare('pragma foreign_key_check').all(), []);
        assert.equal(raw.prepare('pragma integrity_check').get()?.integrity_check, 'ok');
        const runs = await records.runs({ cluster: 'prod-east', succeeded: true });
        assert.deepEqual(
          runs.map(({ id }) => id),
          backups.toReversed(),
        );
        assert.ok(runs.every((run) => !('abandoned' in run)));
        const [cluster] = await records.fleet({ now: later });
        assert.deepEqual(
          [cluster?.proven.map(({ runId }) => runId), cluster?.lastDrill?.runId, cluster?.active?.id],
          [['r-cccccccc'], 'r-bbbbbbbb', 'r-dddddddd'],
        );
        for (const id of backups) assert.deepEqual((await records.auditTrail(id)).chain, { ok: true });
        assert.deepEqual(await records.restores('prod-east'), []);
      },
      9,
    ));

  test('a restore can be put on record, and the fleet goes by it', () =>
    withOldFile(
      asItIs,
      async (records) => {
        const { runs } = await records.restoreView('prod-east', 'r-aaaaaaaa');
        assert.deepEqual(
          runs.map(({ id }) => id),
          backups,
        );
        const [first, ...after] = runs;
        assert.ok(first?.plan);
        const restore = newRestore({ run: first, clusterId: first.plan.clusterId }, later, {
          by: requester,
          at: later,
        });
        await records.decideRestore<never>({
          cluster: 'prod-east',
          from: 'r-aaaaaaaa',
          now: later,
          deliveryId: 'd-1',
          decision: () => ({
            restore,
            runs: after.map(({ id }) => ({ runId: id, change: change(withMark(restore)) })),
            events: [],
            notices: [],
          }),
        });
        const [cluster] = await records.fleet({ now: later });
        assert.deepEqual(
          [cluster?.proven.map(({ runId }) => runId), cluster?.lastDrill],
          [['r-aaaaaaaa'], undefined],
        );
      },
      9,
    ));
});
