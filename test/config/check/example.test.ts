import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { serverCertificates } from '../../../sandbox/cluster/certificates.ts';
import { jsonSchemaText } from '../../../src/config/schema/json-schema.ts';
import { settingsText } from '../../../src/config/schema/settings-table.ts';
import { loadText, recipients, tokens } from '../load-text.ts';

const example = await readFile(new URL('../../../config.example.yaml', import.meta.url), 'utf8');
/** With the optional keys (`#key: value`, no space after `#`) put in. */
const complete = example.replace(/^(\s*)#(\w+:.*)$/gm, '$1$2');
const kubeconfig = 'current-context: admin\ncontexts: [{ name: admin }, { name: etcd-backup }]\n';
const { ca } = await serverCertificates();
const around = {
  env: {
    SLACK_BOT_TOKEN: tokens.SLACK_BOT_TOKEN,
    BACKUP_RECIPIENT_1: recipients[0],
    BACKUP_RECIPIENT_2: recipients[1],
  },
  files: {
    '/run/secrets/slack-app-token': `${tokens.SLACK_APP_TOKEN}\n`,
    '/run/secrets/slack-signing-secret': '8f742231b10e8888abcd99yyyzzz85a5\n',
    '/run/secrets/prod-east.kubeconfig': kubeconfig,
    '/run/secrets/vault-access-key-id': 'vault-id\n',
    '/run/secrets/vault-secret-access-key': 'vault/secret+value\n',
    '/run/secrets/vault-session-token': 'vault-token\n',
    '/run/secrets/vault-ca.pem': ca,
    '/run/secrets/corporate-ca.pem': `# Corporate Root\n${ca}`,
    '/run/secrets/proxy-url': 'http://robot:pr0xy@word@proxy.example.com:3128\n',
  },
};

test('the example loads without a warning', async () => {
  const config = await loadText(example, around);
  assert.deepEqual(config.warnings, []);
  assert.deepEqual(
    config.fleet.clusters.map((each) => each.name),
    ['prod-east', 'lab'],
  );
});

test('the example loads without a warning with every optional key put in', async () => {
  assert.notEqual(complete, example);
  const config = await loadText(complete, around);
  assert.deepEqual(config.warnings, []);
  assert.equal(config.slack.apiUrl, 'https://slack-gov.com/api/');
  assert.equal(config.fleet.cluster('lab')?.language, 'ko');
  assert.deepEqual(config.fleet.cluster('lab')?.copies, []);
});

test('what docs/destinations.md configures loads without a warning on top of the first backup', async () => {
  const [first, places] = await Promise.all(
    ['install', 'destinations'].map(async (name) => {
      const text = await readFile(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8');
      return parse(
        /^```yaml\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? assert.fail(`docs/${name}.md has no YAML`),
      );
    }),
  );
  const env = {
    ...around.env,
    SLACK_APP_TOKEN: tokens.SLACK_APP_TOKEN,
    VAULT_ACCESS_KEY_ID: 'vault-id',
    VAULT_SECRET_ACCESS_KEY: 'vault/secret+value',
  };
  const files = { '/etc/bot/prod-east.kubeconfig': kubeconfig };
  const config = await loadText(stringify({ ...first, ...places }), { env, files });
  assert.deepEqual(config.warnings, []);
  assert.equal(config.fleet.cluster('prod-east')?.copies?.length, 2);
});

test('the example shows every key that there is', () => {
  const shown = keysOf(parse(complete));
  const known = schemaKeys(JSON.parse(jsonSchemaText()));
  assert.deepEqual(
    [...known].filter((key) => !shown.has(key)),
    [],
  );
});

test('docs/configuration.md is what the schema says', async () => {
  const text = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  assert.equal(text, settingsText(), 'npm run config-schema writes it again');
  const rows = new Set([...text.matchAll(/^\| `([^`]+)`/gm)].map(([, key]) => key));
  for (const key of [
    'slack.botToken',
    'clusters[].copies',
    'destinations[].s3.bucket',
    'defaults',
    'summary.cron',
  ])
    assert.ok(rows.has(key), key);
});

test('the standard values that the example names are those of the schema', () => {
  const named = [...example.matchAll(/Standard: (\S+)\n\s*#?(\w+):/g)].map(([, value, key]) => [key, value]);
  assert(named.length >= 10, 'the example names standard values');
  const standards = schemaDefaults(JSON.parse(jsonSchemaText()));
  for (const [key, value] of named) {
    const standard = standards.get(String(key));
    if (standard !== undefined) assert.equal(String(standard), value, key);
  }
});

test('the JSON Schema in docs/ is the one of the code (npm run config-schema writes it)', async () => {
  const written = await readFile(new URL('../../../docs/config.schema.json', import.meta.url), 'utf8');
  assert.equal(written, jsonSchemaText());
});

test('a reference may replace each text that has a form, and the schema says so once', () => {
  const patterns = [...jsonSchemaText().matchAll(/"pattern": (".*")/g)].map(([, text]) =>
    String(JSON.parse(text ?? '')),
  );
  assert(patterns.length > 30);
  for (const pattern of patterns) {
    assert.equal(pattern.split('|\\$\\{').length, 2, pattern);
    assert(new RegExp(pattern, 'u').test(['$', '{NAME}'].join('')), pattern);
  }
});

function keysOf(value: unknown): Set<string> {
  if (value === null || typeof value !== 'object') return new Set();
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return new Set([...own, ...Object.values(value).flatMap((inner) => [...keysOf(inner)])]);
}

function schemaKeys(schema: unknown): Set<string> {
  return new Set(propertiesIn(schema).map(([key]) => key));
}

function schemaDefaults(schema: unknown): Map<string, unknown> {
  return new Map(
    propertiesIn(schema).flatMap(([key, inner]) => ('default' in inner ? [[key, inner.default]] : [])),
  );
}

function propertiesIn(schema: unknown): readonly (readonly [string, { default?: unknown }])[] {
  if (schema === null || typeof schema !== 'object') return [];
  const { properties, ...rest } = schema as { properties?: Record<string, { default?: unknown }> };
  const own = Object.entries(properties ?? {});
  const inner = [...Object.values(properties ?? {}), ...Object.values(rest)];
  return [...own, ...inner.flatMap(propertiesIn)];
}
