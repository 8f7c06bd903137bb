// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { loadConfig } from '../../../src/config/build/load.ts';
import { ConfigError } from '../../../src/config/file/mistake.ts';
import type { Unread } from '../../../src/config/file/stand-ins.ts';
import { configText, loadText, mistakesIn, tokens } from '../load-text.ts';

const tenMistakes = `slack:
  botToken: \${SLACK_APP_TOKEN}
  appToken: { file: app-token }
langauge: ko
records: { file: records.db }
people:
  - { slack: U0000000001, user: requester }
  - { slack: "@approver", user: approver }
clusters:
  - name: prod
    connect: { kubeconfig: prod.kubeconfig, inCluster: true }
    channel: "#backups"
    timeZone: Mars/Base
    approval:
      needed: two
      expiresAfter: 30
    backupRoot: /etc/kubernetes/../backup
  - name: prod
    connect: { inCluster: true }
    channel: \${CHANNEL}
`;

test('a file with ten mistakes and more: each is named with key, line, what was expected and found', async () => {
  assert.deepEqual(await mistakesIn(tenMistakes), [
    'slack.botToken (line 2): expected the bot token (starts with xoxb-, at least 10 characters), as ${NAME} or {file: PATH}; found what ${SLACK_APP_TOKEN} holds (not shown) (botToken and appToken may be swapped)',
    'slack.appToken (line 3): expected a readable file "/etc/bot/app-token"; found no such file',
    'langauge (line 4): expected a known key; found an unknown one (did you mean "language"?)',
    'people[1].slack (line 8): expected the id of a Slack member: U or W and capital letters or digits, such as U0123456789; found "@approver" (a name will not do: anyone can change theirs. In Slack: the profile, ⋮, Copy member ID)',
    'clusters[0].connect (line 11): expected either kubeconfig: PATH (and context: NAME) or inCluster: true; found both',
    'clusters[0].channel (line 12): expected the id of a Slack channel: C or G and capital letters or digits, such as C0123456789; found "#backups" (a name will not do: files can only be uploaded to ids, and names change. In Slack: the name of the channel, About, at the bottom)',
    'clusters[0].timeZone (line 13): expected an IANA time zone, such as Europe/Berlin or UTC; found "Mars/Base"',
    'clusters[0].approval.needed (line 15): expected a whole number from 1 to 10; found "two"',
    'clusters[0].approval.expiresAfter (line 16): expected a duration from 1m to 7d, such as "90s", "30m", "2h" or "1d"; found the number 30 (the unit is missing)',
    'clusters[0].backupRoot (line 17): expected a directory on the node, at least two levels deep and not one of the system, such as /home/core/assets/backup (letters, digits and . _ - / without "." or ".." parts); found "/etc/kubernetes/../backup"',
    'clusters[1].name (line 18): expected a different one each time; found the same as clusters[0].name (line 10)',
    'clusters[1].connect (line 19): expected a cluster of its own; found the same as clusters[0].connect (line 11)',
    'clusters[1].channel (line 20): expected the environment variable CHANNEL; found it not set (set it where the bot is started)',
  ]);
});

test('cluster users that differ only in case are one mistake; the same one twice is a person with two accounts', async () => {
  const text = (user: string) =>
    configText({
      people: [
        { slack: 'U0000000001', user: 'requester' },
        { slack: 'U0000000002', user: 'approver' },
        { slack: 'U0000000003', user },
      ],
    });
  await loadText(text('requester'));
  const [mistake, ...others] = await mistakesIn(text('Requester'));
  assert.deepEqual(others, []);
  assert.match(
    mistake ?? '',
    /^people\[2\]\.user \(line \d+\): expected one spelling of each cluster user; found Requester, which differs only in case from people\[0\]\.user \(requester, line \d+\)$/,
  );
});

test('one kubeconfig of two clusters is a mistake however its path is written; another context of it is another cluster', async () => {
  const text = (connect: object) =>
    configText({
      clusters: [
        { name: 'east', channel: 'C0000000001', connect: { kubeconfig: 'kube/east' } },
        { name: 'west', channel: 'C0000000001', connect },
      ],
    });
  await loadText(text({ kubeconfig: './kube/east', context: 'west' }));
  const [mistake, ...others] = await mistakesIn(text({ kubeconfig: './kube/east' }));
  assert.deepEqual(others, []);
  assert.match(mistake ?? '', /^clusters\[1\]\.connect .* expected a cluster of its own; found the same as/);
});

