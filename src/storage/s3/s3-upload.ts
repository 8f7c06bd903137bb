import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { GuardedBody } from '../common/guarded-body.ts';
import type { IfFree } from './s3-condition.ts';
import { parseAwsError } from './s3-errors.ts';
import type { S3Limits } from './s3-options.ts';

export interface UploadRequest {
  readonly client: S3Client;
  readonly params: Omit<PutObjectCommandInput, 'Body' | 'IfNoneMatch'>;
  readonly body: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  readonly limits: Pick<S3Limits, 'partBytes' | 'parallelParts'>;
  /** Called after the body's last byte: sends the request that names the object, or throws to leave it without a name. */
  readonly giveName: (send: (ifFree: IfFree) => Promise<unknown>) => Promise<void>;
}

export type UploadOutcome =
  | { readonly kind: 'sent'; readonly bytes: number }
  /** The body threw or the signal was aborted: nothing is stored there. `error` is what was thrown. */
  | { readonly kind: 'source-failed'; readonly error: unknown }
  /**
   * `naming`: the request that names the object may have been carried out although its answer was lost.
   * `leftovers`: parts without a name may remain, since the server did not take the order to drop them.
   */
  | {
      readonly kind: 'place-failed';
      readonly error: unknown;
      readonly bytes: number;
      readonly naming: boolean;
      readonly leftovers: boolean;
    };

/**
 * Sends a body as one object, in parts when it is longer than one. The object gets its name by the last request, which is
 * sent only when the body has ended well; from then on it is seen through. Until then the first thing that goes wrong ends
 * everything at once, a silent source too, and the parts are dropped.
 */
export function upload(request: UploadRequest): Promise<UploadOutcome> {
  return new ObjectUpload(request).run();
}

class ObjectUpload {
  readonly #request: UploadRequest;
  /** Its reason is the first thing that went wrong. */
  readonly #stop = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  readonly #sent: CompletedPart[] = [];
  /** Of parts that were sent: a new one for each part would have V8 collect its whole heap for almost every part. */
  readonly #buffers: Buffer[] = [];
  #uploadId: string | undefined;
  #bytes = 0;
  #sourceFailure: { readonly error: unknown } | undefined;
  #naming = false;
  #leftovers = false;

  constructor(request: UploadRequest) {
    this.#request = request;
  }

  async run(): Promise<UploadOutcome> {
    const { signal } = this.#request;
    const onAbort = (): void => {
      if (!this.#naming) this.#failSource(signal.reason);
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    try {
      await this.#send();
      return { kind: 'sent', bytes: this.#bytes };
    } catch (error) {
      this.#stop.abort(error);
      await Promise.allSettled(this.#sending);
      await this.#dropParts();
      return this.#failed();
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #send(): Promise<void> {
    const { client, params, limits } = this.#request;
    let partNumber = 0;
    for await (const { buffer, size, last } of this.#parts()) {
      partNumber += 1;
      const Body = buffer.subarray(0, size);
      if (last && partNumber === 1) {
        await this.#giveName((ifFree) => client.send(new PutObjectCommand({ ...params, ...ifFree, Body })));
        return;
      }
      this.#uploadId ??= await this.#begin();
      while (this.#sending.size >= limits.parallelParts) await Promise.race(this.#sending);
      this.#startPart(partNumber, Body, buffer);
    }
    await Promise.all(this.#sending);
    await this.#complete();
  }

  /** The body in buffers of a part each, the last one as full as it gets. One is filled while the others are sent. */
  async *#parts(): AsyncGenerator<{ buffer: Buffer; size: number; last: boolean }, void> {
    let buffer = this.#freeBuffer();
    let size = 0;
    for await (const chunk of this.#body()) {
      this.#bytes += chunk.byteLength;
      for (let taken = 0; taken < chunk.byteLength; ) {
        if (size === buffer.byteLength) {
          yield { buffer, size, last: false };
          buffer = this.#freeBuffer();
          size = 0;
        }
        const piece = chunk.subarray(taken, taken + buffer.byteLength - size);
        buffer.set(piece, size);
        size += piece.byteLength;
        taken += piece.byteLength;
      }
    }
    yield { buffer, size, last: true };
  }

  async *#body(): AsyncGenerator<Uint8Array, void> {
    try {
      yield* new GuardedBody(this.#request.body, this.#stop.signal);
    } catch (error) {
      this.#failSource(error);
      throw error;
    }
  }

  #freeBuffer(): Buffer {
    return this.#buffers.pop() ?? Buffer.allocUnsafeSlow(this.#request.limits.partBytes);
  }

  /** Never stopped half-way: an upload whose id is unknown could not be dropped. */
  async #begin(): Promise<string | undefined> {
    const { client, params } = this.#request;
    try {
      return (await client.send(new CreateMultipartUploadCommand(params))).UploadId;
    } catch (error) {
      if (parseAwsError(error).status === undefined) this.#leftovers = true;
      throw error;
    }
  }

  #startPart(PartNumber: number, Body: Uint8Array, buffer: Buffer): void {
    const sending = this.#sendPart(PartNumber, Body).finally(() => {
      this.#sending.delete(sending);
      this.#buffers.push(buffer);
    });
    this.#sending.add(sending);
    sending.catch((error: unknown) => this.#stop.abort(error));
  }

  async #sendPart(PartNumber: number, Body: Uint8Array): Promise<void> {
    const { client, params } = this.#request;
    const { Bucket, Key, ChecksumAlgorithm } = params;
    const { ETag, ChecksumSHA256 } = await client.send(
      new UploadPartCommand({ Bucket, Key, UploadId: this.#uploadId, PartNumber, Body, ChecksumAlgorithm }),
      { abortSignal: this.#stop.signal },
    );
    this.#sent.push({ PartNumber, ETag, ChecksumSHA256 });
  }

  async #complete(): Promise<void> {
    const { client, params } = this.#request;
    const { Bucket, Key } = params;
    const Parts = this.#sent.toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
    const input = { Bucket, Key, UploadId: this.#uploadId, MultipartUpload: { Parts } };
    await this.#giveName((ifFree) =>
      client.send(new CompleteMultipartUploadCommand({ ...input, ...ifFree })),
    );
  }

  #giveName(send: (ifFree: IfFree) => Promise<unknown>): Promise<void> {
    return this.#request.giveName((ifFree) => {
      this.#stop.signal.throwIfAborted();
      this.#naming = true;
      return send(ifFree);
    });
  }

  async #dropParts(): Promise<void> {
    if (this.#uploadId === undefined) return;
    const { client, params } = this.#request;
    const { Bucket, Key } = params;
    try {
      await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: this.#uploadId }));
    } catch (error) {
      if (parseAwsError(error).status !== 404) this.#leftovers = true;
    }
  }

  #failed(): UploadOutcome {
    if (this.#sourceFailure) return { kind: 'source-failed', error: this.#sourceFailure.error };
    return {
      kind: 'place-failed',
      error: this.#stop.signal.reason,
      bytes: this.#bytes,
      naming: this.#naming,
      leftovers: this.#leftovers,
    };
  }

  #failSource(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#sourceFailure = { error };
    this.#stop.abort(error);
  }
}
