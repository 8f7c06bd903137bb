import type { PlaceFile } from './place-files.ts';

const writeBatchBytes = 1024 * 1024;
const flushEveryBytes = 32 * 1024 * 1024;
const probeBytes = 64 * 1024;

/**
 * Appends all chunks, gathered into larger writes; the next one is gathered while the last one is written, and what is
 * written goes on to stable storage meanwhile, so that little is left for the end. What the body throws is thrown on.
 */
export async function writeAll(file: PlaceFile, body: AsyncIterable<Uint8Array>): Promise<number> {
  const writer = new BatchWriter(file);
  try {
    for await (const chunk of body) await writer.add(chunk);
    return await writer.end();
  } finally {
    await writer.settled();
  }
}

/** Flushes what another writer puts into the file, as read back from there: bytes in all. */
export async function flushAll(file: PlaceFile, written: AsyncIterable<Uint8Array>): Promise<number> {
  const flusher = new Flusher(file);
  let bytes = 0;
  try {
    for await (const chunk of written) {
      bytes += chunk.byteLength;
      flusher.reached(bytes);
    }
    await flusher.settled();
    return bytes;
  } finally {
    await flusher.settled().catch(() => undefined);
  }
}

/** Throws what the file system says when more is written. Only for a file that is not kept. */
export async function tryToWrite(file: PlaceFile): Promise<void> {
  await file.writeFile(Buffer.alloc(probeBytes));
  await file.datasync();
}

/** Sends what was written on to stable storage, some of it at a time, so that little is left for the end. */
class Flusher {
  readonly #file: PlaceFile;
  #flushedAt = 0;
  #flushing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(file: PlaceFile) {
    this.#file = file;
  }

  /** Throws what an earlier flush said: the system reports it once, a sync at the end would not see it. */
  reached(bytes: number): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#flushing || bytes - this.#flushedAt < flushEveryBytes) return;
    this.#flushedAt = bytes;
    this.#flushing = this.#file.datasync().then(
      () => {
        this.#flushing = undefined;
      },
      (error: unknown) => {
        this.#failure = { error };
      },
    );
  }

  async settled(): Promise<void> {
    await this.#flushing;
    if (this.#failure) throw this.#failure.error;
  }
}

class BatchWriter {
  readonly #file: PlaceFile;
  readonly #flusher: Flusher;
  #batch: Uint8Array[] = [];
  #batched = 0;
  #written = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: PlaceFile) {
    this.#file = file;
    this.#flusher = new Flusher(file);
  }

  async add(chunk: Uint8Array): Promise<void> {
    if (chunk.byteLength === 0) return;
    this.#batch.push(chunk);
    this.#batched += chunk.byteLength;
    if (this.#batched >= writeBatchBytes) await this.#send();
  }

  async end(): Promise<number> {
    await this.#send();
    await this.#flusher.settled();
    await this.#writing;
    return this.#written;
  }

  /** Nothing of ours touches the file any more; says nothing about how it went. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#writing, this.#flusher.settled()]);
  }

  async #send(): Promise<void> {
    await this.#writing;
    this.#flusher.reached(this.#written);
    const batch = this.#batch;
    this.#written += this.#batched;
    this.#batch = [];
    this.#batched = 0;
    this.#writing = writeBatch(this.#file, batch);
    // The next send or end sees what it says.
    this.#writing.catch(() => undefined);
  }
}

// A nearly full disk takes a part of a write without an error: the next write then says why.
async function writeBatch(file: PlaceFile, batch: readonly Uint8Array[]): Promise<void> {
  let rest = [...batch];
  while (rest.length > 0) {
    let { bytesWritten } = await file.writev(rest);
    rest = rest.flatMap((chunk) => {
      const taken = Math.min(bytesWritten, chunk.byteLength);
      bytesWritten -= taken;
      return taken === chunk.byteLength ? [] : [chunk.subarray(taken)];
    });
  }
}
