import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parse, stringify } from 'yaml';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { createCoreApi } from '../../../src/openshift/api/core-api.ts';
import { credentialsLife, tokenLife } from '../../../src/openshift/api/credentials.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { policy } from '../../support/cluster-facts.ts';
import { readableCluster } from '../../support/connection.ts';
import { openWorkflowLab } from '../../support/workflow-lab.ts';

const timeout = 600_000;

interface Kubeconfig {
  users: [{ user: Record<string, string> }];
}

function withUser(kubeconfig: string, user: Record<string, string>): string {
  const content = parse(kubeconfig) as Kubeconfig;
  content.users[0].user = user;
  return stringify(content);
}

async function folder(t: Pick<TestContext, 'after'>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'credentials-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A connection whose kubeconfig names a token file beside it, and a way to renew the token. */
async function withTokenFile(t: Pick<TestContext, 'after'>, cluster: SandboxCluster) {
  const dir = await folder(t);
  const file = join(dir, 'kubeconfig');
  await writeFile(join(dir, 'token'), `${cluster.token('bot')}\n`);
  await writeFile(file, withUser(cluster.kubeconfig('bot'), { token: 'long-gone', tokenFile: 'token' }));
  const connection = { cluster: 'lab', kubeconfig: { file }, requestDeadlineMs: 60_000 };
  const rotate = async () => {
    cluster.revoke('bot');
    cluster.reissue('bot');
    await writeFile(join(dir, 'next'), cluster.token('bot'));
    await rename(join(dir, 'next'), join(dir, 'token'));
  };
  return { dir, file, connection, rotate };
}

describe('the token file of a kubeconfig', { timeout }, () => {
  it('comes before its token, and is read again when it rotates: looks and the API of pods', async (t) => {
    const cluster = await readableCluster(t);
    const { connection, rotate } = await withTokenFile(t, cluster);
    const reader = createClusterReader([connection], { now: () => Date.now() });
    t.after(() => reader.close());
    const pods = createCoreApi(connection);
    const look = async () => {
      const reading = await reader.version(policy());
      assert.ok(reading.ok, JSON.stringify(reading));
      await pods.readNamespacedPod({ name: 'none', namespace: 'etcd-backup-sessions' }).catch((error) => {
        assert.equal((error as { code?: number }).code, 404);
      });
    };
    await look();
    await rotate();
    const from = cluster.requests.length;
    await look();
    assert.deepEqual(
      cluster.requests.slice(from).map(({ status }) => status),
      [200, 404],
      'no request with the former token',
    );
  });

  it('that is not there, or empty, is named as such', async (t) => {
    const cluster = await readableCluster(t);
    const { connection, dir } = await withTokenFile(t, cluster);
    const reader = createClusterReader([connection], { now: () => Date.now() });
    t.after(() => reader.close());
    for (const [change, text] of [
      [() => writeFile(join(dir, 'token'), '\n'), /tokenFile is empty/],
      [() => rm(join(dir, 'token')), /tokenFile cannot be read: ENOENT/],
    ] as const) {
      await change();
      const reading = await reader.version(policy());
      assert.ok(!reading.ok);
      assert.match(reading.why.detail, text);
    }
  });
});

describe('how long credentials hold', { timeout }, () => {
  const claims = (body: object) => `e30.${Buffer.from(JSON.stringify(body)).toString('base64url')}.sig`;

  it('is what a token says of itself', () => {
    assert.deepEqual(tokenLife(claims({ exp: 2_000, iat: 1_000 })), { endsAt: 2_000_000, since: 1_000_000 });
    assert.deepEqual(tokenLife(claims({ exp: 2_000 })), { endsAt: 2_000_000 });
    for (const none of [claims({ iat: 1 }), claims({ exp: 'soon' }), 'sha256~abc', 'a.b.c', '', 'a.e30.']) {
      assert.equal(tokenLife(none), undefined, none);
    }
  });

  it('is a time that can be written down, whatever the token claims', () => {
    for (const exp of [1e308, 1e15, -1e15, 8.64e12 + 1, null]) {
      assert.equal(tokenLife(claims({ exp })), undefined, String(exp));
    }
    assert.deepEqual(tokenLife(claims({ exp: -5 })), { endsAt: -5_000 });
    // Issued after its end, or at no time at all: a fifth of such a life is no warning.
    for (const iat of [3_000, 1e308, -1e300, 'now']) {
      assert.deepEqual(tokenLife(claims({ exp: 2_000, iat })), { endsAt: 2_000_000 }, String(iat));
    }
  });

  it('is read again when a mounted Secret is swapped, and is unknown where nothing can be read', async (t) => {
    const dir = await folder(t);
    const cluster = await readableCluster(t);
    const put = (name: string, exp: number) =>
      writeFile(join(dir, name), withUser(cluster.kubeconfig('bot'), { token: claims({ exp }) }));
    await put('one', 1_000);
    await put('two', 2_000);
    const file = join(dir, 'kubeconfig');
    await symlink('one', file);
    const life = credentialsLife({ cluster: 'lab', kubeconfig: { file }, requestDeadlineMs: 1_000 });
    assert.equal((await life())?.endsAt, 1_000_000);
    await symlink('two', join(dir, 'next'));
    await rename(join(dir, 'next'), file);
    assert.equal((await life())?.endsAt, 2_000_000);
    await rm(file);
    assert.equal(await life(), undefined);
    const inPod = credentialsLife({ cluster: 'lab', kubeconfig: 'in-cluster', requestDeadlineMs: 1_000 });
    assert.equal(await inPod(), undefined);
  });
});

describe('a token that rotates under a run', { timeout }, () => {
  for (const how of ['kubeconfig', 'token file'] as const) {
    it(`is taken up from the ${how}, by the bot and by kubectl, and the run succeeds`, async () => {
      await using lab = await openWorkflowLab();
      const { cluster, connection } = lab.lab;
      const { kubeconfig } = connection;
      assert.ok(kubeconfig !== 'in-cluster');
      const tokenFile = `${kubeconfig.file}-token`;
      const write = (file: string, text: string) => {
        writeFileSync(`${file}.next`, text, { mode: 0o600 });
        renameSync(`${file}.next`, file);
      };
      if (how === 'token file') {
        write(tokenFile, cluster.token('bot'));
        write(kubeconfig.file, withUser(cluster.kubeconfig('bot'), { tokenFile }));
      }
      let rotatedAt = 0;
      const undo = cluster.faults.add({
        kind: 'reset',
        match({ resource, verb, namespace }) {
          // The session pod is there, and its run goes on with it.
          const isPoll = resource === 'pods' && verb === 'get' && namespace === 'etcd-backup-sessions';
          if (!isPoll || rotatedAt > 0 || lab.sessionPods().length === 0) return false;
          rotatedAt = cluster.requests.length;
          cluster.revoke('bot');
          cluster.reissue('bot');
          if (how === 'kubeconfig') write(kubeconfig.file, cluster.kubeconfig('bot'));
          else write(tokenFile, cluster.token('bot'));
          return false;
        },
      });
      await lab.approved();
      const run = await lab.turn();
      undo();
      assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
      const after = cluster.requests.slice(rotatedAt);
      assert.ok(rotatedAt > 0 && after.some(({ subresource }) => subresource === 'exec'));
      assert.deepEqual(
        after.filter(({ status }) => status === 401),
        [],
      );
    });
  }
});