/** Settings of a cluster that are refused, with the key that must be named. */
const refused: readonly (readonly [string, object])[] = [
  ['name', { name: 'Prod' }],
  ['name', { name: 'r-abcd1234' }],
  ['name', { name: 'a'.repeat(41) }],
  ['name', { name: 'prod\n' }],
  ['connect', { connect: { kubeconfig: 'a', inCluster: true } }],
  ['connect', { connect: {} }],
  ['connect', { connect: { context: 'admin' } }],
  ['connect.inCluster', { connect: { inCluster: false } }],
  ['channel', { channel: '#backups' }],
  ['channel', { channel: 'D0123456789' }],
  ['channel', { channel: undefined }],
  ['allowedChannels[1]', { allowedChannels: ['C0000000001', 'general'] }],
  ['language', { language: 'de' }],
  ['timeZone', { timeZone: '+09:00' }],
  ['timeZone', { timeZone: '' }],
  ['timeZone', { offPeak: { from: '22:00', to: '06:00' } }],
  ['offPeak', { timeZone: 'UTC', offPeak: { from: '22:00', to: '22:00' } }],
  ['offPeak.to', { timeZone: 'UTC', offPeak: { from: '22:00', to: '24:00' } }],
  ['offPeak', { timeZone: 'UTC', offPeak: { from: '22:00' } }],
  ['approval.needed', { approval: { needed: 0 } }],
  ['approval.needed', { approval: { needed: 1.5 } }],
  ['approval.needed', { approval: { needed: 3 } }],
  ['approval.needed', { approval: { approvers: ['U0000000009'] } }],
  ['approval.approvers[1]', { approval: { approvers: ['U0000000001', 'U0000000001'] } }],
  ['approval.approvers[0]', { approval: { approvers: ['approver'] } }],
  ['approval.selfApproval', { approval: { selfApproval: 'no' } }],
  ['approval.expiresAfter', { approval: { expiresAfter: '0m' } }],
  ['approval.expiresAfter', { approval: { expiresAfter: '8d' } }],
  ['session.namespace', { session: { namespace: 'Sessions' } }],
  ['session.image', { session: { image: 'tools latest' } }],
  ['session.scriptDeadline', { session: { scriptDeadline: '7h' } }],
  ['session.startDeadline', { session: { startDeadline: '-1m' } }],
  ['session.commandDeadline', { session: { commandDeadline: 60 } }],
  ['session', { session: 'default' }],
  ['requestDeadline', { requestDeadline: '1h' }],
  ...['backup', '/', '/backup', '/var/lib', '/etc', '/usr/backup', '/var/lib/etcd/backup', '/home/../etc/x']
    .concat(
      '/home/core/',
      '/home//core',
      '/home/core/my backup',
      '/home/$(id)',
      "/home/o'brien",
      '/home/./core',
    )
    .map((path) => ['backupRoot', { backupRoot: path }] as const),
  ['scriptPath', { scriptPath: 'cluster-backup.sh' }],
  ['scriptPath', { scriptPath: '/usr/local/bin/x.sh;id' }],
];

for (const [key, cluster] of refused) {
  test(`refused, and nothing beside it: ${JSON.stringify(cluster).slice(0, 70)}`, async () => {
    const lines = await mistakesIn(configText({}, cluster));
    assert.equal(lines.length, 1, lines.join('\n'));
    assert(lines[0]?.startsWith(`clusters[0].${key} (line 1): expected `), lines[0]);
  });
}

const fit = [
  '/home/core/assets/backup',
  '/var/backup',
  '/var/lib/backup',
  '/mnt/etcd.backup_1/a-b',
  '/etcetera/x',
];

for (const path of fit) {
  test(`a directory that may hold backups: ${path}`, async () => {
    const config = await loadText(configText({}, { backupRoot: path }));
    assert.equal(config.fleet.clusters[0]?.backupRoot, path);
  });
}

test('people: the platform names of users and groups, and people named twice, are refused', async () => {
  const people = [
    { slack: 'U0000000001', user: 'system:admin' },
    { slack: 'U0000000001', user: 'approver', groups: ['system:masters'] },
    { slack: 'U0000000003', user: ' ' },
    { slack: 'U0000000004', user: 'kube:admin' },
  ];
  assert.deepEqual((await mistakesIn(configText({ people }))).map((line) => line.split(' ')[0]).sort(), [
    'people[0].user',
    'people[1].groups[0]',
    'people[1].slack',
    'people[2].user',
  ]);
});

