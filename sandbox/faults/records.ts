import { rename } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { isActive } from '../../src/domain/run/run.ts';
import { until } from '../world.ts';
import { deleting } from './calls.ts';
import { wrongIn } from './kept.ts';
import type { Scenario } from './scenario.ts';
import type { FaultStage, Match } from './stage.ts';

/** The bot's records: locked by another process, moved away. */

/** At least longer than one write waits by itself; at most longer than two do, because the outbox may wait before the run. */
const lockedMs = { atLeast: 7_000, atMost: 12_000 };

/** Locks at once; the sandbox is another process than the bot. Returns whether the bot met the lock. */
async function holdWriteLock({ world, bot }: FaultStage, from: number): Promise<boolean> {
  const said = (words: string) => bot.log().slice(from).includes(words);
  const runWaits = () => said('the records are locked by another process; trying again');
  const database = new DatabaseSync(world.recordsFile, { timeout: 2_000 });
  try {
    database.exec('begin immediate');
    const since = performance.now();
    const heldMs = () => performance.now() - since;
    while (heldMs() < lockedMs.atLeast || (!runWaits() && heldMs() < lockedMs.atMost)) await delay(20);
    database.exec('rollback');
    return said('database is locked');
  } finally {
    database.close();
  }
}

export const recordsScenarios: readonly Scenario[] = [
  {
    name: 'records-locked-at-the-end',
    broken: 'another process holds the write lock on the records for 7 to 12 s while the run ends',
    async act(stage) {
      const from = stage.bot.log().length;
      // Taken before the pod's deletion is answered: the next thing that the run writes is its end.
      let held: Promise<boolean> | undefined;
      const locking: Match = (request) => {
        if (deleting(request)) held ??= holdWriteLock(stage, from);
        return false;
      };
      stage.strike(locking, { kind: 'delay', ms: 0 });
      const runId = await stage.request();
      await stage.approve(runId);
      await until('the session to close', () => held !== undefined);
      const met = await held;
      await stage.settled(runId);
      const no = stage.messages(runId).find((text) => text.includes('There is no backup'));
      return {
        runId,
        ...wrongIn([
          ...(met ? [] : ['the bot did not meet the lock']),
          ...(no === undefined ? [] : [`people read: ${no}`]),
        ]),
      };
    },
    expected: { outcome: 'succeeded', says: /Backed up in/, withinS: 45 },
  },
  {
    name: 'records-replaced',
    broken: 'the file of the records is moved away under the running bot, and put back before the next one',
    async act(stage) {
      const { world, records } = stage;
      const file = world.recordsFile;
      const known = (await records.runs({ limit: 1 }))[0]?.id;
      await rename(file, `${file}.away`);
      try {
        const { status } = await stage.type('run');
        await until('words', () => stage.messages(undefined).length > 0);
        const newest = (await records.runs({ limit: 1 }))[0]?.id;
        await stage.bot.stop();
        await rename(`${file}.away`, file);
        await stage.restart();
        const runId = await stage.request();
        await stage.type(`cancel ${runId}`);
        await stage.reaches(runId, 'the cancelled run', (run) => !isActive(run.status));
        return {
          runId: undefined,
          outcome: 'no run',
          ...wrongIn([
            ...(status === 'acked' ? [] : [`the command was answered with ${status}`]),
            ...(newest === known ? [] : ['a run came on record']),
          ]),
        };
      } finally {
        await rename(`${file}.away`, file).catch(() => undefined);
      }
    },
    expected: {
      outcome: 'no run',
      says: /This could not be put on record, so nothing was run/,
      withinS: 45,
    },
  },
];
