import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { findProgram } from '../../sandbox/node/etcd.ts';
import type { Manifest, ManifestCopy } from '../../src/domain/copies/manifest-document.ts';
import { restorePlan } from '../../src/domain/restore/restore-plan.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { aManifest } from '../support/manifests.ts';
import { need } from '../support/need.ts';
import { storedFile } from '../support/stored-file.ts';

const fixture = new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
const age = findProgram('age', process.env.PATH ?? '');
const keygen = findProgram('age-keygen', process.env.PATH ?? '');

function run(program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status: done.status, output: `${done.stdout}${done.stderr}` };
}

/** A backup at two destinations on this disk, the resources encrypted, with its manifest. */
async function stored(t: TestContext) {
  const dir = await mkdtemp(path.join(tmpdir(), "restore it's "));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const base = aManifest();
  const { snapshot, resources } = base.files;
  await mkdir(path.join(dir, 'static-pod-resources/etcd-pod-2'), { recursive: true });
  await writeFile(path.join(dir, 'static-pod-resources/etcd-pod-2/key'), randomBytes(5000));
  assert.equal(run('tar', ['-czf', 'archive', 'static-pod-resources'], dir).status, 0);
  const plain = {
    snapshot: gunzipSync(await readFile(fixture)),
    resources: await readFile(path.join(dir, 'archive')),
  };
  assert.equal(run(keygen ?? '', ['-o', 'key.txt'], dir).status, 0);
  const publicKey = /age1\w+/.exec(await readFile(path.join(dir, 'key.txt'), 'utf8'))?.[0] ?? '';
  assert.equal(run(age ?? '', ['-r', publicKey, '-o', 'sealed', 'archive'], dir).status, 0);
  const sealed = await readFile(path.join(dir, 'sealed'));

  const manifest: Manifest = {
    ...base,
    files: {
      snapshot: await storedFile(snapshot, path.join(dir, 'nas 1'), plain.snapshot, plain.snapshot),
      resources: await storedFile(resources, path.join(dir, 'vault'), plain.resources, sealed),
    },
  };
  return { dir, manifest, plain };
}

