import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { newWatch } from '../../src/domain/watch/watch-turn.ts';
import { clusterGauges } from '../../src/metrics/cluster-gauges.ts';
import { dayMs, noon, policy } from '../support/cluster-facts.ts';

test('the end of credentials is a gauge, with the time from which on it is worth a warning', async () => {
  const registry = new Registry();
  const gauges = clusterGauges(registry);
  const record = {
    cluster: 'lab',
    watch: {
      ...newWatch('lab'),
      credentials: { life: { since: noon, endsAt: noon + 365 * dayMs } },
    },
    proven: [],
    active: undefined,
    lastFailure: undefined,
    lastDrill: undefined,
  };
  const clusters = [policy({ name: 'lab' }), policy({ name: 'in-a-pod' })];
  gauges.set({ clusters, records: new Map([['lab', record]]), lastContact: () => undefined, now: noon });
  const text = await registry.metrics();
  const line = (name: string, at: number) =>
    new RegExp(`^etcd_backup_credentials_${name}_timestamp_seconds\\{cluster="lab"\\} ${at / 1_000}$`, 'm');
  assert.match(text, line('end', noon + 365 * dayMs));
  assert.match(text, line('warn', noon + 351 * dayMs));
  assert.doesNotMatch(text, /credentials_\w+\{cluster="in-a-pod"/);
});
