import type { Records } from '../../workflow/ports/records.ts';
import { beat, bots, decideConfigTrouble } from '../configuration/configuration.ts';
import { createLeaseWatch } from '../engine/lease-watch.ts';
import { type Database, write } from '../engine/schema.ts';
import { fleet, type OnUnreadable } from '../fleet/fleet.ts';
import { newestSummary, openSummary, outboxStatus, summaryPosted } from '../fleet/summaries.ts';
import { noticeDelayed, noticeGivenUp, noticeSent, recoverPosting, takeNotice } from '../outbox/outbox.ts';
import { lastPosted, privateDeliveries } from '../outbox/outbox-history.ts';
import { decidePlace, place, placeAudit, storedCopies } from '../places/places.ts';
import { decideRoom } from '../restore-room/decide-room.ts';
import { openRooms, restoreRoom, roomMessagePosted } from '../restore-room/rooms.ts';
import { decideRestore, restores, restoreView } from '../restores/restores.ts';
import { verifyAuditChain } from '../runs/audit-hash.ts';
import { readAuditLines } from '../runs/audit-trail.ts';
import { advance, claim, release, renew, voidClaims } from '../runs/claims.ts';
import { restoredBackups, runFigures } from '../runs/ended-runs.ts';
import { importRun } from '../runs/import-run.ts';
import { accept, decide } from '../runs/requests.ts';
import { cardPosted, run, runs } from '../runs/runs.ts';
import { clusterEvents } from '../watch/cluster-events.ts';
import { decideWatch } from '../watch/decide-watch.ts';
import { watch, watchMessagePosted } from '../watch/watches.ts';
import { probe } from './probe.ts';

/**
 * The records over any database that Kysely speaks to, migrated already. `onUnreadable` is called for each watch that cannot be
 * read once.
 */
export function kyselyRecords(db: Database, onUnreadable: OnUnreadable): Records {
  let closed: Promise<void> | undefined;
  const logged = new Set<string>();
  const leases = createLeaseWatch();
  return {
    accept: (input) => accept(db, input),
    decide: (input) => decide(db, input),
    recover: () =>
      write(db, async (trx) => {
        await voidClaims(trx);
        await recoverPosting(trx);
      }),
    claim: (input) => claim(db, leases, input),
    renew: (held, input) => renew(db, held, input),
    advance: (held, change) => advance(db, held, change),
    importRun: async (each, audit) => importRun(db, each, audit),
    release: (held) => release(db, held),
    run: (id) => run(db, id),
    runs: (filter) => runs(db, filter),
    restoredBackups: (input) => restoredBackups(db, input),
    auditLines: (runId) => readAuditLines(db, runId),
    async auditTrail(runId) {
      const lines = await readAuditLines(db, runId);
      return { lines, chain: verifyAuditChain(lines) };
    },
    lastPosted: (input) => lastPosted(db, input),
    privateDeliveries: (runId, say) => privateDeliveries(db, runId, say),
    takeNotice: (input) => takeNotice(db, input),
    noticeSent: (id, input) => noticeSent(db, id, input),
    noticeDelayed: (id, input) => noticeDelayed(db, id, input),
    noticeGivenUp: (id, input) => noticeGivenUp(db, id, input),
    cardPosted: (runId, place) => cardPosted(db, runId, place),
    outboxStatus: () => outboxStatus(db),
    newestSummary: (input) => newestSummary(db, input),
    openSummary: (input) => openSummary(db, input),
    summaryPosted: (slot, at) => summaryPosted(db, slot, at),
    decideWatch: (input) => decideWatch(db, input),
    watch: (cluster) => watch(db, cluster),
    decideRoom: (input) => decideRoom(db, input),
    restoreRoom: (id) => restoreRoom(db, id),
    openRooms: (cluster) => openRooms(db, cluster),
    roomMessagePosted: (id, part, at) => roomMessagePosted(db, id, part, at),
    watchMessagePosted: (cluster, id, place) => watchMessagePosted(db, cluster, id, place),
    clusterEvents: (cluster, input) => clusterEvents(db, cluster, input),
    fleet: (input) =>
      fleet(db, input, (error) => {
        if (logged.has(error.message)) return;
        logged.add(error.message);
        onUnreadable(error);
      }),
    restores: (cluster) => restores(db, cluster),
    restoreView: (cluster, from) => restoreView(db, cluster, from),
    decideRestore: (input) => decideRestore(db, input),
    runFigures: (input) => runFigures(db, input),
    place: (destination) => place(db, destination),
    decidePlace: (input) => decidePlace(db, input),
    placeAudit: (destination) => placeAudit(db, destination),
    storedCopies: (destination) => storedCopies(db, destination),
    decideConfigTrouble: (input) => decideConfigTrouble(db, input),
    beat: (bot) => beat(db, bot),
    bots: (input) => bots(db, input),
    probe: ({ now }) => probe(db, now),
    close() {
      closed ??= closeAfterWork(db);
      return closed;
    },
  };
}

/** Operations that were called before are finished; later ones fail. */
async function closeAfterWork(db: Database): Promise<void> {
  await db.connection().execute(() => Promise.resolve());
  await db.destroy();
}
