import type { DoctorParams } from '../../../../domain/doctor/doctor.ts';
import { retentionStopped } from '../../copies/en/retention.ts';
import { plural } from '../../kit/en/terms.ts';
import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';

const unfit: Readonly<Record<DoctorParams['person.unfit']['because'], string>> = {
  absent: 'Slack knows no such account',
  deactivated: 'the Slack account is deactivated',
  guest: 'is a guest in Slack, and guests decide nothing',
  stranger: 'belongs to another workspace',
  bot: 'is a bot',
};

export const cannotLook = md`nothing is known to be wrong; ask again in a minute`;

const channelOf = (cluster: string | undefined, t: Tools) =>
  cluster === undefined ? md`Channel of the weekly summary` : md`Channel of ${t.code(cluster)}`;

const whatIsPosted = (cluster: string | undefined) => (cluster === undefined ? 'no summary' : 'no card');

export const slackLines = (t: Tools) =>
  ({
    'scopes.complete': ({ count }) => ({
      looked: md`Slack scopes`,
      found: md`all granted (${count})`,
    }),

    'scopes.missing': ({ missing }) => ({
      looked: md`Slack scopes`,
      found: md`not granted: ${t.names(missing)}`,
      fix: md`In the app's settings, under “OAuth &amp; Permissions”, add ${t.names(missing)} to the bot token scopes and reinstall the app. Its token may change: put the new one into the bot's configuration.`,
    }),

    'scopes.unreadable': ({ why }) => ({
      looked: md`Slack scopes`,
      found: md`Slack did not say (${why.detail})`,
      fix: cannotLook,
    }),

    'channel.member': ({ cluster, channel }) => ({
      looked: channelOf(cluster, t),
      found: md`the bot is in ${t.channel(channel)}`,
    }),

    'channel.not-a-member': ({ cluster, channel, botName }) => ({
      looked: channelOf(cluster, t),
      found: md`the bot is not in ${t.channel(channel)}, so ${whatIsPosted(cluster)} can be posted there`,
      fix: md`In ${t.channel(channel)}, type ${t.code(`/invite @${botName}`)}`,
    }),

    'channel.not-found': ({ cluster, channel, botName }) => ({
      looked: channelOf(cluster, t),
      found: md`Slack shows the bot no channel ${t.code(channel)}: it does not exist, or it is private and the bot is not in it`,
      fix: md`If it is private, type ${t.code(`/invite @${botName}`)} in it. Otherwise correct ${t.code('channel')} in the bot's configuration.`,
    }),

    'channel.archived': ({ cluster, channel }) => ({
      looked: channelOf(cluster, t),
      found: md`${t.channel(channel)} is archived, so ${whatIsPosted(cluster)} can be posted there`,
      fix: md`Unarchive it, or name another ${t.code('channel')} in the bot's configuration.`,
    }),

    'channel.unreadable': ({ cluster, channel, why }) => ({
      looked: channelOf(cluster, t),
      found: md`Slack did not report the state of ${t.channel(channel)} (${why.detail})`,
      fix: md`If a scope is missing, add it (see above); otherwise ask again in a minute.`,
    }),

    'channel.no-commands': ({ cluster, channel, because }) => ({
      looked: md`Channel for commands about ${t.code(cluster)}`,
      found:
        because === 'archived'
          ? md`${t.channel(channel)} is archived, so nothing can be asked for there`
          : md`Slack shows the bot no channel ${t.code(channel)}: it does not exist, or it is private and the bot is not in it`,
      fix: md`If it is not used any more, take it out of ${t.code('allowedChannels')} of the cluster in the bot's configuration.`,
    }),

    'owners.none': ({ clusters }) => ({
      looked: md`Owners`,
      found: md`no owners are configured for ${t.names(clusters)}: no person gets a message when a schedule keeps failing, a drill fails or a destination is not the known place`,
      fix: md`Name people under ${t.code('owners')} of the cluster, or under ${t.code('defaults')}, in the bot's configuration.`,
    }),

    'files.on-node-only': ({ clusters }) => ({
      looked: md`Copies off the cluster`,
      found: md`none for ${t.names(clusters)}: the backups stay on a control-plane node and may be lost together with the cluster`,
      fix: md`Configure ${t.code('destinations')}, and name them under ${t.code('copies')} of the cluster.`,
    }),

    'retention.stopped': ({ cluster, runId, stop }) => ({
      looked: md`Removal of old backups of ${t.code(cluster)}`,
      found: md`stopped since ${t.time(stop.at)}, after run ${t.code(runId)}`,
      fix: retentionStopped(t)({ cluster, stop }),
    }),

    'people.mapped': ({ count }) => ({
      looked: md`People`,
      found: md`${plural(count, 'person is', 'people are')} mapped to cluster users`,
    }),

    'people.members': ({ count }) => ({
      looked: md`Approvers`,
      found: md`Slack knows ${plural(count, 'of them as a member', 'of them as members')}`,
    }),

    'person.unfit': ({ slackUser, because }) => ({
      looked: md`Approver ${t.person(slackUser)} (${t.code(slackUser)})`,
      found: md`${unfit[because]}`,
      fix: md`Replace this member id everywhere in the bot's configuration.`,
    }),

    'approver.not-mapped': ({ cluster, slackUser }) => ({
      looked: md`Approver ${t.person(slackUser)} of ${t.code(cluster)}`,
      found: md`is not under ${t.code('people')}, so the approval cannot count`,
      fix: md`Add ${t.code(slackUser)} with the cluster user under ${t.code('people')} in the bot's configuration.`,
    }),

    'people.unreadable': ({ count, why }) => ({
      looked: md`Approvers`,
      found: md`Slack did not report the state of ${plural(count, 'account', 'accounts')} (${why.detail})`,
      fix: cannotLook,
    }),

    'people.not-asked': ({ count }) => ({
      looked: md`Approvers`,
      found: md`${plural(count, 'account was', 'accounts were')} not looked at: Slack allows so many questions a minute`,
      fix: md`Name one cluster to look at its approvers alone.`,
    }),
  }) satisfies Partial<DoctorTexts>;
