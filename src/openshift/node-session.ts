import type { ArtifactEvidence } from '../domain/artifacts.ts';
import type { NodeDiskFacts, ProxyFacts } from '../domain/facts.ts';
import { exportedNoProxy } from '../domain/no-proxy.ts';
import { proxySecrets, redact } from '../domain/redact.ts';
import type { Clock, ScriptRequest, ScriptResult, ScriptState } from '../workflow/ports.ts';
import { type RunFailureError, runFailure } from '../workflow/run-failure-error.ts';
import { clientFailure, neverStarted } from './client-failure.ts';
import type { ClientCommand } from './client-process.ts';
import { parseEvidence, parseNodeFacts, parsePaths, parseRunState } from './node-answers.ts';
import {
  backupScript,
  inspectScript,
  leftScript,
  nodeFactsScript,
  removeScript,
  runResultScript,
  runStateScript,
} from './node-scripts.ts';
import { type PodAddress, type RemoteOutcome, runRemote } from './remote-command.ts';

const databaseFile = '/var/lib/etcd/member/snap/db';
const keptOutputBytes = 256 * 1024;
const startTries = 3;
const firstPauseMs = 200;
const maxPauseMs = 3_000;

/** One way onto the node: the pod is up, commands go through exec. */
export interface NodeShell {
  readonly client: ClientCommand;
  readonly pod: PodAddress;
  readonly clock: Clock;
  /** For one short command. */
  readonly commandDeadlineMs: number;
  readonly signal: AbortSignal;
}

/** Runs one of the constant scripts with its values as positional arguments; never a text that holds a value. */
function shell(
  at: NodeShell,
  text: string,
  values: readonly string[],
  options: { deadlineMs: number; stdin?: string },
): Promise<RemoteOutcome> {
  const argv = ['chroot', '/host', 'sh', '-c', text, 'etcd-backup', ...values];
  return runRemote(at.client, at.pod, { argv, signal: at.signal, ...options });
}

interface Question<T> {
  /** Names it for a person. */
  readonly command: string;
  readonly text: string;
  readonly values: readonly string[];
  /** For all tries together; that of a short command unless told. */
  readonly deadlineMs?: number;
  /** The answer if it is whole. What the node printed decides, not the exit code that the connection tells. */
  readonly read: (outcome: Extract<RemoteOutcome, { kind: 'exited' | 'client-failed' }>) => T | undefined;
}

/**
 * Runs a script that may run twice until its whole answer is here: a connection that breaks, anywhere, costs time only.
 * Throws what is wrong when it cannot pass, or when the deadline does.
 */
async function ask<T>(at: NodeShell, question: Question<T>): Promise<T> {
  const { command, text, values, deadlineMs = at.commandDeadlineMs } = question;
  const until = at.clock.now() + deadlineMs;
  for (let pause = firstPauseMs; ; pause = nextPause(pause)) {
    const leftMs = Math.max(1, until - at.clock.now());
    const outcome = await shell(at, text, values, { deadlineMs: leftMs });
    at.signal.throwIfAborted();
    if (outcome.kind === 'deadline') throw clientFailure({ ...outcome, deadlineMs }, command);
    if (outcome.kind === 'no-client' || outcome.kind === 'aborted') throw clientFailure(outcome, command);
    const answer = question.read(outcome);
    if (answer !== undefined) return answer;
    const late = at.clock.now() + pause >= until;
    if (late || !mayPass(outcome, command)) throw unanswered(outcome, command);
    await at.clock.sleep(pause, at.signal);
  }
}

function nextPause(pauseMs: number): number {
  return Math.min(pauseMs * 1.5, maxPauseMs);
}

type Unanswered = Extract<RemoteOutcome, { kind: 'exited' | 'client-failed' }>;

/** A command that says itself that it failed will say so again; so will a cluster that does not let us in. */
function mayPass(outcome: Unanswered, command: string): boolean {
  if (outcome.kind === 'exited') return outcome.exitCode === 0;
  if (neverStarted(outcome.stderr)) return true;
  const { kind } = clientFailure(outcome, command).failure;
  return kind === 'api-unreachable' || kind === 'command-failed';
}

function unanswered(outcome: Unanswered, command: string): RunFailureError {
  if (outcome.kind === 'client-failed') return clientFailure(outcome, command);
  const detail = redact(outcome.stderr.trim() || 'its answer was cut short').slice(0, 300);
  return runFailure('command-failed', { command, exitCode: outcome.exitCode, detail });
}

/** The lines before the closing `end`; undefined: the answer is not whole. */
function linesToEnd({ stdout }: Unanswered): readonly string[] | undefined {
  const lines = stdout.split('\n');
  return lines.at(-2) === 'end' && lines.at(-1) === '' ? lines.slice(0, -2) : undefined;
}

