import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SessionRequest } from '../src/workflow/ports.ts';
import { type ClusterLab, openLab } from '../test/support/cluster-lab.ts';
import type { CopyTaken, CopyTask } from './copy-process.ts';
import { type Sample, writeSample } from './copy-sample.ts';

const nodeFile = '/home/core/assets/backup/bench/snapshot_2026-11-23_061444.db';
const namespace = 'etcd-backup-sessions';

export interface CopyDirectory {
  readonly bytes: number;
  readonly clientKind: string;
  readonly botMs: readonly number[];
  readonly clientMs: readonly number[];
  readonly readbackMs: readonly number[];
  /** undefined: the system does not tell. */
  readonly peakOverIdleKiB: number | undefined;
}

/** One file through the client and the sandbox's API server: the bot's whole way, beside `exec … cat > file`, in turns. */
export async function measureCopyDirectory(bytes: number, rounds: number): Promise<CopyDirectory> {
  await using lab = await openLab();
  const plane = path.join(lab.plane.nodes[0]?.dir ?? '', nodeFile);
  const sample = await writeSample(plane, bytes);
  const target = path.join(lab.dir, 'backups');
  await mkdir(target);
  const [botMs, clientMs, readbackMs, peaks]: [number[], number[], number[], (number | undefined)[]] = [
    [],
    [],
    [],
    [],
  ];
  for (let round = 1; round <= rounds; round += 1) {
    // Who goes first changes, so that what the disk still writes of the one before hits both.
    const measures = [
      async () => void clientMs.push(await plainClient(lab, target)),
      async () => {
        const taken = await inOwnProcess(taskFor(lab, target, sample));
        console.log(taken.putMs | 0, taken.readbackMs | 0, taken.cpuMs | 0, taken.peakOverIdleKiB);
        botMs.push(taken.putMs);
        readbackMs.push(taken.readbackMs);
        peaks.push(taken.peakOverIdleKiB);
      },
    ];
    for (const measure of round % 2 === 0 ? measures : measures.toReversed()) await measure();
  }
  return {
    bytes: sample.size,
    clientKind: lab.client.kind,
    botMs,
    clientMs,
    readbackMs,
    peakOverIdleKiB: peaks.some((peak) => peak === undefined) ? undefined : Math.max(...(peaks as number[])),
  };
}

function taskFor(lab: ClusterLab, target: string, sample: Sample): CopyTask {
  const { connection, policy, client, dir } = lab;
  return {
    from: {
      kind: 'node',
      request: sessionRequest(lab),
      connection,
      policy,
      clientPath: client.path,
      clientEnv: { PATH: process.env.PATH ?? '', HOME: dir },
      cacheDir: path.join(dir, 'client-cache'),
      path: nodeFile,
    },
    to: { kind: 'directory', name: 'bench', path: target },
    key: 'bench/snapshot.db',
    ...sample,
  };
}

function sessionRequest(lab: ClusterLab): SessionRequest {
  const [etcdPod] = lab.cluster.objects.list('pods', 'openshift-etcd');
  const { spec } = etcdPod as unknown as { spec: { containers: { image: string }[] } };
  return { runId: 'r-benchmrk', node: 'master-0', image: spec.containers[0]?.image ?? '' };
}

/** Runs one task in a process of its own and takes away what it stored. */
export async function inOwnProcess(task: CopyTask): Promise<CopyTaken> {
  const child = fork(path.join(import.meta.dirname, 'copy-process.ts'), {
    stdio: 'inherit',
    execArgv: (process.env.XF ?? '').split(',').filter(Boolean),
  });
  const answer = Promise.race([once(child, 'message'), died(child)]);
  child.send(task);
  const [{ taken, error }] = (await answer) as [{ taken?: CopyTaken; error?: string }];
  if (!taken) throw new Error(`the copying process failed: ${error}`);
  if (child.exitCode === null) await once(child, 'exit');
  if (taken.copy.provenAt === undefined) {
    throw new Error(`the copy was not proven: ${JSON.stringify(taken.copy.failure)}`);
  }
  if (task.to.kind === 'directory') await rm(path.join(task.to.path, task.key));
  return taken;
}

async function died(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, 'exit');
  throw new Error(`the copying process ended without an answer (${signal ?? `exit ${code}`})`);
}

/** `exec … cat > file`, as a person would type it. */
async function plainClient(lab: ClusterLab, target: string): Promise<number> {
  const session = await lab.sessions.open(lab.policy, sessionRequest(lab), new AbortController().signal);
  const file = path.join(target, 'plain.db');
  try {
    const out = await open(file, 'w', 0o600);
    const started = performance.now();
    const child = spawn(
      lab.client.path,
      [
        `--kubeconfig=${path.join(lab.dir, 'kubeconfig')}`,
        `--cache-dir=${path.join(lab.dir, 'client-cache')}`,
        'exec',
        session.pod,
        `--namespace=${namespace}`,
        '--container=session',
        '--',
        ...['chroot', '/host', 'cat', '--', nodeFile],
      ],
      { stdio: ['ignore', out.fd, 'inherit'], env: { PATH: process.env.PATH ?? '', HOME: lab.dir } },
    );
    const [code] = await once(child, 'exit');
    const took = performance.now() - started;
    await out.close();
    if (code !== 0) throw new Error(`the client ended with exit ${code}`);
    return took;
  } finally {
    await rm(file, { force: true });
    await session.close();
  }
}
