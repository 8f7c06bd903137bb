import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { GuardedBody } from '../common/guarded-body.ts';
import { letHeapGrow } from './heap-growth.ts';
import type { S3Command, S3Send } from './s3-condition.ts';
import { look } from './s3-errors.ts';
import type { S3Limits } from './s3-options.ts';

export interface UploadRequest {
  readonly client: S3Client;
  /** Sends all but the request that drops an upload. */
  readonly send: S3Send;
  readonly params: Omit<PutObjectCommandInput, 'Body'>;
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  readonly limits: S3Limits;
  /** Runs after the body's last byte and before the object gets its name; throws to stop that. */
  readonly beforeName: () => Promise<void>;
}

export type UploadOutcome =
  | { readonly kind: 'sent'; readonly bytes: number }
  /** The body threw or the signal was aborted: nothing is stored there. `error` is what was thrown. */
  | { readonly kind: 'source-failed'; readonly error: unknown }
  /**
   * `afterBody`: the request that names the object may have been carried out although its answer was lost.
   * `leftovers`: parts without a name may remain, since the server did not take the order to drop them.
   */
  | {
      readonly kind: 'place-failed';
      readonly error: unknown;
      readonly bytes: number;
      readonly afterBody: boolean;
      readonly leftovers: boolean;
    };

/**
 * Sends a body as one object, in parts when it is longer than one. The object gets its name by the last request, which is
 * sent only when the body has ended well; from then on it is seen through. Until then the first thing that goes wrong ends
 * everything at once, a silent source too, and the parts are dropped.
 */
export async function upload(request: UploadRequest): Promise<UploadOutcome> {
  using _growing = letHeapGrow();
  const state = new UploadState(request.signal);
  const sending = new Upload({
    client: state.watched(request),
    params: { ...request.params, Body: Readable.from(state.chunks(request), { highWaterMark: 1 }) },
    partSize: request.limits.partBytes,
    queueSize: request.limits.parallelParts,
  });
  try {
    await sending.done();
    return { kind: 'sent', bytes: state.bytes };
  } catch (error) {
    return state.outcome(error);
  } finally {
    state.close();
  }
}

class UploadState {
  bytes = 0;
  #bodyEnded = false;
  #leftovers = false;
  /** Its reason is the first thing that went wrong. */
  readonly #stop = new AbortController();
  #sourceFailure: { readonly error: unknown } | undefined;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => {
    if (!this.#bodyEnded) this.#failSource(this.#signal.reason);
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  async *chunks({ body, beforeName }: UploadRequest): AsyncGenerator<Uint8Array, void> {
    const guarded = new GuardedBody(body, this.#stop.signal);
    try {
      for await (const block of inBlocks(guarded)) {
        this.bytes += block.byteLength;
        yield block;
      }
    } catch (error) {
      this.#failSource(error);
      throw error;
    }
    try {
      await beforeName();
    } catch (error) {
      this.#stop.abort(error);
      throw error;
    }
    this.#stop.signal.throwIfAborted();
    this.#bodyEnded = true;
  }

  /** The client as the upload sees it: the first failure ends every request but those that begin and drop an upload. */
  watched({ client, send: sendOn }: UploadRequest): S3Client {
    const send = async (command: S3Command): Promise<unknown> => {
      if (command instanceof AbortMultipartUploadCommand) return this.#dropParts(client, command);
      // A begun upload whose answer is not awaited could not be dropped: its id would be unknown.
      const begins = command instanceof CreateMultipartUploadCommand;
      try {
        return await sendOn(command, begins ? {} : { abortSignal: this.#stop.signal });
      } catch (error) {
        if (begins && look(error).status === undefined) this.#leftovers = true;
        this.#stop.abort(error);
        throw error;
      }
    };
    return Object.create(client, { send: { value: send } }) as S3Client;
  }

  async #dropParts(client: S3Client, command: AbortMultipartUploadCommand): Promise<unknown> {
    try {
      return await client.send(command);
    } catch (error) {
      if (look(error).status !== 404) this.#leftovers = true;
      throw error;
    }
  }

  outcome(thrown: unknown): UploadOutcome {
    if (this.#sourceFailure) return { kind: 'source-failed', error: this.#sourceFailure.error };
    return {
      kind: 'place-failed',
      error: this.#stop.signal.aborted ? this.#stop.signal.reason : thrown,
      bytes: this.bytes,
      afterBody: this.#bodyEnded,
      leftovers: this.#leftovers,
    };
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #failSource(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#sourceFailure = { error };
    this.#stop.abort(error);
  }
}

const blockBytes = 1024 * 1024;

/**
 * The same bytes in larger pieces. An upload holds on to what it is given until a part is full; thousands of small chunks
 * would grow old in the meantime, and V8 would have to search its whole heap for each part.
 */
async function* inBlocks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let block = Buffer.allocUnsafeSlow(blockBytes);
  let used = 0;
  for await (const chunk of body) {
    for (let taken = 0; taken < chunk.byteLength; ) {
      const piece = chunk.subarray(taken, taken + blockBytes - used);
      block.set(piece, used);
      used += piece.byteLength;
      taken += piece.byteLength;
      if (used < blockBytes) continue;
      yield block;
      block = Buffer.allocUnsafeSlow(blockBytes);
      used = 0;
    }
  }
  if (used > 0) yield block.subarray(0, used);
}
