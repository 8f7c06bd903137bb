import type { PrivateMessage } from '../../../domain/run/private-message.ts';

/** Why a vote does not count; `other`: not said, or a value of another release. */
export type VoteRefusal =
  | Extract<
      PrivateMessage['type'],
      'refused-person' | 'profile-unreadable' | 'not-cluster-admin' | 'rights-unreadable' | 'blocked-now'
    >
  | 'other';

const known: readonly string[] = [
  'refused-person',
  'profile-unreadable',
  'not-cluster-admin',
  'rights-unreadable',
  'blocked-now',
] satisfies VoteRefusal[];

/** Why this vote does not count, as the record says it. */
export function refusalOf(vote: { readonly why?: string | undefined }): VoteRefusal {
  return vote.why !== undefined && known.includes(vote.why) ? (vote.why as VoteRefusal) : 'other';
}
