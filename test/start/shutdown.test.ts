import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createShutdown } from '../../src/start/shutdown.ts';

describe('ending the bot', () => {
  const { exitCode } = process;
  afterEach(() => {
    process.exitCode = exitCode;
  });

  function openShutdown() {
    const lines: string[] = [];
    const line = (_fields: object, text: string) => void lines.push(text);
    const log = { info: line, warn: line, error: line };
    return { shutdown: createShutdown(log, 5), lines };
  }

  it('stops the parts in their order, once, with the code of the last request', async () => {
    const { shutdown } = openShutdown();
    const stopped: string[] = [];
    shutdown.stopLater(
      async (graceMs) => void stopped.push(`first ${graceMs}`),
      async () => void stopped.push('second'),
    );
    shutdown.stopLater(async () => void stopped.push('third'));
    assert.equal(shutdown.stopping, false);
    await Promise.all([shutdown.stop(0), shutdown.stop(1)]);
    assert.deepEqual(stopped, ['first 5', 'second', 'third']);
    assert.deepEqual([shutdown.stopping, process.exitCode], [true, 1]);
  });

  it('stops the others, too, when a part cannot be stopped in order', async () => {
    const { shutdown, lines } = openShutdown();
    const stopped: string[] = [];
    shutdown.stopLater(
      async () => {
        throw new Error('the connection is gone');
      },
      async () => void stopped.push('records'),
    );
    await shutdown.stop(0);
    assert.deepEqual(stopped, ['records']);
    assert.ok(lines.some((text) => /did not stop in order/.test(text)));
  });

  it('ends a start that is under way, whatever its present part comes to', async () => {
    const { shutdown } = openShutdown();
    const part = Promise.withResolvers<void>();
    const broken = Promise.withResolvers<void>();
    assert.equal(await shutdown.startGoesOn(Promise.resolve()), true);
    await assert.rejects(shutdown.startGoesOn(Promise.reject(new Error('no such token'))), /no such token/);
    const goOn = [shutdown.startGoesOn(part.promise), shutdown.startGoesOn(broken.promise)];
    await shutdown.stop(0);
    part.resolve();
    broken.reject(new Error('the records are closed'));
    assert.deepEqual(await Promise.all(goOn), [false, false]);
  });
});
