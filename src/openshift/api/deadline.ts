import { setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from '../../workflow/ports/deadline.ts';

/** `work` did not end in time; whatever it still does is ignored. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super(`no answer within ${deadlineMs} ms`);
    this.deadlineMs = deadlineMs;
  }
}

const systemTimers = {
  sleep: (ms: number, signal?: AbortSignal) =>
    delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};

/**
 * Settles within `deadlineMs` in any case: throws DeadlineError and aborts the signal. The signal alone would not do: a
 * credential plugin never looks at it, and a half-read body can outlive it.
 */
export async function orDeadlineError<T>(
  deadlineMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const answer = await withDeadline(systemTimers, deadlineMs, work(controller.signal));
  if (answer.inTime) return answer.value;
  const late = new DeadlineError(deadlineMs);
  controller.abort(late);
  throw late;
}
