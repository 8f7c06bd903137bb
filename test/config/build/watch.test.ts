import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { configText, loadText, mistakesIn } from '../load-text.ts';

async function policyOf(cluster: object, changes: object = {}) {
  const { fleet } = await loadText(configText(changes, cluster));
  return fleet.clusters[0] ?? assert.fail('no cluster');
}

async function warningsOf(cluster: object): Promise<readonly string[]> {
  const { warnings } = await loadText(configText({}, cluster));
  return warnings.map(({ key, text }) => `${key}: ${text}`);
}

test('coverage is merged key by key, everything else of the watch is taken whole', async () => {
  const defaults = {
    coverage: { maxAge: '10d', signersWarn: '14d' },
    workingHours: { from: '08:00', to: '17:30', days: ['sun', 'mon'] },
    owners: ['U0000000001', 'U0000000002'],
    onCall: 'S0000000001',
    schedule: { cron: '0 2 * * *', jitter: '30m', approval: 'auto' },
  };
  const inherited = await policyOf({}, { defaults });
  assert.deepEqual(inherited.coverage, {
    maxAgeMs: 864_000_000,
    beforeUpdateMaxAgeMs: 86_400_000,
    signersWarnMs: 1_209_600_000,
  });
  assert.deepEqual(inherited.workingHours, { fromMinute: 480, toMinute: 1050, days: [1, 7] });
  assert.deepEqual(inherited.schedule, { cron: '0 2 * * *', jitterMs: 1_800_000, approval: 'auto' });
  assert.deepEqual(inherited.owners, ['U0000000001', 'U0000000002']);
  assert.equal(inherited.onCall, 'S0000000001');

  const own = {
    coverage: { maxAge: '5d' },
    workingHours: { from: '22:00', to: '06:00' },
    owners: ['U0000000003'],
    schedule: { cron: '30 3 * * 0' },
  };
  const said = await policyOf(own, { defaults });
  assert.equal(said.coverage.maxAgeMs, 432_000_000);
  assert.equal(said.coverage.signersWarnMs, 1_209_600_000);
  assert.deepEqual(said.workingHours, { fromMinute: 1320, toMinute: 360, days: [1, 2, 3, 4, 5] });
  assert.deepEqual(said.schedule, { cron: '30 3 * * 0', jitterMs: 900_000, approval: 'ask' });
  assert.deepEqual(said.owners, ['U0000000003']);
  assert.equal((await policyOf({ schedule: 'none' }, { defaults })).schedule, undefined);
});

