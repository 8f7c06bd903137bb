import type { Vote } from '../../domain/run.ts';
import type { VoteRefusal } from './card-wording.ts';

const known: readonly string[] = [
  'refused-person',
  'profile-unreadable',
  'not-cluster-admin',
  'rights-unreadable',
  'blocked-now',
] satisfies VoteRefusal[];

/** Why this vote does not count, as the record says it. */
export function refusalOf(vote: Vote): VoteRefusal {
  return vote.why !== undefined && known.includes(vote.why) ? (vote.why as VoteRefusal) : 'other';
}
