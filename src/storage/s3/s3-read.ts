import type { StorageError } from '../../workflow/ports/destination.ts';

export interface ReadRequest {
  /** The connection's own deadlines end a silent one. */
  readonly get: () => Promise<{ readonly Body?: unknown }>;
  /** Bytes that the object has. */
  readonly size: number;
  readonly signal: AbortSignal;
  readonly asError: (error: unknown) => StorageError;
  readonly torn: (got: number) => StorageError;
}

/** The object's bytes, all of them or an error; the connection is let go of however the reading ends. */
export async function* readToEnd(request: ReadRequest): AsyncGenerator<Uint8Array, void> {
  let got = 0;
  try {
    const { Body } = await request.get();
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      got += chunk.byteLength;
      yield chunk;
      request.signal.throwIfAborted();
    }
  } catch (error) {
    request.signal.throwIfAborted();
    throw got > 0 && endedEarly(error) ? request.torn(got) : request.asError(error);
  }
  if (got !== request.size) throw request.torn(got);
}

// Node's words for a connection that closed before the announced length had come.
function endedEarly(error: unknown): boolean {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || name === 'AbortError';
}
