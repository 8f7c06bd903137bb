/** A Slack user, with the cluster user that the configuration gives them. */
export interface Person {
  readonly slackUser: string;
  readonly clusterUser: string;
}

/** What Slack says of an account: guests and strangers may neither request nor approve. */
export interface SlackProfile {
  readonly teamId: string;
  readonly deleted: boolean;
  readonly guest: boolean;
  readonly stranger: boolean;
  readonly bot: boolean;
  readonly locale: string | undefined;
  /** Enterprise Grid: every workspace that the person belongs to; absent elsewhere. */
  readonly workspaces?: readonly string[];
}

export type AccountKind = 'member' | 'guest' | 'stranger' | 'deactivated' | 'bot';

/**
 * The kind of a person's account in our workspace `teamId`. In Enterprise Grid the profile's team is the home workspace or the
 * organisation, and a colleague from there may well be a member here: the list of workspaces decides.
 */
export function accountKindOf(profile: SlackProfile, teamId: string): AccountKind {
  if (profile.deleted) return 'deactivated';
  if (profile.bot) return 'bot';
  const listed = profile.workspaces?.includes(teamId) ?? false;
  if (!listed && (profile.stranger || profile.teamId !== teamId)) return 'stranger';
  if (profile.guest) return 'guest';
  return 'member';
}

/** Two Slack accounts of one cluster user are one person. */
export function isSamePerson(a: Person, b: Person): boolean {
  return a.slackUser === b.slackUser || a.clusterUser === b.clusterUser;
}
