import { createHash, webcrypto } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3Limits, S3Options } from './s3-options.ts';
import { s3RequestHandler } from './s3-request-handler.ts';

/** A client with deadlines on everything. Reads no environment but what the SDK's own chain of credentials reads. */
export function s3Client(
  options: S3Options,
  limits: S3Limits,
  onServerTime: (time: number) => void,
): S3Client {
  const client = new S3Client({
    region: options.region,
    forcePathStyle: options.pathStyle,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    // Newer defaults (CRC trailers in chunked bodies) break servers that are not Amazon's; put names its own check sum.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The end of a lock is counted from our clock: a wrong one must show, not be papered over.
    disableClockSkewCorrection: true,
    maxAttempts: limits.attempts,
    requestHandler: s3RequestHandler(options, limits),
  });
  addBodyDigest(client, options.checksum);
  addServerTime(client, onServerTime);
  if (options.checksum === 'content-md5') addContentMd5(client);
  return client;
}

/**
 * One SHA-256 of each body, beside the event loop, for the signature and for the check sum. The SDK would take two, one
 * after the other, on the loop on which the file is read and hashed as a whole.
 */
function addBodyDigest(client: S3Client, checksum: S3Options['checksum']): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { method: string; body?: unknown; headers: Record<string, string> };
      if (request.method === 'PUT' && request.body instanceof Uint8Array) {
        const bytes = request.body as Uint8Array<ArrayBuffer>;
        const digest = Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes));
        request.headers['x-amz-content-sha256'] = digest.toString('hex');
        if (checksum === 'sha256') request.headers['x-amz-checksum-sha256'] = digest.toString('base64');
      }
      return next(args);
    },
    { step: 'build', name: 'bodyDigest', priority: 'high' },
  );
}

function addServerTime(client: S3Client, onServerTime: (time: number) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers?: Readonly<Record<string, string>> };
      const time = Date.parse(headers?.date ?? '');
      if (!Number.isNaN(time)) onServerTime(time);
      return result;
    },
    { step: 'deserialize', name: 'serverTime', priority: 'high' },
  );
}

// The SDK sends Content-MD5 no more. It is a check sum against damage on the way, not a protection against people.
function addContentMd5(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { body?: unknown; headers: Record<string, string> };
      if (request.body instanceof Uint8Array || typeof request.body === 'string') {
        request.headers['content-md5'] = createHash('md5').update(request.body).digest('base64');
      }
      return next(args);
    },
    { step: 'build', name: 'contentMd5', priority: 'low' },
  );
}
