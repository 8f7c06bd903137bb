import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { auditText } from '../../src/domain/people/audit.ts';
import { verifyAuditChain } from '../../src/records/runs/audit-hash.ts';
import { accepted, change, claimed, event, type OpenStore, t0, withStore } from './records-samples.ts';

/** The audit of a run, chained over all operations that write to it. */
export function auditContract(open: OpenStore): void {
  test('audit lines of all operations form one chain per run that anyone can recompute', () =>
    withStore(open, async ({ records, reopen }) => {
      const detail = { reason: 'quotes \' " \\ and \u0000 and 한국어', b: '2', a: '1' };
      await accepted(records, 'r-1', 'prod-east', { audit: [event('requested', t0, detail)] });
      await accepted(records, 'r-2', 'prod-west', { audit: [event('requested', t0)] });
      const claim = await claimed(records, t0);
      await records.advance(
        claim,
        change({ status: 'waiting' }, { audit: [event('checked', t0 + 1), event('step', t0 + 2)] }),
      );
      const other = await reopen();
      await other.decide({
        runId: 'r-1',
        deliveryId: 'd-1',
        now: t0 + 3,
        decision: () => change({}, { audit: [{ ...event('expired', t0 + 3), actor: { kind: 'bot' } }] }),
      });

      const lines = await records.auditLines('r-1');
      assert.deepEqual(
        lines.map((line) => [line.seq, line.action]),
        [
          [1, 'requested'],
          [2, 'checked'],
          [3, 'step'],
          [4, 'expired'],
        ],
      );
      assert.deepEqual(lines[0]?.detail, detail);
      assert.deepEqual(lines[3]?.actor, { kind: 'bot' });
      let previous = '0'.repeat(64);
      for (const line of lines) {
        assert.equal(line.previousHash, previous);
        previous = createHash('sha256').update(previous).update(auditText(line)).digest('hex');
        assert.equal(line.hash, previous);
      }
      assert.deepEqual(verifyAuditChain(lines), { ok: true });
      assert.equal((await records.auditLines('r-2')).length, 1);
    }));
}
