import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Transform, Writable } from 'node:stream';
import { mapBack } from './map-back.ts';
import type { NodeIo } from './port.ts';

export interface CommandOptions {
  /** Working directory and root of the node's tree: what is printed is mapped back from it. */
  root: string;
  /** The whole environment: nothing of this process is inherited. */
  env: Record<string, string>;
  /** Leave stdout as it is: the command copies bytes. */
  exactOutput: boolean;
}

export type Outcome = { exitCode: number } | { error: NodeJS.ErrnoException };

/**
 * Runs one program as the leader of a new process group, streams with back-pressure, and resolves when it has ended and
 * its last byte is handed over. `error` is for a program that could not be started.
 */
export function runCommand(argv: readonly string[], io: NodeIo, options: CommandOptions): Promise<Outcome> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: options.root, env: options.env, detached: true, stdio: 'pipe' });
  return new Promise((resolve) => {
    const kill = () => killGroup(child);
    const finish = (outcome: Outcome) => {
      // What the command left running in its group dies with the pod, so the signal stays bound to it.
      if (!groupIsAlive(child)) io.signal.removeEventListener('abort', kill);
      io.stdin.unpipe(child.stdin);
      resolve(outcome);
    };
    child.once('error', (error) => finish({ error }));
    child.once('spawn', () => {
      if (io.signal.aborted) kill();
      else io.signal.addEventListener('abort', kill, { once: true });
    });
    const exited = new Promise<number>((done) => {
      child.once('exit', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
    const out = forward(child.stdout, io.stdout, options.exactOutput ? undefined : mapBack(options.root));
    const err = forward(child.stderr, io.stderr, mapBack(options.root));
    feed(io.stdin, child.stdin);
    const ended = exited.then(async (exitCode) => {
      // A process that left the group may hold the streams for ever: once killed, they are not awaited.
      if (io.signal.aborted) closeStreams(child);
      else io.signal.addEventListener('abort', () => closeStreams(child), { once: true });
      await Promise.all([out, err]);
      finish({ exitCode });
    });
    ended.catch((error: Error) => finish({ error }));
  });
}

function closeStreams(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function killGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGKILL');
}

function groupIsAlive(child: ChildProcess): boolean {
  return signalGroup(child, 0);
}

/** False where no process of the group is left. */
function signalGroup(child: ChildProcess, signal: 'SIGKILL' | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Resolves when the source is at its end and every byte was accepted. `target` stays open. When it is destroyed
 * (the client is gone) the reading end closes, so that the command's next write fails with a broken pipe.
 */
function forward(source: Readable, target: Writable, through: Transform | undefined): Promise<void> {
  return new Promise((resolve) => {
    const last = through ? source.pipe(through) : source;
    const stop = () => {
      source.destroy();
      done();
    };
    const done = () => {
      target.off('close', stop);
      target.off('error', stop);
      resolve();
    };
    target.on('close', stop);
    target.on('error', stop);
    source.once('error', stop);
    source.once('close', () => {
      if (!source.readableEnded) through?.end();
      if (!through) done();
    });
    last.once('end', done);
    if (target.destroyed) stop();
    else last.pipe(target, { end: false });
  });
}

function feed(source: Readable, target: Writable): void {
  // The command may end without reading: a broken pipe here is no failure.
  target.on('error', () => source.unpipe(target));
  source.once('error', () => target.end());
  source.once('close', () => target.end());
  source.pipe(target);
}
