import { type Failure, type FailureKind, type FailureParams, failure } from '../domain/failure.ts';

/** Carries a run's failure up to the one place that records it. `outputTail`: last lines, secrets removed. */
export class RunFailureError extends Error {
  readonly failure: Failure;
  readonly outputTail: readonly string[];

  constructor(reason: Failure, options: { outputTail?: readonly string[]; cause?: unknown } = {}) {
    super(`${reason.kind}: ${JSON.stringify(reason.params)}`, { cause: options.cause });
    this.name = 'RunFailureError';
    this.failure = reason;
    this.outputTail = options.outputTail ?? [];
  }
}

export function runFailure<Kind extends FailureKind>(
  kind: Kind,
  params: FailureParams[Kind],
  options: { outputTail?: readonly string[]; cause?: unknown } = {},
): RunFailureError {
  return new RunFailureError(failure(kind, params), options);
}
