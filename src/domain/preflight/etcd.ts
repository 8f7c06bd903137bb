import { conditionOf } from '../condition.ts';
import type { Condition, EtcdFacts } from '../facts.ts';
import { type Finding, finding } from '../finding.ts';
import type { Reading } from '../reading.ts';

/** Without quorum no snapshot; with quorum and a member down a backup is needed most, so that is a warning. */
export function etcdFindings(etcd: Reading<EtcdFacts>): readonly Finding[] {
  if (!etcd.ok) return [finding('warning', 'etcd.unreadable', { why: etcd.why })];
  const { conditions } = etcd.value;
  const available = conditionOf(conditions, 'EtcdMembersAvailable');
  if (!available) {
    const why = { reason: 'absent', detail: 'condition EtcdMembersAvailable of etcds/cluster' } as const;
    return [finding('warning', 'etcd.unreadable', { why }), ...degradedFindings(conditions)];
  }
  if (available.status !== 'True') {
    return [finding('blocker', 'etcd.no-quorum', { message: available.message ?? '' })];
  }
  const down = memberDown(available, conditions);
  const health = down
    ? finding('warning', 'etcd.member-down', { message: down })
    : finding('passed', 'etcd.available', { message: available.message ?? '' });
  return [health, ...degradedFindings(conditions)];
}

/** With quorum the operator says `2 of 3 members are available, master-1 is unhealthy`, or sets EtcdMembersDegraded. */
function memberDown(available: Condition, conditions: readonly Condition[]): string | undefined {
  const degraded = conditionOf(conditions, 'EtcdMembersDegraded');
  const message = available.message ?? '';
  if (/\bof \d+ members\b|unhealthy|unstarted/i.test(message)) return message;
  return degraded?.status === 'True' ? (degraded.message ?? message) : undefined;
}

/** The operator has one `…Degraded` condition for each of its controllers. */
function degradedFindings(conditions: readonly Condition[]): readonly Finding[] {
  return conditions
    .filter(
      ({ type, status }) => type.endsWith('Degraded') && type !== 'EtcdMembersDegraded' && status === 'True',
    )
    .map(({ type, message }) => finding('warning', 'etcd.degraded', { message: message || type }));
}
