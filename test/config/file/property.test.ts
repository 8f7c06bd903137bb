// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the configuration writes references so
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Config } from '../../../src/config/build/config.ts';
import { ConfigError } from '../../../src/config/file/mistake.ts';
import { configText, loadText, offCluster, splitCopies, tokens } from '../load-text.ts';

async function outcome(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<Config | ConfigError> {
  try {
    return await loadText(text, { files });
  } catch (error) {
    assert(error instanceof ConfigError, `not a ConfigError: ${String(error)}`);
    return error;
  }
}

// What YAML is made of, so that random texts get past the first character.
const yamlPiece = fc.oneof(
  fc.constantFrom(
    'slack:',
    'clusters:',
    'defaults: ',
    'people: ',
    '\n',
    '  ',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    ',',
  ),
  fc.constantFrom(
    '&a ',
    '*a',
    '!t ',
    '|',
    '>',
    '"',
    "'",
    '#',
    '? ',
    '---',
    '...',
    '%',
    '<<',
    '${',
    '}',
    '\t',
    'null',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

test('any text is a configuration or a ConfigError', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(yamlPiece, { maxLength: 40 }).map((all) => all.join('')),
  );
  await fc.assert(
    fc.asyncProperty(text, async (any) => void (await outcome(any))),
    { numRuns: 400 },
  );
});

const top = 'slack language records log client people destinations recipients defaults clusters other'.split(
  ' ',
);

test('any JSON object is a configuration or a ConfigError, in our words', async () => {
  const object = fc.dictionary(fc.constantFrom(...top), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(object, async (any) => {
      const result = await outcome(JSON.stringify(any));
      if (result instanceof ConfigError)
        assert.doesNotMatch(result.message, /Invalid|Unrecognized|undefined/);
    }),
    { numRuns: 300 },
  );
});

const s3Secret = 'secret-value-of-the-vault';

/** Puts `value` at a random place of a configuration without mistakes. */
const spoilt = fc
  .tuple(fc.nat(), fc.oneof(fc.jsonValue(), fc.constantFrom('${SLACK_BOT_TOKEN}', '${NO}', '', -1, 1e21)))
  .map(([seed, value]) => {
    const whole = JSON.parse(fullText()) as unknown;
    const places = placesIn(whole);
    const [holder, key] = places[seed % places.length] ?? assert.fail();
    holder[key] = value;
    return { text: JSON.stringify(whole), key };
  });

type Holder = Record<string | number, unknown>;

function placesIn(value: unknown): readonly (readonly [Holder, string])[] {
  if (value === null || typeof value !== 'object') return [];
  const holder = value as Holder;
  return Object.keys(value).flatMap((key) => [[holder, key] as const, ...placesIn(holder[key])]);
}

function fullText(): string {
  const approval = { needed: 1, approvers: ['U0000000002', 'U0000000003'], expiresAfter: '1h' };
  const session = { namespace: 'sessions', image: 'tools:1', scriptDeadline: '20m' };
  const cluster = { approval, session, timeZone: 'Asia/Seoul', offPeak: { from: '22:00', to: '06:00' } };
  const [nas, vault] = offCluster.destinations;
  const credentials = { accessKeyId: 'key-id', secretAccessKey: s3Secret };
  const lock = { mode: 'GOVERNANCE', days: 3 };
  const s3 = { ...vault?.s3, endpoint: 'https://s3.test', prefix: 'p', credentials, lock };
  const destinations = [
    { ...nas, retention: { newest: 3 }, custodians: ['storage team'] },
    { ...vault, s3 },
  ];
  const defaults = { approval, session, keepOnNode: 2 };
  const off = { destinations, recipients: offCluster.recipients };
  return configText({ defaults, language: 'ko', ...off }, { ...cluster, copies: splitCopies });
}

test('one spoilt value anywhere: a ConfigError in our words, or still a configuration; no secret is shown', async () => {
  await fc.assert(
    fc.asyncProperty(spoilt, async ({ text }) => {
      const result = await outcome(text);
      const shown =
        result instanceof ConfigError
          ? [result.message, JSON.stringify(result.mistakes)]
          : [JSON.stringify(result.warnings)];
      for (const each of shown) {
        assert.doesNotMatch(each, /Invalid|Unrecognized/);
        for (const secret of [...Object.values(tokens), s3Secret]) assert(!each.includes(secret), each);
      }
    }),
    { numRuns: 500 },
  );
});

const secretText = fc.stringMatching(/^[a-z0-9]{16,30}$/);

test('a secret in the wrong place of the Slack keys is never in the error', async () => {
  const misplaced = (secret: string) => [
    { slack: secret },
    { slack: [secret] },
    { slack: { botToken: secret, appToken: secret } },
    { slack: { botToken: [secret], appToken: { file: 'token', extra: secret } } },
    { slack: { botToken: { file: 'token' }, appToken: `x ${secret}\n` } },
    { slack: { botToken: `xapp-${secret}`, appToken: `xoxb-${secret}` }, language: `xapp-${secret}` },
    { slack: { botTokn: secret } },
  ];
  await fc.assert(
    fc.asyncProperty(secretText, async (secret) => {
      for (const changes of misplaced(secret)) {
        const result = await outcome(configText(changes), { '/etc/bot/token': secret });
        assert(result instanceof ConfigError);
        assert(!result.message.includes(secret), result.message);
        assert(!JSON.stringify(result).includes(secret));
      }
      const unreadable = await outcome(
        `slack:\n  botToken: "${secret}\n  appToken: *${secret}\n : [!${secret}`,
      );
      assert(unreadable instanceof ConfigError);
      assert(!unreadable.message.includes(secret), unreadable.message);
    }),
    { numRuns: 60 },
  );
});

const id = (first: string) => fc.stringMatching(/^[A-Z0-9]{9}$/).map((rest) => first + rest);
const minutes = fc.integer({ min: 1, max: 300 });
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

test('what a valid file says is what comes out', async () => {
  const cluster = fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/).filter((name) => !name.startsWith('r-')),
    channel: id('C'),
    expires: minutes,
    script: minutes,
    window: fc.tuple(time, time).filter(([from, to]) => from !== to),
    backupRoot: fc.array(fc.stringMatching(/^[a-z0-9_-]{1,8}$/), { minLength: 1, maxLength: 4 }),
  });
  const clusters = fc.uniqueArray(cluster, { minLength: 1, maxLength: 5, selector: (each) => each.name });
  await fc.assert(
    fc.asyncProperty(clusters, async (all) => {
      const entries = all.map((each) => ({
        name: each.name,
        connect: { kubeconfig: each.name },
        channel: each.channel,
        timeZone: 'UTC',
        offPeak: { from: each.window[0], to: each.window[1] },
        approval: { expiresAfter: `${each.expires}m` },
        session: { scriptDeadline: `${each.script}m` },
        backupRoot: `/home/${each.backupRoot.join('/')}`,
      }));
      const { fleet, connections } = await loadText(configText({ clusters: entries }));
      assert.equal(fleet.clusters.length, all.length);
      all.forEach((each, index) => {
        const policy = fleet.cluster(each.name);
        assert.equal(policy, fleet.clusters[index]);
        assert.equal(policy?.channel, each.channel);
        assert.equal(policy?.approval.expiresAfterMs, each.expires * 60_000);
        assert.equal(policy?.session.scriptDeadlineMs, each.script * 60_000);
        assert.equal(policy?.backupRoot, `/home/${each.backupRoot.join('/')}`);
        const window = [policy?.offPeak?.fromMinute, policy?.offPeak?.toMinute];
        assert.deepEqual(window.map(clockText), [...each.window]);
        assert.deepEqual(connections[index]?.kubeconfig, { file: `/etc/bot/${each.name}` });
      });
    }),
    { numRuns: 60 },
  );
});

function clockText(minute: number | undefined): string {
  const [hours, rest] = [Math.floor((minute ?? 0) / 60), (minute ?? 0) % 60];
  return `${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
