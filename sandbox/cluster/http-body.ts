import type { IncomingMessage } from 'node:http';
import { parse } from 'yaml';
import { applyType } from './apply.ts';
import { decodeObject } from './protobuf.ts';
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
  const decoded = type.includes('protobuf') ? decodeObject(Buffer.concat(chunks)) : undefined;
  if (decoded !== undefined) return decoded;
  const text = Buffer.concat(chunks).toString('utf8');
  if (type.includes(applyType)) return parse(text);
  if (!type.includes('json')) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/json`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the object provided is not JSON: ${(error as Error).message}`);
  }
}
