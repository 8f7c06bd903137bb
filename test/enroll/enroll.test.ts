import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { tokenLife } from '../../src/openshift/api/credentials.ts';
import { findKubectl } from '../deploy/render.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { need } from '../support/need.ts';
import { adminKubeconfig, openEnrollLab } from './enroll-lab.ts';

const timeout = 600_000;
const exec = promisify(execFile);
const asAdmin = ['--context', 'admin', '--name', 'prod-east'];
const botUser = 'system:serviceaccount:etcd-backup:etcd-backup';

function tokenIn(kubeconfig: string): string {
  return (parse(kubeconfig) as { users: [{ user: { token: string } }] }).users[0].user.token;
}

describe('enroll', { timeout }, () => {
  it('shows, applies, makes a token, tests it, and writes what the bot needs', async (t) => {
    const lab = await openEnrollLab(t);
    const { code, stdout, stderr } = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /ClusterRole etcd-backup: is made/);
    assert.match(stdout, /in etcd-backup-sessions: create, get, delete pods$/m);
    assert.match(stdout, /in etcd-backup-sessions: use securitycontextconstraints .*\(only privileged\)/);
    assert.match(stdout, /13 of 13 objects were made or changed/);
    assert.match(stdout, /API of prod-east: .*/);
    assert.match(stdout, /Token: bound, until 20\d\d-/);
    assert.doesNotMatch(stdout, /❌/);
    const kubeconfig = await lab.file('kubeconfigs/prod-east');
    assert.equal((await stat(join(lab.dir, 'kubeconfigs/prod-east'))).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(lab.dir, 'kubeconfigs')), ['prod-east'], 'no part of a file is left');
    assert.deepEqual(parse(await lab.file('clusters.d/prod-east.yaml')), {
      name: 'prod-east',
      connect: { kubeconfig: '/etc/etcd-backup-kubeconfigs/prod-east' },
    });
    for (const text of [stdout, stderr, kubeconfig]) {
      assert.ok(!text.includes(lab.cluster.token('admin')), "the administrator's token stays where it was");
    }
    assert.ok(!stdout.includes(tokenIn(kubeconfig)));
    assert.equal(lab.cluster.requests.filter(({ user }) => user === botUser).length > 0, true);
    const life = tokenLife(tokenIn(kubeconfig));
    assert.equal(life && Math.round((life.endsAt - (life.since ?? 0)) / 86_400_000), 365);
  });

  it('is the kubeconfig with which kubectl has exactly those rights', async (t) => {
    const kubectl = await findKubectl();
    if (!need(t, 'kubectl or oc', kubectl)) return;
    const lab = await openEnrollLab(t);
    assert.equal((await lab.run('enroll', [...asAdmin, '--yes'])).code, 0);
    const ask = async (...args: string[]) =>
      (
        await exec(kubectl, [`--kubeconfig=${join(lab.dir, 'kubeconfigs/prod-east')}`, ...args], {
          env: { HOME: lab.dir },
        })
      ).stdout;
    assert.match(await ask('get', 'nodes', '-o', 'name'), /^node\/master-0$/m);
    assert.match(await ask('auth', 'can-i', 'create', 'pods/exec', '-n', 'etcd-backup-sessions'), /yes/);
    await assert.rejects(ask('auth', 'can-i', 'get', 'secrets'), /Command failed/);
  });

  it('renews the token when it is run again, and changes nothing else', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', [...asAdmin, '--yes']);
    const before = tokenIn(await lab.file('kubeconfigs/prod-east'));
    await writeFile(join(lab.dir, 'clusters.d/prod-east.yaml'), 'name: prod-east # ours\n');
    const again = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.equal(again.code, 0, again.stdout + again.stderr);
    assert.match(again.stdout, /ClusterRole etcd-backup: is there$/m);
    assert.match(again.stdout, /All 13 objects were as they should be/);
    assert.match(again.stdout, /Replaced .*kubeconfigs\/prod-east/);
    assert.notEqual(tokenIn(await lab.file('kubeconfigs/prod-east')), before);
    assert.match(await lab.file('clusters.d/prod-east.yaml'), /# ours/);
    const from = lab.cluster.requests.length;
    const renewed = await lab.run('enroll', [...asAdmin, '--renew']);
    assert.equal(renewed.code, 0, renewed.stdout + renewed.stderr);
    assert.deepEqual(
      lab.cluster.requests.slice(from).filter(({ verb }) => verb === 'patch'),
      [],
    );
    assert.match(renewed.stdout, /--name prod-east --renew$/m);
    const elsewhere = await lab.run('enroll', [...asAdmin, '--out', 'enrolled', '--renew']);
    assert.equal(elsewhere.code, 0, elsewhere.stdout + elsewhere.stderr);
    assert.match(elsewhere.stdout, /--name prod-east --out enrolled --renew$/m, 'the same file again');
  });

  it('replaces no kubeconfig of another cluster: the wrong context under that name', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', [...asAdmin, '--yes']);
    const file = join(lab.dir, 'kubeconfigs/prod-east');
    const other = (await lab.file('kubeconfigs/prod-east')).replace(
      lab.cluster.url,
      'https://api.other:6443',
    );
    await writeFile(file, other);
    for (const more of [['--yes'], ['--renew']]) {
      const from = lab.cluster.requests.length;
      const { code, stderr } = await lab.run('enroll', [...asAdmin, ...more]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /leads to https:\/\/api\.other:6443, and context "admin" to .*nothing was changed/,
      );
      assert.deepEqual(lab.cluster.requests.slice(from), [], 'no token is made');
    }
    assert.equal(await lab.file('kubeconfigs/prod-east'), other);
  });

  it('says that the server shortened the token, and makes a long-lived one where that is wanted', async (t) => {
    const lab = await openEnrollLab(t, { maxTokenSeconds: 86_400 });
    const short = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.match(short.stdout, /The cluster gave less than was asked for/);
    const long = [...asAdmin, '--yes', '--token', 'long-lived'];
    const made = await lab.run('enroll', long);
    assert.equal(made.code, 0, made.stdout + made.stderr);
    assert.match(
      made.stdout,
      /Token: long-lived, in Secret etcd-backup-token-\w+ of etcd-backup\. It holds until/,
    );
    const first = tokenIn(await lab.file('kubeconfigs/prod-east'));
    assert.equal(tokenLife(first), undefined);
    assert.match((await lab.run('enroll', long)).stdout, /\(it was there\)/);
    assert.equal(tokenIn(await lab.file('kubeconfigs/prod-east')), first);
    const renewed = await lab.run('enroll', [...long, '--renew']);
    assert.match(renewed.stdout, /Older ones are still valid\. .*\n.*delete secret etcd-backup-token-/);
    assert.notEqual(tokenIn(await lab.file('kubeconfigs/prod-east')), first);
  });

  it('prints the objects for GitOps as kustomize builds them', async (t) => {
    const kubectl = await findKubectl();
    if (!need(t, 'kubectl or oc', kubectl)) return;
    const lab = await openEnrollLab(t);
    const { stdout } = await lab.run('enroll', ['--print']);
    const built = await exec(kubectl, [
      'kustomize',
      join(import.meta.dirname, '../../deploy/overlays/managed'),
    ]);
    const objectsIn = (text: string) =>
      parseAllDocuments(text)
        .map((each) => JSON.stringify(sorted(each.toJS())))
        .toSorted();
    assert.deepEqual(objectsIn(stdout), objectsIn(built.stdout));
    assert.equal(lab.cluster.requests.length, 0);
  });

  it('asks before it changes anything', async (t) => {
    const lab = await openEnrollLab(t);
    const { code, stderr } = await lab.run('enroll', asAdmin);
    assert.equal(code, 1);
    assert.match(stderr, /no one can be asked here: add --yes/);
    assert.equal(lab.cluster.objects.find('clusterroles', 'etcd-backup'), undefined);
  });

  it('says in one sentence what is wrong', async (t) => {
    const lab = await openEnrollLab(t);
    const cases: [string[], Record<string, string>, number, RegExp][] = [
      [['--context', 'amin', '--name', 'p'], {}, 1, /has no context "amin": did you mean "admin"\?/],
      [asAdmin, { KUBECONFIG: '/nope' }, 1, /no kubeconfig is there: looked for \/nope/],
      [
        ['--context', 'nowhere', '--name', 'p', '--yes'],
        {},
        1,
        /the API server cannot be reached \(ECONNREFUSED\)/,
      ],
      [
        ['--context', 'viewer', '--name', 'p', '--yes'],
        {},
        1,
        /account of context "viewer" lacks rights; nothing was changed[\s\S]*patch clusterroles\.rbac\.authorization\.k8s\.io\n[\s\S]*create serviceaccounts\/token in etcd-backup/,
      ],
      [['--name', 'p'], {}, 2, /--context is missing/],
      [['--context', 'admin', '--name', 'Prod East'], {}, 2, /--name: expected/],
      [[...asAdmin, '--token', 'x'], {}, 2, /--token takes bound or long-lived/],
      [[...asAdmin, '--renew'], {}, 1, /there is no service account etcd-backup in namespace etcd-backup/],
    ];
    for (const [args, env, expected, text] of cases) {
      const { code, stderr, stdout } = await lab.run('enroll', args, env);
      assert.match(stderr, text, args.join(' '));
      assert.equal(code, expected, stdout + stderr);
    }
    lab.cluster.revoke('admin');
    const refused = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.match(refused.stderr, /does not accept the credentials of context "admin".*Log in again/);
  });

  it('does not take what another tool applies with other values, unless told so', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', [...asAdmin, '--yes']);
    lab.cluster.objects.patch('clusterroles', 'etcd-backup', (role) => {
      role.rules = [];
      for (const each of role.metadata.managedFields ?? []) each.manager = 'argocd-controller';
    });
    const stopped = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.equal(stopped.code, 1);
    assert.match(stopped.stderr, /apply ClusterRole etcd-backup: .*argocd-controller.*--force-conflicts/);
    const forced = await lab.run('enroll', [...asAdmin, '--yes', '--force-conflicts']);
    assert.equal(forced.code, 0, forced.stdout + forced.stderr);
  });

  it('writes no kubeconfig that does not get in, and leaves the former one', async (t) => {
    const lab = await openEnrollLab(t);
    await lab.run('enroll', [...asAdmin, '--yes']);
    const before = await lab.file('kubeconfigs/prod-east');
    lab.cluster.faults.add({
      kind: 'status',
      code: 401,
      reason: 'Unauthorized',
      message: 'Unauthorized',
      match: ({ resource, path }) => path === '/version' || resource === 'selfsubjectrulesreviews',
    });
    const failed = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /the new token does not get into the cluster, so .* was not replaced/);
    assert.equal(await lab.file('kubeconfigs/prod-east'), before);
    assert.deepEqual(await readdir(join(lab.dir, 'kubeconfigs')), ['prod-east']);
  });
});

