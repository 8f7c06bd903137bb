import { type Reading, unknown } from '../../domain/cluster/reading.ts';
import { accountKindOf, type Person } from '../../domain/people/person.ts';
import {
  type ClusterPolicy,
  isOwner,
  type PermittedAct,
  type PersonMapping,
  permissionOf,
} from '../../domain/policy/policy.ts';
import { withDeadline } from '../ports/deadline.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { Clock } from '../ports/ports.ts';
import { meantCluster, wrongChannel } from './asked-cluster.ts';
import type { Asked, ClusterQuestion, NoRestoreRight, NotAllowed } from './backups.ts';

/** What an act takes, besides a cluster user that the configuration gives the person. */
interface Requirement {
  /** When Slack is asked whether the account is a member's: now, within the acknowledgement's deadline, or later by a worker. */
  readonly member: 'now' | 'in-time' | 'later';
  /** When Slack does not answer in time; an account that it does not know is refused either way. Absent: refuse. */
  readonly onProfileUnreadable?: 'pass';
  /** Who of the members: cluster-admins, or those whom the cluster's policy permits this. Absent: all. */
  readonly by?: 'cluster-admin' | PermittedAct;
  /** It begins something: not on a cluster that is being removed. */
  readonly begins?: true;
  /** Those who may break the glass need not be cluster-admins, and the cluster, which may be down, is not asked about them. */
  readonly orBreakGlass?: true;
}

const requirements = {
  read: { member: 'now' },
  /** Only put on record; whether the request or vote counts is decided under `backUp`. */
  request: { member: 'later', begins: true },
  vote: { member: 'later' },
  /** Requester and voters: when a worker reviews the request or vote, and again right before the start. */
  backUp: { member: 'now', by: 'cluster-admin' },
  // Running nothing is the safe direction, and a snoozed reminder comes back.
  cancel: { member: 'in-time', onProfileUnreadable: 'pass' },
  snooze: { member: 'in-time', onProfileUnreadable: 'pass' },
  pause: { member: 'in-time' },
  /** The cluster that could say who is cluster-admin is down. */
  restoreRoom: { member: 'in-time' },
  endReminder: { member: 'in-time', by: 'endReminder' },
  verify: { member: 'now', by: 'verify' },
  startDrill: { member: 'now', by: 'startDrill', begins: true },
  /** A destination has owners of its own: `adoptDestination` checks them. */
  adopt: { member: 'now' },
  /** To say that a cluster was restored, or to take that back: its API may be half up. */
  declareRestore: { member: 'now', by: 'cluster-admin', orBreakGlass: true },
} as const satisfies Readonly<Record<string, Requirement>>;

export type Act = keyof typeof requirements;
/** Those whose refusals every command knows. */
export type PlainAct = Exclude<Act, 'backUp' | 'declareRestore'>;

/** Why a request or a vote does not count. */
export type NotCounted =
  | Exclude<NotAllowed, { outcome: 'wrong-channel' | 'not-permitted' | 'being-removed' }>
  | { readonly outcome: 'not-cluster-admin' };

export type Authorization<Refusal = NotAllowed, About = unknown> =
  | ({ readonly ok: true; readonly person: PersonMapping } & About)
  | { readonly ok: false; readonly answer: Refusal };

type Deps = Pick<WorkflowDeps, 'fleet' | 'people' | 'clusters' | 'clock'>;

/**
 * The one gate: who may do what. The configuration must map the person (to the cluster user on record, where they acted
 * earlier), Slack must call them a member, the channel must be one of the cluster's, and the cluster or its policy must
 * permit it. The first refusal in this order is the answer.
 */
export function mayAct(
  deps: Deps,
  act: 'backUp',
  who: Person,
  cluster: ClusterPolicy,
): Promise<Authorization<NotCounted>>;
export function mayAct(
  deps: Deps,
  act: PlainAct,
  who: Asked,
  cluster?: ClusterPolicy,
): Promise<Authorization>;
export function mayAct(
  deps: Deps,
  act: Exclude<Act, 'backUp'>,
  who: Asked,
  cluster: ClusterPolicy,
): Promise<Authorization<NotAllowed | NoRestoreRight>>;
export async function mayAct(
  deps: Deps,
  act: Act,
  who: { readonly slackUser: string; readonly clusterUser?: string; readonly channel?: string },
  cluster?: ClusterPolicy,
): Promise<Authorization<NotAllowed | NotCounted | NoRestoreRight>> {
  const required: Requirement = requirements[act];
  const person = deps.fleet.person(who.slackUser);
  if (!person || (who.clusterUser ?? person.clusterUser) !== person.clusterUser)
    return { ok: false, answer: { outcome: 'unknown-person' } };
  const elsewhere = cluster && who.channel !== undefined ? wrongChannel(cluster, who.channel) : undefined;
  const [account, permission] = await Promise.all([
    refusedAccount(deps, required, person),
    elsewhere || !cluster ? undefined : refusedByCluster(deps, required, person, cluster),
  ]);
  const answer = account ?? elsewhere ?? (required.begins && cluster && beingRemoved(cluster)) ?? permission;
  return answer ? { ok: false, answer } : { ok: true, person };
}

