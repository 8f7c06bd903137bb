import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import {
  etcdRolloutCommands,
  guardOffCommands,
  guardOnCommands,
  redeployCommands,
} from '../../src/domain/restore/api-commands.ts';
import { type ClusterLab, openLab } from '../support/cluster-lab.ts';
import { need } from '../support/need.ts';

/** What the papers say to `oc`, said to the real client and a real API server: quotes, patches and paths in the answer. */
describe('commands for the restored API', { timeout: 180_000 }, () => {
  let lab: ClusterLab;
  before(async () => {
    lab = await openLab();
    await lab.cluster.writeKubeconfig('admin', path.join(lab.dir, 'admin.kubeconfig'));
    await symlink(lab.client.path, path.join(lab.dir, 'oc'));
  });
  after(() => lab[Symbol.asyncDispose]());

  async function oc(commands: readonly string[]): Promise<string> {
    const { stdout } = await execa('/bin/bash', ['-e', '-c', commands.join('\n')], {
      env: {
        PATH: `${lab.dir}:/usr/bin:/bin`,
        HOME: lab.dir,
        KUBECONFIG: path.join(lab.dir, 'admin.kubeconfig'),
      },
      extendEnv: false,
    });
    return stdout;
  }
  const spec = () => lab.cluster.objects.get('etcds', 'cluster').spec as Record<string, unknown>;

  it('switch the quorum guard off, and on again without a trace', async (t) => {
    if (!need(t, 'kubectl or oc', lab.client.kind !== 'stand-in')) return;
    const before = { ...spec() };
    assert.equal(await oc(guardOffCommands), 'etcd.operator.openshift.io/cluster patched');
    assert.deepEqual(spec().unsupportedConfigOverrides, {
      useUnsupportedUnsafeNonHANonProductionUnstableEtcd: true,
    });
    assert.equal(await oc(guardOnCommands), 'etcd.operator.openshift.io/cluster patched');
    assert.deepEqual(spec(), before);
  });

  it('force a redeployment with a reason that differs each time', async (t) => {
    if (!need(t, 'kubectl or oc', lab.client.kind !== 'stand-in')) return;
    const reasons = [];
    for (const _ of [1, 2]) {
      await oc(redeployCommands);
      reasons.push(String(spec().forceRedeploymentReason));
    }
    assert.match(reasons[0] ?? '', /^recovery-\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{9}\+\d{2}:\d{2}$/);
    assert.notEqual(reasons[0], reasons[1]);
  });

  it('show how far a rollout is', async (t) => {
    if (!need(t, 'kubectl or oc', lab.client.kind !== 'stand-in')) return;
    lab.cluster.objects.patch('etcds', 'cluster', (etcd) => {
      const status = etcd.status as { conditions: object[] };
      status.conditions.push({
        type: 'NodeInstallerProgressing',
        status: 'False',
        reason: 'AllNodesAtLatestRevision',
        message: '3 nodes are at revision 8',
      });
    });
    assert.equal(await oc(etcdRolloutCommands), 'AllNodesAtLatestRevision\n3 nodes are at revision 8');
  });
});
