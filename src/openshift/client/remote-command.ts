import { isClientNoise } from '../../domain/backup/script-output.ts';
import { type ClientCommand, type ClientInput, type ClientOutcome, runClient } from './client-process.ts';

export interface PodAddress {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface RemoteInput extends ClientInput {
  readonly argv: readonly string[];
}

/**
 * `exited`: the command ran and ended, with its own exit code.
 * `client-failed`: oc or kubectl itself failed; the command may have run, be running, or never have started.
 */
export type RemoteOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'client-failed'; readonly stdout: string; readonly stderr: string }
  | Exclude<ClientOutcome, { kind: 'ended' }>;

/** Runs one command in a pod through `exec`, argv only. Always ends within the deadline plus 2 s. */
export async function runRemote(
  client: ClientCommand,
  pod: PodAddress,
  input: RemoteInput,
): Promise<RemoteOutcome> {
  const argv = execArguments(client, pod, input.argv, input.stdin !== undefined);
  const outcome = await runClient(client, argv, input);
  return outcome.kind === 'ended' ? readOutcome(outcome.exitCode, outcome.stdout, outcome.stderr) : outcome;
}

/** The client's words for one command in the pod: argv only. */
export function execArguments(
  client: Pick<ClientCommand, 'args'>,
  pod: PodAddress,
  command: readonly string[],
  stdin: boolean,
): readonly string[] {
  const place = [`--namespace=${pod.namespace}`, `--container=${pod.container}`];
  return [...client.args, 'exec', pod.pod, ...place, ...(stdin ? ['--stdin'] : []), '--', ...command];
}

/** The remote exit code is true only together with the client's closing line; otherwise the client itself failed. */
function readOutcome(exitCode: number | undefined, stdout: string, stderr: string): RemoteOutcome {
  if (exitCode === 0) return { kind: 'exited', exitCode: 0, stdout, stderr: withoutNoise(stderr) };
  const remote = /^command terminated with exit code (\d+)\s*$/m.exec(stderr)?.[1];
  if (remote !== undefined) {
    return { kind: 'exited', exitCode: Number(remote), stdout, stderr: withoutNoise(stderr) };
  }
  return { kind: 'client-failed', stdout, stderr: withoutNoise(stderr) };
}

function withoutNoise(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !isClientNoise(line))
    .join('\n');
}
