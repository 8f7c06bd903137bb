import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { verifyAuditChain } from '../../../src/records/runs/audit-hash.ts';
import { openSqliteRecords } from '../../../src/records/store/sqlite.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import { t0 } from '../../contracts/records-samples.ts';
import { withDirectory } from '../sqlite-store.ts';

type Child = ChildProcessByStdio<null, Readable, null>;
type Task =
  | 'write-until-killed'
  | 'accept-one-cluster'
  | 'watch-one-cluster'
  | 'watch-until-killed'
  | 'fill-up'
  | 'open-without-rights';

const main = fileURLToPath(new URL('../child-main.ts', import.meta.url));
const timeout = 600_000;

function start(task: Task, file: string, name: string = task): Child {
  return spawn(process.execPath, [main, task, file, name], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** All lines of a child that ends by itself. */
async function linesOf(child: Child): Promise<string[]> {
  const ended = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  assert.deepEqual(await ended, [0, null]);
  return lines;
}

/** Kills the child as soon as it has said `count` lines; all whole lines that it said before it died. */
async function killAfter(child: Child, count: number): Promise<string[]> {
  const ended = once(child, 'exit');
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (lines.length === count) child.kill('SIGKILL');
    }
  } finally {
    child.kill('SIGKILL');
  }
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  return lines;
}

