import type { CannotPost } from '../../domain/run/private-message.ts';
import type { SlackFailure } from './slack-failure.ts';

/** Why Slack refuses now what it takes once a person has changed something. */
export type RecoverableReason = Exclude<CannotPost, 'refused'> | 'messages-tab-off';

const reasons: Readonly<Record<string, RecoverableReason>> = {
  not_in_channel: 'not-in-channel',
  no_permission: 'not-in-channel',
  channel_not_found: 'channel-not-found',
  is_archived: 'archived',
  // What an edit answers in an archived channel.
  is_inactive: 'archived',
  missing_scope: 'missing-scope',
  restricted_action_thread_only_channel: 'threads-only',
  restricted_action_non_threadable_channel: 'no-threads',
  restricted_action_thread_locked: 'thread-locked',
  thread_locked: 'thread-locked',
  posting_to_channel_denied: 'posting-limited',
  channel_is_limited_access: 'posting-limited',
  ekm_access_denied: 'posting-limited',
  messages_tab_disabled: 'messages-tab-off',
};

/** Why it is refused, where a person can fix it and the same message can be posted then; undefined: it never can. */
export function recoverableReason(failure: SlackFailure): RecoverableReason | undefined {
  if (failure.kind === 'proxy-refused') return 'proxy-refused';
  if (failure.kind !== 'refused') return undefined;
  if (Object.hasOwn(reasons, failure.code)) return reasons[failure.code];
  // Admins limit who may post, in variants that Slack adds to.
  return failure.code.startsWith('restricted_action') ? 'posting-limited' : undefined;
}

/** What the log says to the bot's administrator. */
export function nextStep(why: RecoverableReason | 'refused' | undefined, botName: string): string {
  switch (why) {
    case 'not-in-channel':
    case 'channel-not-found':
      return `send /invite @${botName} in the cluster’s channel, or correct the channel’s id in the configuration`;
    case 'archived':
      return 'unarchive the channel, or configure another one';
    case 'missing-scope':
      return 'give the app the scopes of manifest.yml and reinstall it';
    case 'posting-limited':
    case 'threads-only':
    case 'no-threads':
      return 'let a channel admin allow the app to post there, in threads too, or configure another channel';
    case 'thread-locked':
      return 'let an admin unlock the thread of the card';
    case 'messages-tab-off':
      return 'switch the messages tab of the app on, as manifest.yml does';
    case 'proxy-refused':
      return 'let the proxy between the bot and Slack allow calls to slack.com and files.slack.com whatever they carry, or put the user and password that it wants into `proxy` (`doctor` says which way is taken)';
    case 'refused':
    case undefined:
      return 'what it says is in the records (`show` prints it); if this goes on, please report it with this line';
  }
}
