// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { generateX25519Identity } from 'age-encryption';
import { serverCertificates } from '../../../sandbox/cluster/certificates.ts';
import type { Config } from '../../../src/config/build/config.ts';
import { policyWarnings } from '../../../src/config/check/policy-warnings.ts';
import { summary } from '../../../src/config/check/summary.ts';
import {
  configText,
  loadText,
  mistakesIn,
  offCluster,
  recipients,
  splitCopies,
  tokens,
} from '../load-text.ts';

const [nas, vault] = offCluster.destinations;
const people = offCluster.recipients;

/** The keys of mistakes, `clusters[0].copies…` without its beginning. */
async function wrongKeys(changes: object, cluster: object): Promise<readonly string[]> {
  const lines = await mistakesIn(configText({ ...offCluster, ...changes }, cluster));
  return lines.map((line) => line.split(' ')[0] ?? '');
}

function warningsOf({ warnings }: Config): readonly string[] {
  return warnings.map(({ key, text }) => `${key}: ${text}`);
}

test('two places, split custody, encrypted: what is said is what comes out, without a warning', async () => {
  const changes = {
    ...offCluster,
    destinations: [
      { ...nas, custodians: ['storage team'], retention: { newest: 7, weekly: 4 } },
      { ...vault, custodians: ['security team'], retention: { weekly: 4, newest: 7 } },
    ],
  };
  const cluster = { copies: splitCopies, keepOnNode: 3, drill: true, timeZone: 'Asia/Seoul' };
  const config = await loadText(configText(changes, cluster));
  assert.deepEqual(config.warnings, []);
  const [policy] = config.fleet.clusters;
  assert.deepEqual(policy?.copies, [
    {
      file: 'snapshot',
      destination: 'nas-1',
      place: { kind: 'directory', path: '/mnt/nas' },
      custodians: ['storage team'],
      encryptFor: [],
    },
    {
      file: 'resources',
      destination: 'vault',
      place: { kind: 's3', bucket: 'etcd-keys', endpoint: null, region: 'us-east-1' },
      custodians: ['security team'],
      encryptFor: [
        { name: 'recovery-1', publicKey: recipients[0] },
        { name: 'recovery-2', publicKey: recipients[1] },
      ],
    },
  ]);
  assert.deepEqual([policy?.keepOnNode, policy?.drill], [3, true]);
  const rules = {
    newest: 7,
    days: undefined,
    daily: undefined,
    weekly: 4,
    monthly: undefined,
    timeZone: 'Asia/Seoul',
  };
  assert.deepEqual(policy?.retention, { 'nas-1': rules, vault: rules });
});

