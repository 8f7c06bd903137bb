import type { CopyFailure } from '../../domain/copies/file-copy.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { CopyMismatchError, StorageError } from '../ports/destination.ts';
import { RunFailureError } from '../ports/run-failure-error.ts';

/** Throws on any unexpected error. */
export function failureOf(error: unknown, at: number): CopyFailure {
  if (error instanceof StorageError)
    return { kind: error.kind, detail: redact(error.message).slice(0, 500), at };
  if (error instanceof CopyMismatchError)
    return { kind: error.fault, detail: error.message.slice(0, 500), at };
  if (error instanceof RunFailureError)
    return { kind: error.failure.kind, detail: error.message.slice(0, 500), at };
  throw error;
}
