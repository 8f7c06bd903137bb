import { restoredCommand } from '../../../../domain/copies/restore-mark.ts';
import type { OwnerMessage } from '../../../../domain/watch/cluster-notice.ts';
import { join, type Markup, md } from '../../kit/markup.ts';
import type { Links } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';

/** One mistake of a configuration file. */
type ConfigPlace = Extract<OwnerMessage, { type: 'config-mistaken' }>['mistakes'][number];

export const owners = (t: Tools) => ({
  escalation: (p: { cluster: string; failures: number; mentions: readonly Markup[] }) => {
    const whom = p.mentions.length === 0 ? '' : md`${join(p.mentions, ' ')} `;
    return md`🚨 ${whom}*Scheduled backups of ${p.cluster} keep failing:* ${p.failures} in a row produced no verified backup. This does not resolve itself and needs attention.`;
  },
  /** How often the run was repeated until its window closed. */
  retried: (count: number) =>
    count === 1
      ? md`The bot tried once more within the run's window, without success.`
      : md`The bot tried ${count} more times within the run's window, without success.`,
  failedTitle: ({ cluster, failures }: { cluster: string; failures: number }) =>
    failures > 1
      ? md`❌ *The scheduled backup of ${cluster} produced no verified backup*, ${failures} times in a row now.`
      : md`❌ *The scheduled backup of ${cluster} produced no verified backup.*`,
  lastRun: ({ runId, status }: { runId: string; status: Markup | undefined }, links: Links) =>
    status === undefined
      ? md`The newest one is run ${t.code(runId)}.`
      : md`The newest one is run ${t.code(runId)} (${links.card(md`its card`)}): ${status}`,
  reason: (failed: Markup) => md`*Why:* ${failed}`,
  fix: (next: Markup) => md`*What to do:* ${next}`,
  byHand: ({ cluster, runId }: { cluster: string; runId: string }) =>
    md`All about it: ${t.command(`show ${runId}`)} · when it is fixed, do not wait for the schedule: ${t.command(`run ${cluster}`)}`,
  nextTry: (at: number | undefined) =>
    at === undefined ? md`The schedule has no next time.` : md`The schedule tries next ${t.moment(at)}.`,
  channelLost: ({
    cluster,
    say,
  }: {
    cluster: string;
    say: Extract<OwnerMessage, { type: 'channel-lost' }>;
  }) => {
    const invite = t.code(`/invite @${say.botName}`);
    const what = {
      'not-in-channel': md`⚠️ The bot is not in ${t.channel(say.channel)}, so what it has to say about ${t.code(cluster)} is not posted there: reminders and alarms, for example. Send ${invite} in that channel.`,
      'channel-not-found': md`⚠️ What the bot has to say about ${t.code(cluster)} is not posted, reminders and alarms for example: for the bot there is no channel ${t.code(say.channel)} (${t.channel(say.channel)}). If that is a private channel, send ${invite} in it; if not, the channel's id in the configuration is wrong.`,
      archived: md`⚠️ ${t.channel(say.channel)} is archived, so what the bot has to say about ${t.code(cluster)} is not posted there: reminders and alarms, for example. Unarchive it and send ${invite} there, or have another channel configured for this cluster.`,
      'missing-scope': md`⚠️ The bot cannot say anything about ${t.code(cluster)} in ${t.channel(say.channel)}, no reminder and no alarm: the Slack app lacks a scope. Reinstall it with the scopes of manifest.yml; ${t.command('doctor')} names the one that is missing.`,
      'posting-limited': md`⚠️ Admins limit who may post in ${t.channel(say.channel)}, so what the bot has to say about ${t.code(cluster)} is not posted there: reminders and alarms, for example. Ask them to let the app ${t.code(`@${say.botName}`)} post there, or have another channel configured for this cluster.`,
      'threads-only': md`⚠️ In ${t.channel(say.channel)} only replies in threads may be posted, so the bot cannot post new cards, reminders and alarms about ${t.code(cluster)} there. Ask the channel's admins to lift that limit, or have another channel configured for this cluster.`,
      'no-threads': md`⚠️ ${t.channel(say.channel)} takes no replies in threads, so what belongs under the bot's cards and reminders about ${t.code(cluster)} cannot be posted: logs, reports and repeated reminders. Ask the channel's admins to allow threads.`,
      'thread-locked': md`⚠️ A thread under a message of the bot about ${t.code(cluster)} in ${t.channel(say.channel)} is locked, so nothing can be posted there. Ask an admin to unlock it.`,
      'proxy-refused': md`⚠️ A proxy between the bot and Slack does not let through what the bot has to post about ${t.code(cluster)} in ${t.channel(say.channel)}. Please tell the administrator of this bot: the proxy has to allow calls to slack.com and files.slack.com whatever they carry.`,
      refused: md`⚠️ Slack did not take a message about ${t.code(cluster)} for ${t.channel(say.channel)}${say.code === undefined ? '' : md` (${t.code(say.code)})`}. What the channel shows about it may be out of date, or missing. Please tell the administrator of this bot; its log says more.`,
    }[say.why];
    if (say.why === 'refused')
      return [what, md`The cluster is watched all the same: ${t.command('')} shows its state.`];
    return [
      what,
      md`Each message waits for a day and comes as soon as this is fixed. You are notified once, and again if it happens after it worked in between. The cluster is watched all the same: ${t.command('')} shows its state.`,
    ];
  },
  restoreRoom: ({
    cluster,
    say,
  }: {
    cluster: string;
    say: Extract<OwnerMessage, { type: 'restore-room' }>;
  }) => {
    const who = say.by ? t.person(say.by.slackUser) : t.terms.bot;
    const run = t.code(say.runId);
    return {
      opened: md`🛟 *${who} has opened a restore room for ${cluster}:* it is to be restored to ${say.zStream} from the backup of run ${run}. The room is a thread in the cluster's channel; the cluster is paused meanwhile.`,
      stopped: md`⏹️ *${who} has closed the restore room of ${cluster}* (backup of run ${run}). What was done is in its thread, and in ${t.command(`audit ${say.runId}`)}`,
      finished: md`🏁 *The restore of ${cluster} from the backup of run ${run} is finished:* people have settled every step, and all that the bot checks itself is well. If it is not on record yet that it was restored: ${t.command(restoredCommand(cluster, say.runId))}. Then take a new backup: ${t.command(`run ${cluster}`)}`,
    }[say.what];
  },
  configMistaken: ({ count }: Extract<OwnerMessage, { type: 'config-mistaken' }>) =>
    md`⚠️ *The bot's configuration has ${count === 1 ? md`a mistake` : md`${t.number(count)} mistakes`} and was not taken over.* The bot goes on with the one before it; no change in any of its files takes effect until this is fixed. A bot that is restarted now does not start.`,
  configFile: ({ file, line, text }: ConfigPlace) =>
    line === undefined
      ? md`• ${t.path(file)}: ${text}`
      : md`• ${t.path(file)}, line ${t.number(line)}: ${text}`,
  configMore: (count: number) => md`and ${t.number(count)} more, in the bot's log.`,
  configNext: () =>
    md`*Next:* correct the file; the bot reads it by itself. ${t.code('npm run check-config -- FILE')} checks it beforehand.`,
  configCorrect: () =>
    md`✅ *The bot's configuration has no mistake any more.* What its files say is in force, or takes effect when what is under way has ended: ${t.command('doctor')}`,
  clusterLeft: ({ cluster }: { cluster: string }) =>
    md`⚠️ *${cluster} is no longer backed up by this bot:* its configuration names the cluster no more. Scheduled backups, reminders and checks have ended; backups and records stay.`,
  clusterBack: () =>
    md`*If that is a mistake:* put the cluster back into the configuration. The bot reads it by itself and goes on with its records.`,
  youOwnClusters: () => md`You are notified because you are an owner of a cluster that this bot backs up.`,
  credentialsEnd: ({
    cluster,
    say: { endsAt, days },
  }: {
    cluster: string;
    say: Extract<OwnerMessage, { type: 'credentials-end' }>;
  }) =>
    days === 0
      ? md`🔑 *The bot's credentials for ${cluster} ended on ${t.moment(endsAt)}.* It cannot see the cluster any more, and no backup can be taken.`
      : md`🔑 *The bot's credentials for ${cluster} end on ${t.moment(endsAt)}.* From then on it cannot see the cluster, and no backup can be taken.`,
  credentialsRefused: ({
    cluster,
    say,
  }: {
    cluster: string;
    say: Extract<OwnerMessage, { type: 'credentials-refused' }>;
  }) =>
    md`🔑 *${cluster} has refused the bot's credentials since ${t.moment(say.since)} (HTTP 401).* The service account or its token may have been removed. No backup can be taken.`,
  renewCredentials: ({ cluster }: { cluster: string }) =>
    md`*What to do:* as an administrator of that cluster, make new ones: ${t.code(`npm run enroll -- --context … --name ${cluster} --renew`)}. Then put the kubeconfig where the bot reads it; it takes effect without a restart. ${t.command(`doctor ${cluster}`)} shows whether it did.`,
  /** Why this person is notified. */
  youAreOwner: () => md`You are notified because you are an owner of this cluster's backups.`,
});