test('an unknown key is named with the nearest known one, at every depth', async () => {
  const cluster = {
    chanel: 1,
    approval: { approver: [] },
    timeZone: 'UTC',
    offPeak: { from: '01:00', till: '02:00' },
  };
  const people = [{ slack: 'U0000000001', user: 'requester', zzzzzzzz: 1 }];
  const lines = await mistakesIn(configText({ people }, cluster));
  const found = lines.map((line) => [line.split(' ')[0], /did you mean "(.*)"/.exec(line)?.[1]]);
  assert.deepEqual(Object.fromEntries(found), {
    'clusters[0].chanel': 'channel',
    'clusters[0].approval.approver': 'approvers',
    'clusters[0].offPeak': undefined,
    'people[0].zzzzzzzz': undefined,
  });
  assert.match(lines.find((line) => line.includes('offPeak')) ?? '', /found the keys from, till$/);
  assert.match(lines.find((line) => line.includes('zzzzzzzz')) ?? '', /known keys \(slack, user, groups\)/);
});

test('a quorum counts cluster users, not Slack accounts', async () => {
  const people = [
    { slack: 'U0000000001', user: 'requester' },
    { slack: 'U0000000002', user: 'approver' },
    { slack: 'U0000000003', user: 'approver' },
  ];
  const text = configText({ people }, { approval: { needed: 2 } });
  assert.deepEqual(await mistakesIn(text), [
    'clusters[0].approval.needed (line 1): expected no more approvals than there are people beside the requester who may give them (1); found 2',
  ]);
});

test('a mistake under defaults is one mistake, however many clusters there are', async () => {
  const clusters = ['a1', 'b2'].map((name) => ({
    name,
    connect: { kubeconfig: name },
    channel: 'C0000000001',
  }));
  const lines = await mistakesIn(configText({ clusters, defaults: { approval: { needed: 9 } } }));
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /^defaults\.approval\.needed/);
});

const insecure = JSON.stringify({
  'current-context': 'admin',
  contexts: [{ name: 'admin', context: { cluster: 'prod' } }],
  clusters: [{ name: 'prod', cluster: { server: 'https://prod', 'insecure-skip-tls-verify': true } }],
});

const warned: readonly (readonly [string, object, RegExp])[] = [
  ['approval.selfApproval', { approval: { selfApproval: true } }, /their own backups/],
  [
    'approval.approvers[2]',
    { approval: { approvers: ['U0000000001', 'U0000000002', 'U0000000009'] } },
    /not under people/,
  ],
  ['approval.needed', { approval: { approvers: ['U0000000002'] } }, /U0000000002 can never get 1 approval$/],
  ['session.commandDeadline', { session: { commandDeadline: '20m' } }, /longer than scriptDeadline/],
  ['session.startDeadline', { session: { scriptDeadline: '1m' } }, /longer than scriptDeadline/],
  ['requestDeadline', { session: { startDeadline: '5s' } }, /longer than session\.startDeadline/],
  [
    'connect',
    { connect: { kubeconfig: 'none.kubeconfig' } },
    /none\.kubeconfig cannot be read: no such file/,
  ],
  ['connect', { connect: { kubeconfig: 'some.kubeconfig' } }, /no usable current context \(it has: admin\)/],
  ['connect', { connect: { kubeconfig: 'some.kubeconfig', context: 'x' } }, /no context "x"/],
  ['connect', { connect: { kubeconfig: 'config.yaml' } }, /is no kubeconfig/],
  [
    'connect',
    { connect: { kubeconfig: 'open.kubeconfig' } },
    /open\.kubeconfig has insecure-skip-tls-verify/,
  ],
  ['owners[0]', { owners: ['U0000000009'] }, /not under people/],
  [
    'approval.breakGlass.people[0]',
    { approval: { breakGlass: { people: ['U0000000001'], owners: ['U0000000001'] } } },
    /the only one who is notified/,
  ],
  ['schedule.cron', { schedule: { cron: '0,30 * * * *' } }, /only 30 min apart/],
];

