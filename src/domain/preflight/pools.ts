import type { WorkerPoolFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';

/** An update can be finished while worker pools lag: worth knowing, no reason to hesitate, so it counts as passed. */
export function poolFindings(pools: Reading<readonly WorkerPoolFacts[]>): readonly Finding[] {
  if (!pools.ok) return [finding('warning', 'pools.unreadable', { why: pools.why })];
  const names = pools.value.filter((pool) => !pool.updated).map((pool) => pool.name);
  if (names.length === 0) return [finding('passed', 'pools.updated', {})];
  return [finding('passed', 'pools.updating', { names })];
}
