import { isOffPeak, nextOffPeak, windowText } from '../policy/off-peak.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import { type Finding, finding } from './finding.ts';

/** A snapshot reads the whole database: outside the window that is felt by everybody, but never a reason to refuse. */
export function offPeakFindings(policy: ClusterPolicy, now: number): readonly Finding[] {
  const { offPeak, timeZone } = policy;
  if (!offPeak) return [finding('passed', 'off-peak.not-set', {})];
  const window = windowText(offPeak);
  if (isOffPeak(offPeak, timeZone, now)) return [finding('passed', 'off-peak.inside', { window, timeZone })];
  const nextStart = nextOffPeak(offPeak, timeZone, now) ?? now;
  return [finding('warning', 'off-peak.outside', { window, timeZone, nextStart })];
}
