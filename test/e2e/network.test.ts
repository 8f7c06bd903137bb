import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { freePort } from '../../sandbox/world.ts';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { openStage } from '../support/e2e.ts';
import { startTlsFront } from '../support/tls-front.ts';

const timeout = 240_000;
const credentials = { user: 'robot', password: 'pr0xy@Pa55/word' };

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
}

describe('a bot in a corporate network', { timeout }, () => {
  it('reaches Slack and the API of the cluster, by itself and by the client, through the proxy alone', async (t) => {
    const port = await freePort();
    const front = await startTlsFront(t, ['slack.test'], port);
    const hosts: Record<string, number> = { 'slack.test': front.port };
    const proxy = await startConnectProxy(t, { hosts, credentials });
    const written = `http://${credentials.user}:${credentials.password}@127.0.0.1:${proxy.port}`;
    await using stage = await openStage({
      slack: { publicAddress: 'https://slack.test', port },
      async configure(config, world) {
        const file = path.join(world.dir, 'kubeconfig.yaml');
        const kubeconfig = parse(await readFile(file, 'utf8')) as Kubeconfig;
        const { cluster } = kubeconfig.clusters[0] ?? assert.fail('no cluster');
        hosts['api.test'] = Number(new URL(cluster.server ?? '').port);
        const ca = Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64').toString();
        delete cluster['certificate-authority-data'];
        cluster.server = 'https://api.test:6443';
        cluster['tls-server-name'] = 'localhost';
        await writeFile(file, stringify(kubeconfig), { mode: 0o600 });
        await writeFile(path.join(world.dir, 'ca.pem'), `# Corporate\n${front.ca}\n# Cluster\n${ca}\n`);
        await writeFile(path.join(world.dir, 'proxy'), `${written}\n`, { mode: 0o600 });
        config.proxy = { url: { file: 'proxy' }, noProxy: ['.svc', '10.0.0.0/8'] };
        config.ca = { file: 'ca.pem' };
      },
    });
    const { people } = stage.world;
    const request = await stage.request('prod-east');
    await stage.click(people.approver, request, 'approve');
    await stage.waitForCard(request, /Backed up in/);
    await stage.waitForThread(request, /is complete/);

    assert.deepEqual([...new Set(proxy.asked)].toSorted(), ['api.test:6443', 'slack.test:443']);
    assert.ok(proxy.tunnels('slack.test') >= 2, 'for calls, and for the WebSocket');
    assert.ok(proxy.tunnels('api.test') >= 5, 'for readings, and for each command of the client');

    const doctor = await stage.ask(people.requester, 'doctor');
    assert.match(
      doctor,
      new RegExp(`Slack \\(slack\\.test\\).*through the proxy http://127\\.0\\.0\\.1:${proxy.port}`),
    );
    assert.match(doctor, /API of prod-east \(api\.test:6443\).*through the proxy http:\/\/127/);

    proxy.refuse(407);
    proxy.cut();
    for (const end = Date.now() + 60_000; !stage.bot.log().includes('HTTP 407'); await delay(100))
      assert.ok(Date.now() < end, 'the reason is not in the log');
    proxy.refuse(undefined);
    const text = stage.everythingSaid();
    for (const secret of [credentials.password, encodeURIComponent(credentials.password), 'robot:'])
      assert.ok(!text.includes(secret), secret);
  });
});
