/** Somebody in Slack, with the cluster user that the configuration gives them. */
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
}

export type Standing = 'member' | 'guest' | 'stranger' | 'deactivated' | 'bot';

/** A person's standing in our workspace `teamId`. */
export function standingOf(profile: SlackProfile, teamId: string): Standing {
  if (profile.deleted) return 'deactivated';
  if (profile.bot) return 'bot';
  if (profile.stranger || profile.teamId !== teamId) return 'stranger';
  if (profile.guest) return 'guest';
  return 'member';
}
