import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SessionRequest } from '../src/workflow/ports/ports.ts';
import { type ClusterLab, openLab } from '../test/support/cluster-lab.ts';
import { type Sample, writeSample } from './copy-sample.ts';
import type { CopyTaken, CopyTask } from './copy-task.ts';
import { inOwnProcess } from './own-process.ts';
import { type CopyMeasured, takeTurns } from './turns.ts';

const nodeFile = '/home/core/assets/backup/bench/snapshot_2026-11-23_061444.db';
const namespace = 'etcd-backup-sessions';

/** One file through the client and the sandbox's API server: the bot's whole way, beside `exec … cat > file`, in turns. */
export async function measureCopyDirectory(bytes: number, rounds: number): Promise<CopyMeasured> {
  return withSample(bytes, (lab, target, sample) =>
    takeTurns(rounds, { plain: () => plainClient(lab, target), bot: () => botCopy(lab, target, sample) }),
  );
}

/** The bot's way alone, once, for a file of another size. */
export async function peakOfCopy(bytes: number): Promise<number | undefined> {
  const { peakOverIdleKiB } = await withSample(bytes, botCopy);
  return peakOverIdleKiB;
}

async function withSample<T>(
  bytes: number,
  work: (lab: ClusterLab, target: string, sample: Sample) => Promise<T>,
): Promise<T> {
  await using lab = await openLab();
  const [node] = lab.plane.nodes;
  if (!node) throw new Error('the sandbox has no node');
  const sample = await writeSample(path.join(node.dir, nodeFile), bytes);
  const target = path.join(lab.dir, 'backups');
  await mkdir(target);
  return await work(lab, target, sample);
}

async function botCopy(lab: ClusterLab, target: string, sample: Sample): Promise<CopyTaken> {
  const task = taskFor(lab, target, sample);
  const taken = await inOwnProcess(task);
  await rm(path.join(target, task.key));
  return taken;
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
