import type { ArtifactEvidence } from '../domain/artifacts.ts';
import type { NodeDiskFacts, ProxyFacts } from '../domain/facts.ts';
import { exportedNoProxy } from '../domain/no-proxy.ts';
import { proxySecrets, redact } from '../domain/redact.ts';
import type { Clock, ScriptRequest, ScriptResult, ScriptState } from '../workflow/ports.ts';
import { runFailure } from '../workflow/run-failure-error.ts';
import { clientFailure, neverStarted } from './client-failure.ts';
import type { ClientCommand } from './client-process.ts';
import { parseEvidence, parseNodeFacts, parsePaths, parseRunState } from './node-answers.ts';
import {
  backupScript,
  directoryExistsExit,
  inspectScript,
  leftScript,
  nodeFactsScript,
  runResultScript,
  runStateScript,
} from './node-scripts.ts';
import { type PodAddress, type RemoteOutcome, runRemote } from './remote-command.ts';

const databaseFile = '/var/lib/etcd/member/snap/db';
const keptOutputBytes = 256 * 1024;
const startTries = 5;

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
async function shell(
  at: NodeShell,
  text: string,
  values: readonly string[],
  options: { deadlineMs?: number; stdin?: string } = {},
): Promise<RemoteOutcome> {
  const argv = ['chroot', '/host', 'sh', '-c', text, 'etcd-backup', ...values];
  for (let attempt = 1; ; attempt++) {
    const outcome = await runRemote(at.client, at.pod, {
      argv,
      deadlineMs: options.deadlineMs ?? at.commandDeadlineMs,
      signal: at.signal,
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
    });
    const again = outcome.kind === 'client-failed' && neverStarted(outcome.stderr) && attempt < startTries;
    if (!again) return outcome;
    await at.clock.sleep(200 * attempt, at.signal);
  }
}

/** The complete answer of a script that ends its answer with `end`; anything else is a failure that names the command. */
async function ask(
  at: NodeShell,
  command: string,
  text: string,
  values: readonly string[],
  deadlineMs?: number,
) {
  const outcome = await shell(at, text, values, deadlineMs === undefined ? {} : { deadlineMs });
  if (outcome.kind !== 'exited') throw clientFailure(outcome, command);
  const lines = outcome.stdout.split('\n');
  if (outcome.exitCode === 0 && lines.at(-2) === 'end' && lines.at(-1) === '') return lines.slice(0, -2);
  const detail = redact(outcome.stderr.trim() || 'its answer was cut short').slice(0, 300);
  throw runFailure('command-failed', { command, exitCode: outcome.exitCode, detail });
}

export async function diskFacts(
  at: NodeShell,
  paths: { script: string; backupRoot: string },
): Promise<NodeDiskFacts> {
  const lines = await ask(at, 'look at the disk', nodeFactsScript, [
    paths.script,
    paths.backupRoot,
    databaseFile,
  ]);
  return parseNodeFacts(lines, at.clock.now());
}

export async function scriptState(at: NodeShell, directory: string): Promise<ScriptState> {
  return parseRunState(await ask(at, 'ask how the backup script stands', runStateScript, [directory]));
}

export async function inspect(
  at: NodeShell,
  directory: string,
  deadlineMs: number,
): Promise<ArtifactEvidence> {
  return parseEvidence(await ask(at, 'check the files', inspectScript, [directory], deadlineMs));
}

export async function leftIn(at: NodeShell, directory: string): Promise<readonly string[]> {
  return parsePaths(await ask(at, 'look for what is left', leftScript, [directory]));
}

/** `rm` of one absolute path as argv. Not there: fine. */
export async function removePath(at: NodeShell, path: string): Promise<void> {
  const outcome = await runRemote(at.client, at.pod, {
    argv: ['chroot', '/host', 'rm', '-rf', '--', path],
    deadlineMs: at.commandDeadlineMs,
    signal: at.signal,
  });
  if (outcome.kind !== 'exited') throw clientFailure(outcome, 'remove files');
  if (outcome.exitCode !== 0) {
    const detail = redact(outcome.stderr.trim()).slice(0, 300);
    throw runFailure('command-failed', { command: 'remove files', exitCode: outcome.exitCode, detail });
  }
}

/**
 * Starts the backup script, or follows the one that runs in this directory already. The directory is the guard:
 * it is made once, so the script cannot be started twice for one run whatever happens to connections or bots.
 */
export async function runScript(at: NodeShell, request: ScriptRequest): Promise<ScriptResult> {
  const secrets = scriptSecrets(request.proxy);
  const startedAt = at.clock.now();
  const outcome = await shell(
    at,
    backupScript,
    [request.directory, request.scriptPath, String(keptOutputBytes)],
    {
      deadlineMs: request.deadlineMs,
      stdin: environmentLines(request),
    },
  );
  if (outcome.kind === 'exited' && outcome.exitCode !== directoryExistsExit) {
    return result(outcome, secrets, at.clock.now() - startedAt);
  }
  if (outcome.kind === 'deadline') throw runFailure('script-deadline', { deadlineMs: request.deadlineMs });
  if (outcome.kind === 'no-client') throw clientFailure(outcome, 'run the backup script', secrets);
  at.signal.throwIfAborted();
  // The connection broke, or the script was started before: the node knows how it stands.
  return follow(at, request, startedAt, secrets);
}

/** Waits for the script in the directory to end, through connections that may break, up to the script's own deadline. */
async function follow(
  at: NodeShell,
  request: ScriptRequest,
  startedAt: number,
  secrets: readonly string[],
): Promise<ScriptResult> {
  const until = startedAt + request.deadlineMs;
  for (let pause = 200; ; pause = Math.min(pause * 1.5, 3_000)) {
    const state = await scriptState(at, request.directory);
    if (state === 'done') break;
    if (state === 'none') throw runFailure('session-lost', { detail: 'the backup script was never started' });
    if (state === 'gone') throw runFailure('interrupted', { step: 'running-script' });
    if (at.clock.now() >= until) throw runFailure('script-deadline', { deadlineMs: request.deadlineMs });
    at.signal.throwIfAborted();
    await at.clock.sleep(pause, at.signal);
  }
  const outcome = await shell(at, runResultScript, [request.directory, String(keptOutputBytes)]);
  if (outcome.kind !== 'exited') throw clientFailure(outcome, 'read what the backup script printed', secrets);
  return result(outcome, secrets, at.clock.now() - startedAt);
}

function result(
  outcome: { exitCode: number; stdout: string; stderr: string },
  secrets: readonly string[],
  durationMs: number,
): ScriptResult {
  return {
    exitCode: outcome.exitCode,
    stdout: redact(outcome.stdout, secrets),
    stderr: redact(outcome.stderr, secrets),
    durationMs,
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
