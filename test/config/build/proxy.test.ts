import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { serverCertificates } from '../../../sandbox/cluster/certificates.ts';
import { loadConfig } from '../../../src/config/build/load.ts';
import { secretsOf } from '../../../src/config/build/secrets-of.ts';
import { ConfigError } from '../../../src/config/file/mistake.ts';
import { proxyFor } from '../../../src/domain/network/proxy-settings.ts';

const rest = `
slack: { botToken: "\${BOT}", appToken: "\${APP}" }
records: { file: r.db }
people: [{ slack: U0000000001, user: a }, { slack: U0000000002, user: b }]
destinations: [{ name: vault, s3: { bucket: etcd-keys, region: eu-central-1 } }]
clusters: [{ name: east, connect: { inCluster: true }, channel: C0000000001 }]
`;

async function load(
  text: string,
  env: Readonly<Record<string, string>> = {},
  files: Record<string, string> = {},
) {
  return loadConfig({
    file: '/etc/bot/config.yaml',
    env: { BOT: 'xoxb-0123456789', APP: 'xapp-0123456789', ...env },
    async readFile(path) {
      if (path === '/etc/bot/config.yaml') return text + rest;
      const found = files[path];
      if (found === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      return found;
    },
  });
}

async function mistakes(...given: Parameters<typeof load>): Promise<string> {
  const error = await load(...given).then(
    () => assert.fail('no mistake'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ConfigError, String(error));
  return error.message;
}

const environment = {
  HTTPS_PROXY: 'http://env:3128',
  NO_PROXY: '.svc',
  KUBERNETES_SERVICE_HOST: '172.30.0.1',
};

describe('the proxy setting', () => {
  it('is that of the environment, in either spelling, where the file says nothing', async () => {
    const { proxy, connections, destinations } = await load('', environment);
    assert.equal(proxy.from, 'environment');
    assert.equal(proxy.settings?.https?.origin, 'http://env:3128');
    assert.equal(proxy.settings?.http, undefined);
    assert.equal(proxy.settings?.noProxy, '.svc,172.30.0.1');
    assert.equal(connections[0]?.proxy, proxy.settings);
    const [vault] = destinations;
    assert.ok(vault?.kind === 's3' && vault.proxy === proxy.settings);
    const lower = await load('', { https_proxy: 'lower:1', HTTPS_PROXY: '', no_proxy: 'a' });
    assert.equal(lower.proxy.settings?.https?.origin, 'http://lower:1');
    assert.equal(lower.proxy.settings?.noProxy, 'a');
    assert.equal((await load('', { NO_PROXY: 'a' })).proxy.settings, undefined);
  });

  it('is wholly that of the file where it says something, and none where it says none', async () => {
    const text = 'proxy: { url: "http://file:8080", noProxy: [.example.com, 10.0.0.0/8] }';
    const { proxy } = await load(text, environment);
    assert.equal(proxy.from, 'file');
    assert.equal(proxyFor(proxy.settings, 'https://slack.com')?.origin, 'http://file:8080');
    assert.equal(proxyFor(proxy.settings, 'http://s3.corp')?.origin, 'http://file:8080');
    assert.equal(proxyFor(proxy.settings, 'https://10.2.3.4:6443'), undefined);
    assert.equal(proxyFor(proxy.settings, 'https://a.svc')?.origin, 'http://file:8080', 'nothing is mixed');
    assert.equal((await load('proxy: none', environment)).proxy.settings, undefined);
    const list = await load('proxy: { url: "http://f:1", noProxy: "a, b" }');
    assert.equal(list.proxy.settings?.noProxy, 'a, b');
  });

  it('keeps its password out of everything that is shown', async () => {
    const files = { '/etc/bot/proxy': 'http://robot:s3cr@t-w0rd@file:8080\n' };
    const config = await load('proxy: { url: { file: proxy } }', {}, files);
    assert.equal(config.proxy.settings?.https?.href(), 'http://robot:s3cr%40t-w0rd@file:8080');
    assert.doesNotMatch(inspect(config, { depth: 20 }), /s3cr/);
    assert.ok(secretsOf(config).includes('s3cr@t-w0rd'));
    assert.deepEqual(
      config.warnings.map(({ key }) => key).filter((key) => key.startsWith('proxy')),
      [],
    );
    const open = await load('proxy: { url: "http://robot:s3cr-t@file:8080" }');
    assert.match(
      open.warnings.map(({ key, text }) => `${key} ${text}`).join(),
      /proxy\.url the secret is in the file/,
    );
    const plain = await load('proxy: { url: "http://file:8080" }');
    assert.deepEqual(
      plain.warnings.filter(({ key }) => key === 'proxy.url'),
      [],
    );
  });

  it('is a mistake where it is no address of an HTTP proxy, named without its value', async () => {
    const said = await mistakes('proxy: { url: "socks5://robot:s3cret@file:1080" }');
    assert.match(said, /proxy\.url \(line 1\): expected the address of an HTTP proxy, such as/);
    assert.doesNotMatch(said, /s3cret|robot/);
    const env = await mistakes('', { https_proxy: 'socks5://robot:s3cret@file:1080' });
    assert.match(
      env,
      /https_proxy: expected the address of an HTTP proxy.*environment variable; found a value \(not shown\)/,
    );
    assert.doesNotMatch(env, /s3cret|robot/);
    assert.equal((await load('proxy: none', { https_proxy: 'socks5://a:1' })).proxy.settings, undefined);
    assert.match(await mistakes('proxy: { noProxy: [a] }'), /proxy/);
  });
});

describe('extra authorities', () => {
  it('are read out of a bundle with names in comments, and refused where none is there', async () => {
    const { ca } = await serverCertificates();
    const bundle = `# ACME Root\n${ca}\n# Another\n${ca}`;
    const config = await load('ca: { file: bundle.pem }', {}, { '/etc/bot/bundle.pem': bundle });
    assert.equal(config.ca?.split('BEGIN CERTIFICATE').length, 3);
    assert.doesNotMatch(config.ca ?? '', /ACME/);
    assert.equal((await load('')).ca, undefined);
    for (const text of ['', 'nothing', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])
      assert.match(
        await mistakes('ca: { file: b }', {}, { '/etc/bot/b': text }),
        /ca .*expected certificates in PEM form/,
      );
    assert.match(await mistakes('ca: { file: gone }'), /expected a readable file/);
  });
});