for (const [key, cluster, text] of warned) {
  test(`warned of: ${JSON.stringify(cluster)}`, async () => {
    const files = {
      '/etc/bot/some.kubeconfig': 'contexts: [{ name: admin }]',
      '/etc/bot/open.kubeconfig': insecure,
    };
    const { warnings } = await loadText(configText({}, cluster), { files });
    assert.deepEqual(
      warnings.map((each) => each.key),
      [`clusters[0].${key}`],
    );
    assert.match(warnings[0]?.text ?? '', text);
  });
}

test('a warning about defaults is one warning, however many clusters there are', async () => {
  const clusters = ['a1', 'b2'].map((name) => ({
    name,
    connect: { kubeconfig: name },
    channel: 'C0000000001',
  }));
  const files = Object.fromEntries(
    ['a1', 'b2'].map((name) => [`/etc/bot/${name}`, 'current-context: a\ncontexts: [{ name: a }]']),
  );
  const defaults = { approval: { selfApproval: true } };
  const { warnings } = await loadText(configText({ clusters, defaults }), { files });
  assert.deepEqual(
    warnings.map((each) => each.key),
    ['defaults.approval.selfApproval'],
  );
});

test('a policy with a mistake in it is not judged by what would replace it', async () => {
  const defaults = { approval: { needed: 2, approvers: ['U0000000001', 'U0000000002'] } };
  const lines = await mistakesIn(configText({ defaults }, { approval: { needed: 1, expiresAfter: 'soon' } }));
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    ['clusters[0].approval.expiresAfter'],
  );
});

const botToken = '${SLACK_BOT_TOKEN}';
const signing = '8f742231b10e8888abcd99yyyzzz85a5';

/** Ways of giving no usable secret for the chosen way of delivery: one line each that says what to do. */
const withoutSecret: readonly (readonly [string, object, RegExp])[] = [
  ['http, missing', { mode: 'http', botToken }, /^slack\.signingSecret .*mode http needs.*; found nothing$/],
  [
    'http, although there is an app-level token',
    { mode: 'http', botToken, appToken: tokens.SLACK_APP_TOKEN },
    /^slack\.signingSecret .*found nothing$/,
  ],
  [
    'http, empty',
    { mode: 'http', botToken, signingSecret: '' },
    /^slack\.signingSecret .*Basic Information → App Credentials.*\(not shown\) \(it is empty\)$/,
  ],
  ['http, null', { mode: 'http', botToken, signingSecret: null }, /^slack\.signingSecret .*found nothing$/],
  [
    'http, an empty variable',
    { mode: 'http', botToken, signingSecret: '${EMPTY}' },
    /^slack\.signingSecret .*variable EMPTY; found it empty/,
  ],
  [
    'http, an empty file',
    { mode: 'http', botToken, signingSecret: { file: 'empty' } },
    /^slack\.signingSecret .*file \/etc\/bot\/empty holds \(not shown\) \(it is empty\)$/,
  ],
  [
    'http, too short',
    { mode: 'http', botToken, signingSecret: 'secret' },
    /^slack\.signingSecret .*\(not shown\)$/,
  ],
  ['socket, missing', { mode: 'socket', botToken }, /^slack\.appToken .*mode socket needs.*; found nothing$/],
  ['nothing said', { botToken, signingSecret: signing }, /^slack\.appToken .*mode socket needs/],
  ['an unknown mode', { mode: 'https', botToken }, /^slack\.mode .*expected socket or http; found "https"$/],
];

for (const [name, slack, expected] of withoutSecret) {
  test(`no secret for the way of delivery: ${name}`, async () => {
    const lines = await mistakesIn(configText({ slack }), {
      env: { ...tokens, EMPTY: '' },
      files: { '/etc/bot/empty': '\n' },
    });
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', expected);
  });
}

test('mode http needs a signing secret and nothing else; where it listens can be said', async () => {
  const slack = { mode: 'http', botToken, signingSecret: signing };
  const standard = await loadText(configText({ slack }));
  assert.ok(standard.slack.delivery.mode === 'http');
  const { port, path, signingSecret } = standard.slack.delivery;
  assert.deepEqual([port, path, signingSecret.reveal()], [3000, '/slack/events', signing]);
  assert.deepEqual(
    standard.warnings.map((each) => each.key),
    ['slack.signingSecret'],
    'a secret in the file itself is worth a warning, one that is not there is not',
  );
  assert(!JSON.stringify(standard).includes(signing));
  const moved = await loadText(configText({ slack: { ...slack, http: { port: 8080, path: '/in' } } }));
  assert.ok(moved.slack.delivery.mode === 'http');
  assert.deepEqual([moved.slack.delivery.port, moved.slack.delivery.path], [8080, '/in']);
});

