import assert from 'node:assert/strict';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../sandbox/world/until.ts';
import { type LoopBounds, monitorLoop } from '../../src/system/loop-delay.ts';

const timeout = 600_000;
const program = fileURLToPath(new URL('loop-child.ts', import.meta.url));

interface Blockable {
  block(ms: number): void;
  stopFor(ms: number): Promise<void>;
  readyz(): Promise<{ status: number; text: string }>;
}

async function startChild(t: TestContext, bounds?: LoopBounds): Promise<Blockable> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    process.execPath,
    [program, JSON.stringify(bounds ?? null)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${Number(line.toString())}/readyz`;
  return {
    block: (ms) => void child.stdin.write(`${ms}\n`),
    async stopFor(ms) {
      child.kill('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill('SIGCONT');
    },
    async readyz() {
      const response = await fetch(url);
      return { status: response.status, text: await response.text() };
    },
  };
}

describe('the delay of the event loop', { timeout }, () => {
  it('takes readiness away for a stop of more than 5 s in the last minute, and says so', async (t) => {
    const bot = await startChild(t);
    await until('readiness', async () => (await bot.readyz()).status === 200);
    bot.block(5_500);
    const seen = await until('the stop to be noticed', async () => {
      const answer = await bot.readyz();
      return answer.status === 503 && answer;
    });
    assert.match(
      seen.text,
      /^slack: ok\nevent loop: the process did nothing for \d+\.\d s within the last 60 s\nrecords: ok\n$/,
    );
    assert.equal((await bot.readyz()).status, 503, 'not only for the first that asks');
  });

  it('forgets a stop after its memory, and sees a process that was stopped from outside', async (t) => {
    const bot = await startChild(t, { blockedMs: 700, laggingMs: 100_000, memoryMs: 3_000 });
    await until('readiness', async () => (await bot.readyz()).status === 200);
    await bot.stopFor(1_500);
    await until('the stop to be noticed', async () => (await bot.readyz()).status === 503);
    await until('readiness again', async () => (await bot.readyz()).status === 200);
  });

  it('notices short stops at once, and for no longer than they last', async (t) => {
    const bot = await startChild(t, { blockedMs: 100_000, laggingMs: 500, memoryMs: 12_000 });
    await until('readiness', async () => (await bot.readyz()).status === 200);
    bot.block(1_000);
    const seen = await until('the stop to be noticed', async () => {
      const answer = await bot.readyz();
      return answer.status === 503 && answer;
    });
    assert.match(seen.text, /event loop: the process did nothing for \d\.\d s just now/);
    await until('readiness again', async () => (await bot.readyz()).status === 200);
  });

  it('is reported in seconds for metrics', async (t) => {
    const loop = monitorLoop();
    t.after(() => loop.stop());
    await new Promise((resolve) => setTimeout(resolve, 100));
    const end = performance.now() + 400;
    while (performance.now() < end);
    await until('the longest wait', () => loop.delays().max >= 0.3);
    const { p50, p99, max } = loop.delays();
    assert.ok(p50 >= 0 && p50 <= p99 && p99 <= max && max < 60, JSON.stringify({ p50, p99, max }));
  });
});
