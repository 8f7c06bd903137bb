import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startWorld, until } from '../../sandbox/world.ts';

import { openStage } from '../support/e2e.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const timeout = 600_000;

test('the bot starts with places that do not work, says so once each, and the doctor reports it', {
  timeout,
}, async () => {
  const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCY';
  await using stage = await openStage({
    async configure(config, world) {
      const file = path.join(world.dir, 'vault-secret');
      await writeFile(file, `${secret}\n`, { mode: 0o600 });
      const nas = world.offCluster?.destinations['nas-1'] ?? assert.fail();
      await rm(nas, { recursive: true });
      config.destinations = [
        { name: 'nas-1', directory: { path: nas } },
        // Its warning names the path, so that the log has to take the secret out of it.
        { name: 'spare', directory: { path: path.join(world.dir, secret) } },
        {
          name: 'vault',
          s3: {
            bucket: 'etcd-keys',
            region: 'us-east-1',
            endpoint: 'http://127.0.0.1:1',
            credentials: { accessKeyId: 'key-id', secretAccessKey: { file } },
          },
        },
      ];
    },
  });
  const { bot, world } = stage;
  const deadline = Date.now() + 60_000;
  while (bot.log().split('does not work').length < 4) {
    assert.ok(Date.now() < deadline, `no warning in:\n${bot.log()}`);
    await delay(50);
  }
  const warnings = bot
    .log()
    .split('\n')
    .filter((line) => line.includes('does not work'));
  assert.equal(warnings.length, 3, warnings.join('\n'));
  assert(warnings.some((line) => /destination nas-1 does not work/.test(line)));
  const said = await stage.ask(world.people.requester, 'doctor');
  assert.match(said, /❌ Destination nas-1: takes no files at \S+nas-1: /);
  assert.match(said, /❌ Destination vault: takes no files at s3:\/\/etcd-keys: /);
  assert(!stage.everythingSaid().includes(secret));
});

test('the sandbox has two places and two recipients whose secret keys the bot is never given', {
  timeout,
}, async () => {
  await using stage = await openStage();
  const { world, bot } = stage;
  const off = world.offCluster ?? assert.fail();
  assert.deepEqual(await readdir(path.join(world.dir, 'destinations')), ['nas-1', 'vault']);
  const config = await readFile(world.configFile, 'utf8');
  for (const { publicKey, keyFile } of off.recipients) {
    const [secret] = /AGE-SECRET-KEY-\S+/.exec(await readFile(keyFile, 'utf8')) ?? assert.fail();
    assert.equal((await stat(keyFile)).mode & 0o777, 0o600);
    assert.equal(path.dirname(keyFile), path.join(world.dir, 'recipients'));
    assert(config.includes(publicKey));
    assert(!config.includes(secret) && !bot.log().includes(secret));
  }
  // Marked beside the start, so that a place that hangs keeps the bot from nothing.
  await until('both places to be marked', async () => {
    const known = await Promise.all(['nas-1', 'vault'].map((name) => stage.records.place(name)));
    return known.every((place) => place?.id !== undefined);
  });
  const said = await stage.ask(world.people.requester, 'doctor');
  assert.match(said, /Destination nas-1: takes files at/);
  assert.match(said, /Destination vault: takes files at/);
  assert.doesNotMatch(bot.log(), /does not work/);
  assert.match(said, /Place of nas-1: known/);
  const nas = off.destinations['nas-1'];
  await rename(nas, `${nas}.volume`);
  await mkdir(nas);
  const { requester } = world.people;
  assert.match(await stage.ask(requester, 'doctor'), /❌ Place of nas-1: its marker is absent/);
  assert.match(
    await stage.ask(requester, 'destination'),
    /nas-1: ❌ not the known place: its marker is absent/,
  );
  // The sandbox's requester is cluster-admin on every cluster that uses it.
  assert.match(
    await stage.ask(requester, 'destination adopt nas-1'),
    /Nothing was adopted yet[\s\S]*Adopt this place/,
  );
  await rm(nas, { recursive: true });
  await rename(`${nas}.volume`, nas);
  assert.match(await stage.ask(requester, 'destination adopt nas-1'), /already is the known place/);
});

test('without copies the sandbox configures no place', { timeout }, async (t) => {
  await using world = await startWorld({ dir: await temporaryDirectory(t), etcd: false, copies: false });
  assert.equal(world.offCluster, undefined);
  assert.doesNotMatch(await readFile(world.configFile, 'utf8'), /destinations|copies|recipients/);
});
