import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { clusterFailureKinds } from '../../../src/domain/cluster/cluster-failure.ts';
import { clientFailure } from '../../../src/openshift/client/client-failure.ts';

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/oc/client-errors.json', import.meta.url), 'utf8'),
) as readonly (readonly [kind: string, text: string])[];

const kindOf = (stderr: string, secrets: readonly string[] = []) =>
  clientFailure({ kind: 'client-failed', stdout: '', stderr }, 'look', secrets).failure;

describe('what oc and kubectl say when they fail', () => {
  for (const [kind, text] of recorded)
    it(`${kind}: ${text.slice(0, 120)}`, () => assert.equal(kindOf(`${text}\n`).kind, kind));

  it('has a text for each failure of a cluster', () => {
    const shown = new Set(recorded.map(([kind]) => kind));
    assert.deepEqual(
      clusterFailureKinds.filter((kind) => !shown.has(kind)),
      [],
    );
  });

  it('is the last message, not what the remote command or the log of the client said before', () => {
    const text = [
      'error: x509: certificate has expired',
      'E1129 02:00:01.000 1 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list"',
      'Error from server: etcdserver: leader changed',
      '',
    ].join('\n');
    assert.equal(kindOf(text).kind, 'etcd-slow');
    assert.equal(kindOf('error: x509: certificate has expired\ncommand terminated\n').kind, 'session-lost');
  });

  it('goes over several lines where a proxy answers with a page', () => {
    const page = '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>nginx</body>\n</html>';
    const { kind, params } = kindOf(`error: unable to upgrade connection: ${page}\n`);
    assert.equal(kind, 'gateway-failed');
    assert.ok('detail' in params && !params.detail.includes('\n'));
  });

  it('is recognised although a secret is one of its words, and shown without it', () => {
    const { kind, params } = kindOf('error: error dialing backend: remote error: tls: internal error', [
      'internal',
    ]);
    assert.equal(kind, 'kubelet-certificate-pending');
    assert.ok('detail' in params && !params.detail.includes('internal'));
  });
});
