import type { OutboxItem } from '../../workflow/ports/records.ts';
import { isEmergencyNotice, recordOwnersNotified } from '../../workflow/watch/owners-notified.ts';
import { type SlackFailure, slackFailure } from '../client/slack-failure.ts';
import { DeliveryFailures, pauseAfter, type Write } from './delivery-failures.ts';
import type { OutboxDeps } from './deps.ts';
import { createDrawing } from './drawing.ts';
import { createLiveMessages } from './live-messages.ts';
import { NotYetError } from './not-yet-error.ts';
import { postItem } from './post-item.ts';
import { UnpostableError } from './unpostable-error.ts';
import { createUploadOnce } from './upload-once.ts';

/** How often to look without a wake-up: for messages that were delayed. */
const pollMs = 1_000;

/** Takes messages from the outbox, one at a time, and keeps what became of each until it is on record. */
export class OutboxDelivery {
  readonly #deps: OutboxDeps;
  readonly #stopping: AbortSignal;
  readonly #live: ReturnType<typeof createLiveMessages>;
  readonly #poster: Parameters<typeof postItem>[0];
  readonly #failures: DeliveryFailures;
  /** Outcomes that could not be written: until they are, the run's next message has to wait. */
  readonly #unwritten: Write[] = [];
  /** ms of the monotonic clock, which may have begun a moment ago. */
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #ended = false;

  constructor(deps: OutboxDeps, stopping: AbortSignal) {
    this.#deps = deps;
    this.#stopping = stopping;
    this.#live = createLiveMessages(deps);
    const draw = deps.summary?.draw ?? (() => Promise.reject(new Error('not configured')));
    const drawing = createDrawing(draw);
    this.#poster = { ...deps, live: this.#live, uploadOnce: createUploadOnce(deps), drawing };
    this.#failures = new DeliveryFailures(deps);
  }

  /** Sends one message. Returns how long there is nothing to do, in ms. */
  async step(): Promise<number> {
    const { records, clock } = this.#deps;
    await this.writeOutcomes();
    const now = clock.monotonic();
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    await this.#refreshLive();
    const item = await records.takeNotice({ now: clock.now() });
    if (item) {
      await this.#send(item);
      return 0;
    }
    const refreshAt = this.#live.nextRefreshAt();
    return refreshAt === undefined ? pollMs : Math.max(1, Math.min(pollMs, refreshAt - clock.monotonic()));
  }

  async writeOutcomes(): Promise<void> {
    for (let write = this.#unwritten[0]; write !== undefined; write = this.#unwritten[0]) {
      await write();
      this.#unwritten.shift();
    }
  }

  async #send(item: OutboxItem): Promise<void> {
    const { records, clock } = this.#deps;
    try {
      const ts = await postItem(this.#poster, item);
      this.#failures.sent(item);
      this.#unwritten.push(() => records.noticeSent(item.id, { now: clock.now(), ts }));
    } catch (error) {
      this.#unwritten.push(...(await this.#afterError(item, error)));
    }
    if (isEmergencyNotice(item)) this.#unwritten.push(() => recordOwnersNotified(this.#deps, item.runId));
    await this.writeOutcomes();
  }

  async #afterError(item: OutboxItem, error: unknown): Promise<readonly Write[]> {
    const { records, clock } = this.#deps;
    if (error instanceof UnpostableError) return [this.#failures.giveUp(item, error.message, undefined)];
    if (error instanceof NotYetError) {
      const { message, afterMs, mayHaveArrived } = error;
      const again = { retryAt: clock.now() + afterMs, error: message, mayHaveArrived };
      return [() => records.noticeDelayed(item.id, again)];
    }
    const { writes, pauseMs } = this.#failures.after(item, await this.#confirmed(slackFailure(error)));
    if (pauseMs !== undefined) this.#pausedUntil = clock.monotonic() + pauseMs;
    return writes;
  }

  /** Slack calls a good token bad now and then: it is over when Slack says so of the token itself, too. */
  async #confirmed(failure: SlackFailure): Promise<SlackFailure> {
    if (failure.kind !== 'unauthorized') return failure;
    const again = await this.#deps.client.auth.test().then(() => undefined, slackFailure);
    if (again?.kind !== 'unauthorized') {
      return { kind: 'unavailable', timedOut: false, detail: failure.detail };
    }
    if (!this.#ended && !this.#stopping.aborted) this.#tokenRefused(again.detail);
    return again;
  }

  #tokenRefused(detail: string): void {
    this.#ended = true;
    this.#deps.onFatal(
      new Error(
        `Slack refuses the bot token (${detail}): expected the token of an installed app; reinstall it, put the ` +
          'new bot token into the configuration and restart. No message is lost, and no backup fails by this',
      ),
    );
  }

  async #refreshLive(): Promise<void> {
    try {
      await this.#live.refresh();
    } catch (error) {
      const failure = slackFailure(error);
      const pauseMs = pauseAfter(failure, 0);
      this.#pausedUntil = this.#deps.clock.monotonic() + pauseMs;
      this.#deps.log.warn(
        { trouble: failure.detail, pauseMs },
        'a card could not be refreshed; trying again',
      );
    }
  }
}
