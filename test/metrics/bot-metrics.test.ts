import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it, type TestContext } from 'node:test';
import type { FailureKind } from '../../src/domain/backup/failure.ts';
import { type RetentionWork, stopInForce } from '../../src/domain/copies/retention-stop.ts';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import { type BotMetrics, createBotMetrics, type MetricsParts } from '../../src/metrics/bot-metrics.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { serveHealth } from '../../src/system/health.ts';
import { retentionStopOf } from '../../src/workflow/copies/stop-in-force.ts';
import type { ConfigStatus } from '../../src/workflow/ports/configuration.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { findPromtool, promtool } from '../deploy/promtool.ts';
import { backupOf, failureOf, putWatch, settledWatch } from '../support/fleet-records.ts';
import { need } from '../support/need.ts';
import { policyOf } from '../support/policies.ts';
import { aPlan, aRun } from '../support/runs.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startedAt = Date.UTC(2026, 10, 23, 6, 0, 0);
const schedule = { cron: '0 2 * * *', jitterMs: 0, approval: 'auto' } as const;

/** Lines by name and labels as they are written. */
function linesOf(body: string): ReadonlyMap<string, number> {
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('metrics of the bot', () => {
  let directory: string;
  let records: Records;
  let now: number;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'metrics-'));
    records = await openSqliteRecords({ file: join(directory, 'records.db') });
    now = startedAt;
  });
  afterEach(async () => {
    await records.close();
    await rm(directory, { recursive: true, force: true });
  });

  function metricsOf(clusters: readonly ClusterPolicy[], change: Partial<MetricsParts> = {}): BotMetrics {
    return createBotMetrics({
      records,
      fleet: { clusters },
      slack: { connected: () => true },
      contacts: { lastContact: (cluster) => (cluster === 'a' ? startedAt - 5_000 : undefined) },
      worker: { lastTurn: () => startedAt - 500 },
      watcher: { lastTurn: () => startedAt - 7_000 },
      loop: { delays: () => ({ p50: 0.001, p99: 0.02, max: 2.5 }) },
      clock: { now: () => now },
      log: { warn: () => undefined },
      version: '1.2.3',
      ...change,
    });
  }
  const read = async (metrics: BotMetrics) => linesOf((await metrics.scrape()).body);
  const imported = async (...runs: Parameters<Records['importRun']>[0][]) => {
    for (const run of runs) assert.equal(await records.importRun(run, []), 'imported');
  };

  it('say that old backups cannot be removed, also while the newest run has not tried yet', async () => {
    const stopped = { kind: 'clocks-apart', between: 'bot-api', apartMs: 600_000, at: startedAt } as const;
    const done: RetentionWork = { dueAt: undefined, tries: 0 };
    const stuck: RetentionWork = { dueAt: undefined, tries: 3, stopped };
    const fresh: RetentionWork = { dueAt: 0, tries: 0 };
    const metrics = metricsOf([policyOf('a')]);
    const line = async () => (await read(metrics)).get('etcd_backup_retention_stopped{cluster="a"}');
    const works = [done, stuck, done].entries();
    const seen: unknown[] = [await line()];
    for (const [index, retention] of works) {
      const run = backupOf('a', { at: startedAt - 10 * hourMs + index * hourMs });
      const { success } = run;
      assert.ok(success);
      await imported({ ...run, success: { ...success, retention } });
      seen.push(await line());
    }
    assert.deepEqual(seen, [0, 0, 1, 0]);
    // The doctor goes by the same rule, and names the run whose round met it.
    const ids: string[] = [];
    for (const [index, work] of [{ retention: stuck }, {}].entries()) {
      const run = backupOf('b', { at: startedAt - 10 * hourMs + index * hourMs });
      assert.ok(run.success);
      await imported({ ...run, success: { ...run.success, ...work } });
      ids.push(run.id);
    }
    assert.deepEqual(await retentionStopOf({ records }, 'b'), { runId: ids[0], stop: stopped });
    assert.equal(await retentionStopOf({ records }, 'a'), undefined);
    assert.equal(stopInForce([fresh, undefined, stuck, done]), stopped);
    assert.equal(stopInForce([{ ...stuck, dueAt: startedAt }, done]), stopped);
  });

  it('reports the coverage of every cluster of the configuration, one state at a time', async () => {
    const release = { version: '4.16.8', since: startedAt - 9 * hourMs, seenAt: startedAt };
    for (const cluster of ['a', 'b', 'gone']) await putWatch(records, settledWatch(cluster, release), now);
    await imported(backupOf('a', { at: startedAt - hourMs }), backupOf('gone', { at: startedAt - hourMs }));
    const metrics = metricsOf([policyOf('a'), policyOf('b'), policyOf('never-seen')]);
    const lines = await read(metrics);
    const states = (cluster: string) =>
      ['covered', 'stale', 'uncovered', 'updating', 'unknown'].filter(
        (state) => lines.get(`etcd_backup_coverage{cluster="${cluster}",state="${state}"}`) === 1,
      );
    assert.deepEqual(['a', 'b', 'never-seen'].map(states), [['covered'], ['uncovered'], ['unknown']]);
    assert.equal(lines.get('etcd_backup_coverage{cluster="b",state="stale"}'), 0);
    const since = 'etcd_backup_coverage_since_timestamp_seconds';
    assert.equal(lines.get(`${since}{cluster="b"}`), (startedAt - 9 * hourMs) / 1_000);
    assert.equal(
      lines.get('etcd_backup_restoring_timestamp_seconds{cluster="a"}'),
      startedAt / 1_000 - 3_600,
    );
    assert.equal(lines.get('etcd_backup_restoring_timestamp_seconds{cluster="b"}'), undefined);
    assert.equal(lines.get('etcd_backup_release_info{cluster="a",version="4.16.8"}'), 1);
    assert.equal(lines.get('etcd_backup_build_info{version="1.2.3"}'), 1);
    assert.ok(![...lines.keys()].some((key) => key.includes('"gone"')), 'not in the configuration');

    // A backup later, nothing is left of what was.
    now += hourMs;
    await imported(backupOf('b', { at: now - 60_000 }));
    const later = await read(metrics);
    assert.equal(later.get('etcd_backup_coverage{cluster="b",state="uncovered"}'), 0);
    assert.equal(later.get('etcd_backup_coverage{cluster="b",state="covered"}'), 1);
    assert.notEqual(later.get(`${since}{cluster="b"}`), lines.get(`${since}{cluster="b"}`));
  });

  it('reports nothing of a cluster that others back up which an alert could take for trouble', async () => {
    const release = { version: '4.16.8', since: startedAt - 9 * hourMs, seenAt: startedAt };
    const hosted = { topology: 'External' };
    await putWatch(records, settledWatch('hosted', release, hosted), now);
    await putWatch(records, settledWatch('a', release), now);
    await imported(failureOf('hosted', startedAt - dayMs));
    const lines = await read(
      metricsOf([policyOf('hosted'), policyOf('a'), policyOf('oadp', { backedUpBy: 'OADP' })]),
    );
    const of = (cluster: string) =>
      [...lines].filter(
        ([name]) => name.includes(`cluster="${cluster}"`) && !name.startsWith('etcd_backup_runs_total'),
      );
    assert.deepEqual(of('hosted'), [
      ['etcd_backup_coverage{cluster="hosted",state="elsewhere"}', 1],
      ['etcd_backup_release_info{cluster="hosted",version="4.16.8"}', 1],
    ]);
    assert.deepEqual(of('oadp'), [['etcd_backup_coverage{cluster="oadp",state="elsewhere"}', 1]]);
    assert.equal(lines.get('etcd_backup_coverage{cluster="a",state="elsewhere"}'), 0);
    assert.equal(lines.get('etcd_backup_coverage{cluster="a",state="uncovered"}'), 1);
  });

  it('reports schedules, failures, approvals, Slack, contact and the outbox', async () => {
    const release = { version: '4.16.8', since: startedAt - dayMs, seenAt: startedAt };
    const watched = {
      rule: 'x',
      lastSlot: undefined,
      next: { slot: startedAt + hourMs, startAt: startedAt + hourMs + 60_000 },
      judgedRun: undefined,
      openRun: undefined,
      failures: 3,
    };
    await putWatch(records, settledWatch('a', release, { schedule: watched }), now);
    await imported(failureOf('a', startedAt - 2 * hourMs));
    const waiting = aRun({ id: 'r-waiting2', cluster: 'b', requestedAt: startedAt - 1_800_000 });
    await records.accept({ run: waiting, deliveryId: 'd', audit: [], notices: [{ kind: 'card' }] });
    await records.decide({
      runId: waiting.id,
      deliveryId: 'e',
      now,
      decision: () => ({
        set: { status: 'waiting', plan: aPlan, expiresAt: startedAt + 600_000 },
        audit: [],
        notices: [],
      }),
    });
    const lines = await read(
      metricsOf([policyOf('a', { schedule }), policyOf('b')], { slack: { connected: () => false } }),
    );
    const seconds = startedAt / 1_000;
    const expected = {
      'etcd_backup_schedule_next_start_timestamp_seconds{cluster="a"}': seconds + 3_660,
      'etcd_backup_schedule_failures{cluster="a"}': 3,
      'etcd_backup_unrepaired_failure_timestamp_seconds{cluster="a"}': seconds - 7_200 + 41,
      'etcd_backup_approval_requested_timestamp_seconds{cluster="b"}': seconds - 1_800,
      'etcd_backup_approval_expires_timestamp_seconds{cluster="b"}': seconds + 600,
      'etcd_backup_approval_expires_after_seconds{cluster="b"}':
        policyOf('b').approval.expiresAfterMs / 1_000,
      'etcd_backup_active_runs{status="waiting"}': 1,
      'etcd_backup_active_runs{status="running"}': 0,
      'etcd_backup_cluster_last_contact_timestamp_seconds{cluster="a"}': seconds - 5,
      etcd_backup_watcher_last_turn_timestamp_seconds: seconds - 7,
      etcd_backup_worker_last_turn_timestamp_seconds: seconds - 0.5,
      etcd_backup_slack_connected: 0,
      etcd_backup_event_loop_delay_p50_seconds: 0.001,
      etcd_backup_event_loop_delay_p99_seconds: 0.02,
      etcd_backup_event_loop_delay_max_seconds: 2.5,
      etcd_backup_records_up: 1,
      'etcd_backup_outbox_messages{to="slack"}': 1,
      'etcd_backup_outbox_oldest_timestamp_seconds{to="slack"}': seconds - 1_800,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(lines.get(name), value, name);
    assert.equal(lines.get('etcd_backup_schedule_failures{cluster="b"}'), undefined, 'it has no schedule');
    assert.equal(lines.get('etcd_backup_cluster_last_contact_timestamp_seconds{cluster="b"}'), undefined);
  });

  it('follow clusters that join, leave and come back', async () => {
    await imported(backupOf('a', { at: startedAt - dayMs, ms: 30_000, bytes: 7_000 }));
    const clusters = [policyOf('b')];
    const metrics = metricsOf(clusters);
    const lines = async () => {
      const found = await read(metrics);
      return [
        found.get('etcd_backup_runs_total{cluster="a",outcome="succeeded"}'),
        found.get('etcd_backup_snapshot_size_bytes{cluster="a"}'),
        found.get('etcd_backup_coverage{cluster="a",state="unknown"}'),
      ];
    };
    const gone = [undefined, undefined, undefined];
    assert.deepEqual(await lines(), gone);
    for (const _ of [1, 2]) {
      clusters.push(policyOf('a'));
      assert.deepEqual(await lines(), [0, 7_000, 1]);
      clusters.pop();
      assert.deepEqual(await lines(), gone);
    }
  });

  it('say whether what runs is what the files of the configuration hold', async () => {
    const right = { digest: 'x', readAt: startedAt, mistakes: [], atNextStart: [], leaving: [], waiting: [] };
    const wrong = { ...right, mistakes: [{ file: 'w.yaml', line: 1, text: 'name' }], atNextStart: ['log'] };
    let status: ConfigStatus = right;
    const metrics = metricsOf([], { configuration: () => status });
    const lines = async () => {
      const found = await read(metrics);
      return ['last_reload_successful', 'last_reload_success_timestamp_seconds', 'restart_needed'].map(
        (name) => found.get(`etcd_backup_config_${name}`),
      );
    };
    assert.deepEqual(await lines(), [1, startedAt / 1_000, 0]);
    status = wrong;
    assert.deepEqual(await lines(), [0, startedAt / 1_000, 1]);
  });

  it('counts each run that ends once, from 0, and keeps what came before out of the counters', async () => {
    await imported(backupOf('a', { at: startedAt - dayMs, ms: 30_000, bytes: 7_000 }));
    const metrics = metricsOf([policyOf('a')]);
    const first = await read(metrics);
    assert.equal(first.get('etcd_backup_runs_total{cluster="a",outcome="succeeded"}'), 0);
    assert.equal(first.get('etcd_backup_run_failures_total{kind="script-disk-full"}'), 0);
    assert.equal(first.get('etcd_backup_snapshot_size_bytes{cluster="a"}'), 7_000, 'of the newest backup');

    now += hourMs;
    await imported(
      backupOf('a', { at: now - 200_000, ms: 61_000, bytes: 9_000 }),
      failureOf('a', now - 90_000),
    );
    for (let times = 0; times < 3; times += 1) {
      const lines = await read(metrics);
      assert.equal(lines.get('etcd_backup_runs_total{cluster="a",outcome="succeeded"}'), 1);
      assert.equal(lines.get('etcd_backup_runs_total{cluster="a",outcome="failed"}'), 1);
      assert.equal(lines.get('etcd_backup_run_failures_total{kind="script-disk-full"}'), 1);
      assert.equal(lines.get('etcd_backup_run_duration_seconds_bucket{le="60",outcome="succeeded"}'), 0);
      assert.equal(lines.get('etcd_backup_run_duration_seconds_bucket{le="120",outcome="succeeded"}'), 1);
      assert.equal(lines.get('etcd_backup_snapshot_size_bytes{cluster="a"}'), 9_000);
      assert.equal(lines.get('etcd_backup_resources_size_bytes{cluster="a"}'), 74_000);
      assert.equal(lines.get('etcd_backup_last_duration_seconds{cluster="a"}'), 61);
    }

    // One that was on record a little later than it says.
    await imported(failureOf('a', now - 100_000));
    const late = await read(metrics);
    assert.equal(late.get('etcd_backup_runs_total{cluster="a",outcome="failed"}'), 2);
  });

  it('puts a kind of failure that it does not know under one label', async () => {
    const metrics = metricsOf([policyOf('a')]);
    const failed = failureOf('a', startedAt + 1_000);
    const failure = { kind: 'of-a-later-release' as FailureKind, params: {} } as never;
    await imported({ ...failed, failed: { failure, step: undefined, outputTail: [], left: undefined } });
    const lines = await read(metrics);
    assert.equal(lines.get('etcd_backup_run_failures_total{kind="other"}'), 1);
    assert.ok(![...lines.keys()].some((key) => key.includes('of-a-later-release')));
  });

  it('says that the records are away, with nothing of the fleet that could be taken for news', async (t) => {
    await imported(backupOf('a', { at: startedAt - hourMs }));
    const metrics = metricsOf([policyOf('a')]);
    assert.equal((await read(metrics)).get('etcd_backup_records_up'), 1);
    const health = await serveHealth(0, {
      live: [],
      ready: [],
      notes: () => [],
      metrics: () => metrics.scrape(),
    });
    t.after(() => health.close());
    await records.close();
    const response = await fetch(`http://127.0.0.1:${health.port}/metrics`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const lines = linesOf(await response.text());
    assert.equal(lines.get('etcd_backup_records_up'), 0);
    assert.equal(lines.get('etcd_backup_slack_connected'), 1);
    assert.ok(![...lines.keys()].some((key) => /^etcd_backup_(coverage|outbox|newest)/.test(key)));
    records = await openSqliteRecords({ file: join(directory, 'records.db') });
  });

  it('reads the records once for scrapes that come at once, and 300 clusters fast', async () => {
    const names = Array.from({ length: 300 }, (_, n) => `cluster-${n}`);
    for (const name of names) {
      await putWatch(
        records,
        settledWatch(name, { version: '4.16.8', since: startedAt, seenAt: startedAt }),
        now,
      );
      await imported(backupOf(name, { at: startedAt - hourMs }));
    }
    let asked = 0;
    const counted: Records = {
      ...records,
      fleet(input) {
        asked += 1;
        return records.fleet(input);
      },
    };
    const metrics = metricsOf(
      names.map((name) => policyOf(name, { schedule })),
      { records: counted },
    );
    const bodies = await Promise.all(Array.from({ length: 5 }, () => metrics.scrape()));
    assert.equal(asked, 1);
    assert.equal(new Set(bodies.map(({ body }) => body)).size, 1);
    await metrics.scrape();
    assert.equal(asked, 2, 'the next scrape reads again');
    const begun = performance.now();
    const { body } = await metrics.scrape();
    assert.ok(performance.now() - begun < 30_000, `${performance.now() - begun} ms`);
    const lines = body.split('\n').length;
    assert.ok(lines < 300 * 24 + 500, `${lines} lines`);
  });

  it('promtool finds nothing to complain of', { timeout: 60_000 }, async (t: TestContext) => {
    if (!need(t, 'promtool', await findPromtool())) return;
    await imported(backupOf('a', { at: startedAt - hourMs }), failureOf('b', startedAt - hourMs));
    const { body } = await metricsOf([policyOf('a', { schedule }), policyOf('b')]).scrape();
    // What Node.js itself reports has names that the library gave; ours are ours to keep in order.
    const { said } = await promtool(['check', 'metrics'], body);
    const complaints = said.split('\n').filter((line) => line.startsWith('etcd_backup_'));
    assert.deepEqual(complaints, [], said);
    assert.doesNotMatch(said, /error while linting/);
  });
});
