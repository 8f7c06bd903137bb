import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { compileCache, freePort, startWorld, type World } from '../../sandbox/world.ts';
import { openStage } from '../support/e2e.ts';
import { watchProcesses } from '../support/processes.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const timeout = 240_000;
const project = path.join(import.meta.dirname, '..', '..');

/** Code that ends a secret at one of these letters, or looks for it in another spelling, shows the word behind them. */
const around = `@:/#%?"'&<\\`;
const awkward = (word: string) => `x${around}${word}${around}y`;
const words = {
  proxy: 'PlantedProxyWord',
  s3Key: 'PlantedStorageWord',
  s3Token: 'PlantedSessionWord',
  kubeconfig: 'PlantedPasswordWord',
  url: 'PlantedUrlWord',
  key: 'PlantedKeyWord',
  quoted: 'PlantedQuotedWord',
};
const [proxySecret, s3Secret, s3Token] = [words.proxy, words.s3Key, words.s3Token].map(awkward) as [
  string,
  string,
  string,
];
/** Only a file can hold a line break, and only a kubeconfig has a place for one. */
const kubeconfigSecret = `${awkward('first')}\n${awkward(words.kubeconfig)}`;

/** As programs pass it on: plain, JSON, JSON in JSON, URL, XML, shell, base64. */
function forms(secret: string): readonly string[] {
  const json = JSON.stringify(secret);
  const xml = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const shell = `'${secret.replaceAll("'", "'\\''")}'`;
  const base64 = Buffer.from(`robot:${secret}`).toString('base64');
  return [secret, json, JSON.stringify(json), encodeURIComponent(secret), xml, shell, base64];
}

const known = [proxySecret, s3Secret, s3Token, kubeconfigSecret];
/** What an error body, a script and a server say: secrets in every form, and some that are unknown. */
function saying(secrets: readonly string[]): string {
  return [
    ...secrets.flatMap(forms),
    `see https://admin:${awkward(words.url)}@etcd:2379/x "now"`,
    `{"password":"two words ${JSON.stringify(around).slice(1, -1)}${words.quoted}"}`,
    `-----BEGIN PRIVATE KEY-----\n${words.key}\n-----END PRIVATE KEY-----`,
  ].join('\n');
}
const said = saying(known);

function escapedXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** An S3 server that refuses everything with all that it knows: its own secrets. */
async function openTalkativeS3() {
  const server = createServer((request, response) => {
    request.resume();
    const body = `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${escapedXml(saying([s3Secret, s3Token]))}</Message><Token>${words.quoted}</Token></Error>`;
    response.writeHead(403, { 'content-type': 'application/xml' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What one of the bot's programs prints, on stdout and stderr. */
function printed(world: World, program: string, ...args: readonly string[]): Promise<string> {
  const env = {
    ...compileCache,
    PATH: process.env.PATH ?? '',
    HOME: world.dir,
    SLACK_BOT_TOKEN: world.workspace.botToken,
    SLACK_APP_TOKEN: world.workspace.appToken,
    HTTPS_PROXY: `http://robot:${proxySecret}@127.0.0.1:9`,
    NO_PROXY: '127.0.0.1,localhost',
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(project, program), ...args], { env }, (_, out, errors) =>
      resolve(`${out}\n${errors}`),
    );
  });
}

/** All that the bot wrote below the world's directory, and at its destinations; not what the test wrote there itself. */
async function kept(world: World, planted: readonly string[]): Promise<string> {
  const entries = await readdir(world.dir, { recursive: true, withFileTypes: true });
  const own = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(path.join(world.dir, 'nodes')) && !planted.includes(file));
  return (await Promise.all(own.map((file) => readFile(file, 'latin1')))).join('\n');
}

describe('secrets of awkward letters, said back in every form', { timeout }, () => {
  it('reach nothing that is written out', async () => {
    await using s3 = await openTalkativeS3();
    const port = await freePort();
    const url = `http://robot:${proxySecret}@proxy.example.com:3128`;
    const planted: string[] = [];
    await using stage = await openStage({
      seed: { proxy: { httpProxy: url, httpsProxy: url, noProxy: '172.31.77.0/24' } },
      config: { health: { port } },
      async configure(config, world) {
        const [keyFile, tokenFile] = ['s3-key', 's3-token'].map((name) => path.join(world.dir, name));
        const kubeconfig = path.join(world.dir, 'kubeconfig.yaml');
        planted.push(keyFile ?? '', tokenFile ?? '', kubeconfig);
        await writeFile(keyFile ?? '', s3Secret, { mode: 0o600 });
        await writeFile(tokenFile ?? '', s3Token, { mode: 0o600 });
        // Of another user: it is not used, but what a kubeconfig holds is secret all the same.
        const held = parse(await readFile(kubeconfig, 'utf8')) as { users: object[] };
        held.users.push({ name: 'other', user: { username: 'other', password: kubeconfigSecret } });
        await writeFile(kubeconfig, stringify(held), { mode: 0o600 });
        const nas = world.offCluster?.destinations['nas-1'] ?? assert.fail();
        const credentials = {
          accessKeyId: 'an-id',
          secretAccessKey: { file: keyFile },
          sessionToken: { file: tokenFile },
        };
        config.destinations = [
          { name: 'nas-1', directory: { path: nas } },
          {
            name: 'vault',
            s3: { bucket: 'etcd', region: 'us-east-1', endpoint: s3.url, pathStyle: true, credentials },
          },
        ];
      },
    });
    const { world } = stage;
    const { requester, approver } = world.people;
    await using processes = watchProcesses();

    // Where the bot has read the proxy once, it knows its secret.
    await stage.ask(requester, 'check prod-east');

    // The API server fails reads, and then the pod, with all of it.
    const reads = world.cluster.faults.add({
      match: (each) => each.resource === 'clusteroperators' || each.resource === 'nodes',
      kind: 'status',
      code: 500,
      message: said,
    });
    await stage.ask(requester, 'check prod-east');
    await stage.ask(requester, 'doctor');
    reads();
    const create = world.cluster.faults.add({
      match: (each) =>
        each.verb === 'create' && each.resource === 'pods' && each.subresource === undefined && !each.dryRun,
      kind: 'status',
      code: 403,
      message: said,
      reason: 'Forbidden',
    });
    const refused = await stage.request('prod-east');
    await stage.click(approver, refused, 'approve');
    await stage.waitForThread(refused, /failed/i);
    create();

    // The script prints its environment and all of it, and fails; then it works, and the copies to S3 fail.
    const [node] = world.plane.nodes;
    assert.ok(node);
    const script = path.join(node.dir, 'usr/local/bin/cluster-backup.sh');
    const sayings = path.join(node.dir, 'sayings');
    await writeFile(sayings, said);
    await writeFile(script, `#!/bin/sh\nenv\ncat '${sayings}'\ncat '${sayings}' >&2\nexit 1\n`, {
      mode: 0o755,
    });
    const failing = await stage.request('prod-east');
    await stage.click(approver, failing, 'approve');
    await stage.waitForThread(failing, /The last lines of output/);
    await node.behave({});
    const working = await stage.request('prod-east');
    await stage.click(approver, working, 'approve');
    await stage.waitForThread(working, /is on the node, but not every copy off the cluster is verified/);
    await stage.ask(requester, `show ${working.runId}`);
    await stage.ask(requester, `audit ${working.runId}`);
    await stage.ask(requester, `audit ${failing.runId}`);
    await stage.ask(requester, 'doctor');

    const health = (at: string) => fetch(`http://127.0.0.1:${port}${at}`).then((answer) => answer.text());
    const config = world.configFile;
    const places = {
      'a Slack message or the log': stage.everythingSaid(),
      'a file of the bot': await kept(world, planted),
      'a request to the API server': JSON.stringify(world.cluster.requests),
      'metrics or health': [await health('/metrics'), await health('/readyz'), await health('/healthz')].join(
        '\n',
      ),
      'check-config': await printed(world, 'src/config/check/check.ts', config),
      'npm run ready': await printed(world, 'src/ready/main.ts', 'prod-east', config, '--json'),
      'npm run catalog': await printed(world, 'src/catalog/main.ts', 'list', config),
      'a command line': await processes.stop(),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const word of Object.values(words)) {
        const at = text.indexOf(word);
        assert.ok(at < 0, `${word} was found in ${place}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
      }
      for (const secret of known) {
        const letters = Buffer.from(`robot:${secret}`).toString('base64').slice(20, 40);
        assert.ok(!text.includes(letters), `the base64 of ${secret} was found in ${place}`);
      }
    }
    // It has been said, and what was said has been shown.
    assert.match(places['a Slack message or the log'], /\[secret\]/);
    assert.match(places['npm run catalog'], /AccessDenied.*\[secret\]/s);
    assert.match(places['a command line'], /chroot/, 'the watch saw the commands of the run');
  });

  it('are not shown by check-config where the configuration is wrong', async (t) => {
    await using world = await startWorld({ dir: await temporaryDirectory(t), etcd: false });
    const text = await readFile(world.configFile, 'utf8');
    const wrong = path.join(world.dir, 'wrong.yaml');
    const key = JSON.stringify(s3Secret);
    const destination = `destinations:\n  - name: nas-1\n    s3:\n      bucket: ${key}\n      region: 3\n      credentials:\n        accessKeyId: ${key}\n        secretAccessKey: ${key}\n        sessionToken: [${key}]\n`;
    await writeFile(wrong, text.replace(/^destinations:\n(?: .*\n)+/m, destination), { mode: 0o600 });
    const said = await printed(world, 'src/config/check/check.ts', wrong);
    assert.match(said, /expected/);
    assert.ok(!said.includes(words.s3Key), said);
    const unreadable = path.join(world.dir, 'unreadable.yaml');
    await writeFile(unreadable, `${text}\nslack: {botToken: ${s3Secret}\n`, { mode: 0o600 });
    const parsed = await printed(world, 'src/config/check/check.ts', unreadable);
    assert.ok(parsed.trim() !== '' && !parsed.includes(words.s3Key), parsed);
  });
});
