import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { copyFile, mkdir, rename, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { newestSchema } from '../../../src/records/engine/migrations.ts';
import { busyTimeoutMs } from '../../../src/records/engine/sqlite-adapter.ts';
import { verifyAuditChain } from '../../../src/records/runs/audit-hash.ts';
import { openSqliteRecords } from '../../../src/records/store/sqlite.ts';
import { type Records, RecordsUnavailableError } from '../../../src/workflow/ports/records.ts';
import {
  accepted,
  cardNotice,
  change,
  claimed,
  event,
  later,
  leaseMs,
  requestedRun,
  t0,
} from '../../contracts/records-samples.ts';
import { clusterEvent, quietWatch, watched } from '../../contracts/watch-samples.ts';
import { withDirectory } from '../sqlite-store.ts';

/** Records in a file, and the same file through SQLite itself, as somebody with a database tool would see it. */
async function withFile(work: (records: Records, raw: DatabaseSync, file: string) => Promise<void>) {
  await withDirectory(async (directory) => {
    const file = join(directory, 'records.db');
    const records = await openSqliteRecords({ file });
    const raw = new DatabaseSync(file, { timeout: 5_000 });
    try {
      await work(records, raw, file);
    } finally {
      raw.close();
      await records.close();
    }
  });
}

suite('records in a SQLite file', () => {
  test('the file is readable by its owner alone, kept with a write-ahead log, and has one schema version', () =>
    withFile(async (records, raw, file) => {
      await accepted(records, 'r-1');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal((await stat(`${file}-wal`)).mode & 0o777, 0o600);
      assert.equal(raw.prepare('pragma journal_mode').get()?.journal_mode, 'wal');
      assert.deepEqual({ ...raw.prepare('select * from schema_version').get() }, { version: newestSchema });
      await (await openSqliteRecords({ file })).close();
      assert.equal(raw.prepare('select count(*) as count from schema_version').get()?.count, 1);
      assert.equal((await records.run('r-1'))?.id, 'r-1', 'opening it again changes nothing');
    }));

  test('the database itself refuses a second active run of a cluster and lines of unknown runs', () =>
    withFile(async (records, raw) => {
      await accepted(records, 'r-1');
      const columns =
        'cluster, status, requested_at, due_at, owner, lease_ms, fence, touched_at, format, run';
      assert.throws(
        () => raw.exec(`insert into runs (id, ${columns}) select 'r-2', ${columns} from runs`),
        /UNIQUE constraint failed: runs.cluster/,
      );
      assert.throws(
        () => raw.exec("insert into audit values ('r-none', 1, 0, '{}', 'step', '{}', '', '')"),
        /FOREIGN KEY/,
      );
    }));

  test('a database of a newer schema is refused and left as it is', () =>
    withFile(async (records, raw, file) => {
      await accepted(records, 'r-1');
      await records.close();
      raw.exec(`update schema_version set version = ${newestSchema + 1}`);
      await assert.rejects(openSqliteRecords({ file }), (error: Error) => {
        assert.ok(error.message.includes(file));
        assert.match(
          error.message,
          new RegExp(`schema ${newestSchema + 1}.*up to ${newestSchema}: .*newer version`),
        );
        return true;
      });
      assert.equal(raw.prepare('select version from schema_version').get()?.version, newestSchema + 1);
    }));

  for (const [what, damage, found] of [
    ['no JSON', 'run = substr(run, 2)', /row "r-bad" of table runs.*holds no JSON/],
    ['a status that does not exist', "run = replace(run, 'requested\"', 'begun\"')", /row "r-bad".*status/],
    ['another status than its columns', "status = 'waiting'", /row "r-bad".*columns say otherwise/],
    ['a newer format', 'format = 3', /row "r-bad".*format 3, this program reads formats 1 to 2/],
  ] as const) {
    test(`a run whose row holds ${what} is named, and the others still get their turn`, () =>
      withFile(async (records, raw) => {
        await accepted(records, 'r-bad', 'prod-east');
        await accepted(records, 'r-good', 'prod-west', { run: { requestedAt: t0 + 1 } });
        raw.exec(`update runs set ${damage} where id = 'r-bad'`);
        await assert.rejects(records.run('r-bad'), found);
        await assert.rejects(
          records.claim({ owner: 'worker-1', now: t0 + 1, monotonic: t0, leaseMs }),
          found,
        );
        assert.equal((await claimed(records, t0 + 1)).run.id, 'r-good');
      }));
  }

  test('a message that is no message is named, and other runs still send theirs', () =>
    withFile(async (records, raw) => {
      await accepted(records, 'r-bad', 'prod-east', { notices: [cardNotice] });
      await accepted(records, 'r-good', 'prod-west', { notices: [cardNotice] });
      raw.exec(`update outbox set notice = '{"kind":"poem"}' where stream = 'run r-bad'`);
      await assert.rejects(records.takeNotice({ now: t0 }), /row 1 of table outbox \(run r-bad\)/);
      const next = await records.takeNotice({ now: t0 });
      assert.equal(next?.about === 'run' && next.runId, 'r-good');
    }));

  test('a message about a cluster that is no message is named with the cluster', () =>
    withFile(async (records, raw) => {
      await watched(records, quietWatch('prod-east'), { notices: [{ kind: 'reminder', id: 'm-1' }] });
      raw.exec(`update outbox set notice = '{"kind":"card"}'`);
      await assert.rejects(records.takeNotice({ now: t0 }), /row 1 of table outbox \(cluster prod-east\)/);
    }));

  for (const [what, damage, found] of [
    ['no JSON', 'watch = substr(watch, 2)', /row "prod-east" of table watches.*holds no JSON/],
    ['a time that is none', `watch = replace(watch, '${t0}', '"now"')`, /row "prod-east".*expected number/],
    [
      'another cluster',
      "watch = replace(watch, 'prod-east', 'prod-west')",
      /row "prod-east".*column says other/,
    ],
    [
      'a newer format',
      'format = 2',
      /row "prod-east".*format 2, this program reads format 1: a newer version/,
    ],
  ] as const) {
    test(`a watch whose row holds ${what} is named and never overwritten, and other clusters go on`, () =>
      withFile(async (records, raw) => {
        await watched(records, quietWatch('prod-east'));
        raw.exec(`update watches set ${damage}`);
        const before = { ...raw.prepare('select * from watches').get() };
        await assert.rejects(records.watch('prod-east'), found);
        await assert.rejects(watched(records, quietWatch('prod-east')), found);
        assert.deepEqual(
          (await records.fleet({ now: later })).map(({ cluster, watch }) => [cluster, watch]),
          [['prod-east', undefined]],
        );
        assert.deepEqual({ ...raw.prepare('select * from watches').get() }, before);
        assert.equal((await watched(records, quietWatch('prod-west'))).outcome, 'changed');
      }));
  }

  test('the database itself refuses a second event of one number, and a message about nothing', () =>
    withFile(async (records, raw) => {
      await watched(records, quietWatch('prod-east'), { events: [clusterEvent('first-seen')] });
      await accepted(records, 'r-1');
      assert.throws(
        () => raw.exec("insert into cluster_events values ('prod-east', 1, 0, 'first-seen', '{}')"),
        /UNIQUE constraint failed: cluster_events/,
      );
      const message = (stream: string) =>
        raw.exec(
          'insert into outbox (stream, kind, notice, state, attempts, created_at, retry_at) ' +
            `values ('${stream}', 'nag', '{}', 'sent', 0, 0, 0)`,
        );
      for (const nothing of ['', 'r-1', 'run ', 'the fleet'])
        assert.throws(() => message(nothing), /CHECK constraint failed/, nothing);
      message('run r-1');
    }));

  test('a byte changed in the audit table is found', () =>
    withFile(async (records, raw) => {
      const audit = [event('requested', t0, { reason: 'a' }), event('checked', t0), event('step', t0)];
      await accepted(records, 'r-1', 'prod-east', { audit });
      raw.exec(`update audit set detail = '{"reason":"b"}' where seq = 1`);
      assert.deepEqual(verifyAuditChain(await records.auditLines('r-1')), { ok: false, brokenAt: 1 });
      raw.exec(`update audit set detail = '{"reason":"a"}' where seq = 1`);
      assert.deepEqual(verifyAuditChain(await records.auditLines('r-1')), { ok: true });
      raw.exec('delete from audit where seq = 2');
      assert.deepEqual(verifyAuditChain(await records.auditLines('r-1')), { ok: false, brokenAt: 2 });
      raw.exec("update audit set detail = 'x' where seq = 3");
      await assert.rejects(records.auditLines('r-1'), /line 3 of run r-1/);
    }));

  test('a watch that cannot be read is reported once by its row, and leaves the rest of the fleet readable', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const reported: string[] = [];
      const records = await openSqliteRecords({
        file,
        onUnreadable: ({ message }) => reported.push(message),
      });
      const raw = new DatabaseSync(file);
      for (const cluster of ['lab', 'prod-east', 'prod-west']) await watched(records, quietWatch(cluster));
      raw.exec(`update watches set watch = '{"cluster":' where cluster = 'lab'`);
      raw.exec("update watches set format = 99 where cluster = 'prod-west'");
      for (let turn = 0; turn < 2; turn += 1) {
        assert.deepEqual(
          (await records.fleet({ now: later })).map(({ cluster, watch }) => [cluster, watch?.cluster]),
          [
            ['lab', undefined],
            ['prod-east', 'prod-east'],
            ['prod-west', undefined],
          ],
        );
      }
      assert.deepEqual(
        reported.map((each) => /^row "([^"]+)" of table watches cannot be read/.exec(each)?.[1]),
        ['lab', 'prod-west'],
      );
      await assert.rejects(records.watch('lab'), /row "lab" of table watches/);
      raw.close();
      await records.close();
    }));

  test('waiting for another writer lets the program go on', () =>
    withFile(async (records, raw) => {
      raw.exec('begin immediate');
      // The lock is given back by this same process: that can happen only if waiting for it does not block.
      setTimeout(() => raw.exec('commit'), 20);
      const started = performance.now();
      await accepted(records, 'r-1');
      assert.ok(performance.now() - started < busyTimeoutMs, 'SQLite did not sit out its own timeout');
      assert.equal((await records.run('r-1'))?.id, 'r-1');
    }));

  test('what queues behind another program’s lock fails together, not one timeout after the other', () =>
    withFile(async (records, raw) => {
      raw.exec('begin immediate');
      const started = performance.now();
      const looks = Array.from({ length: 6 }, (_, index) => watched(records, quietWatch(`c-${index}`)));
      const asked = [...looks, accepted(records, 'r-1'), claimed(records, t0)];
      for (const each of await Promise.allSettled(asked)) {
        assert.ok(each.status === 'rejected' && each.reason instanceof RecordsUnavailableError);
        assert.ok(each.reason.busy);
      }
      const waited = performance.now() - started;
      assert.ok(waited >= busyTimeoutMs, `${waited} ms`);
      assert.ok(
        waited < 3 * busyTimeoutMs,
        `${waited} ms: a look at each cluster would hold up people and the worker`,
      );
      raw.exec('rollback');
      await accepted(records, 'r-1');
    }));

  test('opening a file that another program is just creating waits for it', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const other = new DatabaseSync(file);
      other.exec('begin exclusive');
      setTimeout(() => other.exec('commit'), 20);
      const records = await openSqliteRecords({ file });
      await accepted(records, 'r-1');
      await records.close();
      other.close();
    }));

  const asked = (records: Records) =>
    records.accept({
      run: requestedRun('r-late', 'prod-late'),
      deliveryId: 'd-late',
      audit: [],
      notices: [],
    });

  test('nothing counts as recorded once the file was removed or replaced, and all goes on when it is put back', () =>
    withFile(async (records, _raw, file) => {
      await records.probe({ now: t0 });
      await rename(file, `${file}.away`);
      const removed = /records\.db: the file was removed while it was open.*put it back.*restart/;
      await assert.rejects(records.probe({ now: t0 }), removed);
      await assert.rejects(asked(records), removed);
      await assert.rejects(records.claim({ owner: 'w', now: t0, monotonic: 0, leaseMs }), removed);
      // An older copy is restored under the running program.
      await copyFile(`${file}.away`, file);
      await assert.rejects(records.probe({ now: t0 }), /records\.db: the file was replaced/);
      await assert.rejects(asked(records), /records\.db: the file was replaced/);
      await rename(`${file}.away`, file);
      assert.equal((await asked(records)).outcome, 'accepted');
    }));

  for (const beside of ['-wal', '-shm'])
    test(`nothing counts as recorded once the file ${beside} beside it was removed`, () =>
      withFile(async (records, _raw, file) => {
        await unlink(`${file}${beside}`);
        await assert.rejects(
          asked(records),
          new RegExp(`records\\.db${beside} was removed while it was open`),
        );
      }));

  test('what was written into a file that vanished in the middle is not called recorded', () =>
    withFile(async (records, _raw, file) => {
      await accepted(records, 'r-1');
      const decided = records.decide({
        runId: 'r-1',
        deliveryId: 'd-1',
        now: t0,
        decision: () => {
          unlinkSync(file);
          return change({ status: 'cancelled' });
        },
      });
      await assert.rejects(decided, /records\.db: the file was removed/);
    }));

  test('a directory that is no longer mounted is noticed: another one is there under the same path', () =>
    withDirectory(async (directory) => {
      const place = join(directory, 'volume');
      await mkdir(place);
      const records = await openSqliteRecords({ file: join(place, 'records.db') });
      await rename(place, join(directory, 'unmounted'));
      await mkdir(place);
      await assert.rejects(asked(records), /records\.db: the file was removed/);
      await records.close();
    }));

  test('a path that cannot be a database is refused with the path and what to do', () =>
    withDirectory(async (directory) => {
      const missing = join(directory, 'none', 'records.db');
      await assert.rejects(openSqliteRecords({ file: missing }), (error: Error) => {
        assert.ok(error.message.includes(missing));
        assert.match(error.message, /ENOENT.*directory must exist/);
        return true;
      });
      await assert.rejects(openSqliteRecords({ file: directory }), /cannot be opened for writing \(EISDIR/);
      const text = join(directory, 'notes.txt');
      await writeFile(text, 'this is no database, but long enough to look at\n'.repeat(100));
      await assert.rejects(openSqliteRecords({ file: text }), /notes\.txt: .*name another file/);
    }));

  test('a damaged file is refused or named, never read as if it were whole', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const records = await openSqliteRecords({ file });
      for (let n = 0; n < 20; n += 1) await accepted(records, `r-${n}`, `cluster-${n}`);
      await records.close();
      await truncate(file, 4096 * 3);
      const attempt = async () => {
        const damaged = await openSqliteRecords({ file });
        try {
          await damaged.runs({ limit: 100 });
        } finally {
          await damaged.close();
        }
      };
      await assert.rejects(attempt(), /records\.db: .*(damaged|malformed)/);
    }));
});
