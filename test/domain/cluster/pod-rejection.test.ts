import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejectionCause } from '../../../src/domain/cluster/pod-rejection.ts';

test('a kubelet’s word for a pod that it did not keep has one cause', () => {
  const causes = {
    OutOfpods: 'no-room',
    OutOfcpu: 'no-room',
    Evicted: 'evicted',
    NodeShutdown: 'shutdown',
    Terminated: 'shutdown',
    Preempting: 'preempted',
    NodeAffinity: 'node-mismatch',
    TaintToleration: 'node-mismatch',
    UnexpectedAdmissionError: 'admission',
    EvictedByHand: 'admission',
  } as const;
  for (const [reason, cause] of Object.entries(causes)) assert.equal(rejectionCause(reason), cause, reason);
});
