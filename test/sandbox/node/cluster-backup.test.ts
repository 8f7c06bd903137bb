import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Behaviour } from '../../../sandbox/node/behaviour.ts';
import { eventually, isAlive, makeNode, type Ran, run, start } from './harness.ts';

const SCRIPT = '/usr/local/bin/cluster-backup.sh';
const DIR = '/home/core/assets/backup/run';
const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/cluster-backup/${name}.txt`, import.meta.url), 'utf8');

/** What differs from run to run: times, the container's id, sizes, revision and hash. */
function normal(text: string): string {
  return text
    .replace(/command terminated with exit code \d+\n/, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d_\d{6}/g, 'STAMP')
    .replace(/^[0-9a-f]{64}$/gm, 'CONTAINER')
    .replace(/"size":"[\d.]+ [kMG]?B"/, '"size":"SIZE"')
    .replace(/"(hash|revision|totalKey|totalSize)":\d+/g, '"$1":N');
}

const recorded: [name: string, command: string[], behaviour: Partial<Behaviour>][] = [
  ['ok', [SCRIPT, '/home/core/assets/backup/rec1'], {}],
  ['force', [SCRIPT, '--force', '/home/core/assets/backup/rec2'], { progressing: ['etcd'] }],
  ['usage', [SCRIPT], {}],
  ['disk-full', [SCRIPT, '/home/core/assets/tiny/r'], { outcome: 'disk-full' }],
  ['operator-progressing', [SCRIPT, DIR], { progressing: ['etcd'] }],
  ['script-missing', ['/usr/local/bin/nothere.sh', DIR], {}],
];

for (const [name, command, behaviour] of recorded) {
  test(`prints and ends as recorded: ${name}`, async (t) => {
    const node = await makeNode(t);
    await node.behave(behaviour);
    const ran = await run(node, command);
    assert.equal(normal(ran.stdout), normal(fixture(`${name}.stdout`)));
    assert.equal(normal(ran.stderr), normal(fixture(`${name}.stderr`)));
    assert.equal(`exit code ${ran.code}\n`, fixture(`${name}.exit`));
  });
}

function files(dir: string, root: string): string[] {
  return readdirSync(path.join(root, dir))
    .sort()
    .map((name) => name.replace(/\d{4}-\d\d-\d\d_\d{6}/, 'STAMP'));
}

const PAIR = ['snapshot_STAMP.db', 'static_kuberesources_STAMP.tar.gz'];
const SAVED =
  /\nsnapshot db and kube resources are successfully saved to \/home\/core\/assets\/backup\/run\n$/;

test('the directory is 755, both files 0600, the tarball has the recorded members and random keys', async (t) => {
  const node = await makeNode(t);
  assert.equal((await run(node, [SCRIPT, DIR])).code, 0);
  assert.deepEqual(files(DIR, node.dir), PAIR);
  const real = path.join(node.dir, DIR);
  assert.equal(statSync(real).mode & 0o777, 0o755);
  const names = readdirSync(real);
  for (const name of names) assert.equal(statSync(path.join(real, name)).mode & 0o777, 0o600, name);
  const tarball = `${DIR}/${names.find((name) => name.endsWith('.tar.gz'))}`;
  const members = (await run(node, ['tar', '-tzf', tarball])).stdout;
  assert.deepEqual(members.split('\n').sort(), fixture('static_kuberesources.listing').split('\n').sort());
  const key = ['tar', '-xzOf', tarball, 'static-pod-resources/etcd-pod-2/secrets/serving-cert/tls.key'];
  const other = await makeNode(t);
  await run(other, [SCRIPT, DIR]);
  const otherTarball = `${DIR}/${readdirSync(path.join(other.dir, DIR)).find((name) => name.endsWith('.tar.gz'))}`;
  const [own, foreign] = [await run(node, key), await run(other, key.with(2, otherTarball))];
  assert.ok(own.stdout.length > 1000);
  assert.notEqual(own.stdout, foreign.stdout);
});

const failures: [Partial<Behaviour>, code: number, stdout: RegExp, stderr: RegExp, left: string[]][] = [
  [
    { outcome: 'manifests-missing' },
    1,
    /\nerror finding manifests for the etcd pod\. please check/,
    /^$/,
    [],
  ],
  [{ outcome: 'dependencies-missing' }, 1, /^required dependencies not found, please ensure/, /^$/, []],
  [
    { outcome: 'certificate-missing' },
    1,
    /\nCertificate \/etc\/\S+ is also missing in the second directory\. Exiting!\n$/,
    /^$/,
    [],
  ],
  [
    { progressing: 'unreadable' },
    1,
    /\nCould not find the status of the kube-apiserver\..* --force flag/,
    /^$/,
    [],
  ],
  [
    { progressing: ['kube-scheduler'] },
    1,
    /\nCurrently the kube-scheduler operator is progressing\..*Aborting!\n$/,
    /^$/,
    [],
  ],
  [
    { outcome: 'etcdctl-missing' },
    1,
    /\nCould neither pull etcdctl nor find it locally in cache\. Aborting!\n$/,
    /^$/,
    [PAIR[1] ?? ''],
  ],
  [
    { outcome: 'image-unpullable' },
    1,
    /found latest etcd: \S+\n$/,
    /unable to pull .*\ncp: cannot stat '\/bin\/etcdctl': No such file or directory\n$/,
    [],
  ],
  [
    { outcome: 'disk-full' },
    5,
    /API version: 3\.5\n$/,
    /\nError: write \/home\S+\.db\.part: no space left on device\n$/,
    [],
  ],
  [
    { outcome: 'integrity-failed' },
    1,
    /\nSnapshot saved at \S+\nBackup integrity verification failed\. Backup appears corrupted\. Aborting!\n$/,
    /Error: /,
    [],
  ],
  [
    { outcome: 'killed-half-way' },
    137,
    /API version: 3\.5\n$/,
    /"fetching snapshot"/,
    ['snapshot_STAMP.db.part', PAIR[1] ?? ''],
  ],
  [{ outcome: 'half-pair' }, 0, SAVED, /"saved"/, [PAIR[0] ?? '']],
  [{ outcome: 'files-vanish' }, 0, SAVED, /"saved"/, []],
  [{ outcome: 'torn-snapshot' }, 0, SAVED, /"saved"/, PAIR],
];

for (const [behaviour, code, stdout, stderr, left] of failures) {
  test(`plays ${JSON.stringify(behaviour)}`, async (t) => {
    const node = await makeNode(t);
    await node.behave(behaviour);
    const ran = await run(node, [SCRIPT, DIR]);
    assert.equal(ran.code, code);
    assert.match(ran.stdout, stdout);
    assert.match(ran.stderr, stderr);
    assert.deepEqual(files(DIR, node.dir), left);
    await node.behave({});
    const healthy = await run(node, [SCRIPT, '/home/core/assets/backup/again']);
    assert.equal(healthy.code, 0, 'healthy again');
    assert.deepEqual(files('/home/core/assets/backup/again', node.dir), PAIR);
  });
}

test('script-missing: the real path of the script says so too', async (t) => {
  const node = await makeNode(t);
  await node.behave({ outcome: 'script-missing' });
  const ran = await run(node, [SCRIPT, DIR]);
  const stderr = `chroot: can't execute '${SCRIPT}': No such file or directory\n`;
  assert.deepEqual(ran, { code: 127, stdout: '', stderr } satisfies Ran);
});

