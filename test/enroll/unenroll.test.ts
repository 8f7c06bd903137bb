import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readOverlay } from '../../src/enroll/objects.ts';
import { unenroll } from '../../src/enroll/unenroll.ts';
import { openAdminApi } from '../../src/openshift/api/admin-api.ts';
import { loadAdminConfig } from '../../src/openshift/api/admin-config.ts';
import { openEnrollLab } from './enroll-lab.ts';

const timeout = 600_000;
const asAdmin = ['--context', 'admin', '--name', 'prod-east'];
const yes = [...asAdmin, '--yes'];
const rbac = 'rbac.authorization.k8s.io/v1';

describe('unenroll', { timeout }, () => {
  it('shows and removes what enroll made, tokens included, and nothing else', async (t) => {
    const lab = await openEnrollLab(t);
    const { objects } = lab.cluster;
    const all = () =>
      [
        'namespaces',
        'serviceaccounts',
        'secrets',
        'clusterroles',
        'clusterrolebindings',
        'roles',
        'rolebindings',
      ]
        .flatMap((kind) =>
          objects.list(kind).map(({ metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
        )
        .toSorted();
    const before = all();
    for (const token of ['bound', 'long-lived']) {
      const { code, stdout, stderr } = await lab.run('enroll', [...yes, '--token', token]);
      assert.equal(code, 0, stdout + stderr);
    }
    assert.ok(all().length > before.length + 13);
    const asked = await lab.run('unenroll', asAdmin);
    assert.match(asked.stdout, /ClusterRole etcd-backup-scc-privileged/);
    assert.ok(asked.stdout.includes(`Cluster: ${lab.cluster.url} (context admin)`), 'a wrong context shows');
    assert.match(asked.stderr, /add --yes/);
    const removed = await lab.run('unenroll', yes);
    assert.equal(removed.code, 0, removed.stdout + removed.stderr);
    assert.match(removed.stdout, /Removed 13 objects/);
    assert.match(removed.stdout, /Backups, the bot’s records and what lies on the nodes stay/);
    assert.deepEqual(all(), before);
    assert.ok(existsSync(join(lab.dir, 'kubeconfigs/prod-east')));
    const again = await lab.run('unenroll', yes);
    assert.equal(again.code, 0);
    assert.match(again.stdout, /Nothing on prod-east was made by enroll/);
  });

  it('refuses while the namespaces hold anything that is not its own, whatever its kind', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', yes);
    const { objects } = lab.cluster;
    const strangers = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'records', namespace: 'etcd-backup' } },
      { apiVersion: rbac, kind: 'Role', metadata: { name: 'ours', namespace: 'etcd-backup-sessions' } },
    ];
    for (const each of strangers) {
      objects.put(each);
      const refused = await lab.run('unenroll', yes);
      assert.equal(refused.code, 1, refused.stdout);
      assert.match(
        refused.stderr,
        new RegExp(`Nothing was removed[\\s\\S]*/${each.metadata.name} in ${each.metadata.namespace}`),
      );
      assert.ok(objects.find('clusterroles', 'etcd-backup'));
      const kind = each.kind === 'Role' ? 'roles' : 'configmaps';
      objects.delete(kind, each.metadata.name, each.metadata.namespace);
    }
    // What every namespace of OpenShift has by itself.
    objects.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace: 'etcd-backup' },
    });
    assert.equal((await lab.run('unenroll', yes)).code, 0);
  });

  it('looks again after the person agreed: a backup may have begun', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', yes);
    const { objects, url: server } = lab.cluster;
    const files = [join(lab.dir, 'admin')];
    const api = await openAdminApi(loadAdminConfig({ files, context: 'admin', proxy: undefined }));
    t.after(() => api.close());
    const metadata = { name: 'session', namespace: 'etcd-backup-sessions' };
    const terminal = {
      say: () => undefined,
      async agrees() {
        objects.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
        return true;
      },
    };
    const overlay = await readOverlay(join(import.meta.dirname, '../../deploy/overlays/managed'));
    await assert.rejects(
      unenroll({ api, objects: overlay, terminal, server }, { context: 'admin', name: 'prod-east' }),
      /Nothing was removed[\s\S]*configmaps\/session in etcd-backup-sessions/,
    );
    assert.ok(objects.find('clusterroles', 'etcd-backup'));
    assert.ok(objects.find('configmaps', metadata.name, metadata.namespace));
  });

  it('leaves what others made or apply too', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', yes);
    const { objects } = lab.cluster;
    objects.patch('clusterroles', 'etcd-backup', (role) => {
      const [own] = role.metadata.managedFields ?? [];
      assert.ok(own);
      role.metadata.managedFields = [own, { ...own, manager: 'argocd-controller' }];
    });
    objects.patch('clusterrolebindings', 'etcd-backup', (binding) => {
      delete binding.metadata.managedFields;
    });
    const { code, stdout } = await lab.run('unenroll', yes);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Stays: ClusterRole etcd-backup \(argocd-controller applies it too\)/);
    assert.match(stdout, /Stays: ClusterRoleBinding etcd-backup \(enroll did not make it\)/);
    assert.ok(
      objects.find('clusterroles', 'etcd-backup') && objects.find('clusterrolebindings', 'etcd-backup'),
    );
    assert.equal(objects.find('namespaces', 'etcd-backup'), undefined);
  });

  it('names the rights that are missing, before it removes anything', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', yes);
    lab.cluster.objects.put({
      apiVersion: rbac,
      kind: 'ClusterRole',
      metadata: { name: 'see-all' },
      rules: [{ verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*'] }],
    });
    lab.cluster.objects.put({
      apiVersion: rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'see-all' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'see-all' },
      subjects: [{ kind: 'User', name: 'viewer' }],
    });
    const { code, stderr } = await lab.run('unenroll', [
      '--context',
      'viewer',
      '--name',
      'prod-east',
      '--yes',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /nothing was removed\. Missing:\n[\s\S]*delete namespaces/);
    assert.ok(lab.cluster.objects.find('namespaces', 'etcd-backup-sessions'));
  });
});
