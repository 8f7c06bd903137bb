import { CallLane } from './call-lane.ts';

/** How long one call to a file system may take before it counts as hung. */
export interface CallBounds {
  /** To look, to read, or to change a name. NFS servers may be silent for 90 s after a restart (grace period). */
  readonly lookMs: number;
  /** To write and to flush: gigabytes may be on their way to a slow disk. */
  readonly dataMs: number;
}

const usualBounds: CallBounds = { lookMs: 120_000, dataMs: 15 * 60_000 };

export type CallKind = 'look' | 'data';

/**
 * Each call holds a thread of this process's pool until it returns. A place that hangs must not take all of them: DNS needs one.
 * Together less than a third of UV_THREADPOOL_SIZE in the image.
 */
const atOnce: Readonly<Record<CallKind, number>> = { look: 2, data: 3 };

/** What a directory learns of its file system. `call`: `lstat`, `open` … */
export interface SilenceListener {
  hangs(call: string, waitedMs: number): void;
  answersAgain(call: string): void;
}

/** A call did not return in time, or was not made because an earlier one still has not. Says nothing of any file. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/**
 * The calls to the file system of one directory, none of which is waited for without a bound: on a mount whose server is gone they
 * never return, and cannot be called back. While one is overdue no other is made; what it finally returns is for `late`.
 */
export class BoundedCalls {
  readonly #bounds: CallBounds;
  readonly #listener: SilenceListener | undefined;
  readonly #lanes: Readonly<Record<CallKind, CallLane>>;
  /** Monotonic ms at which each overdue call was made. */
  readonly #overdue = new Map<symbol, { readonly name: string; readonly since: number }>();
  readonly #afterSilence: (() => void)[] = [];

  constructor(bounds: CallBounds = usualBounds, listener?: SilenceListener) {
    this.#bounds = bounds;
    this.#listener = listener;
    this.#lanes = { look: new CallLane(atOnce.look), data: new CallLane(atOnce.data) };
  }

  get silent(): boolean {
    return this.#overdue.size > 0;
  }

  /** Throws NoAnswerError, else what the call throws. */
  async run<T>(kind: CallKind, name: string, call: () => Promise<T>, late?: (value: T) => void): Promise<T> {
    if (this.silent) throw this.#notMade();
    const lane = this.#lanes[kind];
    const turn = lane.enter();
    if (turn) await turn;
    const ms = kind === 'look' ? this.#bounds.lookMs : this.#bounds.dataMs;
    const id = Symbol(name);
    const since = performance.now();
    return new Promise<T>((resolve, reject) => {
      let returned = false;
      // A process that was stopped for a while finds timer and answer due together: the answer counts.
      const timer = setTimeout(
        () => setImmediate(() => returned || this.#hang(id, { name, since }, ms, reject)),
        ms,
      );
      const end = () => {
        returned = true;
        clearTimeout(timer);
        lane.leave();
        return this.#return(id);
      };
      call().then(
        (value) => (end() ? late?.(value) : resolve(value)),
        (error: unknown) => (end() ? undefined : reject(error)),
      );
    });
  }

  /** At once, or when the place answers again: for what must not be forgotten, as a file that is to be closed. */
  whenItAnswers(action: () => void): void {
    if (this.silent) this.#afterSilence.push(action);
    else action();
  }

  #hang(
    id: symbol,
    call: { readonly name: string; readonly since: number },
    ms: number,
    reject: (reason: unknown) => void,
  ): void {
    this.#overdue.set(id, call);
    reject(new NoAnswerError(`the file system did not answer ${call.name} within ${secondsOf(ms)}`));
    for (const lane of Object.values(this.#lanes)) lane.refuseWaiting(this.#notMade());
    this.#listener?.hangs(call.name, ms);
  }

  /** Whether the call that returned was overdue. */
  #return(id: symbol): boolean {
    const call = this.#overdue.get(id);
    if (!call) return false;
    this.#overdue.delete(id);
    if (this.silent) return true;
    this.#listener?.answersAgain(call.name);
    for (const action of this.#afterSilence.splice(0)) action();
    return true;
  }

  #notMade(): NoAnswerError {
    const [first] = this.#overdue.values();
    const waited = first ? `${first.name} has waited ${secondsOf(performance.now() - first.since)}` : '';
    return new NoAnswerError(
      `the file system does not answer (${waited}), and nothing more is asked of it until it does`,
    );
  }
}

function secondsOf(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`;
}
