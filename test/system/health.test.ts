import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { botHealth } from '../../src/system/bot-health.ts';
import { serveHealth } from '../../src/system/health.ts';
import { openStage } from '../support/e2e.ts';

const timeout = 600_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : assert.fail('no port');
}

async function get(port: number, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, text: await response.text() };
}

async function until(port: number, path: string, fits: (seen: { status: number; text: string }) => boolean) {
  for (const end = Date.now() + 45_000; ; ) {
    const seen = await get(port, path);
    if (fits(seen)) return seen;
    assert.ok(Date.now() < end, `${path} stays ${seen.status}:\n${seen.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('health of the real bot', { timeout }, () => {
  it('follows Slack and the records, reports clusters, and does not depend on them', async (t: TestContext) => {
    const port = await freePort();
    await using stage = await openStage({
      clusterConfig: { requestDeadline: '2s' },
      config: { health: { port } },
    });
    const { workspace, cluster, people } = stage.world;

    await until(port, '/readyz', ({ status }) => status === 200);
    assert.deepEqual(await get(port, '/healthz'), {
      status: 200,
      text: 'worker: ok\nwatcher: ok\n',
    });
    await stage.ask(people.requester, 'doctor');
    assert.match(
      (await get(port, '/readyz')).text,
      /^slack: ok\nevent loop: ok\nrecords: ok\ncluster prod-east: last answer \d+ s ago\n$/,
    );

    await t.test('a cluster that is down changes nothing', async () => {
      const endFault = cluster.faults.add({ kind: 'reset', match: () => true });
      assert.match(
        await stage.ask(people.requester, 'doctor'),
        /API of prod-east: the cluster could not be reached/,
      );
      assert.equal((await get(port, '/readyz')).status, 200);
      endFault();
    });

    await t.test('without Slack it is not ready, but lives', async () => {
      workspace.faults.add({
        method: 'apps.connections.open',
        kind: 'http',
        times: Number.POSITIVE_INFINITY,
      });
      workspace.sockets.drop();
      const seen = await until(port, '/readyz', ({ status }) => status === 503);
      assert.match(seen.text, /^slack: not connected[^\n]*\nevent loop: ok\nrecords: ok\n/);
      assert.equal((await get(port, '/healthz')).status, 200);
      workspace.faults.clear();
      await until(port, '/readyz', ({ status }) => status === 200);
    });

    await t.test('without its records it is not ready, but lives', async () => {
      await rm(stage.world.recordsFile);
      const seen = await until(port, '/readyz', ({ status }) => status === 503);
      assert.match(seen.text, /^slack: ok\nevent loop: ok\nrecords: (?!ok)/);
      assert.equal((await get(port, '/healthz')).status, 200);
    });

    assert.equal((await get(port, '/')).status, 404);
  });
});

describe('health of a bot that Slack does not answer at its start', { timeout }, () => {
  it('lives, is not ready and says why, also to Prometheus, and is ready once Slack answers', async () => {
    const port = await freePort();
    const end = Number.POSITIVE_INFINITY;
    let seen: Promise<{ ready: string; live: number; metrics: string }> | undefined;
    await using stage = await openStage({
      config: { health: { port } },
      configure(_, { workspace }) {
        workspace.faults.add({ method: 'auth.test', kind: 'http', status: 503, times: end });
        seen = lookWhileWaiting(port).finally(() => workspace.faults.clear());
      },
    });
    const { ready, live, metrics } = (await seen) ?? assert.fail('not looked at');
    assert.match(
      ready,
      /^slack: cannot be reached since the start \(Slack answered with HTTP status 503\); nothing is/,
    );
    assert.equal(live, 200);
    assert.match(metrics, /^etcd_backup_slack_connected 0$/m);
    assert.match(metrics, /^etcd_backup_build_info\{version="[^"]+"\} 1$/m);
    await until(port, '/readyz', ({ status }) => status === 200);
    assert.match((await get(port, '/metrics')).text, /^etcd_backup_slack_connected 1$/m);
    assert.match(stage.bot.log(), /Slack cannot be reached; trying again/);
  });
});

async function lookWhileWaiting(port: number) {
  for (const end = Date.now() + 45_000; ; ) {
    const ready = await get(port, '/readyz').catch(() => ({ status: 0, text: '' }));
    if (ready.text.includes('cannot be reached')) {
      const live = await get(port, '/healthz');
      return { ready: ready.text, live: live.status, metrics: (await get(port, '/metrics')).text };
    }
    assert.ok(Date.now() < end, `/readyz stays ${ready.status}: ${ready.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('health', () => {
  const slack = { connected: () => true };
  const records = { probe: async () => undefined };
  const contacts = { lastContact: () => undefined };
  const clock = { now: () => 1_000_000 };
  const turning = { lastTurn: () => 1_000_000 };
  const parts = {
    slack,
    records,
    contacts,
    clock,
    worker: turning,
    watcher: turning,
    clusters: () => ['prod-east'],
    loop: { problem: () => undefined },
  };

  it('asks for a restart when the worker does not turn any more, and not sooner', async (t) => {
    let turnedAt: number | undefined;
    const worker = { lastTurn: () => turnedAt };
    const health = await serveHealth(0, botHealth({ ...parts, worker }));
    t.after(() => health.close());

    assert.equal((await get(health.port, '/healthz')).status, 200, 'not started yet');
    turnedAt = 1_000_000 - 59_000;
    assert.equal((await get(health.port, '/healthz')).status, 200);
    turnedAt = 1_000_000 - 61_000;
    assert.deepEqual(await get(health.port, '/healthz'), {
      status: 503,
      text: 'worker: has not looked for work for 61 s\nwatcher: ok\n',
    });
    assert.match((await get(health.port, '/readyz')).text, /cluster prod-east: not asked since the start/);
  });

  it('asks for a restart when the watcher does not turn any more, and not sooner', async (t) => {
    let turnedAt = 1_000_000 - 299_000;
    const watcher = { lastTurn: () => turnedAt };
    const health = await serveHealth(0, botHealth({ ...parts, watcher }));
    t.after(() => health.close());

    assert.equal((await get(health.port, '/healthz')).status, 200);
    turnedAt = 1_000_000 - 301_000;
    assert.deepEqual(await get(health.port, '/healthz'), {
      status: 503,
      text: 'worker: ok\nwatcher: has not looked at any cluster for 301 s\n',
    });
  });

  it('outlives requests for paths that are none', async (t) => {
    const health = await serveHealth(0, { live: [], ready: [], notes: () => [] });
    t.after(() => health.close());
    for (const path of ['//', 'http://[', '*', '/healthz?verbose', '/healthz#']) {
      const request = httpRequest({ port: health.port, path, agent: false }).end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      assert.equal(response.statusCode, path.startsWith('/healthz') ? 200 : 404, path);
    }
    assert.equal((await get(health.port, '/healthz')).status, 200);
  });

  it('says what to do when the port is taken', async (t) => {
    const none = { live: [], ready: [], notes: () => [] };
    const first = await serveHealth(0, none);
    t.after(() => first.close());
    await assert.rejects(
      serveHealth(first.port, none),
      /cannot listen on port \d+ .*EADDRINUSE.*health\.port/,
    );
  });
});
