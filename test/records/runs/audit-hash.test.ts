import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import type { AuditLine } from '../../../src/domain/people/audit.ts';
import { nextAuditLine, verifyAuditChain } from '../../../src/records/runs/audit-hash.ts';
import { event, t0 } from '../../contracts/records-samples.ts';

function chain(length: number, runId = 'r-1'): AuditLine[] {
  const lines: AuditLine[] = [];
  for (let n = 1; n <= length; n += 1) {
    lines.push(nextAuditLine(runId, event('step', t0 + n, { reason: `text ${n}` }), lines.at(-1)));
  }
  return lines;
}

/** Every way of changing one line, whatever was in it. */
const forgeries: Readonly<Record<string, (line: AuditLine) => AuditLine>> = {
  'the time': (line) => ({ ...line, at: line.at + 1 }),
  'the action': (line) => ({ ...line, action: 'approved' }),
  'the person': (line) => ({
    ...line,
    actor: { kind: 'person', slackUser: 'U0OTHER', clusterUser: 'other' },
  }),
  'the person to the bot': (line) => ({ ...line, actor: { kind: 'bot' } }),
  'a text': (line) => ({ ...line, detail: { ...line.detail, reason: `${line.detail.reason}.` } }),
  'the name of a text': (line) => ({ ...line, detail: { cause: line.detail.reason ?? '' } }),
  'a text away': (line) => ({ ...line, detail: {} }),
  'the run': (line) => ({ ...line, runId: 'r-2' }),
  'the number': (line) => ({ ...line, seq: line.seq + 1 }),
  'the hash': (line) => ({ ...line, hash: line.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }),
  'the previous hash': (line) => ({
    ...line,
    previousHash: line.previousHash.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
  }),
};

suite('audit chain', () => {
  test('what was written verifies, also when it is empty', () => {
    assert.deepEqual(verifyAuditChain([]), { ok: true });
    assert.deepEqual(verifyAuditChain(chain(5)), { ok: true });
  });

  for (const [what, forge] of Object.entries(forgeries)) {
    test(`changing ${what} is found, at the line where it was done`, () => {
      for (const index of [0, 2, 4]) {
        const lines = chain(5).map((line, at) => (at === index ? forge(line) : line));
        const found = verifyAuditChain(lines);
        assert.equal(found.ok, false);
        // The other lines are judged by the run of the first.
        const expected = what === 'the run' && index === 0 ? 1 : index + 1;
        assert.equal(!found.ok && found.brokenAt, expected);
      }
    });
  }

  test('removing, moving, repeating and borrowing lines is found', () => {
    const [one, two, three] = chain(3) as [AuditLine, AuditLine, AuditLine];
    assert.deepEqual(verifyAuditChain([two, three]), { ok: false, brokenAt: 1 });
    assert.deepEqual(verifyAuditChain([one, three]), { ok: false, brokenAt: 2 });
    assert.deepEqual(verifyAuditChain([one, three, two]), { ok: false, brokenAt: 2 });
    assert.deepEqual(verifyAuditChain([one, one, two]), { ok: false, brokenAt: 2 });
    assert.deepEqual(verifyAuditChain([one, ...chain(2, 'r-2').slice(1)]), { ok: false, brokenAt: 2 });
  });

  test('a forged line that is hashed again is found at the line after it', () => {
    const lines = chain(3);
    const forged = nextAuditLine('r-1', event('approved', t0), lines[0]);
    assert.deepEqual(verifyAuditChain(lines.with(1, forged)), { ok: false, brokenAt: 3 });
  });

  test('one changed character anywhere in the texts is found', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.string({ unit: 'binary' }), { minKeys: 1 }), { minLength: 1 }),
        fc.nat(),
        (details, pick) => {
          const lines: AuditLine[] = [];
          for (const detail of details)
            lines.push(nextAuditLine('r-1', event('step', t0, detail), lines.at(-1)));
          const stored = JSON.parse(JSON.stringify(lines)) as AuditLine[];
          assert.deepEqual(verifyAuditChain(stored), { ok: true });
          const index = pick % stored.length;
          const line = stored[index] as AuditLine;
          const key = Object.keys(line.detail)[0] ?? '';
          const forged = { ...line, detail: { ...line.detail, [key]: `${line.detail[key]}x` } };
          assert.deepEqual(verifyAuditChain(stored.with(index, forged)), { ok: false, brokenAt: index + 1 });
        },
      ),
    );
  });
});
