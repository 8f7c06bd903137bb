import { parseScriptOutput, type ScriptReport } from '../../domain/backup/script-output.ts';
import { isUnansweredKind } from '../../domain/cluster/cluster-failure.ts';
import type { ProxyFacts } from '../../domain/cluster/facts.ts';
import { exportedNoProxy } from '../../domain/network/no-proxy.ts';
import { proxySecrets, redactor } from '../../domain/redaction/redact.ts';
import { backoffMs } from '../../domain/text/backoff.ts';
import type { ScriptRequest, ScriptResult, ScriptState } from '../../workflow/ports/ports.ts';
import { RunFailureError, runFailure } from '../../workflow/ports/run-failure-error.ts';
import { clientFailure } from '../client/client-failure.ts';
import type { RemoteOutcome } from '../client/remote-command.ts';
import { parseRunState, type RunState, uptimeSpanMs } from './node-answers.ts';
import { backupScript, runResultScript, runStateScript } from './node-scripts.ts';
import { ask, linesToEnd, type NodeShell, nodePolling, shell, type Unanswered } from './node-shell.ts';

const keptOutputBytes = 256 * 1024;
const startTries = 3;

export async function scriptState(at: NodeShell, directory: string): Promise<ScriptState> {
  return (await runState(at, directory)).state;
}

async function runState(at: NodeShell, directory: string): Promise<RunState> {
  const command = 'ask for the state of the backup script';
  return parseRunState(
    await ask(at, { command, text: runStateScript, values: [directory], read: linesToEnd }),
  );
}

/**
 * Starts the backup script, or follows the one that runs in this directory already. The directory is the guard:
 * it is made once, so the script cannot be started twice for one run whatever happens to connections or bots. Deadline and
 * duration count from the script's start on the node, whichever bot started it.
 */
export async function runScript(at: NodeShell, request: ScriptRequest): Promise<ScriptResult> {
  const secrets = scriptSecrets(request.proxy);
  const startedAt = at.clock.monotonic();
  const until = startedAt + request.deadlineMs;
  for (let tries = 1; ; tries++) {
    const outcome = await shell(
      at,
      backupScript,
      [request.directory, request.scriptPath, String(keptOutputBytes)],
      { deadlineMs: Math.max(1, until - at.clock.monotonic()), stdin: environmentLines(request) },
    );
    at.signal.throwIfAborted();
    if (outcome.kind === 'no-client') throw clientFailure(outcome, 'run the backup script', secrets);
    const spoken = outcome.kind === 'exited' ? whatItSaid(outcome) : undefined;
    // The connection broke, hangs or lies, or the script was started before: the node knows its state.
    const said = spoken ?? (await follow(at, request, until));
    if (said === 'gone') throw goneWithoutExit(outcome);
    if (said) return result(said, request, said.ranMs ?? at.clock.monotonic() - startedAt);
    // Not even the directory could be made: the shell's own words say why.
    if (outcome.kind === 'exited')
      return result({ ...outcome, ranMs: undefined }, request, at.clock.monotonic() - startedAt);
    if (outcome.kind === 'client-failed' && tries < startTries && at.clock.monotonic() < until) continue;
    throw neverBegun(outcome);
  }
}

function neverBegun(outcome: RemoteOutcome): RunFailureError {
  const why = outcome.kind === 'client-failed' ? clientFailure(outcome, 'run the backup script') : undefined;
  // The client's own words, where they name a cause that a person can act on.
  if (why && why.failure.kind !== 'command-failed' && why.failure.kind !== 'session-lost') return why;
  const said =
    why && 'detail' in why.failure.params
      ? why.failure.params.detail
      : 'the connection into the session hung';
  return runFailure('script-not-started', { detail: said });
}

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** From its start to its end, by the node's uptime; undefined: a wrapper of an earlier release did not note it. */
  readonly ranMs: number | undefined;
}

/** What the script printed and its exit code, which is in the last line; undefined: the answer is not whole. */
function whatItSaid({ stdout, stderr }: Unanswered): Said | undefined {
  const [lines, start, end, code] = /\n(?:ran (\S*) (\S*)\n)?exit (\d{1,3})\n$/.exec(stdout) ?? [];
  if (lines === undefined) return undefined;
  const ranMs = uptimeSpanMs(start, end);
  return { exitCode: Number(code), stdout: stdout.slice(0, -lines.length), stderr, ranMs };
}

/**
 * Waits for the script in the directory to end, through connections that may break and an API that may not answer, up to
 * the script's own deadline. Undefined: it was never started.
 */
