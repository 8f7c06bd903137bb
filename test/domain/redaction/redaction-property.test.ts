import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { longestRedacted, redact, redactor } from '../../../src/domain/redaction/redact.ts';
import { plainlyRedacted } from '../redaction-reference.ts';

/** What the patterns begin with, end with and stumble over. */
const pieces = [
  ...['://', ':\\/\\/', 'http://', '@', '@sha256:0123456789ab', '/', '%3a%2F%2f', '%40', '&', 'bob:pw'],
  ...[
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN ',
    '-----END RSA PRIVATE KEY-----',
    '-----END ',
    '-----',
  ],
  ...['LS0tLS1CRUdJTi', 'A'.repeat(64), '\n', '\r\n', '\\n', 'MIIEabc', 'PRIVATE KEY-----'],
  ...['eyJ', '-eyJ', 'abcdefghij', '.', 'a.', 'sha256~', 'AGE-SECRET-KEY-1', 'xoxb-', 'xapp-1', '-'],
  ...['ticket=', 'ticket%3D', 'https://h/commands/', '/services/', 'Authorization: Bearer ', 'authorization'],
  ...['password=', '"token":', 'secret', '\\"token\\": ', 'accessKey: ', 'Token>', '<', '=', ':', ' : '],
  ...['"', "'", '\\', '\\"', '\\\\\\"', "\\'", ',', ';', '}', ')', ' ', '  ', '\t', '\u00a0', 'x', 'é', '1'],
];
const text = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, fc.string({ maxLength: 12 })), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));

describe('redaction by patterns', () => {
  it('takes out exactly what the plain reference takes out', () => {
    fc.assert(
      fc.property(text, (each) => {
        assert.equal(redact(each).replaceAll('[secret key]', '[secret]'), plainlyRedacted(each));
      }),
      { numRuns: 5_000 },
    );
  });

  it('does so for long runs of one piece, with any piece at either end', () => {
    const piece = fc.constantFrom(...pieces);
    const run = fc.tuple(piece, piece, fc.integer({ min: 1, max: 150 }), piece, piece);
    fc.assert(
      fc.property(run, ([before, repeated, times, after, last]) => {
        const each = `${before}${repeated.repeat(times)}${after}${last}`;
        assert.equal(redact(each).replaceAll('[secret key]', '[secret]'), plainlyRedacted(each));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('redaction of texts beyond its bound', () => {
  const half = longestRedacted / 2;
  const filler = 'an ordinary line of output\n';
  const secrets = ['http://bob:h@nter/22 with "spaces', 'known Secret\nof two lines'];
  const clear = redactor(secrets);
  const planted: Readonly<Record<string, readonly [string, string]>> = {
    'a URL': ['see http://bob:PLANTED@proxy:3128 there', 'PLANTED'],
    'a key': [
      `-----BEGIN RSA PRIVATE KEY-----\n${'PLANTED/\n'.repeat(40)}-----END RSA PRIVATE KEY-----`,
      'PLANTED',
    ],
    'a quoted value': [`password="${'one PLANTED two '.repeat(20)}"`, 'PLANTED'],
    'a token': [`eyJ${'a'.repeat(300)}.PLANTED${'b'.repeat(300)}.sig`, 'PLANTED'],
    'a known secret': [secrets[1] ?? '', 'of two lines'],
    'a known secret with white space': [secrets[0] ?? '', 'nter/22 with'],
  };

  for (const [what, [secret, part]] of Object.entries(planted)) {
    it(`shows no half of ${what} that lies across a cut`, () => {
      const length = longestRedacted * 3;
      for (const cut of [half, length - half]) {
        for (let step = 0; step <= 4; step += 1) {
          const start = cut - Math.ceil((secret.length * step) / 4);
          const before = filler.repeat(Math.ceil(start / filler.length)).slice(-start);
          const rest = length - start - secret.length;
          const each = `${before}${secret}${filler.repeat(Math.ceil(rest / filler.length)).slice(0, rest)}`;
          const clean = clear(each);
          assert.ok(!clean.includes(part), `${what} at ${start} of ${length}`);
        }
      }
    });
  }

  it('keeps the beginning and the end, and says how much it left out', () => {
    const each = `first\n${filler.repeat(200_000)}last`;
    const clean = redact(each);
    assert.match(clean, /^first\n/);
    assert.match(clean, /\nlast$/);
    const [note = '', count] = /\n\[(\d+) characters left out\]\n/.exec(clean) ?? [];
    assert.equal(clean.length - note.length + Number(count), each.length);
    assert.ok(clean.length <= longestRedacted + note.length);
  });

  it('shows nothing of a text without any white space', () => {
    assert.equal(redact('x'.repeat(3 * longestRedacted)), `\n[${3 * longestRedacted} characters left out]\n`);
  });

  it('hides the end of a key that began in what was left out, and of one whose header was cut off', () => {
    const body = `${'k'.repeat(64)}\n`.repeat(70_000);
    const footer = '-----END RSA PRIVATE KEY-----\nafter';
    for (const header of ['-----BEGIN RSA PRIVATE KEY-----\n', '']) {
      const clean = redact(`${filler}${header}${body}${footer}`);
      assert.ok(!clean.slice(clean.indexOf('left out')).includes('kkkk'), header);
      assert.match(clean, /\[secret key\]\nafter$/);
    }
    const open = redact(`${filler.repeat(50_000)}-----BEGIN RSA PRIVATE KEY-----\n${body}`);
    assert.ok(!open.includes('kkkk'));
  });
});
