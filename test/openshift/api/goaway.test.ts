import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import type { RequestFault } from '../../../sandbox/cluster/faults.ts';
import type { RequestInfo } from '../../../sandbox/cluster/request-info.ts';
import type { ClusterFacts } from '../../../src/domain/cluster/facts.ts';
import { known, type Reading } from '../../../src/domain/cluster/reading.ts';
import { createClusterReader } from '../../../src/openshift/facts/cluster-reader.ts';
import { openPodApi, PodApiError } from '../../../src/openshift/pods/pod-api.ts';
import { sessionPod } from '../../../src/openshift/pods/session-pod.ts';
import { policy } from '../../support/cluster-facts.ts';
import { connectionTo, readableCluster } from '../../support/connection.ts';

/** 1,000 in the long run: `PREFLIGHTS=1000 node --test test/openshift/api/goaway.test.ts`. */
const preflights = Number(process.env.PREFLIGHTS ?? 25);
const request = { runId: 'run', node: 'master-0', image: 'etcd' };

/** mulberry32: the same run for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** With a GOAWAY, or with the end of the connection alone, which every other request on it shares. */
const strokes: readonly RequestFault[] = [
  { kind: 'goaway', when: 'before' },
  { kind: 'goaway', when: 'after' },
  { kind: 'reset' },
  { kind: 'lost-response' },
];

/** Strikes every third request, before or after it is processed, repeats counted. Counts how often. */
function strikeEveryThird(
  cluster: SandboxCluster,
  seed: number,
  matches: (request: RequestInfo) => boolean = () => true,
): { struck(): number } {
  const random = seeded(seed);
  let [asked, struck, drawn] = [0, 0, -1];
  strokes.forEach((stroke, index) => {
    const match = (request: RequestInfo) => {
      if (!matches(request)) return false;
      // The first one draws for all.
      if (index === 0) {
        asked += 1;
        drawn = asked % 3 === 0 ? Math.floor(random() * strokes.length) : -1;
        if (drawn >= 0) struck += 1;
      }
      return drawn === index;
    };
    cluster.faults.add({ ...stroke, match });
  });
  return { struck: () => struck };
}

/** Facts that are not known, with the reason. */
function lost({ encryption, caBundles, ...facts }: ClusterFacts): readonly string[] {
  const bundles = caBundles.map(({ bundle }) => bundle);
  const readings = [...Object.values(facts), ...Object.values(encryption), ...bundles];
  return readings.flatMap((fact) => {
    const { ok, why } = fact as Partial<Extract<Reading<never>, { ok: false }>>;
    return ok === false ? [`${why?.reason} ${why?.detail}`] : [];
  });
}

function readerOf(t: TestContext, connection: Awaited<ReturnType<typeof connectionTo>>) {
  const reader = createClusterReader([connection], { now: () => Date.now() });
  t.after(() => reader.close());
  return reader;
}

for (const http2 of [true, false]) {
  describe(`an API server that ends the connection on every third request, over HTTP/${http2 ? '2' : '1.1'}`, () => {
    it('costs no fact of a preflight', { timeout: 3_600_000 }, async (t) => {
      const cluster = await readableCluster(t, { http2 });
      const reader = readerOf(t, await connectionTo(t, cluster));
      const { struck } = strikeEveryThird(cluster, 7);
      for (let index = 0; index < preflights; index += 1) {
        assert.deepEqual(lost(await reader.facts(policy())), [], `preflight ${index}`);
      }
      assert.ok(struck() > preflights * 3, `struck ${struck()} times`);
    });

    it('refuses no vote', async (t) => {
      const cluster = await readableCluster(t, { http2 });
      const reader = readerOf(t, await connectionTo(t, cluster));
      strikeEveryThird(cluster, 11);
      for (let index = 0; index < 20; index += 1) {
        for (const [clusterUser, admin] of [
          ['approver', true],
          ['viewer', false],
        ] as const) {
          const person = { slackUser: 'U1', clusterUser, groups: [] };
          assert.deepEqual(await reader.clusterAdmin(policy(), person), known(admin), `vote ${index}`);
        }
      }
    });

    it('makes no session pod twice', async (t) => {
      const cluster = await readableCluster(t, { http2 });
      const connection = await connectionTo(t, cluster);
      const { namespace } = policy().session;
      const pods = openPodApi(connection, namespace);
      strikeEveryThird(cluster, 13, ({ subresource }) => subresource === undefined);
      for (let index = 0; index < 30; index += 1) {
        const body = sessionPod({ ...request, runId: `run-${index}` }, { namespace, lifetimeS: 60 });
        const name = `pod-${index}`;
        const creates = () =>
          cluster.requests.filter(({ verb, resource }) => verb === 'create' && resource === 'pods').length;
        const before = creates();
        const made = await pods.create({ ...body, metadata: { ...body.metadata, name } }).then(
          () => true,
          (error) => {
            assert.ok(error instanceof PodApiError);
            assert.equal(error.failure.kind, 'network');
            return false;
          },
        );
        // Whatever became of the answer: at most one pod, and a look by its name finds it or finds none.
        const there = await pods.read(name);
        if (made) assert.equal(there?.metadata?.name, name);
        assert.ok(creates() - before <= 1, 'the server never saw a second create');
      }
    });
  });
}

it('an API server that breaks every connection is not asked again by everyone', async (t) => {
  const cluster = await readableCluster(t);
  const reader = readerOf(t, await connectionTo(t, cluster));
  cluster.faults.add({ kind: 'reset', match: () => true });
  const facts = await reader.facts(policy());
  assert.ok(!facts.version.ok && facts.version.why.reason === 'unreachable');
  const calls = lost(facts).length;
  assert.ok(cluster.requests.length < calls * 3, `${cluster.requests.length} requests for ${calls} facts`);
});
