import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Behaviour } from '../../sandbox/world.ts';
import type { FailureKind } from '../../src/domain/backup/failure.ts';
import { openStage, type Request, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
let stage: Stage;

before(
  async () => {
    stage = await openStage();
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

function node() {
  const [first] = stage.world.plane.nodes;
  assert.ok(first);
  return first;
}

/** A request that was approved, on a node that behaves so. */
async function approvedRun(behaviour: Partial<Behaviour>): Promise<Request> {
  await node().behave(behaviour);
  const request = await stage.request('prod-east');
  await stage.click(stage.world.people.approver, request, 'approve');
  return request;
}

async function directoryOf(request: Request): Promise<string> {
  const { plan } = await stage.run(request);
  return plan?.directory ?? assert.fail('the run has no plan');
}

describe('a backup that fails', { timeout }, () => {
  const cases: readonly {
    what: string;
    behaviour: Partial<Behaviour>;
    kind: FailureKind;
    card: RegExp;
    output: RegExp | undefined;
    /** What is proven worthless is removed; what is there but not proven is kept and named. */
    left: 'nothing' | 'named';
  }[] = [
    {
      what: 'an operator began to progress',
      behaviour: { progressing: ['kube-apiserver'] },
      kind: 'script-operator-progressing',
      card: /The operator kube-apiserver began to roll out a change just before the backup/,
      output: /Currently the kube-apiserver operator is progressing/,
      left: 'nothing',
    },
    {
      what: 'the disk became full',
      behaviour: { outcome: 'disk-full' },
      kind: 'script-disk-full',
      card: /The node's disk became full/,
      output: /no space left on device/i,
      left: 'nothing',
    },
    {
      what: 'the script says that it worked, but the snapshot is torn',
      behaviour: { outcome: 'torn-snapshot' },
      kind: 'snapshot-trailer',
      card: /does not match the checksum that etcd wrote at its end/,
      output: /snapshot db and kube resources are successfully saved to/,
      left: 'named',
    },
  ];
  for (const { what, behaviour, kind, card, output, left } of cases) {
    it(`says in plain words: ${what}`, async () => {
      const request = await approvedRun(behaviour);

      const said = await stage.waitForCard(request, /The backup failed/);
      const thread = await stage.waitForThread(request, /Left on node/);

      assert.match(said, card);
      assert.match(said, /What it means: /);
      assert.match(said, /Next step: /);
      assert.match(thread, card);
      if (output) assert.match(thread, output);
      const run = await stage.run(request);
      assert.equal(run.failed?.failure.kind, kind);
      const directory = await directoryOf(request);
      const onDisk = existsSync(path.join(node().dir, directory));
      assert.equal(onDisk, left === 'named', `${directory} on the node`);
      assert.match(thread, left === 'named' ? new RegExp(`${directory}/snapshot_.*\\.db`) : /no files/);
      assert.deepEqual(stage.sessionPods(), []);
    });
  }

  it('does not block the next one, whose release prints no status line', async () => {
    const request = await approvedRun({ release: '4.4' });

    await stage.waitForCard(request, /Backed up in/);
    const thread = await stage.waitForThread(request, /is complete/);

    const { success } = await stage.run(request);
    assert.ok(success);
    assert.equal(success.artifacts.snapshot.status, undefined);
    assert.ok(thread.includes(success.artifacts.snapshot.sha256));
    assert.ok(thread.includes(success.artifacts.resources.sha256));
    assert.doesNotMatch(thread, /revision \d/, 'nothing is said that is not known');
    assert.match(thread, /script of this release prints no status of the snapshot/);
    assert.ok(existsSync(path.join(node().dir, success.artifacts.snapshot.path)));
    assert.deepEqual(stage.sessionPods(), []);
  });
});

describe('a cluster that is not ready for a backup', { timeout }, () => {
  it('is blocked on the card, and nothing is run', async () => {
    const { cluster } = stage.world;
    const before = cluster.objects.get('clusteroperators', 'etcd');
    const requests = cluster.requests.length;
    cluster.objects.setCondition('clusteroperators', 'etcd', {
      type: 'Progressing',
      status: 'True',
      message: 'NodeInstallerProgressing: 1 node is at revision 3',
    });
    try {
      const request = await stage.request('prod-east', /Blocked by the checks/);
      const thread = await stage.waitForThread(request, /What was checked on prod-east/);

      const card = stage.card(request);
      assert.match(card, /etcd/);
      assert.match(card, /Nothing was run/);
      assert.match(card, /Next step|run prod-east/);
      assert.match(thread, /1 blocker: the backup cannot run/);
      assert.match(thread, /NodeInstallerProgressing/);
      assert.equal((await stage.run(request)).status, 'blocked');
      const writes = cluster.requests
        .slice(requests)
        .filter(
          ({ verb, resource, dryRun }) =>
            verb !== 'get' && verb !== 'list' && !dryRun && !/(access|rules)reviews$/.test(resource ?? ''),
        );
      assert.deepEqual(writes, []);
    } finally {
      cluster.objects.put(before);
    }
  });
});
