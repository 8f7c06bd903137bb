import { namesChecksum, parseAwsError } from './s3-errors.ts';

/** What the request that names an object carries, so that it replaces none; empty for servers that do not know it. */
export interface IfFree {
  readonly IfNoneMatch?: '*';
}

export interface ConditionalWrites {
  /** False once the server has refused If-None-Match on a write. */
  conditionalWrites: boolean;
}

/**
 * Sends a write that must not replace an object. Servers that do not know If-None-Match on writes (Backblaze B2) answer 501:
 * then it is sent once more without it, after `refuseExisting`. Between that look and the write another writer can come; a key
 * is given to one run only, so that it could only be a second bot on the same records.
 */
export async function sendIfFree(
  server: ConditionalWrites,
  refuseExisting: () => Promise<void>,
  send: (ifFree: IfFree) => Promise<unknown>,
): Promise<void> {
  if (server.conditionalWrites) {
    try {
      await send({ IfNoneMatch: '*' });
      return;
    } catch (error) {
      if (!refusesCondition(error)) throw error;
    }
    await refuseExisting();
  }
  await send({});
  // The write without the condition was taken: so it was the condition.
  server.conditionalWrites = false;
}

function refusesCondition(error: unknown): boolean {
  const seen = parseAwsError(error);
  if (/if-none-match/i.test(seen.message)) return seen.status === 400 || seen.status === 501;
  return seen.status === 501 && !namesChecksum(seen);
}