export async function diskFacts(
  at: NodeShell,
  paths: { script: string; backupRoot: string },
): Promise<NodeDiskFacts> {
  const values = [paths.script, paths.backupRoot, databaseFile];
  const question = { command: 'look at the disk', text: nodeFactsScript, values, read: linesToEnd };
  return parseNodeFacts(await ask(at, question), at.clock.now());
}

export async function scriptState(at: NodeShell, directory: string): Promise<ScriptState> {
  const command = 'ask how the backup script stands';
  return parseRunState(
    await ask(at, { command, text: runStateScript, values: [directory], read: linesToEnd }),
  );
}

export async function inspect(
  at: NodeShell,
  directory: string,
  deadlineMs: number,
): Promise<ArtifactEvidence> {
  const question = { command: 'check the files', text: inspectScript, values: [directory], deadlineMs };
  return parseEvidence(await ask(at, { ...question, read: linesToEnd }));
}

export async function leftIn(at: NodeShell, directory: string): Promise<readonly string[]> {
  const command = 'look for what is left';
  return parsePaths(await ask(at, { command, text: leftScript, values: [directory], read: linesToEnd }));
}

/** Not there: fine. */
export async function removePath(at: NodeShell, path: string): Promise<void> {
  await ask(at, { command: 'remove files', text: removeScript, values: [path], read: linesToEnd });
}

/**
 * Starts the backup script, or follows the one that runs in this directory already. The directory is the guard:
 * it is made once, so the script cannot be started twice for one run whatever happens to connections or bots.
 */
export async function runScript(at: NodeShell, request: ScriptRequest): Promise<ScriptResult> {
  const secrets = scriptSecrets(request.proxy);
  const startedAt = at.clock.now();
  const until = startedAt + request.deadlineMs;
  for (let tries = 1; ; tries++) {
    const outcome = await shell(
      at,
      backupScript,
      [request.directory, request.scriptPath, String(keptOutputBytes)],
      { deadlineMs: Math.max(1, until - at.clock.now()), stdin: environmentLines(request) },
    );
    at.signal.throwIfAborted();
    if (outcome.kind === 'no-client') throw clientFailure(outcome, 'run the backup script', secrets);
    const spoken = outcome.kind === 'exited' ? whatItSaid(outcome) : undefined;
    // The connection broke, hangs or lies, or the script was started before: the node knows how it stands.
    const said = spoken ?? (await follow(at, request, until));
    if (said === 'gone') throw goneWithoutExit(outcome);
    if (said) return result(said, secrets, at.clock.now() - startedAt);
    // Not even the directory could be made: the shell's own words say why.
    if (outcome.kind === 'exited') return result(outcome, secrets, at.clock.now() - startedAt);
    if (outcome.kind === 'client-failed' && tries < startTries && at.clock.now() < until) continue;
    throw runFailure('session-lost', { detail: 'the backup script was never started' });
  }
}

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the script printed and its exit code, which stands in the last line; undefined: the answer is not whole. */
function whatItSaid({ stdout, stderr }: Unanswered): Said | undefined {
  const [line, code] = /\nexit (\d{1,3})\n$/.exec(stdout) ?? [];
  if (line === undefined) return undefined;
  return { exitCode: Number(code), stdout: stdout.slice(0, -line.length), stderr };
}

/**
 * Waits for the script in the directory to end, through connections that may break, up to the script's own deadline.
 * Undefined: it was never started.
 */
async function follow(
  at: NodeShell,
  request: ScriptRequest,
  until: number,
): Promise<Said | 'gone' | undefined> {
  for (let pause = firstPauseMs; ; pause = nextPause(pause)) {
    const state = await scriptState(at, request.directory);
    if (state === 'done') break;
    if (state === 'none') return undefined;
    if (state === 'gone') return state;
    if (at.clock.now() >= until) throw runFailure('script-deadline', { deadlineMs: request.deadlineMs });
    at.signal.throwIfAborted();
    await at.clock.sleep(pause, at.signal);
  }
  const values = [request.directory, String(keptOutputBytes)];
  const command = 'read what the backup script printed';
  return ask(at, { command, text: runResultScript, values, read: whatItSaid });
}

/** The wrapper died before it could note an exit code: by a signal that we heard of, or while nobody listened. */
function goneWithoutExit(outcome: RemoteOutcome): RunFailureError {
  if (outcome.kind === 'exited' && outcome.exitCode > 128)
    return runFailure('script-killed', { exitCode: outcome.exitCode });
  return runFailure('interrupted', { step: 'running-script' });
}

function result(
  { exitCode, stdout, stderr }: Said,
  secrets: readonly string[],
  durationMs: number,
): ScriptResult {
  return { exitCode, stdout: redact(stdout, secrets), stderr: redact(stderr, secrets), durationMs };
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
