import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { pruneNode } from '../../../src/workflow/copies/prune-node.ts';
import type { NodeSession } from '../../../src/workflow/ports/ports.ts';
import { policy } from '../../support/cluster-facts.ts';
import { openRetentionLab, type RetentionLab } from '../../support/retention-lab.ts';

const timeout = 600_000;

async function opened(t: TestContext): Promise<RetentionLab> {
  const lab = await openRetentionLab({ newest: 9 });
  t.after(() => lab.close());
  return lab;
}

/** Directories that are removed from the node after this run; one is kept. */
async function removedAfter(lab: RetentionLab, id: string): Promise<readonly string[]> {
  const run = await lab.run(id);
  const removed: string[] = [];
  const session = { remove: async (path: string) => void removed.push(path) } as unknown as NodeSession;
  const claim = { run, owner: 'bot', fence: 1 };
  const cluster = { ...policy(), name: run.cluster, keepOnNode: 1 };
  const plan = run.plan ?? assert.fail('no plan');
  await pruneNode({ deps: lab.deps, claim, cluster, plan, signal: new AbortController().signal }, session);
  return removed;
}

async function change(lab: RetentionLab, id: string, set: (run: BackupRun) => Partial<BackupRun>) {
  const deliveryId = `change-${id}`;
  const decision = (run: BackupRun) => ({ set: set(run), audit: [], notices: [] });
  await lab.records.decide({ runId: id, deliveryId, now: lab.clock.now(), decision });
}

it('a destination that left the configuration keeps its own directories on the node, and no others', {
  timeout,
}, async (t) => {
  const lab = await opened(t);
  const [first, second, third] = [await lab.backup(), await lab.backup(), await lab.backup()];
  await change(lab, second, ({ success }) => ({
    success: success && {
      ...success,
      copies: (success.copies ?? []).map((copy) => ({ ...copy, destination: 'old-nas' })),
    },
  }));
  assert.deepEqual(await removedAfter(lab, third), [(await lab.run(first)).plan?.directory]);
  assert.equal((await lab.run(second)).success?.onNode, 'kept');
});

it('what a manifest calls the directory of a run is not removed unless it is one', { timeout }, async (t) => {
  const lab = await opened(t);
  const ids = [await lab.backup(), await lab.backup(), await lab.backup()];
  const paths = ['/var/lib/etcd', '/'];
  for (const [index, directory] of paths.entries()) {
    await change(lab, ids[index] ?? '', ({ plan }) => ({ plan: plan && { ...plan, directory } }));
  }
  assert.deepEqual(await removedAfter(lab, ids[2] ?? ''), []);
});

it('the directory of a backup that the cluster left by a restore stays for 30 days, beside those that are kept', {
  timeout,
}, async (t) => {
  const lab = await opened(t);
  const [first, left, third, newest] = [
    await lab.backup(),
    await lab.backup(),
    await lab.backup(),
    await lab.backup(),
  ];
  const by = { slackUser: 'U1', clusterUser: 'requester' };
  const now = lab.clock.now();
  const mark = (declaredAt: number) => ({
    abandoned: { id: 'restored', from: first, at: now, declaredAt, by },
  });
  await change(lab, left, () => mark(now - 29 * 86_400_000));
  const directory = async (id: string) => (await lab.run(id)).plan?.directory;
  assert.deepEqual(await removedAfter(lab, newest), [await directory(third), await directory(first)]);
  lab.clock.forward(2 * 86_400_000);
  assert.deepEqual(await removedAfter(lab, newest), [await directory(left)]);
});
