import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type ExecPeer, peerWriter, type Valve } from './exec-peer.ts';
import type { ExecFault } from './faults.ts';
import type { PodRun } from './pod-run.ts';

export interface ExecRequest {
  argv: readonly string[];
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  faults: readonly ExecFault[];
}

/**
 * Runs one command for one client and ends with its status. If the client goes away the command goes on; if the pod is
 * killed the client gets the error that a real kubelet gives.
 */
export async function serveExec(peer: ExecPeer, run: PodRun, request: ExecRequest): Promise<void> {
  const valve = valveOf(request.faults, peer);
  const { stdin } = peer;
  const stdout = request.stdout ? peerWriter(peer, 'stdout', valve) : discard();
  const stderr = request.stderr ? peerWriter(peer, 'stderr', valve) : discard();
  const noise = request.faults.find((fault) => fault.kind === 'exec-noise');
  if (noise) stderr.write(noise.text);
  let status: object;
  try {
    const code = await run.run('exec', request.argv, { stdin, stdout, stderr });
    stdin.destroy();
    await Promise.all([drain(stdout), drain(stderr)]);
    status = run.killed
      ? internalError('error executing command in container: signal: killed')
      : exitStatus(code, request);
  } catch (error) {
    status = internalError(`error executing command in container: ${(error as Error).message}`);
  }
  if (request.faults.some((fault) => fault.kind === 'exec-cut' && fault.afterBytes === 'all')) valve.close();
  if (!valve.isClosed) peer.finish(status);
}

/** Ends an accepted exec with an error, as when the container does not run (yet). */
export function refuseExec(peer: ExecPeer, message: string): void {
  peer.finish(internalError(message));
}

function valveOf(faults: readonly ExecFault[], peer: ExecPeer): Valve {
  const fault = faults.find((entry) => entry.kind === 'exec-cut' || entry.kind === 'exec-hang');
  const valve: Valve = {
    bytesLeft: typeof fault?.afterBytes === 'number' ? fault.afterBytes : Number.POSITIVE_INFINITY,
    isClosed: false,
    close: () => {
      valve.isClosed = true;
      if (fault?.kind === 'exec-cut') peer.cut();
      if (fault?.kind === 'exec-hang' && fault.ignorePings) peer.freeze();
    },
  };
  if (valve.bytesLeft === 0) valve.close();
  return valve;
}

function discard(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** Waits until the client has all of it; a client that is gone has all that it will get. */
async function drain(writer: Writable): Promise<void> {
  if (!writer.writableEnded && !writer.destroyed) writer.end();
  await finished(writer).catch(() => {});
}

function exitStatus(code: number, { faults }: ExecRequest): object {
  const wrong = faults.find((fault) => fault.kind === 'exec-exit-code');
  const exit = wrong?.code ?? code;
  if (exit === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exit}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exit) }] },
  };
}

function internalError(message: string): object {
  return {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  };
}
