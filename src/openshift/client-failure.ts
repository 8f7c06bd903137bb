import { redact } from '../domain/redact.ts';
import { type RunFailureError, runFailure } from '../workflow/run-failure-error.ts';
import type { RemoteOutcome } from './remote-command.ts';

/** The exec never reached the container: nothing ran, so asking again is safe. */
export function neverStarted(stderr: string): boolean {
  return /unable to upgrade connection: container .*not found|error dialing backend/.test(stderr);
}

/** What oc or kubectl said when it failed itself, as a run's failure. `command` names it for a person, without values. */
export function clientFailure(
  outcome: Exclude<RemoteOutcome, { kind: 'exited' }>,
  command: string,
  secrets: readonly string[] = [],
): RunFailureError {
  if (outcome.kind === 'deadline')
    return runFailure('command-deadline', { command, deadlineMs: outcome.deadlineMs });
  if (outcome.kind === 'no-client') return runFailure('client-missing', { path: outcome.path });
  if (outcome.kind === 'aborted')
    return runFailure('command-failed', { command, exitCode: undefined, detail: 'stopped' });
  const detail = lastLine(redact(outcome.stderr, secrets));
  if (/\(Forbidden\)|is forbidden:/.test(detail)) return runFailure('session-forbidden', { detail });
  if (/Unauthorized|You must be logged in/.test(detail)) return runFailure('api-unauthorized', { detail });
  if (isConnectionText(detail)) return runFailure('api-unreachable', { detail });
  if (isLostText(detail)) return runFailure('session-lost', { detail });
  return runFailure('command-failed', { command, exitCode: undefined, detail });
}

function isConnectionText(text: string): boolean {
  return /was refused|client connection lost|no such host|i\/o timeout|connection reset|unexpected EOF|TLS handshake|x509:|network is unreachable/.test(
    text,
  );
}

function isLostText(text: string): boolean {
  return /signal: killed|container not found|\(NotFound\)|command terminated$|cannot exec into|container not running/.test(
    text,
  );
}

function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.at(-1) ?? 'the client ended without a word').trim().slice(0, 300);
}
