import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiException } from '@kubernetes/client-node';
import fc from 'fast-check';
import { apiFailureOf, connectionEnded } from '../../../src/openshift/api/api-error.ts';
import { DeadlineError } from '../../../src/openshift/api/deadline.ts';
import { openPodApi, PodApiError } from '../../../src/openshift/pods/pod-api.ts';
import { connectionToUrl } from '../../support/connection.ts';
import { startTlsServer } from '../../support/tls-server.ts';

const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });
const coded = (code: string, name = 'Error') => Object.assign(new Error('no'), { code, name });

/** What undici, node and client-node throw, recorded by name and code. */
const timeouts: readonly unknown[] = [
  new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
  fetchFailed(new DOMException('timeout', 'TimeoutError')),
  // node:events and node:timers hide the reason of a signal under an AbortError.
  Object.assign(new Error('aborted', { cause: new DOMException('timeout', 'TimeoutError') }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  }),
  new DeadlineError(300),
  fetchFailed(coded('UND_ERR_CONNECT_TIMEOUT', 'ConnectTimeoutError')),
  fetchFailed(coded('UND_ERR_HEADERS_TIMEOUT')),
  fetchFailed(coded('UND_ERR_BODY_TIMEOUT')),
  fetchFailed(new AggregateError([coded('ETIMEDOUT'), coded('ENETUNREACH')])),
  Object.assign(new Error('network timeout'), { name: 'FetchError', type: 'request-timeout' }),
];
const aborts: readonly unknown[] = [
  new DOMException('This operation was aborted', 'AbortError'),
  coded('ABORT_ERR', 'AbortError'),
  fetchFailed(coded('UND_ERR_DESTROYED', 'ClientDestroyedError')),
  fetchFailed(coded('UND_ERR_ABORTED', 'AbortError')),
];
const ends: readonly unknown[] = [
  fetchFailed(coded('ECONNRESET')),
  fetchFailed(coded('UND_ERR_SOCKET', 'SocketError')),
  fetchFailed(coded('UND_ERR_INFO', 'InformationalError')),
  fetchFailed(coded('ERR_HTTP2_STREAM_ERROR')),
  fetchFailed(coded('ERR_HTTP2_GOAWAY_SESSION')),
  Object.assign(new Error('reset'), { name: 'FetchError', type: 'system', code: 'ECONNRESET', errno: -104 }),
];
const unreached: readonly unknown[] = [
  fetchFailed(coded('ECONNREFUSED')),
  fetchFailed(coded('ENOTFOUND')),
  fetchFailed(coded('CERT_HAS_EXPIRED')),
  Object.assign(new Error('a number that is no status'), { code: 404 }),
  { code: 403, body: '{"kind":"Status"}' },
  new Error('what is this'),
  'a text',
  undefined,
  null,
  404,
];

describe('what became of a call', () => {
  for (const error of timeouts)
    it(`is a timeout: ${textOf(error)}`, () => assert.deepEqual(apiFailureOf(error), { kind: 'timeout' }));

  for (const error of aborts)
    it(`is given up: ${textOf(error)}`, () => assert.deepEqual(apiFailureOf(error), { kind: 'aborted' }));

  for (const error of ends) {
    it(`is a connection that ended: ${textOf(error)}`, () => {
      assert.equal(apiFailureOf(error).kind, 'network');
      assert.ok(connectionEnded(apiFailureOf(error)));
    });
  }

  for (const error of unreached) {
    it(`is the network: ${textOf(error)}`, () => {
      assert.equal(apiFailureOf(error).kind, 'network');
      assert.ok(!connectionEnded(apiFailureOf(error)));
    });
  }

  it('is a status where the server answered, however deep it lies', () => {
    const body = { kind: 'Status' as const, reason: 'Forbidden', message: 'no' };
    const answer = new ApiException(403, 'no', JSON.stringify(body), {});
    assert.deepEqual(apiFailureOf(answer), { kind: 'status', code: 403, body });
    assert.deepEqual(apiFailureOf(new Error('wrapped', { cause: answer })), {
      kind: 'status',
      code: 403,
      body,
    });
    assert.deepEqual(apiFailureOf(new ApiException(503, 'no', '<html>', {})), {
      kind: 'status',
      code: 503,
      body: undefined,
    });
  });

  it('is one of four, whatever was thrown, and a status only from an API exception', () => {
    const thrown = fc.oneof(
      fc.anything(),
      fc.constantFrom(...timeouts, ...aborts, ...ends, ...unreached),
      fc
        .tuple(fc.anything(), fc.anything(), fc.anything())
        .map(([code, name, cause]) => Object.assign(new Error('any', { cause }), { code, name })),
      fc
        .tuple(fc.anything(), fc.anything())
        .map(([code, body]) => new ApiException(code as number, 'any', body, {})),
    );
    fc.assert(
      fc.property(thrown, (error) => {
        const failure = apiFailureOf(error);
        assert.ok(['status', 'timeout', 'network', 'aborted'].includes(failure.kind));
        if (failure.kind !== 'status') return;
        assert.ok(error instanceof ApiException || hasException(error));
        assert.ok(failure.code >= 100 && failure.code <= 599);
      }),
    );
  });

  it('ends with causes that run in a circle', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    assert.deepEqual(apiFailureOf(error), { kind: 'network', code: 'connection failed' });
  });
});

describe('a call of the pod API that is not answered', () => {
  for (const [name, call] of [
    ['create', (pods: ReturnType<typeof openPodApi>) => pods.create({ metadata: { name: 'a' } })],
    ['read', (pods: ReturnType<typeof openPodApi>) => pods.read('a')],
    ['delete', (pods: ReturnType<typeof openPodApi>) => pods.delete('a', 'uid', 1)],
  ] as const) {
    it(`is a timeout and no HTTP status: ${name}`, async (t) => {
      const server = await startTlsServer(t, () => undefined);
      const pods = openPodApi(await connectionToUrl(t, server, 300), 'sessions');
      await assert.rejects(call(pods), (error) => {
        assert.ok(error instanceof PodApiError);
        assert.deepEqual(error.failure, { kind: 'timeout' });
        assert.equal(error.code, undefined);
        return true;
      });
    });
  }
});

describe('a proxy that opens no way to the cluster', () => {
  for (const [answer, code] of [
    [407, 407],
    [403, 407],
    [502, 502],
    [503, 502],
  ] as const)
    it(`answers the CONNECT with ${answer}`, () => {
      const text = `Proxy response (${answer}) !== 200 when HTTP Tunneling`;
      const cause = Object.assign(new Error(text), { code: 'UND_ERR_ABORTED' });
      const failure = apiFailureOf(new TypeError('fetch failed', { cause }));
      assert.deepEqual(failure, { kind: 'status', code, body: undefined, proxy: answer });
    });
});

function hasException(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let next = error; next instanceof Error && !seen.has(next); next = next.cause) {
    if (next instanceof ApiException) return true;
    seen.add(next);
  }
  return false;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? 'undefined';
  const { name, code } = error as NodeJS.ErrnoException;
  const cause = error.cause === undefined ? '' : ` of ${textOf(error.cause)}`;
  return `${name} ${code ?? error.message}${cause}`;
}
