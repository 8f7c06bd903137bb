import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { z } from 'zod';
import type { Reading } from '../../../src/domain/cluster/reading.ts';
import type { ClusterConnection } from '../../../src/domain/network/cluster-connection.ts';
import { type ApiClient, openApiClient } from '../../../src/openshift/api/api-client.ts';
import { createCoreApi } from '../../../src/openshift/api/core-api.ts';
import { config } from '../../../src/openshift/api/resource.ts';
import { unreadable } from '../../../src/openshift/api/unreadable.ts';
import { connectionToUrl, connectionWith } from '../../support/connection.ts';
import { json, startTlsServer } from '../../support/tls-server.ts';

const shortMs = 300;
const named = z.object({ metadata: z.object({ name: z.string() }) });
const version = config('clusterversions', 'version');
const nodes = { group: '', version: 'v1', resource: 'nodes' };

function client(t: TestContext, connection: ClusterConnection): ApiClient {
  const api = openApiClient(connection);
  t.after(() => api.close());
  return api;
}

/** What a read of clusterversions/version gives when the server answers so. */
async function readFrom(
  t: TestContext,
  answer: (path: string, response: ServerResponse) => void,
  deadlineMs?: number,
): Promise<Reading<unknown>> {
  const server = await startTlsServer(t, answer);
  return client(t, await connectionToUrl(t, server, deadlineMs)).get(version, named);
}

function reasonOf(reading: Reading<unknown>): string {
  return reading.ok ? 'known' : reading.why.reason;
}

function recorded(name: string): { body: string; code: number } {
  const text = readFileSync(new URL(`../../fixtures/api/${name}`, import.meta.url), 'utf8');
  const [body = '', code = ''] = text.split('\nHTTP ');
  return { body, code: Number(code) };
}

