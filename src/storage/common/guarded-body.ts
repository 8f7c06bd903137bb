/**
 * A body on its way into a place. Its iteration throws the signal's reason as soon as that is aborted, even while the
 * source is silent: the source is asked to end, but not waited for, since a generator that hangs in a read never answers.
 * Keeps what was thrown on the source's side, so that it is not mistaken for a failure of the place.
 */
export class GuardedBody implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #signal: AbortSignal;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: AsyncIterable<Uint8Array>, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
  }

  /** What the source threw, or why it was aborted. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const signal = this.#signal;
    const iterator = this.#source[Symbol.asyncIterator]();
    let stopWaiting: ((reason: unknown) => void) | undefined;
    const onAbort = (): void => stopWaiting?.(signal.reason);
    signal.addEventListener('abort', onAbort);
    let ended = false;
    try {
      for (;;) {
        signal.throwIfAborted();
        // Not Promise.race with one promise for the abort: that would keep every chunk until the end.
        const result = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
          stopWaiting = reject;
          iterator.next().then(resolve, reject);
        });
        ended = result.done === true;
        if (result.done) return;
        yield result.value;
      }
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (!ended) void dismiss(iterator);
    }
  }
}

async function dismiss(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // What it says while it is being dismissed changes nothing any more.
  }
}
