import type { Language } from '../../domain/policy/policy.ts';
import { withDeadline } from '../../workflow/ports/deadline.ts';
import { slackFailure } from '../client/slack-failure.ts';
import { type Context, type Message, notRecorded } from '../messages/index.ts';
import { answerPrivately, clusterOf, contextFor } from './answer.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** Slack gives up after 3 s; what is not on record by now is answered as not done. */
const recordDeadlineMs = 2_500;

/** Acknowledges. On a dead connection Bolt throws; Slack delivers again then, and the records know the delivery. */
export async function acknowledge(
  deps: ListenerDeps,
  delivery: Delivery,
  ack: () => Promise<void> = delivery.ack,
): Promise<void> {
  try {
    await ack();
  } catch (error) {
    const trouble = slackFailure(error).detail;
    deps.log.warn({ what: delivery.what, trouble }, 'the acknowledgement did not reach Slack');
  }
}

/** For a form that was sent: what can be corrected in it keeps it open. */
export interface Correction<Answer> {
  readonly refuse: (errors: Record<string, string>) => Promise<void>;
  /** The sentences under its fields; undefined: nothing is to be corrected. `answer` undefined: not on record in time. */
  readonly errorsFor: (
    answer: Answer | undefined,
  ) => ((language: Language) => Record<string, string>) | undefined;
}

/**
 * For what must be on record before Slack may believe that we have it: records, acknowledges, answers, in this order.
 * If it cannot be recorded in time, the person is informed that nothing was done.
 */
export async function recordFirst<Answer extends object>(
  deps: ListenerDeps,
  delivery: Delivery,
  record: () => Promise<Answer>,
  words: (answer: Answer, context: Context) => Message | undefined | Promise<Message | undefined>,
  correction?: Correction<Answer>,
): Promise<void> {
  // Asked at once and in parallel: it has its own, shorter deadline.
  const language = deps.people.language(delivery.slackUser, deps.language);
  const recording = startSafely(record);
  const respond = async (answer: Answer) => {
    const message = await words(answer, contextFor(deps, await language, clusterOf(answer)));
    if (message) await answerPrivately(deps, delivery, message);
  };
  const failed = (error: unknown) =>
    deps.log.error({ what: delivery.what, err: error }, 'a request could not be put on record');

  const recorded = await withDeadline(deps.clock, recordDeadlineMs, recording).catch(failed);
  const answer = recorded?.inTime ? recorded.value : undefined;
  const errors = correction?.errorsFor(answer);
  if (correction && errors) {
    const said = errors(await language);
    await acknowledge(deps, delivery, () => correction.refuse(said));
  } else if (answer) {
    await acknowledge(deps, delivery);
    await respond(answer);
  } else {
    await sayNotRecorded(deps, delivery, await language);
  }
  if (recorded?.inTime !== false) return;
  deps.log.error({ what: delivery.what, deadlineMs: recordDeadlineMs }, 'the records did not answer in time');
  // It may still come through: then the person must get the true answer.
  await recording.then(respond, failed);
}

/** Longer than this in silence looks like a command that was lost. */
const silenceMs = 2_000;

/** What is said to a person who waits long. */
export interface LongAnswer {
  readonly meanwhile: (context: Context) => Message;
  /** The bot stops before it is done. */
  readonly restarting: (context: Context) => Message;
}

/** For what only reads: acknowledges, then takes its time. `long`: where that may be minutes. */
export async function acknowledgeFirst<Answer extends object>(
  deps: ListenerDeps,
  delivery: Delivery,
  read: () => Promise<Answer>,
  words: (answer: Answer, context: Context) => Message | Promise<Message>,
  long?: LongAnswer,
): Promise<void> {
  const askedAt = deps.clock.monotonic();
  const language = deps.people.language(delivery.slackUser, deps.language);
  const worded = async (answer: Answer) => words(answer, contextFor(deps, await language, clusterOf(answer)));
  await acknowledge(deps, delivery);
  let message: Message;
  try {
    const reading = startSafely(read);
    if (long && !(await withDeadline(deps.clock, silenceMs, reading)).inTime) {
      await answerPrivately(deps, delivery, long.meanwhile(contextFor(deps, await language, undefined)));
    }
    message = long
      ? await unlessStopped(reading.then(worded), deps.stopping, async () =>
          long.restarting(contextFor(deps, await language, undefined)),
        )
      : await worded(await reading);
  } catch (error) {
    deps.log.error({ what: delivery.what, err: error }, 'a question could not be answered');
    message = notRecorded(contextFor(deps, await language, undefined));
  }
  await answerPrivately(deps, delivery, message, askedAt);
}

async function sayNotRecorded(deps: ListenerDeps, delivery: Delivery, language: Language): Promise<void> {
  const message = notRecorded(contextFor(deps, language, undefined));
  const { ackWith } = delivery;
  if (ackWith) return acknowledge(deps, delivery, () => ackWith(message));
  await acknowledge(deps, delivery);
  await answerPrivately(deps, delivery, message);
}

/** A port that throws before it returns its promise is a rejection like any other. */
async function startSafely<T>(work: () => Promise<T>): Promise<T> {
  return await work();
}

/** `instead` when the bot stops first; the later result of the work is not reported. */
async function unlessStopped<T>(
  work: Promise<T>,
  stopping: AbortSignal,
  instead: () => Promise<T>,
): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<'stopped'>();
  const stop = () => resolve('stopped');
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted) stop();
  try {
    const first = await Promise.race([work.then((value) => ({ value })), promise]);
    return first === 'stopped' ? await instead() : first.value;
  } finally {
    stopping.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
