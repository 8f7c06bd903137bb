import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { parseAwsError } from './s3-errors.ts';

// The same number for what is wrong with the request as a whole.
const notOfRights = /Token|Signature|Skewed|Expired|AccessKeyId|Account/;

/**
 * Why the server keeps an object that it was told to delete; undefined: that is not what its answer means. Servers name a
 * lock differently (403 here, 400 there), so the object's own head decides.
 */
export function refusal(error: unknown, head: HeadObjectCommandOutput, now: number): string | undefined {
  const { status = 0, codes, text } = parseAwsError(error);
  if (status < 400 || status >= 500) return undefined;
  const until = head.ObjectLockRetainUntilDate;
  if (until !== undefined && until.getTime() > now) {
    return `locked until ${until.toISOString()} (${head.ObjectLockMode ?? 'mode unknown'})`;
  }
  if (head.ObjectLockLegalHoldStatus === 'ON') return 'a legal hold is on it';
  if (status !== 403 || codes.some((code) => notOfRights.test(code))) return undefined;
  return `the credentials may not delete it, or a rule of the bucket keeps it (${text})`;
}
