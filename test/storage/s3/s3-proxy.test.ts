import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProxyAddress } from '../../../src/domain/network/proxy-address.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import { startConnectProxy } from '../../support/connect-proxy.ts';
import { startTlsFront } from '../../support/tls-front.ts';
import { partBytes, s3Lab } from '../s3-lab.ts';

const timeout = 300_000;

describe('S3 through a proxy', { timeout }, () => {
  it('checks its place by tunnels alone, and names the proxy when that refuses', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const front = await startTlsFront(t, ['s3.test'], lab.server.port);
    const credentials = { user: 'robot', password: 'pr0xy@Pa55' };
    const proxy = await startConnectProxy(t, { hosts: { 's3.test': front.port }, credentials });
    const by = (userInfo: string, noProxy = '') => {
      const address = ProxyAddress.parse(proxy.url.replace('://', `://${userInfo}`));
      return { https: address, http: address, noProxy };
    };
    const changes = { endpoint: 'https://s3.test', ca: front.ca };
    const place = lab.destination({ ...changes, proxy: by('robot:pr0xy@Pa55@') });
    await place.check();
    assert.ok(proxy.tunnels('s3.test') > 0);
    assert.deepEqual([...new Set(proxy.asked)], ['s3.test:443']);

    const refused = lab.destination({
      ...changes,
      proxy: by('robot:wr0ng-word@'),
      limits: { partBytes, attempts: 1 },
    });
    await assert.rejects(refused.check(), (error: unknown) => {
      assert.ok(error instanceof StorageError);
      assert.equal(error.kind, 'unreachable');
      assert.match(`${error.message} ${error.hint}`, /the proxy refuses the connection \(HTTP 407\)/);
      assert.doesNotMatch(`${error.stack} ${error.hint}`, /wr0ng|robot/);
      return true;
    });
  });

  it('forwards plain HTTP by it, and goes directly where NO_PROXY says so', async (t) => {
    const lab = await s3Lab(t);
    if (!lab) return;
    const proxy = await startConnectProxy(t, { hosts: { 's3.test': lab.server.port } });
    const address = ProxyAddress.parse(proxy.url);
    const plain = lab.destination({
      endpoint: 'http://s3.test',
      proxy: { https: address, http: address, noProxy: '' },
    });
    await plain.check();
    const asked = proxy.asked.length;
    assert.ok(asked > 0 && proxy.asked.every((each) => each === 's3.test:80'), proxy.asked.join());
    const direct = lab.destination({ proxy: { https: address, http: address, noProxy: '127.0.0.0/8' } });
    await direct.check();
    assert.equal(proxy.asked.length, asked);
  });
});