async function follow(
  at: NodeShell,
  request: ScriptRequest,
  until: number,
): Promise<Said | 'gone' | undefined> {
  let limit = until;
  let answeredAt = at.clock.monotonic();
  let why: RunFailureError | undefined;
  for (let looks = 0; ; looks += 1) {
    const seen = await look(at, request.directory);
    if (seen.state === 'done') return seen.said;
    if (seen.state === 'none') return undefined;
    if (seen.state === 'gone') return seen.state;
    if (seen.state === 'silent') {
      // An answer of the API says more than a later look without one.
      if (!why || isUnansweredKind(seen.error.failure.kind)) why = seen.error;
      if (at.clock.monotonic() >= limit) throw silent(at, why, at.clock.monotonic() - answeredAt);
    } else {
      answeredAt = at.clock.monotonic();
      why = undefined;
      // Whichever bot started it, and whatever clocks say: the node knows for how long it has run.
      if (seen.ranMs !== undefined) limit = answeredAt + request.deadlineMs - seen.ranMs;
      if (answeredAt >= limit) throw runFailure('script-deadline', { deadlineMs: request.deadlineMs });
    }
    at.signal.throwIfAborted();
    const pause = Math.min(backoffMs(looks, nodePolling), limit - at.clock.monotonic());
    await at.clock.sleep(Math.max(0, pause), at.signal);
  }
}

type Looked =
  | { readonly state: 'none' }
  | { readonly state: 'gone' }
  | { readonly state: 'live'; readonly ranMs: number | undefined }
  | { readonly state: 'done'; readonly said: Said }
  | { readonly state: 'silent'; readonly error: RunFailureError };

/** One look at the script, with what it said if it has ended. `silent`: no answer, which may pass. */
async function look(at: NodeShell, directory: string): Promise<Looked> {
  try {
    const { state, ranMs } = await runState(at, directory);
    if (state === 'live') return { state, ranMs };
    if (state === 'none' || state === 'gone') return { state };
    const values = [directory, String(keptOutputBytes)];
    const command = 'read what the backup script printed';
    return { state, said: await ask(at, { command, text: runResultScript, values, read: whatItSaid }) };
  } catch (error) {
    if (error instanceof RunFailureError && isSilence(error)) return { state: 'silent', error };
    throw error;
  }
}

function isSilence({ failure }: RunFailureError): boolean {
  if (isUnansweredKind(failure.kind) || failure.kind === 'command-deadline') return true;
  return failure.kind === 'command-failed' && failure.params.exitCode === undefined;
}

/** `cause`: the last look's own failure. */
function silent(at: NodeShell, cause: RunFailureError, silentMs: number): RunFailureError {
  const { params } = cause.failure;
  const detail = 'detail' in params ? params.detail : 'no answer in time';
  const about = { detail, silentMs: Math.round(silentMs), endsAt: at.endsAt, stopped: false };
  return runFailure('cluster-silent', about, { cause });
}

/** The wrapper died before it could note an exit code: by a signal that a session saw, or while no session was open. */
function goneWithoutExit(outcome: RemoteOutcome): RunFailureError {
  if (outcome.kind === 'exited' && outcome.exitCode > 128)
    return runFailure('script-killed', { exitCode: outcome.exitCode });
  return runFailure('interrupted', { step: 'running-script' });
}

function result(said: Said, request: ScriptRequest, durationMs: number): ScriptResult {
  const clean = redactor(scriptSecrets(request.proxy));
  const [stdout, stderr] = [clean(said.stdout), clean(said.stderr)];
  return { exitCode: said.exitCode, stdout, stderr, report: reportOf(said, stdout, request), durationMs };
}

/**
 * A password that is a word of the script's (`backup`) must not make a good backup look unfinished: what is judged is read from
 * what was printed, as far as it is numbers or the directory that we named ourselves.
 */
function reportOf(said: Said, shown: string, { directory }: ScriptRequest): ScriptReport {
  const { status, successDirectory } = parseScriptOutput(said.stdout);
  const report = parseScriptOutput(shown);
  return {
    ...report,
    status,
    successDirectory: successDirectory === directory ? directory : report.successDirectory,
  };
}

/** NAME=value lines in both spellings and an empty line: all of the proxy's status, or nothing. */
function environmentLines(request: ScriptRequest): string {
  if (!request.proxy) return '\n';
  const { httpProxy, httpsProxy, noProxy } = request.proxy;
  const values: Record<string, string> = {
    HTTP_PROXY: httpProxy,
    HTTPS_PROXY: httpsProxy,
    NO_PROXY: exportedNoProxy(noProxy, request.nodeIp),
  };
  const lines = Object.entries(values)
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) =>
      [name, name.toLowerCase()].map((each) => `${each}=${value.replace(/[\r\n]/g, '')}`),
    );
  return `${lines.join('\n')}\n\n`;
}

function scriptSecrets(proxy: ProxyFacts | undefined): readonly string[] {
  return proxy ? [...proxySecrets(proxy.httpProxy), ...proxySecrets(proxy.httpsProxy)] : [];
}
