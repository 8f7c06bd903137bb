import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it, type TestContext } from 'node:test';
import { parse, stringify } from 'yaml';
import { ProxyAddress } from '../../../src/domain/network/proxy-address.ts';
import { openApiClient } from '../../../src/openshift/api/api-client.ts';
import { startConnectProxy } from '../../support/connect-proxy.ts';
import { connectionToUrl } from '../../support/connection.ts';
import { json, startTlsServer } from '../../support/tls-server.ts';

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
}

/** An API server that is called api.test and that only the proxy can reach; `own`: what its kubeconfig says besides. */
async function clusterBehind(t: TestContext, own: Record<string, string> = {}) {
  const server = await startTlsServer(t, (_, response) => json(response, {}));
  const proxy = await startConnectProxy(t, {
    hosts: { 'api.test': Number(new URL(server.url).port) },
    credentials: { user: 'robot', password: 'pr0xy@Pa55' },
  });
  const connection = await connectionToUrl(t, server, 20_000);
  const { kubeconfig } = connection;
  assert.ok(kubeconfig !== 'in-cluster');
  const content = parse(await readFile(kubeconfig.file, 'utf8')) as Kubeconfig;
  Object.assign(content.clusters[0]?.cluster ?? {}, {
    server: 'https://api.test:6443',
    'tls-server-name': 'localhost',
    ...own,
  });
  await writeFile(kubeconfig.file, stringify(content));
  const ask = async (userInfo: string) => {
    const https = ProxyAddress.parse(proxy.url.replace('://', `://${userInfo}`));
    const api = openApiClient({ ...connection, proxy: { https, http: undefined, noProxy: '' } });
    const reading = await api.serverTime(() => Date.now());
    await api.close();
    return reading;
  };
  return { proxy, ask };
}

describe('the API of a cluster through a proxy', () => {
  it('is read through the tunnel, and the refusal of a proxy is reported as one', async (t) => {
    const { proxy, ask } = await clusterBehind(t);
    assert.equal((await ask('robot:pr0xy@Pa55@')).ok, true);
    assert.ok(proxy.tunnels('api.test') > 0);
    const refused = await ask('robot:wr0ng@');
    assert.ok(!refused.ok);
    assert.equal(refused.why.reason, 'proxy-refused');
    assert.match(
      refused.why.detail,
      /the proxy refuses the connection \(HTTP 407\): it wants a user and a password/,
    );
    assert.doesNotMatch(refused.why.detail, /wr0ng|robot/);
  });

  it('goes by the proxy of the kubeconfig where that names one', async (t) => {
    const other = await startConnectProxy(t);
    const { proxy, ask } = await clusterBehind(t, { 'proxy-url': other.url });
    await ask('robot:pr0xy@Pa55@');
    assert.deepEqual(proxy.asked, []);
    assert.deepEqual([...new Set(other.asked)], ['api.test:6443']);
  });
});
