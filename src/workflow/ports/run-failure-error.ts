import { type Failure, type FailureKind, type FailureParams, failure } from '../../domain/backup/failure.ts';

interface FailureOptions {
  /** Last lines, secrets removed. */
  readonly outputTail?: readonly string[];
  /** A session pod that may be there although the session could not be opened. */
  readonly sessionPod?: string;
  readonly cause?: unknown;
}

/** Carries a run's failure up to the one place that records it. */
export class RunFailureError extends Error {
  readonly failure: Failure;
  readonly outputTail: readonly string[];
  readonly sessionPod: string | undefined;

  constructor(reason: Failure, options: FailureOptions = {}) {
    super(`${reason.kind}: ${JSON.stringify(reason.params)}`, { cause: options.cause });
    this.name = 'RunFailureError';
    this.failure = reason;
    this.outputTail = options.outputTail ?? [];
    this.sessionPod = options.sessionPod;
  }
}

export function runFailure<Kind extends FailureKind>(
  kind: Kind,
  params: FailureParams[Kind],
  options: FailureOptions = {},
): RunFailureError {
  return new RunFailureError(failure(kind, params), options);
}