describe('a call to the API', () => {
  it('ends inside its deadline when the server never answers', async (t) => {
    const started = performance.now();
    const reading = await readFrom(t, () => undefined, shortMs);
    assert.deepEqual(reading, {
      ok: false,
      why: { reason: 'timeout', detail: 'clusterversions/version: no answer within 300 ms' },
    });
    assert.ok(performance.now() - started < 30_000);
  });

  it('ends inside its deadline when the body stops half-way', async (t) => {
    const half = (_: string, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"metadata": {"name": "ver');
    };
    assert.equal(reasonOf(await readFrom(t, half, shortMs)), 'timeout');
  });

  it('ends inside its deadline when the server does not speak TLS', async (t) => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => silent.close());
    const { port } = silent.address() as { port: number };
    const server = await startTlsServer(t, () => undefined);
    const connection = await connectionToUrl(
      t,
      { url: `https://127.0.0.1:${port}`, caPem: server.caPem },
      shortMs,
    );
    assert.equal(reasonOf(await client(t, connection).get(version, named)), 'timeout');
  });

  it('ends inside its deadline when a credential plugin hangs', async (t) => {
    const server = await startTlsServer(t, (_, response) =>
      json(response, { metadata: { name: 'version' } }),
    );
    const plugin = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sleep', args: ['6'] };
    const connection = await connectionWith(t, withUser(server, { exec: plugin }), shortMs);
    const api = openApiClient(connection);
    const started = performance.now();
    assert.equal(reasonOf(await api.get(version, named)), 'timeout');
    await api.close();
    assert.ok(performance.now() - started < 5_000);
  });

  for (const [code, reason] of [
    [401, 'unauthorized'],
    [403, 'forbidden'],
    // A load balancer without a healthy API server: it lists no APIs, so it cannot lack one.
    [404, 'server-error'],
    [410, 'server-error'],
    [429, 'throttled'],
    [500, 'server-error'],
    [503, 'server-error'],
    [400, 'malformed'],
  ] as const) {
    it(`that is answered with HTTP ${code} reads as ${reason}`, async (t) => {
      const reading = await readFrom(t, (_, response) => response.writeHead(code).end('<html>'));
      assert.equal(reasonOf(reading), reason);
    });
  }

  it('distinguishes an object that is not there from an API that is not there', async (t) => {
    const { body, code } = recorded('error.404.txt');
    const reading = await readFrom(t, (_, response) => response.writeHead(code).end(body));
    assert.equal(reasonOf(reading), 'absent');
  });

  it('takes a 404 for an API that is not there only from who lists its APIs', async (t) => {
    const reading = await readFrom(t, (path, response) =>
      path === '/apis'
        ? json(response, { kind: 'APIGroupList', groups: [{ name: 'apps' }] })
        : response.writeHead(404).end('404 page not found\n'),
    );
    assert.equal(reasonOf(reading), 'no-such-api');
  });

  it('finds an API that is not there behind a 403, as it is given to those without rights on it', async (t) => {
    const { body, code } = recorded('error.404-no-such-api.txt');
    const withGroups = (...names: string[]) =>
      readFrom(t, (path, response) => {
        if (path !== '/apis') response.writeHead(code).end(body);
        else json(response, { kind: 'APIGroupList', groups: names.map((name) => ({ name })) });
      });
    assert.equal(reasonOf(await withGroups('apps')), 'no-such-api');
    assert.equal(reasonOf(await withGroups('apps', 'config.openshift.io')), 'forbidden');
  });

  it('repeats what the API server says in a Status, but no secrets and nothing of other bodies', async (t) => {
    const { body, code } = recorded('error.403.txt');
    const said = await readFrom(t, (_, response) => response.writeHead(code).end(body));
    assert.match(
      said.ok ? '' : said.why.detail,
      /clusterversions\/version: HTTP 403 Forbidden: secrets is forbidden/,
    );
    const status = { kind: 'Status', message: 'no http://user:hunter2@proxy.example.com', code: 500 };
    const secret = await readFrom(t, (_, response) => json(response, status, 500));
    assert.doesNotMatch(JSON.stringify(secret), /hunter2/);
    const page = await readFrom(t, (_, response) => response.writeHead(502).end('<p>hunter2</p>'));
    assert.deepEqual(page, {
      ok: false,
      why: { reason: 'server-error', detail: 'clusterversions/version: HTTP 502' },
    });
  });

  it('names the field that has the wrong type', async (t) => {
    const reading = await readFrom(t, (_, response) => json(response, { metadata: { name: 5 } }));
    assert.equal(reasonOf(reading), 'malformed');
    assert.match(reading.ok ? '' : reading.why.detail, /^clusterversions\/version: metadata\.name: /);
  });

  it('that is answered with something else than JSON reads as malformed', async (t) => {
    assert.equal(reasonOf(await readFrom(t, (_, response) => response.end('<html>'))), 'malformed');
  });

  it('that gets no answer or is cut reads as unreachable, and as untrusted where the certificate is not trusted', async (t) => {
    const server = await startTlsServer(t, (_, response) => response.socket?.destroy());
    const other = await startTlsServer(t, () => undefined);
    const targets = [
      [server, 'unreachable'],
      [{ ...server, url: `https://127.0.0.1:${await closedPort()}` }, 'unreachable'],
      [{ ...server, caPem: other.caPem }, 'untrusted'],
    ] as const;
    const details = await Promise.all(
      targets.map(async ([target, reason]) => {
        const reading = await client(t, await connectionToUrl(t, target)).get(version, named);
        assert.equal(reasonOf(reading), reason);
        return reading.ok ? '' : reading.why.detail;
      }),
    );
    assert.match(details[1] ?? '', /ECONNREFUSED/);
    assert.match(details[2] ?? '', /CERT|SIGNATURE|ISSUER/);
  });

  it('without usable credentials reads as unknown, and says which part of the kubeconfig is at fault', async (t) => {
    const server = await startTlsServer(t, (_, response) => json(response, {}));
    const missing = {
      cluster: 'lab',
      kubeconfig: { file: '/nowhere/kubeconfig' },
      requestDeadlineMs: 10_000,
    } as const;
    const good = await connectionToUrl(t, server);
    const kubeconfig = { ...(good.kubeconfig as { file: string }), context: 'prod' };
    const plugin = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', 'echo hunter2 >&2; exit 1'],
    };
    const cases: [ClusterConnection, RegExp][] = [
      [missing, /ENOENT/],
      [await connectionWith(t, 'token: hunter2: ['), /not a valid kubeconfig/],
      [{ ...good, kubeconfig }, /no context "prod"/],
      [await connectionWith(t, withUser(server, { exec: plugin })), /no credentials/],
    ];
    for (const [connection, expected] of cases) {
      const reading = await client(t, connection).get(version, named);
      assert.match(reading.ok ? '' : reading.why.detail, expected);
      assert.doesNotMatch(JSON.stringify(reading), /hunter2/);
    }
  });

  it('shares its connections with the calls after it', async (t) => {
    const server = await startTlsServer(t, (_, response) =>
      json(response, { metadata: { name: 'version' } }),
    );
    const api = client(t, await connectionToUrl(t, server));
    for (let call = 0; call < 5; call += 1) await api.get(version, named);
    // Over HTTP/1.1 the next call may come before the last answer has freed its connection.
    assert.ok(server.connections() <= 2, `${server.connections()} connections`);
  });
});

