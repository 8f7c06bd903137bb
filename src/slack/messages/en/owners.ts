import { join, md } from '../markup.ts';
import type { OwnersWording } from '../owners-wording.ts';

export const owners: OwnersWording = {
  escalation: ({ cluster, failures, mentions }) => {
    const whom = mentions.length === 0 ? '' : md`${join(mentions, ' ')} `;
    return md`🚨 ${whom}*Scheduled backups of ${cluster} keep failing:* ${failures} in a row brought no proven backup. This does not mend itself; somebody has to look.`;
  },
  failedTitle: ({ cluster, failures }) =>
    failures > 1
      ? md`❌ *The scheduled backup of ${cluster} brought no proven backup*, ${failures} times in a row now.`
      : md`❌ *The scheduled backup of ${cluster} brought no proven backup.*`,
  lastRun: ({ runId, status }, t, links) =>
    status === undefined
      ? md`The newest one is run ${t.code(runId)}.`
      : md`The newest one is run ${t.code(runId)} (${links.card(md`its card`)}): ${status}`,
  reason: (failed) => md`*Why:* ${failed}`,
  mend: (next) => md`*What to do:* ${next}`,
  byHand: ({ cluster, runId }, t) =>
    md`All about it: ${t.command(`show ${runId}`)} · when it is mended, do not wait for the schedule: ${t.command(`run ${cluster}`)}`,
  nextTry: (at, t) =>
    at === undefined ? md`The schedule has no next time.` : md`The schedule tries next ${t.moment(at)}.`,
  channelLost: ({ cluster, say }, t) => {
    const invite = t.code(`/invite @${say.botName}`);
    const what = {
      'not-in-channel': md`⚠️ The bot is not in ${t.channel(say.channel)}, so nobody there reads what it has to say about ${t.code(cluster)}: reminders and alarms, for example. Send ${invite} in that channel.`,
      'channel-not-found': md`⚠️ Nobody reads what the bot has to say about ${t.code(cluster)}, reminders and alarms for example: for it there is no channel ${t.code(say.channel)} (${t.channel(say.channel)}). If that is a private channel, send ${invite} in it; if not, the channel's id in the configuration is wrong.`,
      archived: md`⚠️ ${t.channel(say.channel)} is archived, so nobody there reads what the bot has to say about ${t.code(cluster)}: reminders and alarms, for example. Unarchive it and send ${invite} there, or have another channel configured for this cluster.`,
      'missing-scope': md`⚠️ The bot cannot say anything about ${t.code(cluster)} in ${t.channel(say.channel)}, no reminder and no alarm: the Slack app lacks a scope. Reinstall it with the scopes of manifest.yml; ${t.command('doctor')} names the one that is missing.`,
    }[say.why];
    return [
      what,
      md`Each message waits for a day and comes as soon as this is mended. You are told this once. The cluster is watched all the same: ${t.command('')} shows how it stands.`,
    ];
  },
  youAreOwner: () => md`You are told because you are an owner of this cluster's backups.`,
};
