import { redact } from '../../domain/redaction/redact.ts';
import { oneLine } from '../../domain/text/one-line.ts';
import { type RunFailureError, runFailure } from '../../workflow/ports/run-failure-error.ts';
import { kindOfWords } from '../api/cluster-words.ts';
import type { RemoteOutcome } from './remote-command.ts';

/** The exec never reached the container: nothing ran, so asking again is safe. */
export function neverStarted(stderr: string): boolean {
  return /unable to upgrade connection: container .{0,300}?not found|error dialing backend/.test(stderr);
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
  // Before redaction: a password that is a word of these texts must not hide what they say.
  const kind = kindOfWords(clientWords(outcome.stderr));
  const detail = clientWords(redact(outcome.stderr, secrets)).slice(0, longestDetail);
  return kind
    ? runFailure(kind, { detail })
    : runFailure('command-failed', { command, exitCode: undefined, detail });
}

const longestDetail = 300;
/** A page of a proxy can be long; what it is shows at its beginning. */
const longestWords = 4_000;

/**
 * The client's last message on one line: what the remote command printed before it, and the client's own log lines
 * (`E1129 …`), are not it. A proxy's page goes over several lines.
 */
function clientWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const begin = lines.findLastIndex((line) =>
    /^(error:|Error from server|Unable to connect|The connection to|command terminated)/i.test(line),
  );
  const said = begin < 0 ? lines.slice(-1) : lines.slice(begin);
  const words = oneLine(said.join(' '), longestWords);
  return words === '' ? 'the client ended without a word' : words;
}
