import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Failure, failure } from '../../../src/domain/backup/failure.ts';
import type { Unreadable } from '../../../src/domain/cluster/reading.ts';
import { type Finding, finding } from '../../../src/domain/preflight/finding.ts';
import {
  areRetryable,
  isRetryable,
  isRetryableFinding,
  retryAdvice,
} from '../../../src/domain/run/retryable.ts';
import { everyFailure, everyFinding } from '../../support/message-samples.ts';

const why = (reason: Unreadable['reason']): Unreadable => ({ reason, detail: '' });
const blocked = (...findings: readonly Finding[]) => failure('preflight-blocked', { findings });
const progressing = finding('blocker', 'operator.progressing', { name: 'etcd', message: '' });
const noRight = finding('blocker', 'right.missing', { right: 'create pods', role: 'r' });

test('every failure and every finding says whether a later try has a chance', () => {
  for (const each of everyFailure('x', 1))
    assert.ok(['later', 'other-node', 'never'].includes(retryAdvice(each)), each.kind);
  for (const each of everyFinding('x', 1, 'blocker'))
    assert.equal(typeof isRetryableFinding(each), 'boolean', each.code);
});

test('what passes by itself is retried, what needs a person is not', () => {
  const later: readonly Failure[] = [
    failure('api-unreachable', { detail: '' }),
    failure('session-not-started', { node: 'n', afterMs: 1, detail: '' }),
    failure('script-operator-progressing', { operator: 'etcd' }),
    failure('command-deadline', { command: 'c', deadlineMs: 1 }),
    blocked(progressing),
  ];
  for (const each of later) assert.equal(retryAdvice(each), 'later', each.kind);
  const never: readonly Failure[] = [
    failure('api-unauthorized', { detail: '' }),
    failure('session-forbidden', { detail: '' }),
    failure('script-disk-full', {}),
    failure('client-missing', { path: '' }),
    blocked(progressing, noRight),
  ];
  for (const each of never) assert.equal(isRetryable(each), false, each.kind);
});

test('a fault of one node leaves a chance on another one', () => {
  assert.equal(retryAdvice(failure('script-integrity', {})), 'other-node');
  assert.ok(isRetryable(failure('script-missing', { path: '' })));
});

test('a certificate that is not trusted does not pass by itself, no matter which server shows it', () => {
  const details = [
    'proxyconnect tcp: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'failed calling webhook "v.example": Post "https://v.ns.svc:443/": x509: certificate has expired or is not yet valid',
  ];
  for (const detail of details) {
    for (const kind of ['gateway-failed', 'webhook-unanswered'] as const)
      assert.equal(retryAdvice(failure(kind, { detail })), 'never', detail);
    const unread = finding('blocker', 'session-pod.unreadable', { why: { reason: 'server-error', detail } });
    assert.equal(areRetryable([unread]), false, detail);
  }
  assert.equal(retryAdvice(failure('webhook-unanswered', { detail: 'context deadline exceeded' })), 'later');
  const registry = { image: 'i', node: 'n', detail: `pinging container registry: ${details[0]}` };
  assert.equal(retryAdvice(failure('session-registry', registry)), 'never');
});

test('a script that is missing is a matter of the node, found by the checks or by the run', () => {
  const missing = finding('blocker', 'script.missing', { path: '/usr/local/bin/cluster-backup.sh' });
  assert.equal(retryAdvice(failure('script-missing', { path: '' })), 'other-node');
  assert.equal(retryAdvice(blocked(missing)), 'other-node');
  assert.equal(retryAdvice(blocked(missing, noRight)), 'never');
});

test('warnings hold nothing up, whatever they say', () => {
  assert.ok(areRetryable([finding('warning', 'proxy.unreadable', { why: why('forbidden') }), progressing]));
});

test('a reading that timed out may be there later, one that is forbidden not', () => {
  assert.ok(areRetryable([finding('blocker', 'nodes.unreadable', { why: why('timeout') })]));
  assert.ok(!areRetryable([finding('blocker', 'nodes.unreadable', { why: why('forbidden') })]));
  assert.ok(areRetryable([finding('blocker', 'version.unreadable', { why: why('no-such-api') })]));
  assert.ok(!areRetryable([finding('blocker', 'version.microshift', {})]));
});

test('a node that is not Ready may be Ready later, an arbiter never is a control-plane node', () => {
  const fit = (because: 'not-ready' | 'arbiter') =>
    areRetryable([finding('blocker', 'node.unfit', { node: 'n', because, fit: [] })]);
  assert.deepEqual([fit('not-ready'), fit('arbiter')], [true, false]);
});

test('a kind that a later release has put on record is not retried', () => {
  const unheardOf = { kind: 'of-a-later-release', params: {} } as unknown as Failure;
  assert.equal(retryAdvice(unheardOf), 'never');
});
