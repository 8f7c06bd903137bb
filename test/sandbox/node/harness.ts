import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import {
  type ControlPlaneSandboxNode,
  createNode,
  type NodeOptions,
} from '../../../sandbox/node/create-node.ts';
import type { SandboxNode } from '../../../sandbox/node/port.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export async function makeNode(
  t: TestContext,
  options: Partial<NodeOptions> = {},
): Promise<ControlPlaneSandboxNode> {
  const dir = await temporaryDirectory(t);
  const node = await createNode({ name: 'master-0', dir: path.join(dir, 'master-0'), ...options });
  t.after(() => node.close());
  return node;
}

/** Runs `chroot /host …` and collects what it prints. */
export async function run(
  node: SandboxNode,
  command: readonly string[],
  io: { stdin?: string; signal?: AbortSignal } = {},
) {
  const [stdout, stderr] = [collector(), collector()];
  const code = await node.run(['chroot', '/host', ...command], {
    stdin: Readable.from(io.stdin === undefined ? [] : [Buffer.from(io.stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: io.signal ?? new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() } satisfies Ran;
}

export function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, bytes: () => Buffer.concat(chunks), text: () => Buffer.concat(chunks).toString('utf8') };
}

/** Starts a command and resolves with its first output, so that a test knows that it runs. */
export async function start(node: SandboxNode, command: readonly string[], signal: AbortSignal) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  stderr.resume();
  const code = node.run(['chroot', '/host', ...command], {
    stdin: Readable.from([]),
    stdout,
    stderr,
    signal,
  });
  const first = await new Promise<string>((resolve) =>
    stdout.once('data', (data: Buffer) => resolve(data.toString())),
  );
  stdout.resume();
  return { first, code };
}

/** Whether a process of that id is there and no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    return !/\) [ZX] /.test(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until it holds; fails after 20 s. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited 20 s without result: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