test('how to open a place: everything that is said, and the standard of what is not', async () => {
  const s3 = {
    bucket: 'etcd-keys',
    prefix: 'a/b',
    endpoint: 'https://s3.example.com/',
    region: 'eu-1',
    credentials: { accessKeyId: '${KEY_ID}', secretAccessKey: { file: 'secret' } },
    ca: { file: 'ca.pem' },
    encryption: { algorithm: 'aws:kms', keyId: 'key-1' },
    lock: { mode: 'GOVERNANCE', days: 30 },
    checksum: 'content-md5',
  };
  const pem = (await serverCertificates()).ca.replaceAll('\r', '');
  const owners = ['U0STORAGE', 'U0STORAGE'];
  const destinations = [{ name: 'nas-1', directory: { path: 'nas' }, owners }, vault, { name: 'full', s3 }];
  const { destinations: opened, warnings } = await loadText(configText({ destinations }), {
    env: { ...tokens, KEY_ID: 'key-id' },
    files: { '/etc/bot/secret': 'secret/value+of=it\n', '/etc/bot/ca.pem': pem },
  });
  assert.deepEqual(opened[0], {
    kind: 'directory',
    name: 'nas-1',
    owners: ['U0STORAGE'],
    path: '/etc/bot/nas',
  });
  const unmapped = warnings.filter(({ key }) => key === 'destinations[0].owners[0]');
  assert.match(unmapped[0]?.text ?? '', /not under people, so they cannot adopt this destination/);
  assert.deepEqual(opened[1], {
    kind: 's3',
    name: 'vault',
    owners: [],
    bucket: 'etcd-keys',
    prefix: '',
    endpoint: undefined,
    region: 'us-east-1',
    pathStyle: false,
    credentials: undefined,
    ca: undefined,
    encryption: undefined,
    lock: undefined,
    checksum: 'sha256',
  });
  const full = opened[2];
  assert.ok(full?.kind === 's3' && full.credentials);
  assert.equal(full.credentials.accessKeyId.reveal(), 'key-id');
  assert.equal(full.credentials.secretAccessKey.reveal(), 'secret/value+of=it');
  assert.equal(full.credentials.sessionToken, undefined);
  const { credentials: _, ...rest } = full;
  assert.deepEqual(rest, {
    kind: 's3',
    name: 'full',
    owners: [],
    bucket: 'etcd-keys',
    prefix: 'a/b',
    endpoint: 'https://s3.example.com',
    region: 'eu-1',
    pathStyle: true,
    ca: pem.trim(),
    encryption: { algorithm: 'aws:kms', keyId: 'key-1' },
    lock: { mode: 'GOVERNANCE', days: 30 },
    checksum: 'content-md5',
  });
  assert.equal(warnings.filter(({ text }) => /no cluster copies/.test(text)).length, 3);
  const printed = inspect(opened, { depth: 9, showHidden: true }) + JSON.stringify(opened);
  assert(!printed.includes('secret/value'), printed);
});

test('the place of a copy names the prefix of its bucket: RESTORE.md is read without any configuration', async () => {
  const { fleet } = await loadText(
    configText({ ...offCluster, ...s3({ prefix: 'a/b' }) }, { copies: splitCopies }),
  );
  const expected = { kind: 's3', bucket: 'etcd-keys', prefix: 'a/b', endpoint: null, region: 'us-east-1' };
  assert.deepEqual(fleet.clusters[0]?.copies?.[1]?.place, expected);
});

test('a cluster can stay without copies where the others have them', async () => {
  const clusters = [
    { name: 'one', connect: { inCluster: true } },
    { name: 'two', connect: { kubeconfig: 'two' }, copies: 'none' },
  ];
  const defaults = { channel: 'C0000000001', copies: splitCopies };
  const { fleet } = await loadText(configText({ ...offCluster, defaults, clusters }));
  assert.deepEqual(
    fleet.clusters.map(({ copies }) => copies?.map(({ destination }) => destination)),
    [['nas-1', 'vault'], []],
  );
});

const s3 = (changes: object) => ({
  destinations: [nas, { name: 'vault', s3: { ...vault?.s3, ...changes } }],
});

