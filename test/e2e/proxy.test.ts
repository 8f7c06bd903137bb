import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
const password = 'pr0xy-Pa55~word';
const url = `http://robot:${encodeURIComponent(password)}@proxy.example.com:3128`;

/** The bytes of every file that the bot keeps: records with their log, its own log, what kubectl cached. */
async function keptFiles(stage: Stage): Promise<readonly { name: string; bytes: Buffer }[]> {
  const { dir } = stage.world;
  const names = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(name) })));
}

describe('a single node behind a proxy with a password', { timeout }, () => {
  it('is backed up, and the password is nowhere, not even where the script prints it', async () => {
    await using stage = await openStage({
      seed: {
        topology: 'SingleReplica',
        encryption: 'identity',
        proxy: { httpProxy: url, httpsProxy: url, noProxy: '.cluster.local,.svc,172.30.0.0/16' },
      },
    });
    const { world } = stage;
    const [node] = world.plane.nodes;
    assert.ok(node);
    await writeFile(
      path.join(node.dir, 'usr/local/bin/cluster-backup.sh'),
      '#!/bin/sh\necho "Error: pulling through $HTTPS_PROXY"\necho "$http_proxy" | cut -c 8- >&2\nexit 1\n',
    );
    const failing = await stage.request('prod-east');
    await stage.click(world.people.approver, failing, 'approve');
    await stage.waitForCard(failing, /The backup failed/);
    assert.match(
      await stage.waitForThread(failing, /The last lines of output/),
      /pulling through http:\/\/\[secret\]@proxy\.example\.com:3128/,
    );

    // Without the proxy in its environment this script fails: the run proves that it got there.
    await node.behave({ outcome: 'image-behind-proxy' });
    const request = await stage.request('prod-east');

    await stage.click(world.people.approver, request, 'approve');
    await stage.waitForCard(request, /Backed up in/);
    const thread = await stage.waitForThread(request, /is complete/);

    assert.match(stage.card(request), /node master-0/);
    assert.match(thread, /The topology is SingleReplica/);
    assert.match(thread, /etcd encryption is off: everything in the snapshot can be read/);
    await stage.ask(world.people.requester, `show ${request.runId}`);
    await stage.ask(world.people.requester, 'check prod-east');
    const { plan } = await stage.run(request);
    assert.equal(plan?.proxyInUse, true);
    for (const secret of [password, encodeURIComponent(password)]) {
      assert.ok(!stage.everythingSaid().includes(secret), 'in Slack or in the log');
      assert.ok(!JSON.stringify(world.cluster.requests).includes(secret), 'in a request to the API server');
      const files = await keptFiles(stage);
      assert.ok(files.some(({ name }) => name.endsWith('records.sqlite')));
      assert.ok(files.some(({ name }) => name.endsWith('bot.log')));
      const found = files.filter(({ bytes }) => bytes.includes(secret)).map(({ name }) => name);
      assert.deepEqual(found, []);
    }
    assert.ok(!stage.everythingSaid().includes('robot:'), 'the user of the proxy');
  });
});
