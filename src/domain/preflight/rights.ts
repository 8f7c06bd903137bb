import type { RightFacts } from '../cluster/facts.ts';
import type { Reading } from '../cluster/reading.ts';
import { type Finding, finding } from './finding.ts';

/** What the bot itself may not do, before a run stumbles over it. */
export function rightsFindings(rights: Reading<readonly RightFacts[]>): readonly Finding[] {
  if (!rights.ok) return [finding('warning', 'rights.unreadable', { why: rights.why })];
  const missing = rights.value.filter((each) => !each.allowed);
  if (missing.length === 0) return [finding('passed', 'rights.complete', { count: rights.value.length })];
  return missing.map(({ right, role, neededFor }) =>
    finding(neededFor === 'run' ? 'blocker' : 'warning', 'right.missing', { right, role }),
  );
}
