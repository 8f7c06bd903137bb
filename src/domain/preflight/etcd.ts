import { conditionOf, isTrue } from '../cluster/condition.ts';
import type { ClusterFacts, Condition, EtcdFacts } from '../cluster/facts.ts';
import { membersAvailable, quorumOf } from './etcd-quorum.ts';
import { type Finding, finding } from './finding.ts';

type EtcdSeen = Pick<ClusterFacts, 'etcd' | 'etcdPods' | 'infrastructure'>;

/**
 * Without quorum no snapshot; with quorum and a member down a backup is needed most, so that is a warning. The pods are
 * looked at whatever the operator says: its conditions lag behind them, or may not be read.
 */
export function etcdFindings(facts: EtcdSeen): readonly Finding[] {
  const said = reported(facts);
  const quorum = quorumOf(facts);
  if (!quorum || quorum.ready >= quorum.members) return said;
  if (said.some(({ outcome }) => outcome === 'blocker')) return said;
  const { ready, members, notReady: names } = quorum;
  if (!quorum.held) {
    const which = names.length > 0 ? ` (not Ready: ${names.join(', ')})` : '';
    const message = `${ready} of ${members} etcd pods are Ready${which}`;
    return [finding('blocker', 'etcd.no-quorum', { message })];
  }
  if (said.some(({ code }) => code === 'etcd.member-down' || code === 'etcd.members-not-asked')) return said;
  const others = said.filter(({ code }) => code !== 'etcd.available');
  return [finding('warning', 'etcd.pods-not-ready', { names, ready, members }), ...others];
}

/** What the operator of etcd says. */
function reported(facts: EtcdSeen): readonly Finding[] {
  const { etcd } = facts;
  if (!etcd.ok) return [finding('warning', 'etcd.unreadable', { why: etcd.why })];
  const { conditions } = etcd.value;
  const available = conditionOf(conditions, 'EtcdMembersAvailable');
  const others = degradedFindings(conditions);
  if (!available) {
    const why = { reason: 'absent', detail: 'condition EtcdMembersAvailable of etcds/cluster' } as const;
    return [finding('warning', 'etcd.unreadable', { why }), ...others];
  }
  const health = healthFinding(available, etcd.value, facts);
  return health.outcome === 'blocker' ? [health] : [health, ...others];
}

/**
 * `EtcdMembersAvailable` stays True without quorum: the list of members times out and nothing writes the condition. So what
 * its neighbours say decides with it, and the etcd pods where its operator cannot ask the members.
 */
function healthFinding(available: Condition, etcd: EtcdFacts, facts: EtcdSeen): Finding {
  const { conditions } = etcd;
  const said = available.message ?? '';
  if (available.status !== 'True') return finding('blocker', 'etcd.no-quorum', { message: said });
  const quorum = quorumOf(facts);
  const notAsked = conditionOf(conditions, 'EtcdMembersControllerDegraded');
  if (notAsked?.status === 'True') {
    const message = notAsked.message ?? said;
    if (!quorum) return finding('blocker', 'etcd.quorum-unknown', { message });
    const { ready, members, held } = quorum;
    return held
      ? finding('warning', 'etcd.members-not-asked', { message, ready, members })
      : finding('blocker', 'etcd.no-quorum', { message });
  }
  const down = memberDown(available, conditions);
  if (down === undefined) return finding('passed', 'etcd.available', { message: said });
  const counted = membersAvailable(down);
  const byPods = quorum !== undefined && !quorum.held;
  // With fencing the one that is left goes on alone: there its pod shows it.
  const lost = counted && quorum?.needed !== 1 ? counted.isMinority : byPods;
  return lost
    ? finding('blocker', 'etcd.no-quorum', { message: down })
    : finding('warning', 'etcd.member-down', { message: down });
}

/** With quorum the operator says `2 of 3 members are available, master-1 is unhealthy`, or sets EtcdMembersDegraded. */
function memberDown(available: Condition, conditions: readonly Condition[]): string | undefined {
  const message = available.message ?? '';
  if (isTrue(conditions, 'EtcdMembersDegraded')) {
    const said = conditionOf(conditions, 'EtcdMembersDegraded')?.message ?? message;
    // The one that counts the members says more.
    return membersAvailable(said) || !membersAvailable(message)?.isMinority ? said : message;
  }
  return membersAvailable(message) || /unhealthy|has not started/i.test(message) ? message : undefined;
}

const judgedAlready = ['EtcdMembersDegraded', 'EtcdMembersControllerDegraded'];

/** The operator has one `…Degraded` condition for each of its controllers. */
function degradedFindings(conditions: readonly Condition[]): readonly Finding[] {
  return conditions
    .filter(
      ({ type, status }) => type.endsWith('Degraded') && !judgedAlready.includes(type) && status === 'True',
    )
    .map(({ type, message }) => finding('warning', 'etcd.degraded', { message: message || type }));
}