test('mode http: a path that is none, and a port that the health answers have', async () => {
  const slack = { mode: 'http', botToken, signingSecret: signing, http: { path: 'slack events' } };
  assert.match(
    (await mistakesIn(configText({ slack })))[0] ?? '',
    /^slack\.http\.path .*such as \/slack\/events/,
  );
  const both = configText({ slack: { ...slack, http: {} }, health: { port: 3000 } });
  assert.match((await mistakesIn(both))[0] ?? '', /^health\.port .*another port/);
});

test('a token in the file itself works, with a warning that does not show it', async () => {
  const slack = { botToken: tokens.SLACK_BOT_TOKEN, appToken: '${SLACK_APP_TOKEN}' };
  const { warnings } = await loadText(configText({ slack }));
  assert.equal(warnings[0]?.key, 'slack.botToken');
  assert(!JSON.stringify(warnings).includes(tokens.SLACK_BOT_TOKEN));
});

test('references that lead nowhere are one mistake each', async () => {
  const files = ['${NOT_SET}', '${EMPTY}', '${}', '${A-B}', '${OPEN', '${constructor}'];
  for (const file of files) {
    const lines = await mistakesIn(configText({ records: { file } }), { env: { ...tokens, EMPTY: '' } });
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] ?? '', /^records\.file \(line 1\): expected (the environment variable|\$\{NAME\})/);
  }
  const slack = { botToken: { file: '${NOT_SET}' }, appToken: '${SLACK_APP_TOKEN}' };
  const lines = await mistakesIn(configText({ slack }));
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /^slack\.botToken\.file .*NOT_SET/);
});

test('{file: PATH} is for secrets only: elsewhere it is not followed', async () => {
  const lines = await mistakesIn(configText({}, { channel: { file: '/etc/bot/config.yaml' } }));
  assert.match(lines[0] ?? '', /^clusters\[0\]\.channel .* found the keys file$/);
});

