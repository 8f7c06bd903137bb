import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { proxySecrets, redact, redactor, rememberSecrets } from '../../../src/domain/redaction/redact.ts';
import { SecretSearch } from '../../../src/domain/redaction/secret-search.ts';

/** How programs write a text that they pass on. */
const ways: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON as Go writes it': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
  'in JSON with escaped slashes': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'in JSON with ASCII only': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)),
  'in JSON five times': (text) =>
    Array.from({ length: 5 }).reduce<string>((each) => JSON.stringify(each), text),
  'in a URL': encodeURIComponent,
  'in a URL, in small letters': (text) =>
    encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
  'in a URL in the query of another': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in a URL in JSON': (text) => JSON.stringify(encodeURIComponent(text)),
  'in a form': (text) => new URLSearchParams({ text }).toString().slice('text='.length),
  'in HTML': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  'in a shell': (text) => text.replaceAll("'", "'\\''"),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 of a URL': (text) => Buffer.from(text).toString('base64url'),
  'in base64 behind a user': (text) => Buffer.from(`robot:${text}`).toString('base64'),
  'in base64 behind another user': (text) => Buffer.from(`robot2:${text}`).toString('base64'),
};

/** All that an issue was ever filed about: `@ : / # % ? " ' \` and line breaks. */
const nasty = [
  'p@ss:w/o#r%d?"quoted"\'s',
  'back\\slash"quote\nsecond line',
  'a%41b\\u0041c&lt;d&amp;e',
  'pa ss+wo rd;x,y=z',
  '비밀번호–ümläut',
  'trailing\\',
  '"""""\\\\\\\\',
];

describe('a known secret', () => {
  for (const [how, write] of Object.entries(ways)) {
    it(`goes when it is written ${how}`, () => {
      for (const secret of nasty) {
        const written = write(secret);
        // Base64 ends with letters that hold bits of the next byte.
        const kept = how.includes('base64') ? written.slice(8, 16) : written;
        const clean = redact(`before «${written}» after`, [secret]);
        assert.ok(!clean.includes(kept), `${secret} as ${written}: ${clean}`);
        assert.match(clean, /^before «.{0,40}\[secret\].{0,40}» after$/);
      }
    });
  }

  it('goes however it is written, whatever it is made of', () => {
    const letters = fc.constantFrom(...`@:/#%?"'\\ \n\r\tnux0041&;<+=abcdefAB19é漢`);
    const secret = fc.array(letters, { minLength: 8, maxLength: 30 }).map((each) => each.join(''));
    const way = fc.constantFrom(...Object.keys(ways).filter((how) => !how.includes('base64')));
    fc.assert(
      fc.property(secret, way, fc.stringMatching(/^[a-z .]*$/), (known, how, around) => {
        fc.pre(known.trim().length >= 8);
        const written = ways[how]?.(known) ?? '';
        assert.ok(!redact(`${around}«${written}»${around}`, [known]).includes(written), written);
      }),
      { numRuns: 3_000 },
    );
  });

  it('of many is found by one search as by looking for each', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), text, (words, each) => {
        const [found, plain] = [new Array(each.length).fill(false), new Array(each.length).fill(false)];
        const units = Uint16Array.from(each, (letter) => letter.charCodeAt(0));
        new SecretSearch(words).find(units, (start, end) => found.fill(true, start, end));
        for (const known of words) {
          for (let at = each.indexOf(known); at >= 0; at = each.indexOf(known, at + 1)) {
            plain.fill(true, at, at + known.length);
          }
        }
        assert.deepEqual(found, plain);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of two lines goes line by line, too', () => {
    const clean = redactor(['first line\nsecond line']);
    assert.equal(clean('> first line\n> second line'), '> [secret]\n> [secret]');
    assert.equal(clean('first line second line'), '[secret]');
  });

  it('that is remembered goes from every text; a short one would shred words', () => {
    rememberSecrets(['remembered"secret', 'core']);
    assert.equal(redact('a remembered\\"secret of the core'), 'a [secret] of the core');
    assert.equal(redact('the core', ['core']), 'the [secret]');
  });
});

describe('the secrets of a proxy URL', () => {
  it('are the user info to the last @, the password, and what a parser makes of it', () => {
    assert.deepEqual(proxySecrets('http://robot:p@ss/word#1234567@proxy:3128'), [
      'robot:p@ss/word#1234567',
      'p@ss/word#1234567',
      '1234567',
    ]);
    assert.deepEqual(proxySecrets('http://robot:p%40ss%2F@proxy:3128/'), [
      'robot:p%40ss%2F',
      'robot:p@ss/',
      'p%40ss%2F',
      'p@ss/',
    ]);
    assert.deepEqual(proxySecrets('robot:secret@proxy:3128'), ['robot:secret', 'secret']);
    for (const none of ['', 'http://proxy:3128', 'proxy:3128', 'http://@proxy:3128'])
      assert.deepEqual(proxySecrets(none), [], none);
  });

  it('go with the URL and without it', () => {
    for (const password of nasty.filter((each) => !each.includes('\n'))) {
      const url = `http://robot:${password}@proxy.example.com:3128`;
      const said = `env HTTP_PROXY=${url}: parse "${url}": invalid port; auth ${password} refused`;
      const clean = redact(said, proxySecrets(url));
      assert.ok(!clean.includes(password), clean);
      assert.match(clean, /proxy\.example\.com/);
    }
  });
});

describe('a URL whose secret is not known', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['http://bob:p@ss@proxy:3128/x', 'http://[secret]@proxy:3128/x'],
    ['http://bob:p/a#s?s@proxy:3128 "x"', 'http://[secret]@proxy:3128 "x"'],
    [`lookup 'http://bob:it's"mine@proxy:3128': no`, `lookup 'http://[secret]@proxy:3128': no`],
    [
      '{"url":"http://proxy:3128","mail":"bob@example.com"}',
      '{"url":"http://proxy:3128","mail":"bob@example.com"}',
    ],
    ['http:\\/\\/bob:pw@proxy', 'http:\\/\\/[secret]@proxy'],
    ['?to=http%3A%2F%2Fbob%3Apw%40proxy&mail=a@b', '?to=http%3A%2F%2F[secret]%40proxy&mail=a@b'],
    [
      'docker://quay.io/openshift/release@sha256:0123456789abcdef: unauthorized',
      'docker://quay.io/openshift/release@sha256:0123456789abcdef: unauthorized',
    ],
    ['at file:///app/node_modules/@slack/bolt/App.js', 'at file:///app/node_modules/@slack/bolt/App.js'],
  ];
  for (const [text, clean] of texts) {
    it(`${text === clean ? 'is left alone' : 'loses its user info'} in “${text.slice(0, 50)}”`, () => {
      assert.equal(redact(text), clean);
    });
  }
});

describe('a field that is named like a secret', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['AWS_SECRET_ACCESS_KEY=abc/def+ghi', 'AWS_SECRET_ACCESS_KEY=[secret]'],
    ['password: "two words, and \\"quotes\\"", next', 'password: "[secret]", next'],
    ['{\\"token\\":\\"abc def\\",\\"user\\":1}', '{\\"token\\":\\"[secret]\\",\\"user\\":1}'],
    ['<SecretAccessKey>abc/def</SecretAccessKey>', '<SecretAccessKey>[secret]</SecretAccessKey>'],
    ['client-key-data: MIIEowIBAAKCAQ==', 'client-key-data: [secret]'],
  ];
  for (const [text, clean] of texts) {
    it(`loses its value in “${text.slice(0, 40)}”`, () => {
      assert.equal(redact(text), clean);
    });
  }
});
