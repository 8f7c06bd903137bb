import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { proxySecrets, redact } from '../../../src/domain/redaction/redact.ts';

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
    ['posting with xoxb-1-a_b.C failed', 'posting with [secret] failed'],
    ['xoxe.xoxp-1-Mi0yLTEyMzQ and xwfp-1_2.34 and xapp-1-A1-2', 'xoxe.[secret] and [secret] and [secret]'],
    [
      'wss://wss-primary.slack.com/link/?ticket=5b1c-d&app_id=A1',
      'wss://wss-primary.slack.com/link/?ticket=[secret]&app_id=A1',
    ],
    [
      'POST https://hooks.slack.com/commands/T1/42/aBcD%2F: 404',
      'POST https://hooks.slack.com/commands/[secret]: 404',
    ],
    ['http://127.0.0.1:80/response/key-1 and', 'http://127.0.0.1:80/response/[secret] and'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '[secret key]'],
  ];
  for (const [text, clean] of texts) {
    it(`takes the secret out of “${text.slice(0, 30).replace('\n', ' ')}…”`, () => {
      assert.equal(redact(text), clean);
    });
  }

  it('leaves ordinary output alone', () => {
    for (const text of [
      'Snapshot saved at /home/core/assets/backup/one/snapshot_2026-11-23_061444.db',
      'see /var/lib/commands/list and /opt/actions/x; tickets=3, a token that begins with xoxb-',
    ]) {
      assert.equal(redact(text), text);
    }
  });

  it('takes a known proxy password out wherever it occurs, as written and decoded', () => {
    const secrets = proxySecrets('http://bot:p%40ss%2Fword@proxy:3128');

    assert.equal(redact('p%40ss%2Fword and p@ss/word', secrets), '[secret] and [secret]');
  });

  it('never lets a known secret through, whatever surrounds it', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_%-]{8,40}$/);
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, known, after) => {
        fc.pre(!'[secret]'.includes(known) && !before.includes(known) && !after.includes(known));
        return !redact(`${before}${known}${after}`, [known]).includes(known);
      }),
    );
  });
});