const unreadable: readonly (readonly [string, RegExp])[] = [
  ['', /^the file \(line 1\): expected a YAML mapping .*; found nothing$/],
  ['just words', /found a value \(not shown\)$/],
  ['a: 1\na: 2', /\(line 2\): expected a YAML file; found the key "a" a second time \(first in line 1\)$/],
  ['slack:\n\t- x', /\(line 2\).*a tab as indentation/],
  ['a: [1', /a \[ that is opened here and never closed/],
  ['a: *nowhere', /alias/],
  ['a: !env X', /a tag/],
  ['a: &a [*a]', /nested in each other/],
  [`a: ${'['.repeat(5000)}`, /YAML file/],
  [`a: ${'['.repeat(40)}${']'.repeat(40)}`, /nested/],
  ['--- a\n--- b', /a second document/],
];

for (const [text, expected] of unreadable) {
  test(`no configuration: ${JSON.stringify(text.slice(0, 30))}`, async () => {
    const [line] = await mistakesIn(text);
    assert.match(line ?? '', expected);
  });
}

test('aliases of YAML share a list between clusters', async () => {
  const text = `slack: { botToken: "\${SLACK_BOT_TOKEN}", appToken: "\${SLACK_APP_TOKEN}" }
records: { file: records.db }
people: [{ slack: U0000000001, user: requester }, { slack: U0000000002, user: approver }]
clusters:
  - { name: a1, connect: { inCluster: true }, channel: C0000000001, allowedChannels: &shared [C0000000001, oops] }
  - { name: b2, connect: { kubeconfig: b2 }, channel: C0000000001, allowedChannels: *shared }
`;
  const lines = await mistakesIn(text);
  assert.deepEqual(
    lines.map((line) => line.split(':')[0]),
    ['clusters[0].allowedChannels[1] (line 5)', 'clusters[1].allowedChannels[1] (line 5)'],
  );
});

test('mistakes that do not depend on each other appear at once', async () => {
  const cluster = {
    offPeak: { from: '22:00', to: '24:00' },
    approval: {
      needed: 'two',
      approvers: ['U0000000001', 'U0000000001'],
      breakGlass: { people: [], owners: [] },
    },
    copies: { snapshot: { to: 7 }, resources: { to: 'nowhere', encryptFor: ['nobody'] } },
  };
  const client = { env: { PATH: '/opt', LD_PRELOAD: '/x.so', DEBUG: 1 } };
  const lines = await mistakesIn(configText({ client, langauge: 'ko' }, cluster));
  assert.deepEqual(lines.map((line) => line.split(' ')[0]).toSorted(), [
    'client.env.DEBUG',
    'client.env.LD_PRELOAD',
    'client.env.PATH',
    'clusters[0].approval.approvers[1]',
    'clusters[0].approval.breakGlass.owners',
    'clusters[0].approval.needed',
    'clusters[0].copies.resources.encryptFor[0]',
    'clusters[0].copies.resources.to',
    'clusters[0].copies.snapshot.to',
    'clusters[0].offPeak.to',
    'clusters[0].timeZone',
    'langauge',
  ]);
});

test('hints: a number where a number belongs is no text, and examples of durations lie within the bounds', async () => {
  const [needed] = await mistakesIn(configText({}, { approval: { needed: 11 } }));
  assert.match(needed ?? '', /found the number 11$/);
  const [text] = await mistakesIn(configText({}, { channel: 7 }));
  assert.match(text ?? '', /found the number 7 \(a text needs quotes\)$/);
  const [age] = await mistakesIn(configText({}, { coverage: { maxAge: '30' } }));
  assert.match(age ?? '', /such as "2h", "1d" or "30d"; found "30" \(the unit is missing\)$/);
});

test('a proxy without http:// and programs of an etcd that no release has are warned of', async () => {
  const text = configText({
    proxy: { url: 'proxy.example.com:3128' },
    drillTools: { 3.5: '/opt/etcd/3.5', 3.7: '/opt/etcd/3.7' },
  });
  const { warnings } = await loadText(text);
  assert.deepEqual(
    warnings.map(({ key }) => key),
    ['drillTools["3.7"]', 'proxy.url'],
  );
  assert.match(warnings[1]?.text ?? '', /without http:\/\//);
  assert.match(warnings[0]?.text ?? '', /runs etcd 3\.7 \(they run 3\.4, 3\.5, 3\.6\)/);
});

test('a program that opens no destination needs neither their keys nor their certificates', async () => {
  const credentials = { accessKeyId: '${NOT_SET}', secretAccessKey: { file: 'gone' } };
  const destinations = [
    { name: 'nas-1', directory: { path: '/mnt' } },
    {
      name: 'vault',
      s3: { bucket: 'etcd-keys', region: 'us-east-1', credentials, ca: { file: 'gone.pem' } },
    },
  ];
  const text = configText({ destinations });
  const load = (unread: readonly Unread[]) =>
    loadConfig({
      file: '/etc/bot/config.yaml',
      env: tokens,
      readFile: async (path) => (path === '/etc/bot/config.yaml' ? text : assert.fail(`${path} was read`)),
      unread,
    });
  await assert.rejects(load([]), ConfigError);
  assert.deepEqual(
    (await load(['destinations'])).destinations.map(({ name }) => name),
    ['nas-1', 'vault'],
  );
});

test('a secret that is not there hides no mistake beside it', async () => {
  const text = configText({ proxy: { url: '${NOT_SET}', noproxy: [] } });
  const load = loadConfig({
    file: '/etc/bot/config.yaml',
    env: tokens,
    readFile: async () => text,
    withoutSecrets: true,
  });
  await assert.rejects(load, /proxy/);
});

test('a program beside the bot needs no secret that it does not use, and reads none', async () => {
  const slack = { botToken: { file: 'gone' }, appToken: '${NOT_SET}' };
  const client = { env: { TOKEN: '${NOT_SET}' } };
  const text = configText({ slack, client });
  assert.equal((await mistakesIn(text)).length, 3);
  const reads: string[] = [];
  const config = await loadConfig({
    file: '/etc/bot/config.yaml',
    env: {},
    readFile: async (path) => {
      reads.push(path);
      return text;
    },
    unread: ['slack', 'client'],
  });
  assert.deepEqual(reads, ['/etc/bot/config.yaml']);
  assert.deepEqual([config.warnings, config.origins], [[], []]);
  await assert.rejects(
    loadConfig({
      file: '/etc/bot/config.yaml',
      env: {},
      readFile: async () => configText({ slack: { ...slack, teamId: 'me' } }),
      unread: ['slack'],
    }),
    /slack\.teamId/,
    'everything else is judged as ever',
  );
});
