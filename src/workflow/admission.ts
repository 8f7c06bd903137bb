import { nearest } from '../domain/nearest.ts';
import { type Person, standingOf } from '../domain/person.ts';
import type { ClusterPolicy, PersonMapping } from '../domain/policy.ts';
import type { Asked, ClusterQuestion, NotAllowed } from './backups.ts';
import type { WorkflowDeps } from './deps.ts';
import type { Fleet, SlackPeople } from './ports.ts';

export type Admitted<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly answer: NotAllowed };

/** The person as the configuration knows them; no I/O, so it can stand before the acknowledgement. */
export function knownPerson(fleet: Fleet, asked: Asked): Admitted<PersonMapping> {
  const person = fleet.person(asked.slackUser);
  return person ? { ok: true, value: person } : { ok: false, answer: { outcome: 'unknown-person' } };
}

export function personOf(mapping: PersonMapping): Person {
  return { slackUser: mapping.slackUser, clusterUser: mapping.clusterUser };
}

/** Guests, strangers and deactivated accounts get no answer to any question: Slack is asked what the account is. */
export async function memberOnly(
  people: SlackPeople,
  slackUser: string,
  withinMs?: number,
): Promise<NotAllowed | undefined> {
  const profile = await people.profile(slackUser, withinMs);
  if (!profile.ok) return { outcome: 'profile-unreadable', ...profile.why };
  const standing = standingOf(profile.value, people.teamId);
  return standing === 'member' ? undefined : { outcome: 'refused-person', standing };
}

/** Who asks, for commands that only read: a mapped member of our workspace. */
export async function admit(deps: WorkflowDeps, asked: Asked): Promise<Admitted<PersonMapping>> {
  const person = knownPerson(deps.fleet, asked);
  if (!person.ok) return person;
  const refusal = await memberOnly(deps.people, asked.slackUser);
  return refusal ? { ok: false, answer: refusal } : person;
}

/** A decision must be on record inside 2.5 s, and writing it takes its part of that. */
const profileWithinMs = 1_200;

/**
 * Who decides, with Slack's word in time for a decision that stands before its acknowledgement. `unheard` says what
 * becomes of it when Slack has none: an account that Slack does not know is refused either way.
 */
export async function admitInTime(
  deps: WorkflowDeps,
  asked: Asked,
  unheard: 'pass' | 'refuse',
): Promise<Admitted<PersonMapping>> {
  const person = knownPerson(deps.fleet, asked);
  if (!person.ok) return person;
  const refusal = await memberOnly(deps.people, asked.slackUser, profileWithinMs);
  if (!refusal) return person;
  const isUnheard = refusal.outcome === 'profile-unreadable' && refusal.reason !== 'absent';
  return isUnheard && unheard === 'pass' ? person : { ok: false, answer: refusal };
}

export function wrongChannel(cluster: ClusterPolicy, channel: string): NotAllowed | undefined {
  const { allowedChannels } = cluster;
  if (allowedChannels.length === 0 || allowedChannels.includes(channel) || channel === cluster.channel)
    return undefined;
  return {
    outcome: 'wrong-channel',
    cluster: cluster.name,
    allowed: [...new Set([cluster.channel, ...allowedChannels])],
  };
}

/** Clusters that may be asked about in this channel. */
export function clustersHere(fleet: Fleet, channel: string): readonly ClusterPolicy[] {
  return fleet.clusters.filter((each) => wrongChannel(each, channel) === undefined);
}

/** Whether the cluster's policy names this person as one who may do without a second one. */
export function mayBreakGlass({ approval }: ClusterPolicy, slackUser: string): boolean {
  return approval.breakGlass?.people.includes(slackUser) ?? false;
}

/** The cluster that is meant: the named one, the only one, or the one whose channel this is. */
export function meantCluster(
  fleet: Fleet,
  name: string | undefined,
  channel: string,
): { readonly cluster: ClusterPolicy } | { readonly question: ClusterQuestion } {
  const known = fleet.clusters.map((each) => each.name);
  if (name !== undefined) {
    const cluster = fleet.cluster(name) ?? fleet.cluster(name.toLowerCase());
    if (cluster) return { cluster };
    return { question: { outcome: 'unknown-cluster', name, nearest: nearest(name, known), known } };
  }
  const here = fleet.clusters.filter((each) => each.channel === channel);
  const only = fleet.clusters.length === 1 ? fleet.clusters[0] : here.length === 1 ? here[0] : undefined;
  return only ? { cluster: only } : { question: { outcome: 'cluster-missing', known } };
}
