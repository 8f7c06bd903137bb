import { isUnansweredKind } from '../../domain/cluster/cluster-failure.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { retryAdvice } from '../../domain/run/retryable.ts';
import { backoffMs } from '../../domain/text/backoff.ts';
import type { Clock } from '../../workflow/ports/ports.ts';
import { type RunFailureError, runFailure } from '../../workflow/ports/run-failure-error.ts';
import { clientFailure, neverStarted } from '../client/client-failure.ts';
import type { ClientCommand } from '../client/client-process.ts';
import { type PodAddress, type RemoteOutcome, runRemote } from '../client/remote-command.ts';

/** Between looks at what may have changed on the node. */
export const nodePolling = { firstMs: 200, maxMs: 3_000, factor: 1.5 };
/** Less than this is not divided into attempts. */
const shortestAttemptMs = 10_000;

/** One way onto the node: the pod is up, commands go through exec. */
export interface NodeShell {
  readonly client: ClientCommand;
  readonly pod: PodAddress;
  readonly clock: Clock;
  /** For one short command. */
  readonly commandDeadlineMs: number;
  /** ms UTC, by the API server's clock, at which the kubelet ends the pod and all that runs in it. */
  readonly endsAt: number;
  readonly signal: AbortSignal;
}

/** Runs one of the constant scripts with its values as positional arguments; never a text that holds a value. */
export function shell(
  at: NodeShell,
  text: string,
  values: readonly string[],
  options: { deadlineMs: number; stdin?: string },
): Promise<RemoteOutcome> {
  const argv = ['chroot', '/host', 'sh', '-c', text, 'etcd-backup', ...values];
  return runRemote(at.client, at.pod, { argv, signal: at.signal, ...options });
}

export interface Question<T> {
  /** Names it for a person. */
  readonly command: string;
  readonly text: string;
  readonly values: readonly string[];
  /** For all attempts together; absent: that of a short command. */
  readonly deadlineMs?: number;
  /** The answer if it is whole. What the node printed decides, not the exit code that the connection reports. */
  readonly read: (outcome: Extract<RemoteOutcome, { kind: 'exited' | 'client-failed' }>) => T | undefined;
}

/**
 * Runs a script that may run twice until its whole answer is here: a connection that breaks, anywhere, costs time only.
 * A client over SPDY can wait for ever for a connection that is gone, so one attempt gets half of the time that is left.
 * Throws what is wrong when it cannot pass, or when the deadline does.
 */
export async function ask<T>(at: NodeShell, question: Question<T>): Promise<T> {
  const { command, text, values, deadlineMs = at.commandDeadlineMs } = question;
  const until = at.clock.monotonic() + deadlineMs;
  let said: RunFailureError | undefined;
  for (let tries = 0; ; tries += 1) {
    const pause = backoffMs(tries, nodePolling);
    const outcome = await shell(at, text, values, { deadlineMs: attemptMs(until - at.clock.monotonic()) });
    at.signal.throwIfAborted();
    if (outcome.kind === 'deadline') {
      if (at.clock.monotonic() + pause < until) continue;
      // An earlier error of the API says more than the timeout of the last attempt.
      throw said ?? clientFailure({ ...outcome, deadlineMs }, command);
    }
    if (outcome.kind === 'no-client' || outcome.kind === 'aborted') throw clientFailure(outcome, command);
    const answer = question.read(outcome);
    if (answer !== undefined) return answer;
    const late = at.clock.monotonic() + pause >= until;
    const failed = unanswered(outcome, command);
    if (late || !mayPass(outcome, command)) throw failed;
    if (isUnansweredKind(failed.failure.kind)) said = failed;
    await at.clock.sleep(pause, at.signal);
  }
}

function attemptMs(leftMs: number): number {
  return leftMs < shortestAttemptMs ? Math.max(1, leftMs) : leftMs / 2;
}

export type Unanswered = Extract<RemoteOutcome, { kind: 'exited' | 'client-failed' }>;

/** A command that says itself that it failed will say so again; so will a cluster that does not let us in. */
function mayPass(outcome: Unanswered, command: string): boolean {
  if (outcome.kind === 'exited') return outcome.exitCode === 0;
  if (neverStarted(outcome.stderr)) return true;
  const { failure } = clientFailure(outcome, command);
  // Another node does not help here: the question is about this one.
  const passes = retryAdvice(failure) === 'later';
  return passes && (isUnansweredKind(failure.kind) || failure.kind === 'command-failed');
}

function unanswered(outcome: Unanswered, command: string): RunFailureError {
  if (outcome.kind === 'client-failed') return clientFailure(outcome, command);
  const detail = redact(outcome.stderr.trim() || 'its answer was cut short').slice(0, 300);
  return runFailure('command-failed', { command, exitCode: outcome.exitCode, detail });
}

/** The lines before the closing `end`; undefined: the answer is not whole. */
export function linesToEnd({ stdout }: Unanswered): readonly string[] | undefined {
  const lines = stdout.split('\n');
  return lines.at(-2) === 'end' && lines.at(-1) === '' ? lines.slice(0, -2) : undefined;
}
