import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { proxySecrets, redact } from '../../src/domain/redact.ts';

describe('redaction', () => {
  const texts: readonly (readonly [string, string])[] = [
    [
      'proxy http://bob:hunter22@proxy.example.com:3128 refused',
      'proxy http://[secret]@proxy.example.com:3128 refused',
    ],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [secret]'],
    ['token sha256~AbCdEfGhIjKlMnOpQrStUvWxYz012345 used', 'token [secret] used'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJib3QifQ.c2lnbmF0dXJl', '[secret]'],
    ['password=hunter22&user=x', 'password=[secret]&user=x'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '[secret key]'],
  ];
  for (const [text, clean] of texts) {
    it(`takes the secret out of “${text.slice(0, 30).replace('\n', ' ')}…”`, () => {
      assert.equal(redact(text), clean);
    });
  }

  it('leaves ordinary output alone', () => {
    const text = 'Snapshot saved at /home/core/assets/backup/one/snapshot_2026-11-23_061444.db';

    assert.equal(redact(text), text);
  });

  it('takes a known proxy password out wherever it stands, as written and decoded', () => {
    const secrets = proxySecrets('http://bot:p%40ss%2Fword@proxy:3128');

    assert.equal(redact('p%40ss%2Fword and p@ss/word', secrets), '[secret] and [secret]');
  });

  it('never lets a known secret through, whatever stands around it', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_%-]{8,40}$/);
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, known, after) => {
        fc.pre(!'[secret]'.includes(known) && !before.includes(known) && !after.includes(known));
        return !redact(`${before}${known}${after}`, [known]).includes(known);
      }),
    );
  });
});
