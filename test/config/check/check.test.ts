// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { compileCache } from '../../../sandbox/compile-cache.ts';
import { configText, recipients, tokens } from '../load-text.ts';

const script = fileURLToPath(new URL('../../../src/config/check/check.ts', import.meta.url));
const directory = await mkdtemp(join(tmpdir(), 'check-config-'));
after(() => rm(directory, { recursive: true, force: true }));

function check(...args: readonly string[]) {
  return checkWith(tokens, ...args);
}

async function checkWith(secrets: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const env = { ...compileCache, PATH: process.env.PATH, ...secrets };
  return execa(process.execPath, [script, ...args], {
    env,
    extendEnv: false,
    reject: false,
    timeout: 60_000,
  });
}

async function written(name: string, text: string): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, text);
  return file;
}

test('a good file: a short summary, exit 0', async () => {
  const file = await written('good.yaml', configText({}, { connect: { kubeconfig: 'none' } }));
  const { exitCode, stdout, stderr } = await check(file);
  assert.equal(exitCode, 0, stderr);
  assert.equal(stderr, '');
  assert.match(
    stdout,
    /: no mistakes\nSlack: Socket Mode, .*\nclusters: 1\n {2}prod: .*none; channel C0000000001; needs 1 of any/,
  );
  assert.match(stdout, /people: 3\n {2}U0000000001 is requester\n/);
  assert.match(stdout, /slack\.botToken from \$\{SLACK_BOT_TOKEN\}/);
  assert.match(stdout, /warning: clusters\[0\]\.connect \(line 1\): .*none cannot be read: no such file\n/);
  assert.match(stdout, /\nwarning: no copies for prod: backups stay on a control-plane node only/);
  assert.match(stdout, /\nwarning: no owners for prod: no owner is notified/);
  for (const secret of Object.values(tokens)) assert(!stdout.includes(secret));
});

test('a file with mistakes: one a line, exit 1', async () => {
  const file = await written('bad.yaml', configText({ language: 'de', log: { level: 'loud' } }));
  const { exitCode, stdout, stderr } = await check(file);
  assert.equal(exitCode, 1);
  assert.equal(stdout, '');
  assert.deepEqual(
    stderr.split('\n').sort(),
    [
      `${file}: language (line 1): expected en or ko; found "de"`,
      `${file}: log.level (line 1): expected fatal, error, warn, info, debug or trace; found "loud"`,
    ].sort(),
  );
});

test('warnings are printed beside the mistakes: they may say where a mistake comes from', async () => {
  const file = await written('warned.yaml', configText({}, { approval: { approvers: ['U0000000009'] } }));
  const { exitCode, stderr } = await check(file);
  assert.equal(exitCode, 1);
  assert.match(stderr, /approval\.needed .*who may give them \(0\); found 1\n/);
  assert.match(stderr, /\nwarning: .*approvers\[0\] \(line 1\): this approver is not under people/);
});

test('--without-secrets: what is not set here is listed, everything else is judged', async () => {
  const example = new URL('../../../config.example.yaml', import.meta.url);
  const file = await written('example.yaml', await readFile(example, 'utf8'));
  assert.equal((await checkWith({}, file)).exitCode, 1, 'without the flag they are mistakes');
  const { exitCode, stdout, stderr } = await checkWith({}, file, '--without-secrets');
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^.*example\.yaml: no mistakes\n/);
  const listed = [...stdout.matchAll(/^not set here: (\S+) \(line \d+\) needs (.*)$/gm)];
  assert.deepEqual(
    listed.map(([, key, what]) => `${key} ${what}`),
    [
      'slack.botToken the environment variable SLACK_BOT_TOKEN',
      'slack.appToken the file /run/secrets/slack-app-token',
      'destinations[1].s3.credentials.accessKeyId the file /run/secrets/vault-access-key-id',
      'destinations[1].s3.credentials.secretAccessKey the file /run/secrets/vault-secret-access-key',
      'recipients[0].key the environment variable BACKUP_RECIPIENT_1',
      'recipients[1].key the environment variable BACKUP_RECIPIENT_2',
    ],
  );
  assert.doesNotMatch(stdout, /is in the file itself/);
});

test('--without-secrets excuses no other mistake: not a wrong secret, nor a variable that is no secret', async () => {
  const text = configText({ language: 'de' }, { channel: '${CHANNEL}' });
  const file = await written('still-bad.yaml', text);
  const { exitCode, stderr } = await checkWith({ SLACK_BOT_TOKEN: 'xoxb-1' }, '--without-secrets', file);
  assert.equal(exitCode, 1);
  assert.match(stderr, /slack\.botToken .*starts with xoxb-, at least 10 characters/);
  assert.match(stderr, /language .*found "de"/);
  assert.match(stderr, /channel .*the environment variable CHANNEL/);
  assert.doesNotMatch(stderr, /appToken/);
});

