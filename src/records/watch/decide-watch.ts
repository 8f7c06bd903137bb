import { activePause } from '../../domain/policy/pause.ts';
import { withPauseNow } from '../../domain/preflight/pause-finding.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import { bodyOf, liveWatchMessages } from '../../domain/watch/live-watch-message.ts';
import type { WatchTransition } from '../../domain/watch/watch-transition.ts';
import type { Watched, WatchView } from '../../workflow/ports/records.ts';
import { type Database, type Write, write } from '../engine/schema.ts';
import { firstDelivery } from '../outbox/deliveries.ts';
import { appendNotices } from '../outbox/outbox.ts';
import { clusterStream } from '../outbox/streams.ts';
import { appendAudit } from '../runs/audit-trail.ts';
import { insertRun } from '../runs/insert-run.ts';
import { lockRun, writeChange } from '../runs/run-changes.ts';
import { toRow } from '../runs/run-row.ts';
import { appendClusterEvents } from './cluster-events.ts';
import { toWatchRow } from './watch-row.ts';
import { watch, watchView } from './watches.ts';

interface Input<Refusal> {
  readonly cluster: string;
  readonly now: number;
  readonly deliveryId?: string;
  readonly decision: (view: WatchView) => WatchTransition | { readonly refusal: Refusal } | undefined;
}

/** How often a decision that asks for a run is shown that another one is active, before that is an error. */
const attempts = 3;

/** Another run came in between: nothing of the decision may stay. */
class RunInTheWayError extends Error {
  constructor(cluster: string, runId: string) {
    super(
      `run ${runId} of cluster ${cluster} could not be put on record: another run is active, or its id is taken, ` +
        `also after ${attempts} decisions; nothing was written. A decision may ask for a run only while none is active.`,
    );
    this.name = 'RunInTheWayError';
  }
}

export async function decideWatch<Refusal>(db: Database, input: Input<Refusal>): Promise<Watched<Refusal>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write(db, (trx) => decideOnce(trx, input));
    } catch (error) {
      if (!(error instanceof RunInTheWayError) || attempt === attempts) throw error;
    }
  }
}

async function decideOnce<Refusal>(trx: Write, input: Input<Refusal>): Promise<Watched<Refusal>> {
  const { cluster, now, deliveryId } = input;
  if (deliveryId !== undefined && !(await firstDelivery(trx, deliveryId, clusterStream(cluster), now))) {
    return { outcome: 'duplicate', watch: await watch(trx, cluster) };
  }
  const view = await watchView(trx, cluster, now);
  const decision = input.decision(view);
  if (decision === undefined) return { outcome: 'unchanged', watch: view.watch };
  if ('refusal' in decision) return { outcome: 'refused', refusal: decision.refusal, watch: view.watch };
  if (changesNothing(decision, view)) return { outcome: 'unchanged', watch: view.watch };
  await writeTransition(trx, input, decision, view);
  // Throws when it could not be read again, so that it is not written either.
  const written = await watch(trx, cluster);
  if (!written) throw new Error(`the watch of cluster ${cluster} was not there after it was written`);
  return { outcome: 'changed', watch: written };
}

/** In the caller's transaction: the watch with its events, messages and run, and what a card shows of its pause. */
export async function writeTransition(
  trx: Write,
  about: { readonly cluster: string; readonly now: number },
  change: WatchTransition,
  view: WatchView,
): Promise<void> {
  if (changesNothing(change, view)) return;
  await writeWatch(trx, about, change);
  await showPause(trx, view.active, change.watch, about.now);
}

/** The same watch object, without events or messages: nothing has to be written. */
function changesNothing(change: WatchTransition, view: WatchView): boolean {
  const { events, notices, request } = change;
  return change.watch === view.watch && events.length === 0 && notices.length === 0 && !request;
}

/** A card on which people decide, or have just decided, shows whether the cluster is paused: as it is now, not as it was. */
async function showPause(
  trx: Write,
  active: BackupRun | undefined,
  after: ClusterWatch,
  now: number,
): Promise<void> {
  if (active?.status !== 'waiting' && active?.status !== 'approved') return;
  const findings = withPauseNow(active.findings, activePause(after, now));
  if (findings === active.findings) return;
  const row = await lockRun(trx, active.id);
  if (row) await writeChange(trx, row, { set: { findings }, audit: [], notices: [{ kind: 'card' }] }, now);
}

async function writeWatch(
  trx: Write,
  { cluster, now }: Pick<Input<unknown>, 'cluster' | 'now'>,
  change: WatchTransition,
): Promise<void> {
  const { run, audit } = change.request ?? {};
  const strange = [change.watch.cluster, run?.cluster ?? cluster].find((named) => named !== cluster);
  if (strange !== undefined) {
    throw new Error(`a decision on the watch of cluster ${cluster} names cluster ${strange}: not written`);
  }
  const { cluster: _key, ...values } = { ...toWatchRow(change.watch), touched_at: now };
  await trx
    .insertInto('watches')
    .values({ cluster, ...values })
    .onConflict((conflict) => conflict.column('cluster').doUpdateSet(values))
    .execute();
  await forgetMessages(trx, change.watch);
  await appendClusterEvents(trx, cluster, change.events);
  await appendNotices(trx, clusterStream(cluster), change.notices, now);
  if (!run) return;
  if (!(await insertRun(trx, toRow(run), now))) throw new RunInTheWayError(cluster, run.id);
  await appendAudit(trx, run.id, audit ?? []);
}

/** Of reminders, alarms and pauses that the watch holds no more: every reading of the fleet would have to carry them for ever. */
async function forgetMessages(trx: Write, watch: ClusterWatch): Promise<void> {
  const shown = liveWatchMessages(watch).map((each) => bodyOf(each).id);
  await trx
    .deleteFrom('watch_messages')
    .where('cluster', '=', watch.cluster)
    .where('id', 'not in', shown)
    .execute();
}
