import type { MessagePlace } from '../people/message-place.ts';
import { isSamePerson, type Person } from '../people/person.ts';
import { type ClusterPolicy, isOwner } from './policy.ts';

/**
 * A cluster that is switched off or being rebuilt, as its owners said: no reminder, no alarm, no scheduled run until it
 * ends. One message shows it, from the request on. Times are ms UTC.
 */
export interface Pause {
  /** `cluster/pause@time` */
  readonly id: string;
  readonly openedAt: number;
  readonly by: Person;
  readonly reason: string;
  readonly until: number;
  /** Since when it holds; undefined: a second person is still to approve it. */
  readonly since: number | undefined;
  /** The second person; undefined: an owner needs none. */
  readonly approvedBy: Person | undefined;
  /** When an unanswered request ends. */
  readonly expiresAt: number | undefined;
  /** A user who may not do so alone asks to end it sooner; a second person decides. */
  readonly resumeAsked: { readonly by: Person; readonly at: number } | undefined;
  readonly end: PauseEnd | undefined;
  readonly message: MessagePlace | undefined;
}

export type PauseEnd =
  /** Its time was over. */
  | { readonly kind: 'ended'; readonly at: number }
  | {
      readonly kind: 'resumed';
      readonly at: number;
      readonly by: Person;
      readonly approvedBy: Person | undefined;
      /** The second person's; absent: none was given. */
      readonly reason?: string | undefined;
    }
  /** Another one took its place: a new time, a new reason. */
  | { readonly kind: 'replaced'; readonly at: number }
  | {
      readonly kind: 'refused';
      readonly at: number;
      readonly by: Person;
      /** Absent: none was given. */
      readonly reason?: string | undefined;
    }
  /** It was not approved in time. */
  | { readonly kind: 'expired'; readonly at: number };

/** Longer is no pause: then the cluster should leave the configuration. */
export const longestPauseMs = 30 * 86_400_000;

/** Of those that are over, older ones than this many live on in the events. */
const overKept = 3;

/** A cluster's watch, as far as it is about pauses. */
interface Paused {
  readonly pauses?: readonly Pause[];
}

/** The newest one that has not ended: asked for, or in force. */
export function openPause(watch: Paused | undefined): Pause | undefined {
  return watch?.pauses?.find(({ end }) => end === undefined);
}

/** The one that is in force now. */
export function activePause(watch: Paused | undefined, now: number): ActivePause | undefined {
  const pause = heldPause(watch);
  return pause && pause.until > now ? pause : undefined;
}

/** The one that no decision has ended yet, whatever the clock says. */
export function heldPause(watch: Paused | undefined): ActivePause | undefined {
  const pause = watch?.pauses?.find(({ since, end }) => since !== undefined && end === undefined);
  return pause as ActivePause | undefined;
}

/** When a request that waits for a second person expires without approval. */
export function requestEndsAt({ expiresAt, until }: Pause): number {
  return Math.min(expiresAt ?? until, until);
}

export type ActivePause = Pause & { readonly since: number };

/** In the place of the one with the same id, or as the newest. */
export function withPause<Watch extends Paused>(watch: Watch, pause: Pause): Watch {
  const pauses = watch.pauses ?? [];
  const known = pauses.some(({ id }) => id === pause.id);
  return {
    ...watch,
    pauses: known ? pauses.map((each) => (each.id === pause.id ? pause : each)) : [pause, ...kept(pauses)],
  };
}

/** One that is in force stays, however many requests come after it: it holds until it is ended. */
function kept(pauses: readonly Pause[]): readonly Pause[] {
  const newest = pauses.filter(({ end }) => end !== undefined).slice(0, overKept);
  return pauses.filter((pause) => pause.end === undefined || newest.includes(pause));
}

/** Why this person may not be the second one; the cluster itself cannot be asked: it may be switched off. */
export function approvalProblem(
  policy: Pick<ClusterPolicy, 'owners' | 'approval'>,
  asker: Person,
  person: Person,
): 'own-request' | 'not-an-approver' | undefined {
  if (isSamePerson(asker, person)) return 'own-request';
  const { approvers } = policy.approval;
  const may = approvers.length === 0 || approvers.includes(person.slackUser) || isOwner(policy, person);
  return may ? undefined : 'not-an-approver';
}

/** Slack ids of those who may be the second person; empty: everybody who is mapped. */
export function pauseApprovers({
  owners,
  approval,
}: Pick<ClusterPolicy, 'owners' | 'approval'>): readonly string[] {
  return approval.approvers.length === 0 ? [] : [...new Set([...approval.approvers, ...owners])];
}

/** Who may end a pause without a second person: the owners, and those who decided on it. */
export function mayResume(
  policy: Pick<ClusterPolicy, 'owners'>,
  { by, approvedBy }: Pause,
  person: Person,
): boolean {
  if (isOwner(policy, person) || isSamePerson(by, person)) return true;
  return approvedBy !== undefined && isSamePerson(approvedBy, person);
}
