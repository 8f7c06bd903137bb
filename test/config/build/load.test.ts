// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so

import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { Fleet } from '../../../src/domain/policy/policy.ts';
import { configText, loadText, tokens } from '../load-text.ts';

test('a file with only the needed keys gets the standard of everything else', async () => {
  const config = await loadText(configText());
  const fleet: Fleet = config.fleet;
  assert.deepEqual(fleet.clusters, [
    {
      name: 'prod',
      channel: 'C0000000001',
      allowedChannels: [],
      language: 'en',
      timeZone: 'UTC',
      approval: {
        needed: 1,
        approvers: [],
        selfApproval: false,
        expiresAfterMs: 1_800_000,
        breakGlass: undefined,
      },
      session: {
        namespace: 'etcd-backup-sessions',
        image: undefined,
        startDeadlineMs: 120_000,
        scriptDeadlineMs: 900_000,
        commandDeadlineMs: 60_000,
      },
      backupRoot: '/home/core/assets/backup',
      permissions: { endReminder: 'cluster-admin', startDrill: 'member', verify: 'member' },
      scriptPath: '/usr/local/bin/cluster-backup.sh',
      copies: [],
      keepOnNode: 1,
      drill: false,
      retention: {},
      coverage: {
        maxAgeMs: 2_592_000_000,
        beforeUpdateMaxAgeMs: 86_400_000,
        signersWarnMs: 604_800_000,
      },
      workingHours: { fromMinute: 540, toMinute: 1080, days: [1, 2, 3, 4, 5] },
      owners: [],
      onCall: undefined,
    },
  ]);
  assert.equal(config.summary, undefined);
  assert.deepEqual(config.destinations, []);
  assert.deepEqual(config.connections, [
    { cluster: 'prod', kubeconfig: 'in-cluster', requestDeadlineMs: 10_000 },
  ]);
  assert.equal(config.slack.apiUrl, 'https://slack.com/api/');
  assert.equal(config.slack.teamId, undefined);
  assert.equal(config.language, 'en');
  assert.equal(config.logLevel, 'info');
  assert.equal(config.clientPath, 'oc');
  assert.deepEqual(config.warnings, []);
});

test('the fleet finds clusters and people by name, and no others', async () => {
  const { fleet } = await loadText(configText());
  assert.equal(fleet.cluster('prod')?.channel, 'C0000000001');
  assert.equal(fleet.cluster('constructor'), undefined);
  const viewer = { slackUser: 'U0000000003', clusterUser: 'viewer', groups: ['watchers'] };
  assert.deepEqual(fleet.person('U0000000003'), viewer);
  assert.equal(fleet.person('U0000000009'), undefined);
});

test('a cluster says more than the defaults: policies are merged key by key, lists and windows as a whole', async () => {
  const defaults = {
    channel: 'C0000000009',
    timeZone: 'Asia/Seoul',
    offPeak: { from: '22:00', to: '06:30' },
    approval: { needed: 2, approvers: ['U0000000001', 'U0000000002', 'U0000000003'], expiresAfter: '2h' },
    session: { scriptDeadline: '1h', image: 'registry.example.com/tools:1' },
    requestDeadline: '20s',
  };
  const clusters = [
    { name: 'one', connect: { inCluster: true } },
    {
      name: 'two',
      connect: { kubeconfig: 'two.kubeconfig', context: 'admin' },
      channel: 'C0000000002',
      offPeak: 'none',
      approval: { needed: 1, approvers: ['U0000000002'] },
      session: { scriptDeadline: '10m' },
      language: 'ko',
    },
  ];
  const files = { '/etc/bot/two.kubeconfig': 'contexts: [{ name: admin }]' };
  const config = await loadText(configText({ defaults, clusters }), { files });
  const [one, two] = config.fleet.clusters;
  assert.equal(one?.channel, 'C0000000009');
  assert.deepEqual(one?.offPeak, { fromMinute: 1320, toMinute: 390 });
  assert.equal(one?.approval.needed, 2);
  assert.equal(one?.language, 'en');
  assert.equal(two?.channel, 'C0000000002');
  assert.equal(two?.timeZone, 'Asia/Seoul');
  assert.equal(two?.offPeak, undefined);
  assert.deepEqual(two?.approval, {
    needed: 1,
    approvers: ['U0000000002'],
    selfApproval: false,
    expiresAfterMs: 7_200_000,
    breakGlass: undefined,
  });
  assert.equal(two?.session.scriptDeadlineMs, 600_000);
  assert.equal(two?.session.image, 'registry.example.com/tools:1');
  assert.equal(two?.language, 'ko');
  assert.deepEqual(config.connections[1], {
    cluster: 'two',
    kubeconfig: { file: '/etc/bot/two.kubeconfig', context: 'admin' },
    requestDeadlineMs: 20_000,
  });
});

