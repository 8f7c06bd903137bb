// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { secretsOf } from '../../../src/config/build/secrets-of.ts';
import { summary } from '../../../src/config/check/summary.ts';
import { warningText } from '../../../src/config/file/mistake.ts';
import { ProxyAddress } from '../../../src/domain/network/proxy-address.ts';
import { clientEnvironment } from '../../../src/start/client-environment.ts';
import { configText, loadText, mistakesIn, tokens } from '../load-text.ts';

function withEnv(env: unknown): string {
  return configText({ client: { path: 'oc', env } }, { connect: { kubeconfig: '/etc/bot/kubeconfig' } });
}

const kubeconfig = { '/etc/bot/kubeconfig': 'current-context: a\ncontexts: [{ name: a }]\n' };

test('variables for the client are read, from the file, the environment and files', async () => {
  const env = {
    KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false',
    HTTPS_PROXY: 'http://robot:pr0xy-Passw0rd@proxy.example.com:3128',
    AWS_ACCESS_KEY_ID: '${KEY_ID}',
    AWS_SECRET_ACCESS_KEY: { file: '/run/secrets/aws' },
  };
  const around = {
    env: { ...tokens, KEY_ID: 'AKIAEXAMPLE' },
    files: { ...kubeconfig, '/run/secrets/aws': 'aws-secret-value\n' },
  };

  const config = await loadText(withEnv(env), around);

  const seen = Object.entries(config.clientEnv).map(([name, value]) => [name, value.reveal()]);
  assert.deepEqual(Object.fromEntries(seen), {
    KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false',
    HTTPS_PROXY: 'http://robot:pr0xy-Passw0rd@proxy.example.com:3128',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'aws-secret-value',
  });
  assert.deepEqual(config.warnings.map(warningText), []);
  const secrets = secretsOf(config);
  for (const secret of ['aws-secret-value', 'pr0xy-Passw0rd']) {
    assert.ok(secrets.includes(secret), secret);
    assert.ok(!`${JSON.stringify(config)}${summary('f', config).join()}`.includes(secret), secret);
  }
  assert.ok(!secrets.includes('false'), 'what is no secret stays readable');
});

const refused = [
  ['PATH', /the bot gives the client its own/],
  ['HOME', /the bot gives the client its own/],
  ['KUBECONFIG', /connect\.kubeconfig/],
  ['KUBECACHEDIR', /a cache of its own/],
  ['KUBERC', /kuberc/],
  ['KUBERNETES_SERVICE_HOST', /where the API of the cluster is/],
  ['GOMAXPROCS', /the bot sets it/],
  ['NODE_OPTIONS', /Node\.js/],
  ['LD_PRELOAD', /load other code/],
  ['DYLD_INSERT_LIBRARIES', /load other code/],
  ['BASH_ENV', /other commands/],
] as const;
for (const [name, why] of refused) {
  test(`${name} may not be given to the client, and the mistake says why`, async () => {
    const lines = await mistakesIn(withEnv({ [name]: 'a-value-of-some-length' }), { files: kubeconfig });

    assert.equal(lines.length, 1, lines.join('\n'));
    assert.ok(lines[0]?.startsWith(`client.env.${name} (line 1): expected another variable: `), lines[0]);
    assert.match(lines[0] ?? '', why);
    assert.ok(!lines[0]?.includes('a-value-of-some-length'));
  });
}

test('a value that is no text, and a name that is none, are mistakes that show no value', async () => {
  const lines = [
    ...(await mistakesIn(withEnv({ KUBECTL_X: false, N: 7 }), { files: kubeconfig })),
    ...(await mistakesIn(withEnv({ 'A B': 'value-of-it' }), { files: kubeconfig })),
  ];

  assert.deepEqual(
    lines.map((line) => line.replace(/ \(line 1\).*/, '')),
    ['client.env.KUBECTL_X', 'client.env.N', 'client.env["A B"]'],
  );
  assert.match(lines.join('\n'), /in quotes where it is a number, true or false/);
  assert.ok(!lines.join('\n').includes('value-of-it'));
});

test('what is configured overrides what the bot hands on, in whichever spelling', () => {
  const own = { PATH: '/bin', https_proxy: 'http://old', HTTP_PROXY: 'http://kept', no_proxy: 'a' };
  const said = (text: string) => ({ reveal: () => text });

  const kept = ProxyAddress.parse('http://kept:3128');
  const network = { proxy: { https: kept, http: kept, noProxy: 'a' }, certificates: undefined };
  const configured = { HTTPS_PROXY: said('http://new'), no_proxy: said('b') };
  assert.deepEqual(clientEnvironment(own, configured, network), {
    PATH: '/bin',
    HTTP_PROXY: 'http://kept:3128',
    HTTPS_PROXY: 'http://new',
    no_proxy: 'b',
  });
  assert.deepEqual(clientEnvironment(own, {}, network), {
    PATH: '/bin',
    HTTPS_PROXY: 'http://kept:3128',
    HTTP_PROXY: 'http://kept:3128',
    NO_PROXY: 'a',
  });
  const none = { proxy: undefined, certificates: '/run/ca' };
  assert.deepEqual(clientEnvironment(own, {}, none), {
    PATH: '/bin',
    SSL_CERT_DIR: '/etc/ssl/certs:/etc/pki/tls/certs:/run/ca',
  });
  assert.equal(clientEnvironment({ SSL_CERT_DIR: '/own' }, {}, none).SSL_CERT_DIR, '/own:/run/ca');
});
