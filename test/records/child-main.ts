import { openSqliteRecords } from '../../src/records/sqlite.ts';
import { accepted, cardNotice, change, event, requestedRun, t0 } from '../contracts/records-samples.ts';

// A program of its own that uses the records: every line that it prints is on record for ever.
const [task, file, name] = process.argv.slice(2) as [string, string, string];

function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  /** Requests, decides and ends runs of one cluster after another until it is killed. */
  async 'write-until-killed'() {
    const records = await openSqliteRecords({ file });
    for (let n = 0; ; n += 1) {
      const id = `${name}-${n}`;
      const audit = [event('requested', t0)];
      await accepted(records, id, name, { audit, notices: [cardNotice] });
      await say(`${id} requested`);
      await records.decide({
        runId: id,
        deliveryId: `cancel-${id}`,
        now: t0,
        decision: () => change({ status: 'cancelled' }, { audit: [event('cancelled', t0)] }),
      });
      await say(`${id} cancelled`);
    }
  },

  /** Asks for the same cluster again and again; says which requests were accepted. */
  async 'accept-one-cluster'() {
    const records = await openSqliteRecords({ file });
    for (let n = 0; n < 10; n += 1) {
      const run = requestedRun(`${name}-${n}`, 'prod-east');
      const answer = await records.accept({ run, deliveryId: run.id, audit: [], notices: [] });
      if (answer.outcome === 'accepted') await say(run.id);
    }
    await records.close();
  },

  /** Writes until the limit on the size of its files stops it; says what was acknowledged, then the error. */
  async 'fill-up'() {
    const records = await openSqliteRecords({ file });
    try {
      for (let n = 0; ; n += 1) {
        await accepted(records, `r-${n}`, `cluster-${n}`, { run: { reason: 'x'.repeat(4_000) } });
        await say(`r-${n}`);
      }
    } catch (error) {
      await say(`error ${String(error)}`);
    }
    // A probe is small: the first ones may still find room where a run did not.
    try {
      for (let n = 0; n < 1_000; n += 1) await records.probe({ now: t0 + n });
    } catch (error) {
      await say(`probe ${String(error)}`);
    }
    await records.close();
  },

  /** Tries to use the file without the rights that root has. */
  async 'open-without-rights'() {
    if (process.getuid?.() === 0) {
      process.setgid?.(65_534);
      process.setuid?.(65_534);
    }
    try {
      const records = await openSqliteRecords({ file });
      await records.close();
      await say('opened');
    } catch (error) {
      await say(String(error));
    }
  },
};

await tasks[task]?.();
