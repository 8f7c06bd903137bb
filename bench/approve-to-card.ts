import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type BotProcess, hasButton, startWorld, type World } from '../sandbox/world.ts';
import { backupScript, inspectScript } from '../src/openshift/node/node-scripts.ts';
import { sessionPod } from '../src/openshift/pods/session-pod.ts';

const run = promisify(execFile);

export interface ApproveToCard {
  readonly botMs: readonly number[];
  readonly shellMs: readonly number[];
  /** Peak resident memory of the bot's process in KiB; undefined where /proc does not report it. */
  readonly botPeakKiB: number | undefined;
}

/** From the approving click to the final card, beside the same steps in a shell script, taking turns in one run. */
export async function measureApproveToCard(rounds: number): Promise<ApproveToCard> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-bench-'));
  const world = await startWorld({ dir });
  const bot = await world.startBot();
  try {
    const shell = await prepareShell(world);
    const botMs: number[] = [];
    const shellMs: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const [ours, theirs] = [await botRound(world), await shell(round)];
      // The first round warms both up.
      if (round === 0) continue;
      botMs.push(ours);
      shellMs.push(theirs);
    }
    return { botMs, shellMs, botPeakKiB: await peakKiB(bot) };
  } finally {
    await world.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function botRound(world: World): Promise<number> {
  const { workspace, people } = world;
  const known = new Set(world.cards().map(({ ts }) => ts));
  await world.type(people.requester, 'run');
  const card = await workspace.waitFor(
    () => world.cards().find((each) => !known.has(each.ts) && hasButton(each, 'approve')),
    { what: 'the card' },
  );
  const started = performance.now();
  await world.click(people.approver, 'approve', card);
  await workspace.waitFor(() => workspace.renderMessage(card).includes('✅ Backed up'), {
    what: 'the final card',
    timeoutMs: 60_000,
  });
  return performance.now() - started;
}

async function prepareShell(world: World): Promise<(round: number) => Promise<number>> {
  const dir = path.join(world.dir, 'shell');
  await mkdir(dir);
  const node = 'master-0';
  const [etcdPod] = world.cluster.objects.list('pods', 'openshift-etcd');
  const image =
    (etcdPod as unknown as { spec: { containers: { image: string }[] } }).spec.containers[0]?.image ?? '';
  const pod = sessionPod(
    { runId: 'bench', node, image },
    { namespace: 'etcd-backup-sessions', lifetimeS: 600 },
  );
  const write = (name: string, text: string) => writeFile(path.join(dir, name), text);
  await write('pod.json', JSON.stringify(pod));
  await write('backup.txt', backupScript);
  await write('inspect.txt', inspectScript);
  await write('environment.txt', '\n');
  for (const user of ['requester', 'approver']) {
    const spec = {
      user,
      groups: ['cluster-admins'],
      resourceAttributes: { verb: '*', group: '*', resource: '*' },
    };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    await write(`access-review-${user}.json`, JSON.stringify(review));
  }
  const script = path.join(import.meta.dirname, 'shell-steps.sh');
  const kubeconfig = path.join(world.dir, 'kubeconfig.yaml');
  return async (round) => {
    const directory = `/home/core/assets/backup/shell-${round}`;
    const started = performance.now();
    const pod = path.join(dir, 'pod.json');
    const args = [script, world.client.path, kubeconfig, path.join(dir, 'cache'), node, directory, pod, dir];
    await run('sh', args, { maxBuffer: 16 * 1024 * 1024 });
    return performance.now() - started;
  };
}

async function peakKiB(bot: BotProcess): Promise<number | undefined> {
  const status = await readFile(`/proc/${bot.pid}/status`, 'utf8').catch(() => '');
  const found = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}