suite('records shared by processes', { timeout }, () => {
  test('several processes that open a new file at once share it, and one of them gets the cluster', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const names = ['one', 'two', 'three'];
      const said = await Promise.all(names.map((name) => linesOf(start('accept-one-cluster', file, name))));
      const records = await openSqliteRecords({ file });
      const active = await records.runs({ cluster: 'prod-east', limit: 10 });
      await records.close();
      assert.deepEqual(
        said.flat(),
        active.map((run) => run.id),
      );
      assert.equal(active.length, 1);
    }));

  test('kill -9 in mid-write loses nothing that was acknowledged and leaves nothing half-written', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const acknowledged: string[] = [];
      for (const [round, count] of [1, 40, 83, 120].entries()) {
        const child = start('write-until-killed', file, `round${round}`);
        acknowledged.push(...(await killAfter(child, count)));
      }
      const records = await openSqliteRecords({ file });
      const runs = await records.runs({ limit: 10_000 });
      const found = new Map(runs.map((run) => [run.id, run.status]));
      for (const line of acknowledged) {
        const [id = '', status] = line.split(' ');
        assert.ok(found.has(id), `${id} is on record`);
        if (status === 'cancelled') assert.equal(found.get(id), 'cancelled');
      }
      for (const run of runs) {
        const lines = await records.auditLines(run.id);
        assert.equal(lines.length, run.status === 'cancelled' ? 2 : 1, `audit of ${run.id} fits its status`);
        assert.deepEqual(verifyAuditChain(lines), { ok: true });
      }
      let cards = 0;
      for (
        let item = await records.takeNotice({ now: 0 });
        item;
        item = await records.takeNotice({ now: 0 })
      ) {
        cards += 1;
      }
      assert.equal(cards, runs.length, 'every run has the message of its request');
      await records.close();
    }));

  test('several processes that decide on one watch at once all count, and one of them gets its run', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const names = ['one', 'two', 'three'];
      const said = await Promise.all(names.map((name) => linesOf(start('watch-one-cluster', file, name))));
      const records = await openSqliteRecords({ file });
      await assertCounted(records, 'prod-east', 60, (await sentRepeats(records)).get('prod-east') ?? []);
      const active = await records.runs({ limit: 10 });
      await records.close();
      assert.deepEqual(
        said.flat(),
        active.map((run) => run.id),
      );
      assert.equal(active.length, 1);
    }));

  test('kill -9 in the midst of decisions loses none that was acknowledged, and none is there by half', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const acknowledged: number[] = [];
      for (const [round, count] of [1, 30, 77].entries()) {
        const name = `round${round}`;
        acknowledged.push((await killAfter(start('watch-until-killed', file, name), count)).length);
      }
      const records = await openSqliteRecords({ file });
      const repeats = await sentRepeats(records);
      for (const [round, count] of acknowledged.entries()) {
        const cluster = `round${round}`;
        const counted = (await records.watch(cluster))?.reminder?.repeats ?? 0;
        assert.ok(counted === count || counted === count + 1, `${counted} on record, ${count} acknowledged`);
        await assertCounted(records, cluster, counted, repeats.get(cluster) ?? []);
        const runs = await records.runs({ cluster, limit: 1_000 });
        assert.ok(runs.length > 0);
        for (const run of runs) {
          const { lines, chain } = await records.auditTrail(run.id);
          assert.deepEqual([lines.length, chain], [run.status === 'cancelled' ? 2 : 1, { ok: true }]);
        }
        const ended = (await records.runFigures({ since: 0 })).filter((figure) => figure.cluster === cluster);
        assert.equal(ended.length, runs.filter((run) => run.status === 'cancelled').length);
      }
      await records.close();
    }));

  test('a full disk is said so, and what was acknowledged before is there', { skip: noUlimit() }, () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const limited = spawn(
        'sh',
        ['-c', 'ulimit -f 800; exec "$@"', 'sh', process.execPath, main, 'fill-up', file, 'x'],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const said = await linesOf(limited);
      const kept = said.filter((line) => line.startsWith('r-'));
      const errors = said.filter((line) => !line.startsWith('r-'));
      assert.ok(kept.length > 0);
      assert.equal(errors.length, 2, 'the write fails and so does the probe');
      for (const error of errors) assert.match(error, /records\.db: .*(disk|full)/);
      const records = await openSqliteRecords({ file });
      const ids = (await records.runs({ limit: 10_000 })).map((run) => run.id);
      await records.close();
      assert.deepEqual(new Set(ids), new Set(kept));
    }),
  );

  test('a file or directory without the right to write is refused with its path and what to do', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      await (await openSqliteRecords({ file })).close();
      await chmod(directory, 0o555);
      await chmod(file, 0o444);
      const [readOnlyFile] = await linesOf(start('open-without-rights', file));
      assert.match(readOnlyFile ?? '', /records\.db: .*EACCES.*able to write to both/);
      await chmod(file, 0o666);
      const [readOnlyDirectory] = await linesOf(start('open-without-rights', file));
      assert.match(readOnlyDirectory ?? '', /records\.db: .*directory/);
      const [newFile] = await linesOf(start('open-without-rights', join(directory, 'new.db')));
      assert.match(newFile ?? '', /new\.db: .*EACCES.*able to write to both/);
      await chmod(directory, 0o777);
      assert.deepEqual(await linesOf(start('open-without-rights', file)), ['opened']);
    }));
});

/** As many events as were counted, each once and in order, and as many messages. */
async function assertCounted(records: Records, cluster: string, count: number, repeats: readonly number[]) {
  assert.equal((await records.watch(cluster))?.reminder?.repeats, count);
  const events = await records.clusterEvents(cluster, { limit: 10_000 });
  const expected = Array.from({ length: count }, (_, n) => n + 1);
  assert.deepEqual(
    events.toReversed().map(({ seq, at }) => [seq, at - t0]),
    expected.map((n) => [n, n]),
  );
  assert.deepEqual(repeats, expected);
}

/** Numbers of all repeats in the order in which they are sent, by cluster. */
async function sentRepeats(records: Records): Promise<ReadonlyMap<string, readonly number[]>> {
  const sent = new Map<string, number[]>();
  for (;;) {
    const item = await records.takeNotice({ now: t0 });
    if (!item) return sent;
    assert.ok(item.about === 'cluster' && item.notice.kind === 'nag');
    sent.set(item.cluster, [...(sent.get(item.cluster) ?? []), item.notice.nag]);
    await records.noticeSent(item.id, { now: t0, ts: undefined });
  }
}

function noUlimit(): string | false {
  return process.platform === 'win32' ? 'file size limits are a thing of POSIX shells' : false;
}
