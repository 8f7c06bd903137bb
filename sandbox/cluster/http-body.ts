import type { IncomingMessage } from 'node:http';
import { decodeReview } from './protobuf.ts';
import { ApiError, badRequest } from './status.ts';

const limitBytes = 3 * 1024 * 1024;

/** The JSON body of a request; undefined if there is none. Throws ApiError 400, 413, 415. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes)
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  const type = request.headers['content-type'] ?? 'application/json';
  const review = type.includes('protobuf') ? decodeReview(Buffer.concat(chunks)) : undefined;
  if (review !== undefined) return review;
  if (!type.includes('json')) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/json`,
    );
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw badRequest(`the object provided is not JSON: ${(error as Error).message}`);
  }
}
