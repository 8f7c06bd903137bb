import { DatabaseSync } from 'node:sqlite';
import { lockRecords } from '../../src/records/engine/sqlite-lock.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { accepted, cardNotice, change, event, requestedRun, t0 } from '../contracts/records-samples.ts';
import {
  clusterEvent,
  openReminder,
  quietWatch,
  scheduledRequest,
  watchChange,
} from '../contracts/watch-samples.ts';

// A program of its own that uses the records: every line that it prints is on record for ever.
const [task, file, name] = process.argv.slice(2) as [string, string, string];

function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}

/** One decision that everything depends on: what it counted, and the run that it asked for. */
async function countOnce(records: Records, cluster: string, id: string) {
  let requested: string | undefined;
  const answer = await records.decideWatch<never>({
    cluster,
    now: t0,
    deliveryId: `count-${id}`,
    decision: ({ watch, active }) => {
      const repeats = (watch?.reminder?.repeats ?? 0) + 1;
      requested = active ? undefined : id;
      return watchChange(quietWatch(cluster, { reminder: openReminder('m-1', { repeats }) }), {
        events: [clusterEvent('reminder-repeated', t0 + repeats)],
        notices: [{ kind: 'nag', id: 'm-1', nag: repeats }],
        ...(active ? {} : { request: scheduledRequest(id, cluster) }),
      });
    },
  });
  return { count: answer.watch?.reminder?.repeats ?? 0, requested };
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

  /** Counts in one cluster's watch, with an event and a message each time; asks for a run where none is active. */
  async 'watch-one-cluster'() {
    const records = await openSqliteRecords({ file });
    for (let n = 0; n < 20; n += 1) {
      const { requested } = await countOnce(records, 'prod-east', `${name}-${n}`);
      if (requested) await say(requested);
    }
    await records.close();
  },

  /** The same for a cluster of its own, whose runs are ended again at once, until it is killed; says each count. */
  async 'watch-until-killed'() {
    const records = await openSqliteRecords({ file });
    for (let n = 0; ; n += 1) {
      const { count, requested } = await countOnce(records, name, `${name}-${n}`);
      await say(String(count));
      if (!requested) continue;
      await records.decide({
        runId: requested,
        deliveryId: `cancel-${requested}`,
        now: t0,
        decision: () => change({ status: 'cancelled' }, { audit: [event('cancelled', t0)] }),
      });
    }
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

  /** Holds the lock until it is killed, or says why it does not get it. */
  async 'hold-lock'() {
    try {
      await lockRecords({ file, now: t0 });
      await say('locked');
      setInterval(() => undefined, 60_000);
    } catch (error) {
      await say(String(error));
    }
  },

  /** Looks who holds the lock, slowly. */
  async 'read-lock'() {
    const database = new DatabaseSync(`${file}.lock`, { readOnly: true });
    const rows = database.prepare('select pid from holder union all select 0').iterate();
    rows.next();
    await say('reading');
    setTimeout(() => database.close(), 400);
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