test('an existing file in place of the directory is a usage error', async (t) => {
  const node = await makeNode(t);
  await writeFile(path.join(node.dir, 'home/core/file'), '');
  assert.match((await run(node, [SCRIPT, '/home/core/file'])).stdout, /^Path to backup dir required/);
});

test('4.4: container first, names with -pod, no status line; 4.6: certificates first, no status line; 3.6: version in the status line', async (t) => {
  const node = await makeNode(t);
  await node.behave({ release: '4.4' });
  const old = (await run(node, [SCRIPT, DIR])).stdout.split('\n');
  assert.match(old[0] ?? '', /^[0-9a-f]{64}$/);
  assert.equal(old[1], 'etcdctl version: 3.3.18');
  assert.match(old[3] ?? '', /^found latest kube-apiserver-pod: /);
  assert.match(old[7] ?? '', /^Snapshot saved at /);
  assert.match(old[8] ?? '', /^snapshot db and kube resources are successfully saved/);
  await node.behave({ release: '4.6', progressing: ['etcd'] });
  const early = (await run(node, [SCRIPT, DIR])).stdout.split('\n');
  assert.match(early[0] ?? '', /^Certificate .* is missing\. Checking in different directory$/);
  assert.match(early[1] ?? '', /^Certificate .* found!$/);
  assert.match(early[2] ?? '', /^[0-9a-f]{64}$/);
  assert.equal(early[3], 'etcdctl version: 3.4.9');
  assert.match(early[5] ?? '', /^found latest kube-apiserver: /);
  assert.match(early[9] ?? '', /^Snapshot saved at /);
  assert.match(early[10] ?? '', /^snapshot db and kube resources are successfully saved/);
  await node.behave({ release: '3.6', progressing: [] });
  const status = (await run(node, [SCRIPT, DIR])).stdout.match(/^\{.*\}$/m)?.[0] ?? '';
  assert.equal(JSON.parse(status).version, '3.6.0');
  assert.equal(typeof JSON.parse(status).revision, 'number');
});