/** The same for what names a cluster, or means one. */
export async function mayActOn(
  deps: Deps,
  act: PlainAct,
  asked: Asked,
  name: string | undefined,
): Promise<Authorization<NotAllowed | ClusterQuestion, { readonly cluster: ClusterPolicy }>> {
  const meant = meantCluster(deps.fleet, name, asked.channel);
  const access = await mayAct(deps, act, asked, 'cluster' in meant ? meant.cluster : undefined);
  if (!access.ok) return access;
  return 'cluster' in meant ? { ...access, ...meant } : { ok: false, answer: meant.question };
}

/** A decision must be on record inside 2.5 s, and writing it takes its part of that. */
const profileWithinMs = 1_200;

/** Guests, strangers and deactivated accounts get no answer to any question. */
async function refusedAccount(
  { people }: Deps,
  { member, onProfileUnreadable }: Requirement,
  { slackUser }: PersonMapping,
): Promise<Extract<NotAllowed, { outcome: 'refused-person' | 'profile-unreadable' }> | undefined> {
  if (member === 'later') return undefined;
  const profile = await people.profile(slackUser, member === 'in-time' ? profileWithinMs : undefined);
  if (!profile.ok) {
    const passes = onProfileUnreadable === 'pass' && profile.why.reason !== 'absent';
    return passes ? undefined : { outcome: 'profile-unreadable', ...profile.why };
  }
  const accountKind = accountKindOf(profile.value, people.teamId);
  return accountKind === 'member' ? undefined : { outcome: 'refused-person', accountKind };
}

/** A dismissal must be on record before Slack stops waiting: the cluster's word is not waited for longer. */
const clusterWithinMs = 1_000;

/** What the cluster's policy governs, its owners may always do. */
async function refusedByCluster(
  { clusters, clock }: Deps,
  { by, orBreakGlass }: Requirement,
  person: PersonMapping,
  cluster: ClusterPolicy,
): Promise<NotAllowed | NotCounted | NoRestoreRight | undefined> {
  if (by === undefined || (orBreakGlass && mayBreakGlass(cluster, person.slackUser))) return undefined;
  const permitted =
    by !== 'cluster-admin' && (permissionOf(cluster, by) === 'member' || isOwner(cluster, person));
  if (permitted) return undefined;
  const { name } = cluster;
  const { clusterUser } = person;
  const asking = clusters.clusterAdmin(cluster, person);
  const admin = by === 'cluster-admin' ? await asking : await withinDeadline(clock, asking);
  const breakGlass = cluster.approval.breakGlass?.people ?? [];
  if (!admin.ok) {
    if (orBreakGlass)
      return { outcome: 'restore-right-unreadable', cluster: name, why: admin.why, breakGlass };
    return { outcome: 'permission-unreadable', cluster: name, why: admin.why };
  }
  if (admin.value) return undefined;
  if (orBreakGlass) return { outcome: 'no-restore-right', cluster: name, clusterUser, breakGlass };
  if (by === 'cluster-admin') return { outcome: 'not-cluster-admin' };
  return { outcome: 'not-permitted', cluster: name, clusterUser, act: by };
}

async function withinDeadline(clock: Clock, asking: Promise<Reading<boolean>>): Promise<Reading<boolean>> {
  const answer = await withDeadline(clock, clusterWithinMs, asking);
  return answer.inTime ? answer.value : unknown('timeout', `no answer within ${clusterWithinMs / 1_000} s`);
}

/** The answer to what would begin something on a cluster that left the configuration; undefined: it may. */
export function beingRemoved({
  leaving,
  name: cluster,
}: ClusterPolicy): Extract<NotAllowed, { outcome: 'being-removed' }> | undefined {
  return leaving ? { outcome: 'being-removed', cluster } : undefined;
}

export function personOf(mapping: PersonMapping): Person {
  return { slackUser: mapping.slackUser, clusterUser: mapping.clusterUser };
}

/** Whether the cluster's policy names this person as one who may do without a second one. */
export function mayBreakGlass({ approval }: ClusterPolicy, slackUser: string): boolean {
  return approval.breakGlass?.people.includes(slackUser) ?? false;
}
