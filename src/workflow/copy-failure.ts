import type { CopyFailure } from '../domain/file-copy.ts';
import { redact } from '../domain/redact.ts';
import { CopyMismatchError, StorageError } from './destination.ts';
import { RunFailureError } from './run-failure-error.ts';

/** Throws on what is nobody's expected failure. */
export function failureOf(error: unknown, at: number): CopyFailure {
  if (error instanceof StorageError)
    return { kind: error.kind, detail: redact(error.message).slice(0, 500), at };
  if (error instanceof CopyMismatchError)
    return { kind: error.fault, detail: error.message.slice(0, 500), at };
  if (error instanceof RunFailureError)
    return { kind: error.failure.kind, detail: error.message.slice(0, 500), at };
  throw error;
}
