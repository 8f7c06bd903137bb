import assert from 'node:assert/strict';
import type { ClusterFacts } from '../../../src/domain/cluster/facts.ts';
import { known } from '../../../src/domain/cluster/reading.ts';
import type { FindingCode, FindingOutcome, FindingParams } from '../../../src/domain/preflight/finding.ts';
import { type Preflight, type PreflightContext, preflight } from '../../../src/domain/preflight/preflight.ts';
import { facts, noon, policy } from '../../support/cluster-facts.ts';

/** Preflight of a healthy cluster that differs as said. */
export function check(
  change: Partial<ClusterFacts> = {},
  context: Partial<PreflightContext> = {},
): Preflight {
  const usual = {
    policy: policy(),
    nodeWanted: undefined,
    requester: { clusterUser: 'requester', clusterAdmin: known(true) },
    now: noon,
  };
  return preflight(facts(change), { ...usual, ...context });
}

/** `blocker version.updating`, without those that passed or come later. */
export function troubles({ findings }: Preflight): readonly string[] {
  return findings
    .filter(({ outcome }) => outcome === 'blocker' || outcome === 'warning')
    .map(({ outcome, code }) => `${outcome} ${code}`);
}

/** The one finding with this code; fails when there is none or another outcome. */
export function found<Code extends FindingCode>(
  { findings }: Preflight,
  outcome: FindingOutcome,
  code: Code,
): FindingParams[Code] {
  const hits = findings.filter((each) => each.code === code);
  assert.deepEqual(
    hits.map((each) => `${each.outcome} ${each.code}`),
    [`${outcome} ${code}`],
  );
  return hits[0]?.params as unknown as FindingParams[Code];
}
