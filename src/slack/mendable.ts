import type { CannotPost } from '../domain/private-say.ts';
import type { SlackTrouble } from './slack-trouble.ts';

const reasons: Readonly<Record<string, CannotPost>> = {
  not_in_channel: 'not-in-channel',
  channel_not_found: 'channel-not-found',
  is_archived: 'archived',
  missing_scope: 'missing-scope',
};

/** Why Slack refuses, where somebody can mend it and the same message can be posted then; undefined: it never can. */
export function mendable(trouble: SlackTrouble): CannotPost | undefined {
  return trouble.kind === 'refused' && Object.hasOwn(reasons, trouble.code)
    ? reasons[trouble.code]
    : undefined;
}

/** What the log says to whoever runs the bot. */
export function nextStep(why: CannotPost | undefined, botName: string): string {
  switch (why) {
    case 'not-in-channel':
    case 'channel-not-found':
      return `send /invite @${botName} in the cluster’s channel, or correct the channel’s id in the configuration`;
    case 'archived':
      return 'unarchive the channel, or configure another one';
    case 'missing-scope':
      return 'give the app the scopes of manifest.yml and reinstall it';
    case undefined:
      return 'what it says is in the records (`show` prints it); if this goes on, please report it with this line';
  }
}
