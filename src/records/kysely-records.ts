import type { Records } from '../workflow/records.ts';
import { verifyAuditChain } from './audit-hash.ts';
import { readAuditLines } from './audit-trail.ts';
import { advance, claim, release, renew } from './claims.ts';
import { clusterEvents } from './cluster-events.ts';
import { decideWatch } from './decide-watch.ts';
import { runFigures } from './ended-runs.ts';
import { fleet, type OnUnreadable } from './fleet.ts';
import { importRun } from './import-run.ts';
import { noticeDelayed, noticeGivenUp, noticeSent, takeNotice } from './outbox.ts';
import { accept, decide } from './requests.ts';
import { cardPosted, run, runs } from './runs.ts';
import { type Database, write } from './schema.ts';
import { newestSummary, outboxStanding, putSummary } from './summaries.ts';
import { watch, watchMessagePosted } from './watches.ts';

/**
 * The records over any database that Kysely speaks to, migrated already. `stillThere` throws when the store is gone.
 * `onUnreadable` hears of each watch that cannot be read once.
 */
export function kyselyRecords(
  db: Database,
  stillThere: () => Promise<void>,
  onUnreadable: OnUnreadable,
): Records {
  let closed: Promise<void> | undefined;
  const told = new Set<string>();
  return {
    accept: (input) => accept(db, input),
    decide: (input) => decide(db, input),
    claim: (input) => claim(db, input),
    renew: (held, input) => renew(db, held, input),
    advance: (held, change) => advance(db, held, change),
    importRun: async (each, audit) => importRun(db, each, audit),
    release: (held) => release(db, held),
    run: (id) => run(db, id),
    runs: (filter) => runs(db, filter),
    auditLines: (runId) => readAuditLines(db, runId),
    async auditTrail(runId) {
      const lines = await readAuditLines(db, runId);
      return { lines, chain: verifyAuditChain(lines) };
    },
    takeNotice: (input) => takeNotice(db, input),
    noticeSent: (id, input) => noticeSent(db, id, input),
    noticeDelayed: (id, input) => noticeDelayed(db, id, input),
    noticeGivenUp: (id, input) => noticeGivenUp(db, id, input),
    cardPosted: (runId, place) => cardPosted(db, runId, place),
    outboxStanding: () => outboxStanding(db),
    newestSummary: () => newestSummary(db),
    putSummary: (post) => putSummary(db, post),
    decideWatch: (input) => decideWatch(db, input),
    watch: (cluster) => watch(db, cluster),
    watchMessagePosted: (cluster, id, place) => watchMessagePosted(db, cluster, id, place),
    clusterEvents: (cluster, input) => clusterEvents(db, cluster, input),
    fleet: () =>
      fleet(db, (error) => {
        if (told.has(error.message)) return;
        told.add(error.message);
        onUnreadable(error);
      }),
    runFigures: (input) => runFigures(db, input),
    async probe({ now }) {
      await stillThere();
      await probe(db, now);
    },
    close() {
      closed ??= closeAfterWork(db);
      return closed;
    },
  };
}

async function probe(db: Database, now: number): Promise<void> {
  await write(db, (trx) =>
    trx
      .insertInto('probe')
      .values({ id: 1, at: now })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ at: now }))
      .execute(),
  );
  const read = await db.selectFrom('probe').select('at').where('id', '=', 1).executeTakeFirst();
  if (read === undefined) throw new Error('the records lost the row that was just written to them');
}

/** Operations that were called before are finished; later ones fail. */
async function closeAfterWork(db: Database): Promise<void> {
  await db.connection().execute(() => Promise.resolve());
  await db.destroy();
}