test('the node’s clock names the files', async (t) => {
  const node = await makeNode(t, { now: () => new Date('2031-02-03T04:05:06Z') });
  const { stdout, stderr } = await run(node, [SCRIPT, DIR]);
  assert.match(stdout, /snapshot_2031-02-03_0405(0[5-9]|1\d)\.db/);
  assert.match(stderr, /"ts":"2031-02-03T04:05:/);
});

const TEXT = `while IFS= read -r line; do export "$line"; done; echo $$; exec "$1" "$2"`;
const proxied = (...lines: string[]) => ({ stdin: lines.map((line) => `${line}\n`).join('') });
const PROXY = 'HTTPS_PROXY=http://user:word@proxy.example:3128';

test('a proxy with a NO_PROXY that covers the node lets etcdctl through', async (t) => {
  const node = await makeNode(t, { internalIp: '172.31.77.10' });
  for (const covered of ['172.31.77.10', '.svc,172.31.0.0/16', '10.0.0.0/8,172.31.77.8/29', '*']) {
    const ran = await run(node, ['sh', '-c', TEXT, 'sh', SCRIPT, DIR], proxied(PROXY, `NO_PROXY=${covered}`));
    assert.equal(ran.code, 0, covered);
  }
});

const hangs: [why: string, behaviour: Partial<Behaviour>, environment: string[]][] = [
  ['etcd is down', { outcome: 'etcd-down' }, []],
  ['a proxy without NO_PROXY', {}, [PROXY]],
  ['a NO_PROXY that lacks the node', {}, [PROXY, 'NO_PROXY=localhost,172.31.77.1,172.31.77.64/26']],
];
for (const [why, behaviour, environment] of hangs) {
  test(`never ends: ${why}; killed, it leaves .db.part and the tarball`, { timeout: 60_000 }, async (t) => {
    const node = await makeNode(t);
    await node.behave(behaviour);
    const abort = new AbortController();
    const assigned = ['env', ...environment, 'sh', '-c', 'echo $$; exec "$1" "$2"', 'sh', SCRIPT, DIR];
    const { first, code } = await start(node, assigned, abort.signal);
    await eventually('it downloads', () => {
      try {
        return files(DIR, node.dir).includes('snapshot_STAMP.db.part');
      } catch {
        return false;
      }
    });
    await run(node, ['sleep', '1']);
    assert.ok(await isAlive(Number.parseInt(first, 10)));
    abort.abort();
    assert.equal(await code, 137);
    assert.deepEqual(files(DIR, node.dir), ['snapshot_STAMP.db.part', PAIR[1]]);
  });
}

test('an image behind the proxy is pulled only with HTTPS_PROXY in the environment', async (t) => {
  const node = await makeNode(t);
  await node.behave({ outcome: 'image-behind-proxy' });
  assert.equal((await run(node, [SCRIPT, DIR])).code, 1);
  const environment = proxied(PROXY, 'NO_PROXY=172.31.77.10');
  assert.equal((await run(node, ['sh', '-c', TEXT, 'sh', SCRIPT, DIR], environment)).code, 0);
});

test('df prints what the behaviour says, else what is there', async (t) => {
  const node = await makeNode(t);
  await node.behave({ diskFreeKiB: 1234 });
  const lines = (await run(node, ['df', '-Pk', '/var/lib/etcd'])).stdout.trim().split('\n');
  assert.equal(lines.at(-1)?.split(/\s+/)[3], '1234');
  await node.behave({});
  const real = (await run(node, ['df', '-Pk', '/var/lib/etcd'])).stdout.trim().split('\n');
  assert.notEqual(real.at(-1)?.split(/\s+/)[3], '1234');
});
