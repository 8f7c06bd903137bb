import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { stringify } from 'yaml';
import { openApiClient } from '../../../src/openshift/api/api-client.ts';
import { loadKubeConfig } from '../../../src/openshift/api/kube-config.ts';
import { connectionToUrl } from '../../support/connection.ts';
import { startTlsServer } from '../../support/tls-server.ts';

async function optionsFor(t: TestContext, cluster: Readonly<Record<string, unknown>>) {
  const dir = await mkdtemp(join(tmpdir(), 'http1-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'kubeconfig');
  const contexts = [{ name: 'a', context: { cluster: 'a', user: 'a' } }];
  const users = [{ name: 'a', user: { token: 'sha256~not-for-logs' } }];
  const server = 'https://api.example.com:6443';
  const clusters = [{ name: 'a', cluster: { server, ...cluster } }];
  await writeFile(file, stringify({ 'current-context': 'a', contexts, users, clusters }));
  const config = loadKubeConfig({ kubeconfig: { file } });
  return config.createDispatcherOptions(config.getCurrentCluster(), {});
}

describe('API servers that would rather speak HTTP/2', () => {
  it('are asked over HTTP/1.1', async (t) => {
    const spoken = new Set<string | false | null>();
    const answer = (_: string, response: ServerResponse) => {
      spoken.add((response.req.socket as TLSSocket).alpnProtocol);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    };
    const server = await startTlsServer(t, answer, { http2: true });
    const api = openApiClient(await connectionToUrl(t, server));
    t.after(() => api.close());
    assert.equal((await api.serverTime(() => Date.now())).ok, true);
    assert.deepEqual([...spoken], ['http/1.1']);
  });

  it('are offered nothing else with the authorities of the system, nor through a proxy', async (t) => {
    const plain = await optionsFor(t, {});
    assert.ok(plain.type === 'agent' && 'allowH2' in plain.connect && !plain.connect.allowH2, plain.type);
    const proxied = await optionsFor(t, { 'proxy-url': 'http://proxy.example.com:3128' });
    assert.ok(proxied.type === 'proxy' && 'allowH2' in proxied.requestTls && !proxied.requestTls.allowH2);
  });
});
