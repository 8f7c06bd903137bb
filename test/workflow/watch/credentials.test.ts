import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { api } from '../../sandbox/cluster/harness.ts';
import { hourMs, openWatchLab } from '../../support/watch-lab.ts';
import { who } from '../../support/workflow-lab.ts';

const timeout = 600_000;

/** A kubeconfig with a token of the real service account that the API server ends after so many seconds. */
async function endingKubeconfig(cluster: SandboxCluster, seconds: number): Promise<string> {
  const path = '/api/v1/namespaces/etcd-backup/serviceaccounts/etcd-backup/token';
  const request = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: seconds },
  };
  const { status, body } = await api(cluster)('admin', 'POST', path, request);
  assert.equal(status, 201, JSON.stringify(body));
  const content = parse(cluster.kubeconfig('bot')) as { users: [{ user: object }] };
  content.users[0].user = { token: body.status.token };
  return stringify(content);
}

describe('the watch of a cluster whose token ends', { timeout }, () => {
  it('notifies the owners, sees no more of it, and goes on with a new token', async () => {
    let passed = 0;
    await using watch = await openWatchLab({
      now: () => new Date(Date.now() + passed),
      policy: { owners: [who.requester] },
    });
    const { lab, clock } = watch.lab;
    const { kubeconfig } = lab.connection;
    assert.ok(kubeconfig !== 'in-cluster');
    await writeFile(kubeconfig.file, await endingKubeconfig(lab.cluster, 3600));
    const first = watch.watch();
    await watch.seen((each) => each.seen !== undefined && each.credentials?.life !== undefined);
    const doctor = async () => {
      const answer = await createBackups(watch.deps).doctor(watch.lab.asked(who.requester), {
        cluster: undefined,
      });
      assert.equal(answer.outcome, 'examined');
      return answer.outcome === 'examined' ? answer.lines.map(({ code }) => code) : [];
    };
    assert.ok((await doctor()).includes('credentials.valid'));
    await watch.notices();

    passed += 2 * hourMs;
    clock.forward(2 * hourMs);
    const over = await watch.seen((each) => each.silent !== undefined && each.credentials?.warned === 0);
    assert.equal(over.silent?.why.reason, 'unauthorized');
    const said = await watch.notices();
    assert.deepEqual(
      said.flatMap((each) => (each.kind === 'private' ? [[each.slackUser, each.say.type]] : [])),
      [[who.requester, 'credentials-end']],
    );
    assert.ok((await doctor()).includes('credentials.ended'));

    await writeFile(kubeconfig.file, await endingKubeconfig(lab.cluster, 365 * 24 * 3600));
    const back = await watch.seen((each) => each.silent === undefined);
    assert.equal(back.credentials?.warned, undefined);
    assert.ok((await doctor()).includes('credentials.valid'));
    await first.stop();
    assert.deepEqual(
      (await watch.notices()).filter(({ kind }) => kind === 'private'),
      [],
    );
  });
});
