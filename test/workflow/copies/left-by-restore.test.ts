import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import type { RetentionPolicy } from '../../../src/domain/copies/retention.ts';
import { lineChange, newRestore, withMark } from '../../../src/domain/run/restore-effect.ts';
import type { ClusterNotice } from '../../../src/domain/watch/cluster-notice.ts';
import { openRetentionLab, type RetentionLab } from '../../support/retention-lab.ts';

const dayMs = 86_400_000;
const by = { slackUser: 'U1', clusterUser: 'requester' };

async function opened(
  t: TestContext,
  rules: Partial<RetentionPolicy> = { newest: 9 },
): Promise<RetentionLab> {
  const lab = await openRetentionLab(rules);
  t.after(() => lab.close());
  return lab;
}

/** As a person would have said it, just now. */
async function restoredFrom(lab: RetentionLab, from: string): Promise<void> {
  const now = lab.clock.now();
  await lab.records.decideRestore<never>({
    cluster: 'prod-east',
    from,
    now,
    deliveryId: `restored-${from}-${now}`,
    decision({ runs, restores }) {
      const run = runs.find(({ id }) => id === from) ?? assert.fail();
      const clusterId = run.plan?.clusterId ?? assert.fail();
      const restore = newRestore({ run, clusterId }, now, { by, at: now });
      const { marked } = lineChange(runs, [...restores, restore], clusterId);
      const set = (left: typeof restore) => ({ set: withMark(left), audit: [], notices: [] });
      return {
        restore,
        runs: marked.map((each) => ({ runId: each.run.id, change: set(each.by) })),
        events: [],
        notices: [],
      };
    },
  });
}

/** What the bot asked in the cluster's channel since it was looked at last. */
async function questions(lab: RetentionLab) {
  const asked: Extract<ClusterNotice, { kind: 'revision-fell' }>[] = [];
  for (;;) {
    const item = await lab.records.takeNotice({ now: lab.clock.now() });
    if (!item) return asked;
    await lab.records.noticeSent(item.id, { now: lab.clock.now(), ts: '1.1' });
    if (item.about === 'cluster' && item.notice.kind === 'revision-fell') asked.push(item.notice);
  }
}

describe('a backup whose revision is lower than that of the one before it', { timeout: 300_000 }, () => {
  it('makes the bot ask, once, and name the newest backup that can have been restored', async (t) => {
    const lab = await opened(t);
    const first = await lab.backup({ revision: 100 });
    await lab.backup({ revision: 300 });
    const third = await lab.backup({ revision: 400 });
    assert.deepEqual(await questions(lab), []);
    const fourth = await lab.backup({ revision: 150 });
    const at = (await lab.run(fourth)).startedAt ?? assert.fail();
    assert.deepEqual(await questions(lab), [
      {
        kind: 'revision-fell',
        runId: fourth,
        revision: 150,
        before: { runId: third, revision: 400 },
        at,
        candidate: first,
      },
    ]);
    await lab.backup({ revision: 160 });
    await lab.backup();
    await lab.backup({ revision: 350 });
    assert.deepEqual(await questions(lab), [], 'it rises again, though it is not where it was');
    await lab.backup({ revision: 10 });
    const [again] = await questions(lab);
    assert.deepEqual([again?.before.revision, again?.candidate], [350, undefined], 'a new occurrence');
  });

  it('is no question where the restore is on record already, or the revision was raised by it', async (t) => {
    const lab = await opened(t);
    const first = await lab.backup({ revision: 100 });
    await lab.backup({ revision: 300 });
    await restoredFrom(lab, first);
    await lab.backup({ revision: 150 });
    await lab.backup({ revision: 1_000_000_400 });
    assert.deepEqual(await questions(lab), []);
  });

  it('is no reason to fail: the backup counts although the earlier ones cannot be looked up', async (t) => {
    const lab = await opened(t);
    const first = await lab.backup({ revision: 300 });
    const raw = new DatabaseSync(path.join(lab.paths.vault ?? '', '..', 'records.sqlite'));
    raw.prepare("update runs set run = 'no JSON' where id = ?").run(first);
    raw.close();
    await assert.rejects(lab.records.runs({ cluster: 'prod-east' }));
    const second = await lab.backup({ revision: 150 });
    assert.equal((await lab.run(second)).status, 'succeeded');
    assert.match(lab.log.map(({ message }) => message).join('\n'), /revision of the backup before/);
  });
});

describe('what a cluster left by a restore', { timeout: 300_000 }, () => {
  it('is not removed for 30 days, takes no place of another, and goes then', async (t) => {
    const lab = await opened(t, { newest: 2 });
    const first = await lab.backup();
    await lab.settle();
    lab.clock.forward(dayMs);
    const left = await lab.backup();
    await lab.settle();
    lab.clock.forward(dayMs);
    await restoredFrom(lab, first);
    for (let days = 0; days < 3; days += 1) {
      lab.clock.forward(dayMs);
      await lab.backup();
      await lab.settle();
    }
    assert.equal(lab.there(await lab.run(first)).length, 0, 'two newer ones of its line are there');
    assert.equal(lab.there(await lab.run(left)).length, 2);
    lab.clock.forward(28 * dayMs);
    await lab.backup();
    await lab.settle();
    assert.equal(lab.there(await lab.run(left)).length, 0);
  });
});
