import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import fc from 'fast-check';
import { holdsSecretKey, recipientProblem } from '../../../src/domain/copies/recipient.ts';

const letters = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** With age's own parser, as the configuration and the encryption ask: what is let through does not fail at a backup. */
function problem(recipient: string): string | undefined {
  return recipientProblem(recipient, (each) => new Encrypter().addRecipient(each));
}

test('whole keys are taken; of keys with letters changed or swapped the check sum is wrong', async () => {
  const keys = await Promise.all(
    Array.from({ length: 20 }, async () => identityToRecipient(await generateX25519Identity())),
  );
  for (const key of keys) assert.equal(problem(key), undefined, key);
  const change = fc.record({
    key: fc.constantFrom(...keys),
    at: fc.integer({ min: 5, max: 61 }),
    letter: fc.constantFrom(...letters),
    isSwap: fc.boolean(),
  });
  fc.assert(
    fc.property(change, ({ key, at, letter, isSwap }) => {
      const changed = isSwap
        ? `${key.slice(0, at - 1)}${key[at]}${key[at - 1]}${key.slice(at + 1)}`
        : `${key.slice(0, at)}${letter}${key.slice(at + 1)}`;
      if (changed === key) assert.equal(problem(changed), undefined);
      else assert.match(problem(changed) ?? '', /wrong check sum/);
    }),
    { numRuns: 500 },
  );
});

test('bits that belong to no key are refused, although the check sum is right', () => {
  // 52 letters with the last four bits set, made with the check sum of BIP 173.
  assert.match(problem(withCheckSum(`${'q'.repeat(51)}l`)) ?? '', /wrong check sum/);
  assert.equal(problem(withCheckSum('q'.repeat(52))), undefined);
});

/** The check sum as BIP 173 defines it. */
function withCheckSum(data: string): string {
  const values = [...data].map((letter) => letters.indexOf(letter));
  const head = [...'age'].flatMap((letter) => letter.charCodeAt(0) >> 5).concat(0);
  const tail = [...'age'].map((letter) => letter.charCodeAt(0) & 31);
  let sum = 1n;
  for (const value of [...head, ...tail, ...values, 0, 0, 0, 0, 0, 0]) {
    const top = sum >> 25n;
    sum = ((sum & 0x1ffffffn) << 5n) ^ BigInt(value);
    const terms = [0x3b6a57b2n, 0x26508e6dn, 0x1ea119fan, 0x3d4233ddn, 0x2a1462b3n];
    terms.forEach((term, bit) => {
      if ((top >> BigInt(bit)) & 1n) sum ^= term;
    });
  }
  sum ^= 1n;
  const check = [5, 4, 3, 2, 1, 0].map((at) => letters[Number((sum >> BigInt(5 * at)) & 31n)]);
  return `age1${data}${check.join('')}`;
}

test('secret keys are seen in any case, and public keys are none', async () => {
  const identity = await generateX25519Identity();
  assert.equal(holdsSecretKey(`x ${identity}`), true);
  assert.equal(holdsSecretKey(identity.toLowerCase()), true);
  assert.equal(holdsSecretKey(await identityToRecipient(identity)), false);
});
