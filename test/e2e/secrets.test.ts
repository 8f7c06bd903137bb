import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openStage, type Stage } from '../support/e2e.ts';
import { watchProcesses } from '../support/processes.ts';

const timeout = 600_000;

/** Every one is unlike anything that occurs by itself, so that finding it anywhere means that it leaked. */
const planted = {
  proxy: 'Pr0xyPlantedSecret',
  errorBody: 'sha256~ErrorBodyPlantedToken0123456789abcdef',
  errorUrl: 'ErrorUrlPlantedSecret',
  scriptToken: 'sha256~ScriptPlantedToken0123456789abcdefgh',
  scriptKey: 'MIIEplantedKeyMaterialThatNobodyMaySee',
  bearer: 'eyJhbGciOiJwbGFudGVkIn0.eyJwbGFudGVkIjoidG9rZW4ifQ.cGxhbnRlZHNpZ25hdHVyZQ',
};

/** What the bot itself keeps: its records with their log, its own log, its client's cache. Node trees are the cluster's. */
async function keptByTheBot(stage: Stage): Promise<string> {
  const { dir } = stage.world;
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(path.join(dir, 'nodes')) && !file.endsWith('kubeconfig.yaml'));
  return (await Promise.all(own.map((file) => readFile(file, 'latin1')))).join('\n');
}

describe('secrets planted in every input', { timeout }, () => {
  it('reach no message, no log, no record and no command line', async () => {
    const url = `http://robot:${planted.proxy}@proxy.example.com:3128`;
    await using stage = await openStage({
      seed: { proxy: { httpProxy: url, httpsProxy: url, noProxy: '172.31.77.0/24' } },
    });
    const { world } = stage;
    const { requester, approver } = world.people;
    await using processes = watchProcesses();

    // An API server that prints credentials into its error bodies.
    const message = `upstream https://admin:${planted.errorUrl}@etcd:2379 said: token ${planted.errorBody} Authorization: Bearer ${planted.bearer}`;
    const faulty = world.cluster.faults.add({
      match: (each) => each.resource === 'clusteroperators' || each.resource === 'nodes',
      kind: 'status',
      code: 500,
      message,
    });
    await stage.ask(requester, 'check prod-east');
    await stage.ask(requester, 'doctor');
    faulty();
    const create = world.cluster.faults.add({
      match: (each) =>
        each.verb === 'create' && each.resource === 'pods' && each.subresource === undefined && !each.dryRun,
      kind: 'status',
      code: 403,
      message,
      reason: 'Forbidden',
    });
    const refused = await stage.request('prod-east');
    await stage.click(approver, refused, 'approve');
    await stage.waitForThread(refused, /failed/i);
    create();

    // A script that prints keys, tokens and its environment.
    const [node] = world.plane.nodes;
    assert.ok(node);
    const script = `#!/bin/sh
echo "token ${planted.scriptToken}"
echo "Authorization: Bearer ${planted.bearer}" >&2
printf -- '-----BEGIN RSA PRIVATE KEY-----\\n${planted.scriptKey}\\n-----END RSA PRIVATE KEY-----\\n'
env
exit 1
`;
    await writeFile(path.join(node.dir, 'usr/local/bin/cluster-backup.sh'), script, { mode: 0o755 });
    const failing = await stage.request('prod-east reason="password=hunter2"');
    await stage.click(approver, failing, 'approve');
    await stage.waitForThread(failing, /The last lines of output/);
    await node.behave({});
    const working = await stage.request('prod-east');
    await stage.click(approver, working, 'approve');
    await stage.waitForThread(working, /is complete/);
    await stage.ask(requester, `show ${failing.runId}`);
    await stage.ask(requester, `audit ${failing.runId}`);

    const places = {
      'a Slack message or the log': stage.everythingSaid(),
      'a file of the bot': await keptByTheBot(stage),
      'a command line': await processes.stop(),
      'a request to the API server': JSON.stringify(world.cluster.requests),
    };
    const own = {
      botToken: world.workspace.botToken,
      appToken: world.workspace.appToken,
      kubeconfigToken: world.cluster.token('bot'),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const [name, secret] of Object.entries({ ...planted, ...own })) {
        assert.ok(!text.includes(secret), `${name} was found in ${place}`);
      }
    }
    assert.match(places['a command line'], /chroot/, 'the watch saw the commands of the run');
  });
});
