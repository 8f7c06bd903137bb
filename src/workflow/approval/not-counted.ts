import type { Person } from '../../domain/people/person.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { PrivateMessage } from '../../domain/run/private-message.ts';
import type { NotCounted } from '../access/authorization.ts';

/** What a person reads whose request or vote does not count. */
export function notCountedSay(
  why: NotCounted,
  { clusterUser }: Person,
  { name: cluster }: ClusterPolicy,
): PrivateMessage {
  switch (why.outcome) {
    case 'refused-person':
      return { type: 'refused-person', standing: why.accountKind };
    case 'profile-unreadable':
      return { type: 'profile-unreadable', reason: why.reason, detail: why.detail };
    case 'permission-unreadable':
      return { type: 'rights-unreadable', cluster, why: why.why };
    // Whom the configuration maps to another cluster user now is not the one who asked.
    case 'unknown-person':
    case 'not-cluster-admin':
      return { type: 'not-cluster-admin', cluster, clusterUser };
  }
}