/** Top-level keys and cluster's keys that are refused, with the one key that must be named. */
const refused: readonly (readonly [string, object, object])[] = [
  ['clusters[0].copies', {}, { copies: { snapshot: { to: 'nas-1' } } }],
  ['clusters[0].copies', {}, { copies: 'all' }],
  ['clusters[0].copies.resources.to', {}, { copies: { ...splitCopies, resources: { to: 'valut' } } }],
  [
    'clusters[0].copies.snapshot.encryptFor[1]',
    {},
    { copies: { ...splitCopies, snapshot: { to: 'nas-1', encryptFor: ['recovery-1', 'nobody'] } } },
  ],
  [
    'clusters[0].copies.resources.encryptFor[1]',
    {},
    { copies: { ...splitCopies, resources: { to: 'vault', encryptFor: ['recovery-1', 'recovery-1'] } } },
  ],
  [
    'defaults.copies.snapshot.to',
    { defaults: { copies: { ...splitCopies, snapshot: { to: 'nas-2' } } } },
    {},
  ],
  ['clusters[0].keepOnNode', {}, { keepOnNode: 21 }],
  ['clusters[0].keepOnNode', {}, { keepOnNode: -1 }],
  ['clusters[0].drill', {}, { drill: 'yes' }],
  ['destinations[1].name', { destinations: [nas, { ...vault, name: 'nas-1' }] }, {}],
  ['destinations[0].name', { destinations: [{ ...nas, name: 'nas 1' }] }, {}],
  ['destinations[1]', { destinations: [nas, { name: 'vault' }] }, {}],
  ['destinations[1]', { destinations: [nas, { ...vault, directory: { path: '/x' } }] }, {}],
  ['destinations[1].s3.bucket', s3({ bucket: 'Etcd_Keys' }), {}],
  ['destinations[1].s3.region', s3({ region: undefined }), {}],
  ['destinations[1].s3.prefix', s3({ prefix: '/a/' }), {}],
  ['destinations[1].s3.prefix', s3({ prefix: 'a/../b' }), {}],
  ['destinations[1].s3.endpoint', s3({ endpoint: 's3.example.com' }), {}],
  ['destinations[1].s3.endpoint', s3({ endpoint: 'https://me:pass@s3.example.com' }), {}],
  ['destinations[1].s3.endpoint', s3({ endpoint: 'https://s3.example.com/bucket' }), {}],
  ['destinations[1].s3.encryption.algorithm', s3({ encryption: { algorithm: 'AES' } }), {}],
  ['destinations[1].s3.encryption.keyId', s3({ encryption: { algorithm: 'AES256', keyId: 'k' } }), {}],
  ['destinations[1].s3.lock.days', s3({ lock: { mode: 'GOVERNANCE', days: 0 } }), {}],
  ['destinations[1].s3.lock.mode', s3({ lock: { mode: 'governance', days: 1 } }), {}],
  ['destinations[1].s3.checksum', s3({ checksum: 'md5' }), {}],
  ['destinations[1].s3.ca', s3({ ca: 'a file' }), {}],
  ['destinations[1].s3.ca', s3({ ca: { file: 'none.pem' } }), {}],
  ['destinations[1].s3.credentials.secretAccessKey', s3({ credentials: { accessKeyId: 'id' } }), {}],
  ['destinations[0].retention.newest', { destinations: [{ ...nas, retention: { newest: 0 } }, vault] }, {}],
  ['destinations[0].retention.yearly', { destinations: [{ ...nas, retention: { yearly: 1 } }, vault] }, {}],
  ['destinations[0].custodians[0]', { destinations: [{ ...nas, custodians: [' '] }, vault] }, {}],
  ['recipients[0].key', { recipients: [{ name: 'recovery-1', key: 'ssh-ed25519 AAAA' }] }, {}],
  ['recipients[0].key', { recipients: [{ name: 'recovery-1', key: recipients[0].replace(/.$/, '2') }] }, {}],
  ['recipients[1].key', { recipients: [people[0], { name: 'other', key: recipients[0] }] }, {}],
  ['recipients[1].name', { recipients: [people[0], { name: 'recovery-1', key: recipients[1] }] }, {}],
];

for (const [key, changes, cluster] of refused) {
  test(`refused, and nothing beside it: ${JSON.stringify([changes, cluster]).slice(0, 110)}`, async () => {
    assert.deepEqual(await wrongKeys(changes, cluster), [key]);
  });
}

test('an unknown name is reported with the nearest one, or with all that there are', async () => {
  const lines = async (to: string, changes: object = {}) =>
    mistakesIn(configText({ ...offCluster, ...changes }, { copies: { ...splitCopies, snapshot: { to } } }));
  assert.match((await lines('nas1'))[0] ?? '', /found "nas1" \(did you mean "nas-1"\?\)$/);
  assert.match((await lines('somewhere'))[0] ?? '', /\(under destinations: nas-1, vault\)$/);
  const none = await lines('nas-1', { destinations: [] });
  assert.match(none[0] ?? '', /\(there are none under destinations\)$/);
});

test("a cluster's own copies are judged as well where those under defaults are wrong in themselves", async () => {
  const defaults = { copies: { ...splitCopies, snapshot: { to: 7 } } };
  const copies = { ...splitCopies, resources: { to: 'valut' } };
  const found = await wrongKeys({ defaults }, { copies });
  assert.deepEqual([...found].sort(), ['clusters[0].copies.resources.to', 'defaults.copies.snapshot.to']);
});