/** All commands that need no cluster, as written in RESTORE.md up to the copy to the node. */
function printedCommands(manifest: Manifest): string {
  const answer = restorePlan([manifest], {
    zStream: undefined,
    clusterId: undefined,
    runId: undefined,
    now: Date.now(),
  });
  assert.ok(answer.outcome === 'plan');
  const here = answer.plan.steps.filter(({ where }) => where === 'here').length;
  const blocks = [...restoreText(answer, 'prod-east', 'en').matchAll(/^(`{3,})sh\n([\s\S]*?)\n\1$/gm)];
  return blocks
    .slice(0, here)
    .map(([, , block]) => block)
    .join('\n');
}

function follow(dir: string, commands: string, more: Record<string, string> = {}) {
  const env = { ...more, AGE_KEY_FILE: path.join(dir, 'key.txt'), LC_ALL: 'C' };
  return run('/bin/bash', ['-e', '-c', commands], dir, env);
}

test('the printed commands fetch, decrypt and check both files as written', async (t) => {
  if (!need(t, 'age with age-keygen', age && keygen)) return;
  const { dir, manifest, plain } = await stored(t);
  const done = follow(dir, printedCommands(manifest));
  assert.equal(done.status, 0, done.output);
  const { snapshot, resources } = manifest.files;
  assert.deepEqual(done.output.trim().split('\n'), [
    `${snapshot.name}: OK`,
    `${resources.name}.age: OK`,
    `${snapshot.name}: OK`,
    `${resources.name}: OK`,
    'snapshot: whole',
    'static pod resources: whole',
  ]);
  const room = path.join(dir, 'restore-r-abcdefgh');
  assert.equal((await stat(room)).mode & 0o777, 0o700);
  assert.deepEqual(
    (await readdir(room)).sort(),
    [snapshot.name, resources.name, `${resources.name}.age`].sort(),
  );
  assert.deepEqual(await readFile(path.join(room, snapshot.name)), plain.snapshot);
  assert.deepEqual(await readFile(path.join(room, resources.name)), plain.resources);
});

test('where people reach the place by another path, they say it once, and are asked for it', async (t) => {
  if (!need(t, 'age with age-keygen', age && keygen)) return;
  const { dir, manifest } = await stored(t);
  const [copy] = manifest.files.snapshot.copies as [ManifestCopy];
  assert.ok(copy.place.kind === 'directory');
  const place = { ...copy.place, path: '/in/the/pod/only', where: 'the share of nas-1' };
  const snapshot = { ...manifest.files.snapshot, copies: [{ ...copy, place }] };
  const commands = printedCommands({ ...manifest, files: { ...manifest.files, snapshot } });
  const unset = follow(dir, commands);
  assert.notEqual(unset.status, 0);
  assert.match(unset.output, /PLACE_NAS_1: first: export PLACE_NAS_1=/);
  const set = follow(dir, commands, { PLACE_NAS_1: copy.place.path });
  assert.equal(set.status, 0, set.output);
});

test('an endpoint whose authority no system knows is fetched from with that authority’s file', () => {
  const commands = printedCommands(aManifest());
  assert.match(commands, /^: "\$\{CA_VAULT_S3:\?first: export CA_VAULT_S3=/m);
  assert.match(
    commands,
    /^aws s3 cp s3:.* --endpoint-url https:\/\/s3\.example\.com .* --ca-bundle "\$CA_VAULT_S3"$/m,
  );
  const { resources } = aManifest().files;
  const [copy] = resources.copies as [ManifestCopy];
  assert.ok(copy.place.kind === 's3');
  const { authorities: _, ...place } = copy.place;
  const known = { ...aManifest().files, resources: { ...resources, copies: [{ ...copy, place }] } };
  assert.doesNotMatch(printedCommands({ ...aManifest(), files: known }), /ca-bundle|CA_VAULT/);
});

test('they run in a plain POSIX shell, too', async (t) => {
  if (!need(t, 'age with age-keygen', age && keygen)) return;
  const { dir, manifest } = await stored(t);
  const env = { AGE_KEY_FILE: path.join(dir, 'key.txt') };
  const done = run('/bin/sh', ['-e', '-c', printedCommands(manifest)], dir, env);
  assert.equal(done.status, 0, done.output);
});

test('a copy that changed at its destination stops the person at once', async (t) => {
  if (!need(t, 'age with age-keygen', age && keygen)) return;
  for (const kind of ['snapshot', 'resources'] as const) {
    const { dir, manifest } = await stored(t);
    const [copy] = manifest.files[kind].copies as [ManifestCopy];
    assert.ok(copy.place.kind === 'directory');
    const file = path.join(copy.place.path, copy.key);
    const bytes = await readFile(file);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    await writeFile(file, bytes);
    const done = follow(dir, printedCommands(manifest));
    assert.notEqual(done.status, 0);
    assert.match(done.output, /FAILED/);
  }
});

test('a snapshot whose own trailer does not hold is named, whatever its digest says', async (t) => {
  const { dir, manifest } = await (need(t, 'age with age-keygen', age && keygen)
    ? stored(t)
    : { dir: '', manifest: undefined });
  if (!manifest) return;
  const { name } = manifest.files.snapshot;
  const answer = restorePlan([manifest], {
    zStream: undefined,
    clusterId: undefined,
    runId: undefined,
    now: 0,
  });
  assert.ok(answer.outcome === 'plan');
  const trailer = answer.plan.steps.find(({ kind }) => kind === 'trailer')?.commands.join('\n') ?? '';
  const whole = gunzipSync(await readFile(fixture));
  await writeFile(path.join(dir, name), whole.subarray(0, -512));
  const torn = follow(dir, trailer);
  assert.equal(torn.status, 1);
  assert.match(torn.output, /DAMAGED/);
  await writeFile(path.join(dir, name), whole);
  assert.equal(follow(dir, trailer).output, 'snapshot: whole\n');
});

test('without a key file the decryption says what to do', async (t) => {
  if (!need(t, 'age with age-keygen', age && keygen)) return;
  const { dir, manifest } = await stored(t);
  const done = run('/bin/sh', ['-e', '-c', `unset AGE_KEY_FILE\n${printedCommands(manifest)}`], dir);
  assert.notEqual(done.status, 0);
  assert.match(done.output, /AGE_KEY_FILE: first: export AGE_KEY_FILE=/);
});
