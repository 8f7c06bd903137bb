import { boardRow, sortByNeed } from '../../domain/fleet/board.ts';
import { figuresMs, type WeeklySummary, weeklySummary } from '../../domain/fleet/weekly-summary.ts';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { Fleet, SummaryPolicy } from '../../domain/policy/policy.ts';
import { type CronSlots, newestSlot } from '../../domain/watch/schedule-times.ts';
import type { Clock, Log } from '../ports/ports.ts';
import type { Records, SummaryPost } from '../ports/records.ts';

/** What became of something that was to be posted. `why` is one line without secrets. */
export type Posting<Value> =
  | { readonly outcome: 'posted'; readonly value: Value }
  /** The same may work later, not before `afterMs`; it may have arrived all the same. */
  | { readonly outcome: 'later'; readonly afterMs: number; readonly why: string }
  /** It was not done, and will not be until a person does what `next` says. */
  | { readonly outcome: 'refused'; readonly why: string; readonly next: string };

/** The channel of the summary. Nothing throws. */
export interface SummaryChannel {
  /** `triedBefore`: it may stand there already, so it is looked for. */
  post(summary: WeeklySummary, post: SummaryPost, triedBefore: boolean): Promise<Posting<MessagePlace>>;
  /** Draws the picture and puts it into the message's thread. */
  addPicture(summary: WeeklySummary, place: MessagePlace, triedBefore: boolean): Promise<Posting<undefined>>;
  /** Says in the thread why there is no picture. */
  sayPictureMissing(place: MessagePlace, why: string): Promise<Posting<undefined>>;
}

export interface WeeklySummaryDeps {
  readonly policy: SummaryPolicy;
  readonly records: Pick<Records, 'fleet' | 'runFigures' | 'newestSummary' | 'putSummary'>;
  readonly fleet: Fleet;
  readonly channel: SummaryChannel;
  readonly cron: CronSlots;
  readonly clock: Clock;
  readonly log: Log;
}

export interface WeeklySummaries {
  start(): void;
  /** Ends after the call that is on its way. */
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
/** A summary that comes later than this is no news: it is let go, or given up. */
const lateMs = dayMs;
const refusedPauseMs = 5 * 60_000;
/** Then the thread is told; if Slack takes that no more than the picture, both go on being tried for a day. */
const pictureTries = 3;

/** Posts one summary for each time that cron names: once, also across restarts, and a missed one once if it is not a day old. */
export function createWeeklySummaries(
  deps: WeeklySummaryDeps,
  options: { readonly pollMs: number },
): WeeklySummaries {
  const { clock, log } = deps;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const waitMs = await summaryTurn(deps).catch((error: unknown) => {
        log.error({ err: error }, 'the weekly summary could not be worked on; trying again');
        return options.pollMs;
      });
      // Clocks are put right and machines sleep: no wait is trusted for long.
      await clock.sleep(Math.min(waitMs, options.pollMs), stopping.signal);
    }
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Does what is due now, if anything is; returns for how long nothing is. Throws when the records do. */
export async function summaryTurn(deps: WeeklySummaryDeps): Promise<number> {
  const post = await duePost(deps);
  if (!post) return dayMs;
  const { records, clock, log } = deps;
  if (clock.now() - post.slot > lateMs) {
    // With a place the message stands; only its picture did not come.
    if (!post.place)
      log.error({ slot: post.slot }, 'the weekly summary is given up: Slack took nothing for a day');
    await records.putSummary({ ...post, end: post.place ? 'done' : 'given-up' });
    return 0;
  }
  const summary = await readSummary(deps);
  return post.place ? addPicture(deps, post, post.place, summary) : postMessage(deps, post, summary);
}

/** The summary that is to be worked on; a new slot is on record before anything of it is posted. */
async function duePost({
  policy,
  records,
  cron,
  clock,
  log,
}: WeeklySummaryDeps): Promise<SummaryPost | undefined> {
  const now = clock.now();
  const rule = [policy.cron, policy.timeZone, policy.channel].join('|');
  const last = await records.newestSummary({ now });
  const fresh = { rule, at: now, place: undefined, tries: 0 };
  if (last?.rule !== rule) {
    // Of what was before the bot, or before this schedule, no summary is expected.
    await records.putSummary({ ...fresh, slot: now, end: 'let-go' });
    return undefined;
  }
  if (last.end === undefined) return last;
  const slot = newestSlot({ schedule: policy, timeZone: policy.timeZone }, cron, last.slot, now);
  if (slot === last.slot) return undefined;
  const tooLate = now - slot > lateMs;
  const post: SummaryPost = { ...fresh, slot, end: tooLate ? 'let-go' : undefined };
  await records.putSummary(post);
  if (!tooLate) return post;
  log.warn(
    { slot },
    'a weekly summary was due while the bot was away for more than a day; the next one comes as usual',
  );
  return undefined;
}

async function readSummary({ records, fleet, clock }: WeeklySummaryDeps): Promise<WeeklySummary> {
  const now = clock.now();
  const known = new Map((await records.fleet({ now })).map((record) => [record.cluster, record]));
  const rows = fleet.clusters.map((policy) => {
    const nothing = {
      cluster: policy.name,
      watch: undefined,
      proven: [],
      active: undefined,
      lastFailure: undefined,
      lastDrill: undefined,
    };
    return boardRow(known.get(policy.name) ?? nothing, policy, now);
  });
  const runs = await records.runFigures({ since: now - figuresMs });
  return weeklySummary({ rows: sortByNeed(rows), runs, now });
}

async function postMessage(
  deps: WeeklySummaryDeps,
  before: SummaryPost,
  summary: WeeklySummary,
): Promise<number> {
  const { records, channel, log } = deps;
  const post = { ...before, tries: before.tries + 1 };
  await records.putSummary(post);
  const posting = await channel.post(summary, post, before.tries > 0);
  if (posting.outcome !== 'posted') {
    const fields = { channel: deps.policy.channel, trouble: posting.why };
    const next = posting.outcome === 'refused' ? `; ${posting.next}` : '';
    // Once: it is tried for a day.
    if (before.tries === 0)
      log.warn(fields, `the weekly summary could not be posted; trying for a day${next}`);
    return posting.outcome === 'later' ? posting.afterMs : refusedPauseMs;
  }
  const end = summary.lines.length === 0 ? 'done' : undefined;
  await records.putSummary({ ...post, place: posting.value, tries: 0, end });
  return 0;
}

/** The text stands: whatever becomes of the picture, nothing of it is taken back. */
async function addPicture(
  deps: WeeklySummaryDeps,
  before: SummaryPost,
  place: MessagePlace,
  summary: WeeklySummary,
): Promise<number> {
  const { records, channel, log } = deps;
  const post = { ...before, tries: before.tries + 1 };
  await records.putSummary(post);
  const posting = await channel.addPicture(summary, place, before.tries > 0);
  if (posting.outcome === 'later' && post.tries < pictureTries) return posting.afterMs;
  if (posting.outcome !== 'posted') {
    log.warn({ trouble: posting.why }, 'the picture of the weekly summary could not be added');
    const said = await channel.sayPictureMissing(place, posting.why);
    if (said.outcome === 'later') return said.afterMs;
  }
  await records.putSummary({ ...post, end: 'done' });
  return 0;
}
