import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureDrill } from '../../bench/drill.ts';
import { findEtcdTools } from '../../src/drill/find-etcd.ts';
import { need } from '../support/need.ts';

const mebibyte = 1024 ** 2;

test('a drill holds no snapshot in memory, whatever its size', { timeout: 300_000 }, async (t) => {
  if (!need(t, 'etcd with etcdctl', findEtcdTools(process.env.PATH ?? ''))) return;
  const { peakOverIdleKiB } = await measureDrill({ bytes: 512 * mebibyte });
  if (!need(t, '/proc/self/clear_refs', peakOverIdleKiB)) return;
  assert.ok(peakOverIdleKiB < 64 * 1024, `${Math.round(peakOverIdleKiB / 1024)} MiB over idle`);
});
