import { createLimiter, type Limiter } from '../../workflow/ports/limiter.ts';
import { apiFailureOf, connectionEnded } from './api-error.ts';

const repeats = 5;

/**
 * Makes a call that changes nothing (a read, a review, a dry run) again when the connection ended under it, a few times
 * while that happens again: OpenShift's API server ends 1 of 1,000 on purpose (GOAWAY), and a keep-alive connection of
 * HTTP/1.1 may have been closed just before. Never for a call that must not happen twice.
 */
export async function repeatSafely<T>(work: () => Promise<T>, turns: Turns = noTurns): Promise<T> {
  try {
    return await turns.first(work);
  } catch (error) {
    if (!ended(error)) throw error;
    return turns.repeat(() => repeated(work), error);
  }
}

async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let left = repeats; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !ended(error)) throw error;
    }
  }
}

function ended(error: unknown): boolean {
  return connectionEnded(apiFailureOf(error));
}

/** When the first try and the repeats may be made. */
interface Turns {
  first<T>(work: () => Promise<T>): Promise<T>;
  /** `error`: of the first try. */
  repeat<T>(work: () => Promise<T>, error: unknown): Promise<T>;
}

const noTurns: Turns = { first: (work) => work(), repeat: (work) => work() };

/**
 * A gate for such calls: `atOnce` side by side, but a repeat goes alone, because calls that share a connection share its
 * end, and then the second try would be lost with the first. `patienceMs`: how long a call and a repeat wait for each
 * other; one that hangs must not cost the others their deadlines.
 */
export function createRepeatingGate(atOnce: number, patienceMs: number): Limiter {
  const gate = createLimiter(atOnce);
  const oneByOne = createLimiter(1);
  const calls = createCount(patienceMs);
  const again = createCount(patienceMs);
  let givenUp = 0;

  /** Who waited while the repeats of another one came to nothing does not begin its own: the server is down. */
  function repeatAlone<T>(signal: AbortSignal, call: () => Promise<T>, error: unknown): Promise<T> {
    const before = givenUp;
    const turn = async () => {
      if (givenUp > before) throw error;
      try {
        return await calls.noneThen(call);
      } catch (last) {
        if (ended(last)) givenUp += 1;
        throw last;
      }
    };
    return again.during(() => oneByOne(signal, turn));
  }

  return (signal, work) =>
    gate(signal, () =>
      repeatSafely(work, {
        first: (call) => again.noneThen(() => calls.during(call)),
        repeat: (call, error) => repeatAlone(signal, call, error),
      }),
    );
}

/** How many are under way, and a wait for none of them that ends after `patienceMs` at the latest. */
function createCount(patienceMs: number) {
  let count = 0;
  let waiting: (() => void)[] = [];
  return {
    async during<T>(work: () => Promise<T>): Promise<T> {
      count += 1;
      try {
        return await work();
      } finally {
        count -= 1;
        const woken = waiting;
        waiting = [];
        for (const wake of woken) wake();
      }
    },
    /** `work` begins in the same step in which none was seen. */
    async noneThen<T>(work: () => Promise<T>): Promise<T> {
      let patient = true;
      const timer = setTimeout(() => {
        patient = false;
        for (const wake of waiting) wake();
      }, patienceMs);
      while (count > 0 && patient) await new Promise<void>((wake) => waiting.push(wake));
      clearTimeout(timer);
      return work();
    },
  };
}