test('no file, a directory, no YAML: one clear line each, exit 1', async () => {
  const unreadable = await written('broken.yaml', 'slack: [');
  const cases = [
    [
      join(directory, 'missing.yaml'),
      /^.*missing\.yaml: the file: expected a readable YAML file; found no such file$/,
    ],
    [directory, /found a directory \(name the file in it, such as config\.yaml\)$/],
    [
      unreadable,
      /broken\.yaml: the file \(line 1\): expected a YAML file; found .*\n {2}1 \| slack: \[\n.*\^$/,
    ],
  ] as const;
  for (const [file, line] of cases) {
    const { exitCode, stderr } = await check(file);
    assert.equal(exitCode, 1);
    assert.match(stderr, line);
    assert.equal(stderr.split('\n').filter((each) => !each.startsWith('  ')).length, 1, stderr);
  }
});

test('the YAML parser prints nothing of its own', async () => {
  const file = await written('odd-key.yaml', '? [a-secret-as-key]\n: b\n');
  const { stderr } = await check(file);
  for (const line of stderr.split('\n')) assert(line.startsWith(`${file}: `), line);
});

test('called without a file: how to call it, exit 2', async () => {
  const { exitCode, stderr } = await check();
  assert.equal(exitCode, 2);
  assert.match(stderr, /^usage: npm run check-config -- FILE \[--without-secrets\] \[--as-json\]\n/);
});

test('--as-json: one document, of mistakes with their places as of a file without any', async () => {
  const text = configText({ language: 'de' }, { channel: '$CHANNEL', connect: { kubeconfig: 'none' } });
  const bad = await written('bad-json.yaml', text.replace('"language"', '\n  "language"'));
  const answer = await checkWith({}, bad, '--without-secrets', '--as-json');
  assert.deepEqual([answer.exitCode, answer.stderr], [1, '']);
  const found = JSON.parse(answer.stdout);
  assert.deepEqual(found.mistakes, [
    {
      file: bad,
      line: 1,
      column: text.indexOf('"channel"') + 1,
      path: 'clusters[0].channel',
      message:
        'expected the id of a Slack channel: C or G and capital letters or digits, such as C0123456789; found "$CHANNEL"',
      hint: 'a variable is written with braces: ${NAME}',
    },
    {
      file: bad,
      line: 2,
      column: 3,
      path: 'language',
      message: 'expected en or ko; found "de"',
      hint: null,
    },
  ]);
  assert.equal(found.ok, false);
  assert.deepEqual(
    found.warnings.map(({ path, message }: { path: string; message: string }) => [path, message]),
    [['clusters[0].connect', `${join(directory, 'none')} cannot be read: no such file`]],
  );

  const good = await written('good-json.yaml', configText({}, { owners: ['U0000000001'] }));
  const { exitCode, stdout } = await checkWith({}, good, '--as-json', '--without-secrets');
  assert.equal(exitCode, 0);
  const { ok, mistakes, warnings, notSet } = JSON.parse(stdout);
  assert.deepEqual([ok, mistakes], [true, []]);
  assert.deepEqual(
    warnings.map(({ message }: { message: string }) => message),
    [
      'no copies for prod: backups stay on a control-plane node only and may be lost with the cluster',
      'prod is the cluster that the bot runs on: the bot, its records and its alarms are lost with it, and so are its backups; run the bot elsewhere',
    ],
  );
  assert.deepEqual(notSet, [
    { path: 'slack.botToken', line: 1, needs: 'the environment variable SLACK_BOT_TOKEN' },
    { path: 'slack.appToken', line: 1, needs: 'the environment variable SLACK_APP_TOKEN' },
  ]);
});

test("the bot's own cluster: a warning until people outside know where its backups are", async () => {
  const destinations = (custodians: readonly string[]) => [
    { name: 'nas-1', directory: { path: '/mnt/nas' }, where: 'NFS export', custodians },
    { name: 'nas-2', directory: { path: '/mnt/other' }, where: 'NFS export', custodians: ['security team'] },
  ];
  const cluster = {
    owners: ['U0000000001'],
    copies: { snapshot: { to: 'nas-1' }, resources: { to: 'nas-2', encryptFor: ['r1', 'r2'] } },
  };
  const [one, two] = recipients;
  const more = {
    recipients: [
      { name: 'r1', key: one },
      { name: 'r2', key: two },
    ],
  };
  const unknown = await written('own.yaml', configText({ destinations: destinations([]), ...more }, cluster));
  const answer = await check(unknown);
  assert.equal(answer.exitCode, 0, answer.stderr);
  assert.match(
    answer.stdout,
    /\nwarning: prod is the cluster that the bot runs on: the bot, its records and its alarms are lost with it; name who can fetch the backups without the bot \(custodians of nas-1\), or run it elsewhere$/,
  );
  const known = await written(
    'own.yaml',
    configText({ destinations: destinations(['storage team']), ...more }, cluster),
  );
  assert.doesNotMatch((await check(known)).stdout, /warning/);
});