describe('many calls at once', () => {
  it('share a few connections', async (t) => {
    const server = await startTlsServer(t, (_, response) =>
      json(response, { metadata: { name: 'version' } }),
    );
    const api = client(t, await connectionToUrl(t, server));
    const readings = await Promise.all(Array.from({ length: 40 }, () => api.get(version, named)));
    assert.deepEqual(new Set(readings.map(reasonOf)), new Set(['known']));
    assert.ok(server.connections() <= 12, `${server.connections()} connections`);
  });

  it('all end inside one deadline when the server answers none of them', async (t) => {
    const server = await startTlsServer(t, () => undefined);
    const api = client(t, await connectionToUrl(t, server, 1_000));
    const started = performance.now();
    const readings = await Promise.all(Array.from({ length: 40 }, () => api.get(version, named)));
    assert.deepEqual(new Set(readings.map(reasonOf)), new Set(['timeout']));
    // One after the other, six at a time, they would take seven seconds.
    assert.ok(performance.now() - started < 5_000);
  });

  it('are cut at their deadline, so that the next ones get their turn', async (t) => {
    const { promise: allCut, resolve } = Promise.withResolvers<void>();
    let cut = 0;
    const server = await startTlsServer(t, (path, response) => {
      if (!path.includes('proxies')) return json(response, { metadata: { name: 'version' } });
      response.on('close', () => {
        cut += 1;
        if (cut === 6) resolve();
      });
    });
    const api = client(t, await connectionToUrl(t, server, 1_000));
    await Promise.all(Array.from({ length: 6 }, () => api.get(config('proxies', 'cluster'), named)));
    assert.equal(reasonOf(await api.get(version, named)), 'known');
    await allCut;
  });
});

describe('a list', () => {
  const page = (name: string, next?: string) => ({
    metadata: { continue: next },
    items: [{ metadata: { name } }],
  });

  it('is read to its last page', async (t) => {
    const server = await startTlsServer(t, (path, response) =>
      json(response, path.includes('continue=more') ? page('b') : page('a', 'more/+=')),
    );
    const reading = await client(t, await connectionToUrl(t, server)).list(nodes, named);
    assert.deepEqual(reading.ok && reading.value.map((each) => each.metadata.name), ['a', 'b']);
  });

  it('whose pages ran out under our feet is unknown, not half known', async (t) => {
    const server = await startTlsServer(t, (path, response) => {
      if (path.includes('continue=')) json(response, { kind: 'Status', reason: 'Expired', code: 410 }, 410);
      else json(response, page('a', 'more'));
    });
    const reading = await client(t, await connectionToUrl(t, server)).list(nodes, named);
    assert.equal(reasonOf(reading), 'server-error');
  });

  it('that never ends is ended by the deadline', async (t) => {
    const server = await startTlsServer(t, (_, response) => json(response, page('a', 'more')));
    const reading = await client(t, await connectionToUrl(t, server, shortMs)).list(nodes, named);
    assert.equal(reasonOf(reading), 'timeout');
  });
});

describe('the typed API for pods', () => {
  const pod = { name: 'p', namespace: 'n' };

  for (const [what, begin] of [
    ['the server never answers', ''],
    ['the body stops half-way', '{"metadata": {"na'],
  ] as const) {
    it(`ends inside the deadline when ${what}`, async (t) => {
      const server = await startTlsServer(t, (_, response) => {
        if (begin) response.writeHead(200, { 'content-type': 'application/json' }).write(begin);
      });
      const core = createCoreApi(await connectionToUrl(t, server, shortMs));
      await assert.rejects(core.readNamespacedPod(pod), (error) => unreadable(error).reason === 'timeout');
    });
  }

  it('shares its connections, and rejects with what `unreadable` understands', async (t) => {
    const { body, code } = recorded('error.403.txt');
    const server = await startTlsServer(t, (_, response) => response.writeHead(code).end(body));
    const core = createCoreApi(await connectionToUrl(t, server));
    for (let call = 0; call < 3; call += 1) {
      await assert.rejects(core.readNamespacedPod(pod), (error) => unreadable(error).reason === 'forbidden');
    }
    assert.ok(server.connections() <= 2, `${server.connections()} connections`);
  });
});

function withUser({ url, caPem }: { url: string; caPem: string }, user: object): string {
  const cluster = { server: url, 'certificate-authority-data': Buffer.from(caPem).toString('base64') };
  return JSON.stringify({
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  });
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