test('tokens come from the environment or from files, and never print', async () => {
  const slack = { botToken: '${SLACK_BOT_TOKEN}', appToken: { file: '${DIR}/app' } };
  const config = await loadText(configText({ slack }), {
    env: { ...tokens, DIR: '/run/secrets' },
    files: { '/run/secrets/app': `${tokens.SLACK_APP_TOKEN}\n` },
  });
  assert.equal(config.slack.botToken.reveal(), tokens.SLACK_BOT_TOKEN);
  const { delivery } = config.slack;
  assert.ok(delivery.mode === 'socket');
  assert.equal(delivery.appToken.reveal(), tokens.SLACK_APP_TOKEN);
  assert.deepEqual(config.origins, [
    { key: 'slack.botToken', from: '${SLACK_BOT_TOKEN}' },
    { key: 'slack.appToken.file', from: '${DIR}' },
    { key: 'slack.appToken', from: 'file /run/secrets/app' },
  ]);
  const { botToken } = config.slack;
  const printed = [
    inspect(config, { depth: 9, showHidden: true, getters: true }),
    JSON.stringify(config),
    `${botToken}`,
    `${botToken}`.concat(String(Object.values(botToken))),
  ].join('\n');
  assert.match(printed, /\[secret\]/);
  for (const secret of Object.values(tokens)) assert(!printed.includes(secret));
});

test('a trailing line break of a token file is taken off once, other spaces are mistakes', async () => {
  const slack = { botToken: { file: 'bot' }, appToken: '${SLACK_APP_TOKEN}' };
  const load = (content: string) => loadText(configText({ slack }), { files: { '/etc/bot/bot': content } });
  assert.equal((await load('xoxb-1234567890\r\n')).slack.botToken.reveal(), 'xoxb-1234567890');
  await assert.rejects(load('xoxb-1234567890\n\n'), /slack\.botToken.*spaces or line breaks/);
});

test('references work inside any text, and $${ is a literal ${', async () => {
  const config = await loadText(configText({ records: { file: '${DATA}/$${x}/${NAME}.db' } }), {
    env: { ...tokens, DATA: '/data', NAME: 'runs' },
  });
  assert.equal(config.recordsFile, '/data/${x}/runs.db');
});

test('relative paths start at the directory of the file, a bare client name stays one', async () => {
  const config = await loadText(configText({ client: { path: './bin/kubectl' } }));
  assert.equal(config.recordsFile, '/etc/bot/records.db');
  assert.equal(config.clientPath, '/etc/bot/bin/kubectl');
});

test("Slack's address gets its closing slash; plain http is for this machine only", async () => {
  const slack = JSON.parse(configText()).slack;
  const load = (apiUrl: string) => loadText(configText({ slack: { ...slack, apiUrl } }));
  assert.equal((await load('https://slack-gov.com/api')).slack.apiUrl, 'https://slack-gov.com/api/');
  assert.equal((await load('http://127.0.0.1:8080/api')).slack.apiUrl, 'http://127.0.0.1:8080/api/');
  await assert.rejects(load('http://slack.com/api/'), /slack\.apiUrl/);
  await assert.rejects(load('https://me:pass@slack.com/api/'), /slack\.apiUrl/);
});
