import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { staticPodFiles, write } from '../../sandbox/restore-host/furnish-hosts.ts';
import { createRestoreHosts } from '../../sandbox/restore-host/hosts.ts';
import { stopOthersCommands } from '../../src/domain/restore/node-commands.ts';
import { etcd35, etcd35Name } from '../support/etcd-programs.ts';
import { anotherManifest } from '../support/manifests.ts';
import { need } from '../support/need.ts';

const snapshot = new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
const backup = '/home/core/assets/backup';
const restore = `sudo -E /usr/local/bin/cluster-restore.sh ${backup}`;
const on = { on: 'master-0' } as const;

/** Three hosts of a release line; the backup lies on the first. */
async function open(t: TestContext, minor: number) {
  const tools = etcd35();
  if (!need(t, etcd35Name, tools)) return undefined;
  const dir = await mkdtemp(path.join(tmpdir(), 'restore-host-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const names = ['master-0', 'master-1', 'master-2'];
  const hosts = await createRestoreHosts({
    dir: path.join(dir, 'world'),
    minor,
    tools,
    hosts: names.map((name, index) => ({ name, address: `172.31.77.${10 + index}` })),
  });
  await write(hosts.root('master-0'), `${backup}/snapshot_1.db`, gunzipSync(await readFile(snapshot)));
  const archive = async (files: ReadonlyMap<string, string>) => {
    const room = path.join(dir, 'archive');
    await rm(room, { recursive: true, force: true });
    for (const [file, text] of files) {
      await mkdir(path.dirname(path.join(room, file)), { recursive: true });
      await writeFile(path.join(room, file), text);
    }
    const to = path.join(hosts.root('master-0'), backup, 'static_kuberesources_1.tar.gz');
    await execa('tar', ['-czf', to, 'static-pod-resources'], { cwd: room });
  };
  await archive(staticPodFiles());
  return { hosts, archive, dir };
}

describe('cluster-restore.sh of a simulated host', { timeout: 300_000, concurrency: 2 }, () => {
  it('restores for real, with the words of its release, and touches nothing but its own tree', async (t) => {
    const room = await open(t, 16);
    if (!room) return;
    const { hosts } = room;
    const { code, output } = await hosts.run(restore, on);
    assert.equal(code, 0, output);
    for (const words of [
      '...stopping kube-apiserver-pod.yaml',
      'Waiting for container kube-controller-manager to stop',
      'Moving etcd data-dir /var/lib/etcd/member to /var/lib/etcd-backup',
      'starting restore-etcd static pod',
      'starting kube-scheduler-pod.yaml',
    ])
      assert.ok(output.includes(words), `${words} in:\n${output}`);
    assert.ok(!output.includes(room.dir), 'paths are those of the host');
    assert.equal((await hosts.etcdState('master-0')).revision, 61);
    assert.match((await hosts.harms()).join(), /two etcd clusters run at once/);
  });

  it('fails as the real one does', async (t) => {
    const room = await open(t, 20);
    if (!room) return;
    const { hosts } = room;
    const root = hosts.root('master-0');
    const says = async (text: string, words: RegExp) => {
      const { code, output } = await hosts.run(text, on);
      assert.notEqual(code, 0, output);
      assert.match(output, words);
    };
    await says(`/usr/local/bin/cluster-restore.sh ${backup}`, /^This script must be run as root$/m);
    await says('/usr/local/bin/disable-etcd.sh', /^This script must be run as root$/m);
    await says(
      'sudo /usr/local/bin/cluster-restore.sh',
      /^Path to the directory containing backup files is required/m,
    );
    await says('sudo /usr/local/bin/cluster-restore.sh /tmp', /^etcd snapshot {2}does not exist$/m);
    await says(
      `truncate -s 9000 ${backup}/snapshot_0.db; sudo mv ${backup}/snapshot_1.db /tmp/; ${restore}`,
      /Aborting!/,
    );
    await hosts.run(`rm ${backup}/snapshot_0.db; mv /tmp/snapshot_1.db ${backup}/`, on);
    await write(root, 'var/lib/etcd/left-over', '');
    await says(restore, /^folder \/var\/lib\/etcd is not empty, please review and remove all files in it$/m);
    await hosts.run('rm /var/lib/etcd/left-over', on);
    const scripts = '/etc/kubernetes/static-pod-resources/etcd-certs/configmaps/etcd-scripts';
    await hosts.run(`mv ${scripts}/etcd.env /tmp/`, on);
    await says(restore, /^required dependencies not found, please ensure this script is run on a node with/m);
  });

  it('up to 4.17 stops at an archive without one of the static pods', async (t) => {
    const room = await open(t, 16);
    if (!room) return;
    const files = new Map([...staticPodFiles()].filter(([file]) => !file.includes('kube-scheduler')));
    await room.archive(files);
    const { code, output } = await room.hosts.run(restore, on);
    assert.equal(code, 1);
    assert.match(output, /^kube-scheduler-pod\.yaml does not exist in .*static_kuberesources_1\.tar\.gz$/m);
  });

  it('raises the revision from 4.18 on, by a fifth more than the raft index that the node had', async (t) => {
    const room = await open(t, 18);
    if (!room) return;
    const { hosts } = room;
    for (const name of ['master-1', 'master-2', 'master-0'])
      assert.equal((await hosts.run('sudo -E /usr/local/bin/disable-etcd.sh', { on: name })).code, 0);
    const { code, output } = await hosts.run(restore, on);
    assert.equal(code, 0, output);
    assert.equal((await hosts.etcdState('master-0')).revision, 61 + 6_000);
    assert.deepEqual(await hosts.harms(), []);
  });
});

describe('stopping the other hosts by hand', { timeout: 300_000 }, () => {
  const manifest = anotherManifest({ runId: 'r-abcdefgh', zStream: '4.16.8' });
  const [stop = ''] = stopOthersCommands(manifest, ['etcd', 'kube-apiserver']);

  it('waits for the containers of these pods, not for a workload of a similar name', async (t) => {
    const room = await open(t, 16);
    if (!room) return;
    const { code, output } = await room.hosts.run(stop);
    assert.equal(code, 0, output);
    assert.match(output, /^waiting for etcd to stop$/m);
    assert.deepEqual(await room.hosts.harms(), []);
  });

  it('leaves the data alone while etcd still runs, and says what to do', async (t) => {
    const room = await open(t, 16);
    if (!room) return;
    await write(room.hosts.root('master-1'), '.host/stuck/etcd', '');
    const { code, output } = await room.hosts.run(stop);
    assert.notEqual(code, 0);
    assert.match(output, /^etcd still runs: crictl stop etcd\.etcd/m);
    assert.equal((await room.hosts.run('ls /var/lib/etcd/member', { on: 'master-1' })).code, 0);
  });

  it('that did not wait would be seen as harm', async (t) => {
    const room = await open(t, 16);
    if (!room) return;
    await room.hosts.run(
      'sudo mv -v /etc/kubernetes/manifests/etcd-pod.yaml /tmp/; sudo mv -v /var/lib/etcd/ /tmp/',
      { on: 'master-1' },
    );
    assert.match(
      (await room.hosts.harms()).join(),
      /^master-1: the data of an etcd that still runs was moved/,
    );
  });
});

describe('the shell of the person', { timeout: 300_000 }, () => {
  it('keeps its directory and its variables, and nothing on a host is outside its tree', async (t) => {
    const room = await open(t, 20);
    if (!room) return;
    const { hosts } = room;
    await hosts.run('mkdir there && cd there && export RECOVERY_HOST=172.31.77.11');
    assert.equal(
      (await hosts.run('pwd; echo "$RECOVERY_HOST"')).output,
      `${hosts.home}/there\n172.31.77.11\n`,
    );
    assert.equal(
      (await hosts.run('ssh core@"$RECOVERY_HOST" "pwd; ls /etc"')).output,
      '/home/core\nkubernetes\nmco\n',
    );
    for (const text of ['ssh core@ ls', 'ssh core@172.31.77.99 ls', 'ssh root@master-0 ls'])
      assert.equal((await hosts.run(text)).code, 255, text);
    const unknown = await hosts.run('oc delete project default');
    assert.equal(unknown.code, 1, 'nothing is answered that was not thought of');
  });
});