const apart: readonly (readonly [string, object, object, boolean])[] = [
  ['one directory twice', { directory: { path: '/mnt/a' } }, { directory: { path: '/mnt//b/../a/' } }, false],
  ['one inside the other', { directory: { path: '/mnt/a/b' } }, { directory: { path: '/mnt/a' } }, false],
  ['a relative one', { directory: { path: '/etc/bot' } }, { directory: { path: 'b' } }, false],
  ['names that begin alike', { directory: { path: '/mnt/a' } }, { directory: { path: '/mnt/ab' } }, true],
  ['the root', { directory: { path: '/' } }, { directory: { path: '/mnt' } }, false],
  ['one bucket twice', { s3: { bucket: 'abc' } }, { s3: { bucket: 'abc' } }, false],
  ['a prefix and its bucket', { s3: { bucket: 'abc' } }, { s3: { bucket: 'abc', prefix: 'x' } }, false],
  [
    'nested prefixes',
    { s3: { bucket: 'abc', prefix: 'x/y' } },
    { s3: { bucket: 'abc', prefix: 'x' } },
    false,
  ],
  ['two prefixes', { s3: { bucket: 'abc', prefix: 'x' } }, { s3: { bucket: 'abc', prefix: 'xy' } }, true],
  ['two servers', { s3: { bucket: 'abc' } }, { s3: { bucket: 'abc', endpoint: 'https://s3.test' } }, true],
];

for (const [name, one, other, isApart] of apart) {
  test(`two destinations: ${name} ${isApart ? 'are two places' : 'is one place'}`, async () => {
    const region = { region: 'us-east-1' };
    const destinations = [one, other].map((each, index) => {
      const inS3 = 's3' in each ? { s3: { ...(each.s3 as object), ...region } } : each;
      return { name: `d${index}`, ...inS3 };
    });
    const text = configText({ destinations });
    if (isApart) await loadText(text);
    else {
      const [line, ...more] = await mistakesIn(text);
      assert.match(line ?? '', /^destinations\[1\]\.\S+ .*a place of its own.*d0/);
      assert.deepEqual(more, []);
    }
  });
}

const warned: readonly (readonly [string, object, RegExp])[] = [
  [
    'copies',
    { copies: { ...splitCopies, snapshot: { to: 'vault' } } },
    /anyone who can read it holds all secrets/,
  ],
  [
    'copies.resources',
    { copies: { ...splitCopies, resources: { to: 'vault' } } },
    /private keys.*as they are/,
  ],
  [
    'copies.resources.encryptFor',
    { copies: { ...splitCopies, resources: { to: 'vault', encryptFor: ['recovery-1'] } } },
    /only recovery-1 can open it/,
  ],
  ['drill', { drill: true }, /no drill takes place/],
];

for (const [key, cluster, text] of warned) {
  test(`warned of: ${JSON.stringify(cluster)}`, async () => {
    const { warnings } = await loadText(configText(offCluster, cluster));
    const found = warnings.find((each) => each.key === `clusters[0].${key}`);
    assert.match(found?.text ?? '', text);
  });
}

test('warned of: retention that removes one file of a backup and keeps the other', async () => {
  const warningsFor = async (snapshot: object, resources: object, copies: object = splitCopies) => {
    const destinations = [
      { ...nas, ...snapshot },
      { ...vault, ...resources },
    ];
    const { warnings } = await loadText(configText({ ...offCluster, destinations }, { copies }));
    return warnings.filter(({ text }) => text.includes('retention'));
  };
  const newest = (count: number) => ({ retention: { newest: count } });
  const [unequal] = await warningsFor(newest(7), { retention: { days: 30, newest: 7 } });
  assert.equal(unequal?.key, 'clusters[0].copies');
  assert.match(
    unequal.text,
    /^nas-1 keeps newest 7, and vault keeps newest 7, days 30: .* the same retention$/,
  );
  assert.match((await warningsFor(newest(7), {}))[0]?.text ?? '', /and vault keeps everything/);
  assert.equal((await warningsFor({}, newest(7))).length, 1);

  assert.deepEqual(await warningsFor({}, {}), []);
  assert.deepEqual(await warningsFor(newest(7), newest(7)), []);
  const onePlace = {
    snapshot: { to: 'vault' },
    resources: { to: 'vault', encryptFor: splitCopies.resources.encryptFor },
  };
  assert.deepEqual(await warningsFor(newest(3), newest(7), onePlace), []);
});

