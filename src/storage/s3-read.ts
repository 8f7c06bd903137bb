import type { StorageError } from '../workflow/destination.ts';

export interface ReadRequest {
  readonly get: (stop: AbortSignal) => Promise<{ readonly Body?: unknown }>;
  /** Bytes that the object has. */
  readonly size: number;
  readonly signal: AbortSignal;
  readonly stallMs: number;
  readonly asError: (error: unknown) => StorageError;
  readonly torn: (got: number) => StorageError;
}

/** The object's bytes, all of them or an error; the connection is let go of however the reading ends. */
export async function* readToEnd(request: ReadRequest): AsyncGenerator<Uint8Array, void> {
  const stall = new StallWatch(request.stallMs);
  let got = 0;
  try {
    stall.wait();
    const { Body } = await request.get(AbortSignal.any([request.signal, stall.signal]));
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      // Whoever reads may take their time.
      stall.rest();
      got += chunk.byteLength;
      yield chunk;
      request.signal.throwIfAborted();
      stall.wait();
    }
  } catch (error) {
    request.signal.throwIfAborted();
    if (stall.signal.aborted) throw request.asError(stall.signal.reason);
    throw got > 0 && endedEarly(error) ? request.torn(got) : request.asError(error);
  } finally {
    stall.end();
  }
  if (got !== request.size) throw request.torn(got);
}

class StallWatch {
  readonly #stop = new AbortController();
  readonly #afterMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  wait(): void {
    this.rest();
    this.#timer = setTimeout(() => this.#stop.abort(this.#silence()), this.#afterMs);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Also ends a request that nobody reads any more. */
  end(): void {
    this.rest();
    this.#stop.abort();
  }

  #silence(): Error {
    const error = new Error(`no byte came for ${this.#afterMs} ms`);
    error.name = 'TimeoutError';
    return error;
  }
}

// Node's words for a connection that closed before the announced length had come.
function endedEarly(error: unknown): boolean {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || name === 'AbortError';
}