/** Expressions that are refused, with the message for the person. */
const refusedCrons: readonly (readonly [string, RegExp])[] = [
  ['@daily', /nicknames are not read: @daily is "0 0 \* \* \*"/],
  ['@reboot', /nicknames/],
  ['0 0 2 * * *', /six fields: leave out the first one, which would be seconds/],
  ['0 0 2 * * * 2027', /7 fields, not five/],
  ['0 2 * *', /4 fields, not five/],
  ['', /1 field, not five/],
  ['0 2 * * * ', /spaces at its beginning or end/],
  ['CRON_TZ=UTC 0 2 * * *', /the time zone goes into timeZone/],
  ['0 0 30 2 *', /never comes to pass/],
  ['0 0 31 4,6 *', /never comes to pass/],
  ['0 24 * * *', /Invalid value for hour: 24/],
  ['60 2 * * *', /minute/],
  ['0 2 * * mo', /found "0 2 \* \* mo" \(/],
  ['a b c d e', /\(.*minute/],
];

for (const [cron, message] of refusedCrons) {
  test(`no cron expression: ${JSON.stringify(cron)}`, async () => {
    for (const [key, text] of [
      ['clusters[0].schedule.cron', configText({}, { schedule: { cron } })],
      ['summary.cron', configText({ summary: { channel: 'C0000000001', cron } })],
    ] as const) {
      const lines = await mistakesIn(text);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert(lines[0]?.startsWith(`${key} (line 1): expected a cron expression of five fields`), lines[0]);
      assert.match(lines[0] ?? '', message);
    }
  });
}

test('cron expressions that are taken as written', async () => {
  for (const cron of [
    '0 2 29 2 *',
    '*/15 0-5 * * 1-5',
    '0\t2 * * sun',
    '0 3 L * *',
    '0 2 * * 7',
    '0 2 * JAN *',
  ]) {
    const policy = await policyOf({ schedule: { cron }, coverage: { maxAge: '366d' } });
    assert.equal(policy.schedule?.cron, cron);
  }
});

const refused: readonly (readonly [string, object])[] = [
  ['coverage', { coverage: 'strict' }],
  ['coverage.maxAge', { coverage: { maxAge: '59m' } }],
  ['coverage.maxAge', { coverage: { maxAge: '367d' } }],
  ['coverage.beforeUpdateMaxAge', { coverage: { beforeUpdateMaxAge: '1m' } }],
  ['coverage.signersWarn', { coverage: { signersWarn: 7 } }],
  ['coverage.minAge', { coverage: { minAge: '1d' } }],
  ['workingHours', { workingHours: 'always' }],
  ['workingHours', { workingHours: { from: '09:00', to: '09:00' } }],
  ['workingHours.to', { workingHours: { from: '09:00', to: '24:00' } }],
  ['workingHours.days', { workingHours: { from: '09:00', to: '18:00', days: [] } }],
  ['workingHours.days[1]', { workingHours: { from: '09:00', to: '18:00', days: ['mon', 'Tuesday'] } }],
  ['owners[0]', { owners: ['@owner'] }],
  ['onCall', { onCall: 'U0000000001' }],
  ['schedule', { schedule: 'weekly' }],
  ['schedule', { schedule: { approval: 'auto' } }],
  ['schedule.jitter', { schedule: { cron: '0 2 * * *', jitter: '13h' } }],
  ['schedule.approval', { schedule: { cron: '0 2 * * *', approval: 'never' } }],
];

for (const [key, cluster] of refused) {
  test(`refused: ${JSON.stringify(cluster)}`, async () => {
    const lines = await mistakesIn(configText({}, cluster));
    assert.equal(lines.length, 1, lines.join('\n'));
    assert(lines[0]?.startsWith(`clusters[0].${key} (line 1): expected`), lines[0]);
  });
}

test('a schedule that lies outside the off-peak window altogether is warned of', async () => {
  const night = { timeZone: 'UTC', offPeak: { from: '22:00', to: '06:00' } };
  const outside = await warningsOf({ ...night, schedule: { cron: '0 12 * * *' } });
  assert.equal(outside.length, 1);
  assert.match(
    outside[0] ?? '',
    /^clusters\[0\]\.schedule\.cron: every time lies outside the off-peak window/,
  );
  for (const cron of ['0 2 * * *', '0 12,23 * * *', '0 */4 * * *']) {
    assert.deepEqual(await warningsOf({ ...night, schedule: { cron } }), [], cron);
  }
  const day = { timeZone: 'UTC', offPeak: { from: '12:00', to: '14:00' } };
  assert.deepEqual(await warningsOf({ ...day, schedule: { cron: '0 12 * * *' } }), []);
  assert.equal((await warningsOf({ ...day, schedule: { cron: '0 14 * * *' } })).length, 1);
  assert.deepEqual(await warningsOf({ offPeak: 'none', schedule: { cron: '0 12 * * *' } }), []);
});

test('a schedule that leaves the cluster stale in between is warned of', async () => {
  const stale = async (cron: string, maxAge: string) =>
    (await warningsOf({ schedule: { cron }, coverage: { maxAge } })).filter((each) =>
      /between two runs/.test(each),
    );
  const monthly = await stale('0 2 1 * *', '30d');
  assert.equal(monthly.length, 1);
  assert.match(
    monthly[0] ?? '',
    /^clusters\[0\]\.schedule\.cron: up to 31 days between two runs, .* 30 days only/,
  );
  assert.deepEqual(await stale('0 2 1 * *', '31d'), []);
  assert.deepEqual(await stale('0 2 * * 1', '7d'), []);
  assert.equal((await stale('0 2 * * 1', '167h')).length, 1);
  assert.deepEqual(await stale('*/5 * * * *', '1h'), []);
  // Many times close together, then none for most of a year.
  assert.equal((await stale('* * * 1 *', '300d')).length, 1);
});

test('a schedule without approval and without owners is warned of', async () => {
  const schedule = { cron: '0 2 * * *', approval: 'auto' };
  const [first] = await warningsOf({ schedule });
  assert.match(first ?? '', /^clusters\[0\]\.schedule\.approval: runs start without anybody being asked/);
  assert.deepEqual(await warningsOf({ schedule, owners: ['U0000000001'] }), []);
  assert.deepEqual(await warningsOf({ schedule: { ...schedule, approval: 'ask' } }), []);
});

test('a schedule is not judged by values that are wrong in themselves', async () => {
  const lines = await mistakesIn(
    configText({}, { schedule: { cron: '0 2 1 * *' }, coverage: { maxAge: 'long' } }),
  );
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /^clusters\[0\]\.coverage\.maxAge /);
});

test('the summary: a channel, the rest has a standard', async () => {
  const summaryOf = async (summary: object) =>
    (await loadText(configText({ language: 'ko', summary }))).summary;
  assert.deepEqual(await summaryOf({ channel: 'C0000000001' }), {
    channel: 'C0000000001',
    cron: '0 9 * * 1',
    timeZone: 'UTC',
    language: 'ko',
  });
  const said = { channel: 'C0000000002', cron: '30 8 * * 5', timeZone: 'Asia/Seoul', language: 'en' };
  assert.deepEqual(await summaryOf(said), said);
  for (const [key, summary] of [
    ['summary.channel', {}],
    ['summary.channel', { channel: '#fleet' }],
    ['summary.timeZone', { channel: 'C0000000001', timeZone: '+09:00' }],
    ['summary.chanel', { channel: 'C0000000001', chanel: 'C0000000001' }],
  ] as const) {
    const lines = await mistakesIn(configText({ summary }));
    assert.equal(lines.length, 1, lines.join('\n'));
    assert(lines[0]?.startsWith(`${key} (line 1): expected`), lines[0]);
  }
});

test('backedUpBy names who backs a cluster up, in one line, and belongs to a cluster alone', async () => {
  const by = "the HyperShift management cluster's OADP schedule";
  assert.equal((await policyOf({ backedUpBy: by })).backedUpBy, by);
  assert.equal((await policyOf({})).backedUpBy, undefined);
  for (const wrong of ['', ' ', 'two\nlines', 'x'.repeat(201), true]) {
    const [mistake] = await mistakesIn(configText({}, { backedUpBy: wrong }));
    assert.match(mistake ?? '', /backedUpBy .*who backs the cluster up, in at most 200 characters/);
  }
  const shared = await mistakesIn(configText({ defaults: { backedUpBy: by } }));
  assert.match(shared.join('\n'), /defaults\.backedUpBy/);
});

test('a schedule of a cluster that others back up never runs; one under defaults is meant for the others', async () => {
  const schedule = { cron: '0 2 * * *' };
  const warned = await warningsOf({ backedUpBy: 'the vendor', schedule });
  assert.ok(
    warned.some((each) => /clusters\[0\]\.schedule: .*backedUpBy, so this schedule never runs/.test(each)),
    String(warned),
  );
  const { warnings } = await loadText(configText({ defaults: { schedule } }, { backedUpBy: 'the vendor' }));
  assert.ok(!warnings.some(({ text }) => text.includes('never runs')));
  assert.ok(
    !(await warningsOf({ backedUpBy: 'the vendor', schedule: 'none' })).some((each) => /never/.test(each)),
  );
});
