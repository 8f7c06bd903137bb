import { CompleteMultipartUploadCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { look, namesChecksum } from './s3-errors.ts';

export type S3Command = Parameters<S3Client['send']>[0];
export type S3Send = (command: S3Command, options?: { abortSignal?: AbortSignal }) => Promise<unknown>;

export interface Condition {
  /** Whether the place has refused the condition before, and takes writes without it. */
  readonly refused: boolean;
  /** Looks at the key once more, just before the write without a condition; throws when it is taken. */
  readonly lookOnce: () => Promise<void>;
  /** The write without a condition was taken: so it was the condition. */
  readonly onRefused: () => void;
}

/**
 * Sends a write that must not replace an object. Servers that do not know If-None-Match on writes (Backblaze B2) answer 501:
 * then it is sent once more without it, after a last look. Between that look and the write another writer can come; a key is
 * given to one run only, so that it could only be a second bot on the same records.
 */
export function conditionally(send: S3Send, condition: Condition): S3Send {
  return async (command, options) => {
    const plain = withoutCondition(command);
    if (!plain) return send(command, options);
    if (condition.refused) return send(plain, options);
    try {
      return await send(command, options);
    } catch (error) {
      if (!refusesCondition(error)) throw error;
    }
    await condition.lookOnce();
    const answer = await send(plain, options);
    condition.onRefused();
    return answer;
  };
}

function withoutCondition(command: S3Command): S3Command | undefined {
  if (command instanceof PutObjectCommand && command.input.IfNoneMatch !== undefined) {
    const { IfNoneMatch: _, ...input } = command.input;
    return new PutObjectCommand(input) as S3Command;
  }
  if (command instanceof CompleteMultipartUploadCommand && command.input.IfNoneMatch !== undefined) {
    const { IfNoneMatch: _, ...input } = command.input;
    return new CompleteMultipartUploadCommand(input) as S3Command;
  }
  return undefined;
}

function refusesCondition(error: unknown): boolean {
  const seen = look(error);
  if (/if-none-match/i.test(seen.message)) return seen.status === 400 || seen.status === 501;
  return seen.status === 501 && !namesChecksum(seen);
}
