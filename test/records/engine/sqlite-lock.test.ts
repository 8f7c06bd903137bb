import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockRecords } from '../../../src/records/engine/sqlite-lock.ts';
import { openSqliteRecords } from '../../../src/records/store/sqlite.ts';
import { readSqliteRecords } from '../../../src/records/store/sqlite-reader.ts';
import { accepted, claimed, t0 } from '../../contracts/records-samples.ts';
import { withDirectory } from '../sqlite-store.ts';

const main = fileURLToPath(new URL('../child-main.ts', import.meta.url));

/** A process of its own that holds the lock until it is killed. */
async function holder(file: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, 'hold-lock', file, 'x'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  assert.equal(line, 'locked');
  return child;
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

suite('the lock of the records', { timeout: 120_000 }, () => {
  test('a second bot is refused and learns which process on which host holds it, also when that one is stopped', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const first = await holder(file);
      try {
        const held = new RegExp(
          `records\\.db: .*process ${first.pid} on ${hostname()}, started at 2026-01-15T`,
        );
        await assert.rejects(lockRecords({ file, now: t0 }), held);
        first.kill('SIGSTOP');
        await assert.rejects(lockRecords({ file, now: t0 }), held);
        first.kill('SIGCONT');
        assert.equal((await stat(`${file}.lock`)).mode & 0o777, 0o600);
      } finally {
        await killed(first, 'SIGKILL');
      }
    }));

  test('a bot that is killed leaves no lock behind; one that gives it back neither', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      await killed(await holder(file), 'SIGKILL');
      const lock = await lockRecords({ file, now: t0 });
      await assert.rejects(lockRecords({ file, now: t0 }), new RegExp(`process ${process.pid} `));
      lock.release();
      lock.release();
      (await lockRecords({ file, now: t0 })).release();
    }));

  test('a program that is just reading who holds it keeps no bot from taking it', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      (await lockRecords({ file, now: t0 })).release();
      const reader = spawn(process.execPath, [main, 'read-lock', file, 'x'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(createInterface({ input: reader.stdout }), 'line');
        (await lockRecords({ file, now: t0 })).release();
      } finally {
        reader.kill('SIGKILL');
      }
    }));

  test('of many that start at the same moment exactly one gets it', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const children = ['one', 'two', 'three', 'four'].map((name) =>
        spawn(process.execPath, [main, 'hold-lock', file, name], { stdio: ['ignore', 'pipe', 'ignore'] }),
      );
      try {
        const said = await Promise.all(
          children.map((child) => once(createInterface({ input: child.stdout }), 'line')),
        );
        const lines = said.flat().map(String);
        assert.equal(lines.filter((line) => line === 'locked').length, 1, lines.join('\n'));
        assert.equal(lines.filter((line) => /another bot uses them/.test(line)).length, 3, lines.join('\n'));
      } finally {
        for (const child of children) child.kill('SIGKILL');
      }
    }));

  test('programs beside the bot read and write the records', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const lock = await lockRecords({ file, now: t0 });
      const bot = await openSqliteRecords({ file, lock });
      await accepted(bot, 'r-1');
      const reader = await readSqliteRecords({ file });
      assert.deepEqual(
        (await reader.fleet({ now: t0 })).map(({ cluster, active }) => [cluster, active?.id]),
        [['prod-east', 'r-1']],
      );
      await reader.close();
      const beside = await openSqliteRecords({ file });
      await accepted(beside, 'r-2', 'prod-west');
      await beside.close();
      assert.equal((await claimed(bot, t0)).run.id, 'r-1');
      await bot.close();
      lock.release();
    }));

  test('a lock file that was removed is noticed: nothing keeps a second bot away then', () =>
    withDirectory(async (directory) => {
      const file = join(directory, 'records.db');
      const lock = await lockRecords({ file, now: t0 });
      const bot = await openSqliteRecords({ file, lock });
      await unlink(lock.file);
      await assert.rejects(
        bot.probe({ now: t0 }),
        /records\.db\.lock was removed while it was open.*restart/,
      );
      await bot.close();
      lock.release();
    }));

  test('a place where no lock can be made is refused with its path and what to do', () =>
    withDirectory(async (directory) => {
      const missing = join(directory, 'none', 'records.db');
      await assert.rejects(lockRecords({ file: missing, now: t0 }), /records\.db\.lock .*ENOENT.*must exist/);
    }));
});