describe('the administrator’s kubeconfig', { timeout }, () => {
  it('may be a list, with a token file, a plugin or a proxy', async (t) => {
    const lab = await openEnrollLab(t);
    const { server, ca } = { server: lab.cluster.url, ca: Buffer.from(lab.cluster.caPem).toString('base64') };
    const cluster = { server, 'certificate-authority-data': ca };
    await copyFile(join(lab.dir, 'admin'), join(lab.dir, 'first'));
    await writeFile(join(lab.dir, 'secret-token'), `${lab.cluster.token('admin')}\n`);
    const second = {
      clusters: [
        { name: 'prod', cluster: { server: 'https://wrong.example.com' } },
        { name: 'two', cluster },
      ],
      users: [{ name: 'by-file', user: { tokenFile: 'secret-token', token: 'old' } }],
      contexts: [{ name: 'by-file', context: { cluster: 'prod', user: 'by-file' } }],
    };
    await writeFile(join(lab.dir, 'second'), JSON.stringify(second));
    const list = { KUBECONFIG: [join(lab.dir, 'first'), '/not/there', join(lab.dir, 'second')].join(':') };
    const byFile = await lab.run('enroll', ['--context', 'by-file', '--name', 'prod-east', '--yes'], list);
    assert.equal(byFile.code, 0, byFile.stderr);

    const credential = JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: lab.cluster.token('admin') },
    });
    const plugin = (args: string[]) => ({
      clusters: [{ name: 'prod', cluster }],
      users: [
        { name: 'u', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args } } },
      ],
      contexts: [{ name: 'c', context: { cluster: 'prod', user: 'u' } }],
    });
    await writeFile(join(lab.dir, 'plugin'), JSON.stringify(plugin(['-c', `echo '${credential}'`])));
    await writeFile(
      join(lab.dir, 'broken'),
      JSON.stringify(plugin(['-c', 'echo s3cret-of-plugin >&2; exit 1'])),
    );
    const words = ['--context', 'c', '--name', 'prod-east', '--yes', '--kubeconfig'];
    const byPlugin = await lab.run('enroll', [...words, join(lab.dir, 'plugin')]);
    assert.equal(byPlugin.code, 0, byPlugin.stderr);
    const broken = await lab.run('enroll', [...words, join(lab.dir, 'broken')]);
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /plugin gave no credentials for context "c"\. Log in/);
    assert.doesNotMatch(broken.stderr + broken.stdout, /s3cret-of-plugin/);
  });

  it('leads through the proxy of the environment, or through its own', async (t) => {
    const lab = await openEnrollLab(t);
    const port = Number(new URL(lab.cluster.url).port);
    const proxy = await startConnectProxy(t, {
      hosts: { 'api.test': port },
      credentials: { user: 'robot', password: 'pr0xy-Pa55' },
    });
    const through = proxy.url.replace('://', '://robot:pr0xy-Pa55@');
    const names = { server: 'https://api.test:6443', 'tls-server-name': 'localhost' };
    await writeFile(join(lab.dir, 'admin'), adminKubeconfig(lab.cluster, names));
    const said = await lab.run('enroll', [...asAdmin, '--yes'], { HTTPS_PROXY: through });
    assert.equal(said.code, 0, said.stdout + said.stderr);
    await writeFile(join(lab.dir, 'admin'), adminKubeconfig(lab.cluster, { ...names, 'proxy-url': through }));
    const own = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.equal(own.code, 0, own.stdout + own.stderr);
    assert.match(own.stdout, /through a proxy of its own; the new one names none/);
    const kubeconfig = await lab.file('kubeconfigs/prod-east');
    assert.match(kubeconfig, /tls-server-name: localhost/);
    for (const text of [own.stdout, own.stderr, kubeconfig])
      assert.doesNotMatch(text, /pr0xy-Pa55|proxy-url: /);
  });

  it('without a verified server is refused', async (t) => {
    const lab = await openEnrollLab(t);
    const insecure = { 'insecure-skip-tls-verify': true, 'certificate-authority-data': undefined };
    await writeFile(join(lab.dir, 'admin'), adminKubeconfig(lab.cluster, insecure));
    const { code, stderr } = await lab.run('enroll', [...asAdmin, '--yes']);
    assert.equal(code, 1);
    assert.match(stderr, /insecure-skip-tls-verify/);
    await assert.rejects(stat(join(lab.dir, 'kubeconfigs/prod-east')), /ENOENT/);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