test('unused places and recipients, plain http and a secret in the file: one warning each', async () => {
  const destinations = [
    nas,
    {
      name: 'vault',
      s3: {
        ...vault?.s3,
        endpoint: 'http://s3.example.com',
        credentials: { accessKeyId: 'key-id', secretAccessKey: 'plain-secret-value' },
      },
    },
    { name: 'spare', directory: { path: '/spare' } },
  ];
  const { warnings } = await loadText(configText({ ...offCluster, destinations }, { copies: splitCopies }));
  assert.deepEqual(
    warningsOf({ warnings } as Config)
      .map((line) => line.slice(0, 70))
      .sort(),
    [
      'destinations[1].s3.credentials.secretAccessKey: the secret is in the f',
      'destinations[1].s3.endpoint: plain http: anyone on the network path re',
      'destinations[2]: no cluster copies anything to spare',
    ],
  );
  assert(!JSON.stringify(warnings).includes('plain-secret-value'));
});

test('a secret key of age is refused wherever it occurs, and never repeated', async () => {
  const secret = await generateX25519Identity();
  const body = secret.slice('AGE-SECRET-KEY-'.length + 4);
  const places: readonly (readonly [object, object])[] = [
    [{ recipients: [{ name: 'recovery-1', key: secret }] }, {}],
    [{ recipients: [{ name: secret, key: recipients[0] }] }, {}],
    [{ recipients: secret }, {}],
    [{ recipients: [{ name: 'recovery-1', key: secret.toLowerCase() }] }, {}],
    [{ [secret]: 1 }, {}],
    [{ records: { file: `/data/${secret}` } }, {}],
    [{ slack: { botToken: { file: secret }, appToken: '${SLACK_APP_TOKEN}' } }, {}],
    [{}, { copies: { snapshot: { to: secret }, resources: { to: 'vault', encryptFor: [secret] } } }],
    [{ recipients: [{ name: 'recovery-1', key: '${AGE}' }] }, {}],
    [s3({ credentials: { accessKeyId: 'id', secretAccessKey: secret } }), {}],
    [s3({ credentials: secret }), {}],
  ];
  for (const [changes, cluster] of places) {
    const text = configText({ ...offCluster, ...changes }, cluster);
    const lines = await mistakesIn(text, { env: { ...tokens, AGE: secret } });
    const said = lines.join('\n');
    assert(!said.toUpperCase().includes(body.slice(0, 20)), said);
    assert.match(said, /secret key|SECRET key/, JSON.stringify(changes).slice(0, 60));
  }
});

test('secrets of a destination that are in the wrong place are not shown', async () => {
  const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCY';
  const places: readonly object[] = [
    s3({ credentials: secret }),
    s3({ credentials: [secret] }),
    s3({ credentials: { accessKeyId: 'id', secretAccessKey: [secret] } }),
    s3({ credentials: { accessKeyId: 'id', secretAccessKey: `${secret} ` } }),
    s3({ credentials: { accessKeyId: `${secret} `, secretAccessKey: 'other-value' } }),
    s3({ credentials: { accessKeyId: 'id', secretAccesKey: secret } }),
    s3({ credentials: { accessKeyId: 'id', secretAccessKey: secret }, region: `x ${secret}` }),
    { destinations: [nas, { name: 'vault', s3: secret }] },
    { destinations: secret },
  ];
  for (const changes of places) {
    const said = (await mistakesIn(configText({ ...offCluster, ...changes }))).join('\n');
    assert(!said.includes(secret), said);
  }
});

