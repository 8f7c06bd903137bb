import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { newWatch } from '../../src/domain/watch/watch-turn.ts';
import { clusterGauges } from '../../src/metrics/cluster-gauges.ts';
import { aPause } from '../slack/messages/pause-samples.ts';
import { policy } from '../support/cluster-facts.ts';

test('a pause is a gauge of its own, with its end; after the end it is 0', async () => {
  const registry = new Registry();
  const gauges = clusterGauges(registry);
  const watch = { ...newWatch('lab'), pauses: [aPause] };
  const record = {
    cluster: 'lab',
    watch,
    proven: [],
    active: undefined,
    lastFailure: undefined,
    lastDrill: undefined,
  };
  const clusters = [policy({ name: 'lab' }), policy({ name: 'other' })];
  const seen = { clusters, records: new Map([['lab', record]]), lastContact: () => undefined };
  gauges.set({ ...seen, now: aPause.since });
  const text = await registry.metrics();
  assert.match(text, /^etcd_backup_paused\{cluster="lab"\} 1$/m);
  assert.match(text, /^etcd_backup_paused\{cluster="other"\} 0$/m);
  assert.match(
    text,
    new RegExp(`^etcd_backup_pause_end_timestamp_seconds\\{cluster="lab"\\} ${aPause.until / 1_000}$`, 'm'),
  );
  gauges.set({ ...seen, now: aPause.until });
  const later = await registry.metrics();
  assert.match(later, /^etcd_backup_paused\{cluster="lab"\} 0$/m);
  assert.doesNotMatch(later, /^etcd_backup_pause_end_timestamp_seconds\{/m);
});