test('how people reach a place is written into RESTORE.md: a password in it is refused, and not shown', async () => {
  const password = 'wJalrXUtnFEMI';
  for (const where of [
    `smb://backup:${password}@nas-1.example.com/etcd`,
    `//nas-1/etcd, password=${password}`,
  ]) {
    const text = configText({ ...offCluster, destinations: [{ ...nas, where }, vault] });
    const said = (await mistakesIn(text)).join('\n');
    assert.match(said, /destinations\[0\]\.where/);
    assert(!said.includes(password), said);
  }
});

test('check-config prints where backups go and how each place is opened, without secrets', async () => {
  const destinations = [
    nas,
    {
      name: 'vault',
      s3: {
        ...vault?.s3,
        prefix: 'p',
        endpoint: 'https://s3.example.com',
        credentials: { accessKeyId: 'key-id', secretAccessKey: 'plain-secret-value' },
        encryption: { algorithm: 'AES256' },
        lock: { mode: 'COMPLIANCE', days: 30 },
      },
    },
  ];
  const text = configText({ ...offCluster, destinations }, { copies: splitCopies, drill: true });
  const lines = summary('config.yaml', await loadText(text)).join('\n');
  assert.match(
    lines,
    /\n {4}snapshot → nas-1, resources → vault \(encrypted for recovery-1, recovery-2\); the newest 1 also on the node; with a drill\n/,
  );
  assert.match(lines, /\ndestinations: 2\n {2}nas-1: \/mnt\/nas\n/);
  assert.match(
    lines,
    /\n {2}vault: s3:\/\/etcd-keys\/p at https:\/\/s3\.example\.com, us-east-1, with keys of its own, encrypted by the server \(AES256\), locked for 30 days \(COMPLIANCE\)\n/,
  );
  assert(!lines.includes('plain-secret-value'));
  const without = summary('config.yaml', await loadText(configText())).join('\n');
  assert.match(without, /\n {4}both files stay on the node\n {4}no schedule; no owners\ndestinations: 0\n/);
});

test('how people reach a place, and who signed its certificate, go with each copy', async () => {
  const { ca } = await serverCertificates();
  const pem = String(ca);
  const destinations = [
    { ...nas, where: 'NFS export nas-1.example.com:/srv/etcd' },
    { ...vault, where: 'bucket etcd-keys of the storage team', s3: { ...vault?.s3, ca: pem } },
  ];
  const { fleet } = await loadText(configText({ ...offCluster, destinations }, { copies: splitCopies }));
  const [snapshot, resources] = fleet.clusters[0]?.copies ?? [];
  assert.equal(snapshot?.place.where, 'NFS export nas-1.example.com:/srv/etcd');
  assert.equal(resources?.place.where, 'bucket etcd-keys of the storage team');
  assert.ok(resources?.place.kind === 's3');
  const { subject, fingerprint256 } = new X509Certificate(pem);
  assert.deepEqual(resources.place.authorities, [{ subject, fingerprint: fingerprint256 }]);
  assert.deepEqual(await policyWarnings({ fleet, connections: [], drillTools: undefined }, ''), [
    'no owners for prod: no owner is notified when a schedule, a drill or a destination fails',
  ]);
});

test('a directory of which nothing says how people reach it is warned of, a bucket is not', async () => {
  const { fleet } = await loadText(configText(offCluster, { copies: splitCopies }));
  const warnings = await policyWarnings({ fleet, connections: [], drillTools: undefined }, '');
  assert.ok(
    warnings.some((each) => /^no where for nas-1: RESTORE\.md will name a path/.test(each)),
    String(warnings),
  );
});

test('how people reach a place is one line', async () => {
  for (const where of ['', 'two\nlines', 'x'.repeat(301)]) {
    const wrong = await wrongKeys({ destinations: [{ ...nas, where }, vault] }, { copies: splitCopies });
    assert.deepEqual(wrong, ['destinations[0].where'], JSON.stringify(where.slice(0, 20)));
  }
});
