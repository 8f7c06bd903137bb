import type { PrivateMessage } from '../../../../domain/run/private-message.ts';
import type { BackupRun } from '../../../../domain/run/run.ts';
import type { CancelAnswer, RequestAnswer, VoteAnswer } from '../../../../workflow/access/backups.ts';
import type { CommandProblem } from '../../../command-problem.ts';
import { copies } from '../../copies/en/copies.ts';
import { retentionStopped } from '../../copies/en/retention.ts';
import { profileUnreadable, refusedAccount } from '../../kit/en/refusals.ts';
import { plural } from '../../kit/en/terms.ts';
import { lines, type Markup, md } from '../../kit/markup.ts';
import type { Links, Refused, Says, TextsBy } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';
import { reasonLines } from '../../preflight/findings.ts';
import { commandsOnEndedRuns } from '../commands-on-ended-runs.ts';

/** Those who may cancel, as `cancel` itself decides it; rejecting is possible only while the run waits for approval. */
function mayNotCancel({ id, origin, requester, plan, emergency, status }: BackupRun, t: Tools): Markup {
  const asker =
    origin.kind === 'schedule'
      ? md`the cluster's owners`
      : md`${t.person(requester.slackUser)}, who asked for it`;
  const others = [
    ...(emergency === undefined ? [] : [md`the owners whom the policy names for emergencies`]),
    ...(plan && plan.approvers.length > 0 ? [md`the approvers ${t.people(plan.approvers)}`] : []),
  ];
  const who = others.length === 0 ? md`Only ${asker}` : md`Only ${asker}, or ${t.list(others)}`;
  const reject =
    status === 'waiting'
      ? md` A cluster-admin who may approve it can reject it: ${t.command(`reject ${id}`)}`
      : '';
  return md`You cannot cancel ${t.code(id)}. ${who} can.${reject}`;
}

export const answers = (t: Tools) => ({
  request: {
    recorded: (answer, links) => {
      const { id, cluster, emergency } = answer.run;
      const said = md`Your request ${t.code(id)} for ${t.code(cluster)} is on record. Your rights and the cluster are being checked; if nothing is in the way, ${links.card(md`its card`)} comes in ${t.channel(answer.cardChannel)} in a moment.`;
      return emergency === undefined
        ? said
        : md`🚨 ${said} Then it starts without an approval, and the owners are notified at once.`;
    },
    duplicate: () => md`This request was on record already; nothing was done twice.`,
    busy: (answer, links) =>
      md`A backup of ${t.code(answer.run.cluster)} is under way already (run ${t.code(answer.run.id)}, ${t.terms.status[answer.run.status]}), and only one can be at a time. Follow it on ${links.card(md`its card`)}, or ask again when it is over.`,
    'bad-node': (answer) =>
      md`${t.code(answer.node)} cannot be the name of a node: names have small letters, digits, dots and hyphens. Leave it out and the bot chooses a node.`,
    'reason-too-long': (answer) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Shorten it and ask again; nothing was done.`,
    'no-emergency-right': (answer) => {
      const who =
        answer.people.length === 0
          ? md`the cluster's policy permits no one to do so`
          : md`only ${t.people(answer.people)} may, by the cluster's policy`;
      return md`You may not back up ${t.code(answer.cluster)} without an approval: ${who}. Nothing was done. Ask in the ordinary way: ${t.command(`run ${answer.cluster} reason="…"`)}`;
    },
  } satisfies Says<RequestAnswer, Refused['outcome']>,
  vote: {
    received: (answer) =>
      md`Your decision on ${t.code(answer.run.id)} is on record. Your rights on ${t.code(answer.run.cluster)} are being checked; the result comes in a moment.`,
    duplicate: () => md`This decision was on record already; nothing was done twice.`,
    'not-waiting': (answer) =>
      md`Too late: run ${t.code(answer.run.id)} is ${t.terms.status[answer.run.status]} and no longer waits for a decision. Yours changed nothing.`,
    expired: (answer) =>
      md`The request ${t.code(answer.run.id)} has expired: nothing was run. Ask again with ${t.command(`run ${answer.run.cluster}`)}`,
    'not-an-approver': (answer) =>
      md`You are not among the approvers of ${t.code(answer.run.cluster)}. Ask one of ${t.people(answer.approvers)}.`,
    'own-request': (answer) =>
      md`This is your own request, so a second person has to decide on ${t.code(answer.run.id)}. To take it back: ${t.command(`cancel ${answer.run.id}`)}`,
    'voted-already': (answer) =>
      md`You have decided on ${t.code(answer.run.id)} already, and everybody counts once. Another user has to decide now.`,
    'old-plan': (answer, links) =>
      md`Your decision does not count: the plan of ${t.code(answer.run.id)} has changed since the card that you saw was drawn. Look at ${links.card(md`the card`)} again, then decide.`,
    'not-this-card': (answer, links) =>
      md`Nothing was done: this button is not on the current card of ${t.code(answer.run.id)}. Decide on ${links.card(md`its card`)}, or by text: ${t.command(`approve ${answer.run.id}`)}`,
    'reason-too-long': (answer) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Shorten it and decide again; nothing was changed.`,
  } satisfies Says<VoteAnswer, Refused['outcome']>,
  cancel: {
    cancelled: (answer) => md`The request ${t.code(answer.run.id)} is cancelled. Nothing was run.`,
    duplicate: () => t.terms.onRecordAlready,
    over: (answer) =>
      md`There is nothing to cancel: run ${t.code(answer.run.id)} is over (${t.terms.status[answer.run.status]}).`,
    running: (answer) =>
      md`Run ${t.code(answer.run.id)} works on the node already and cannot be cancelled safely any more. Wait for its end; it takes minutes.`,
    'not-yours': (answer) => mayNotCancel(answer.run, t),
  } satisfies Says<CancelAnswer, Refused['outcome']>,
  audit: {
    whole: (p: { runId: string; lines: number; lastHash: string }) =>
      md`✅ The record of ${t.code(p.runId)} is whole: ${t.number(p.lines)} lines, each with the hash of the line before it. The last hash is ${t.code(p.lastHash)}. The file is in your direct messages with the bot.`,
    broken: (p: { runId: string; line: number }) =>
      md`⛔ The record of ${t.code(p.runId)} was changed after it was written: line ${t.number(p.line)} does not match its hash. Trust the lines before it, and the thread in Slack. Keep a copy of the bot's database now and tell your security team. The file is in your direct messages with the bot.`,
    cutOff: (p: { runId: string }) =>
      md`⛔ The record of ${t.code(p.runId)} does not contain the end that the run is said to have had: lines were cut off, or the run's row was changed. Compare it with the thread in Slack. Keep a copy of the bot's database now and tell your security team. The file is in your direct messages with the bot.`,
    /** The file could not be delivered to the person. */
    notDelivered: (p: { runId: string; why: string }) =>
      md`The record of ${t.code(p.runId)} could not be sent to you as a file: ${p.why}. The record itself is safe. ${t.command('doctor')} says whether the app lacks a right.`,
  },
  say: {
    'refused-person': (say) => refusedAccount[say.standing],
    'profile-unreadable': profileUnreadable,
    'not-cluster-admin': (say) =>
      md`Your cluster user ${t.code(say.clusterUser)} is not cluster-admin on ${t.code(say.cluster)}, so this does not count and nothing was run. Ask a cluster-admin to do it.`,
    'rights-unreadable': (say) =>
      md`Your rights on ${t.code(say.cluster)} could not be read: ${t.why(say.why)}. Nothing was run. ${t.remedy(say.why, md`Let the bot create SubjectAccessReviews, then do it again.`)}`,
    'request-on-card': (say, links) =>
      md`Your request ${t.code(say.runId)} for ${t.code(say.cluster)} is now on ${links.card(md`its card`)} in the cluster's channel.`,
    'vote-counted': (say) => {
      if (say.decision === 'reject')
        return md`Your rejection of ${t.code(say.runId)} counts. Nothing was run.`;
      return say.missing > 0
        ? md`Your approval of ${t.code(say.runId)} counts. ${plural(say.missing, 'more approval is', 'more approvals are')} needed.`
        : md`Your approval of ${t.code(say.runId)} counts. The run starts now.`;
    },
    'vote-too-late': (say) =>
      md`Your decision on ${t.code(say.runId)} came too late: the run is ${t.terms.status[say.status]}. It changed nothing.`,
    'vote-void': (say, links) => {
      const what =
        say.changes.length === 0
          ? md`The plan changed after you approved ${t.code(say.runId)}.`
          : md`The plan changed after you approved ${t.code(say.runId)}: ${t.planChanges(say.changes)}.`;
      return md`⚠️ ${what} Your approval does not count any more, and nothing was run. ${links.card(md`The card`)} shows the new plan: look at it and decide again.`;
    },
    'blocked-now': (say, links) =>
      lines(
        md`⛔ Your approval of ${t.code(say.runId)} does not count, because no backup can run just now. Nothing was run, and the request goes on waiting: approve it again on ${links.card(md`its card`)} when this is settled.`,
        ...reasonLines(say.findings, t),
      ),
    'emergency-started': (say, links) =>
      lines(
        md`🚨 *Emergency backup of ${say.cluster}*: ${t.person(say.by.slackUser)} (cluster user ${t.code(say.by.clusterUser)}) is starting run ${t.code(say.runId)}, and no second person was asked. The reason given: ${t.quote(say.emergency)}`,
        md`You are notified because you are an owner of this cluster. If it is right, there is nothing to do: ${links.card(md`its card`)} in the cluster's channel shows how it goes.`,
        md`If it is not right, talk to ${t.person(say.by.slackUser)} now. Until the run starts on the node, they, an owner or an approver whom the policy names can stop it with ${t.command(`cancel ${say.runId}`)}. After that it ends by itself; a backup changes nothing in the cluster.`,
      ),
    'drill-failed': (say, links) =>
      lines(
        copies(t).drill(say.drill),
        md`This is about the backup of *${say.cluster}* from run ${t.code(say.runId)} (${links.card(md`its card`)}).`,
        md`You get this as an owner of this cluster. A new backup: ${t.command(`run ${say.cluster}`)}. The same drill once more: ${t.command(`drill ${say.runId}`)}.`,
      ),
    'retention-stopped': (say) => md`${t.code(say.runId)}: ${retentionStopped(t)(say)}`,
    'cannot-post': (say) => {
      const invite = t.code(`/invite @${say.botName}`);
      const what = {
        'not-in-channel': md`⚠️ The bot is not in ${t.channel(say.channel)}, so it cannot post the card of ${t.code(say.runId)} or anything else there. Send ${invite} in that channel.`,
        'channel-not-found': md`⚠️ The bot cannot post the card of ${t.code(say.runId)} or anything else: for it there is no channel ${t.code(say.channel)} (${t.channel(say.channel)}). If that is a private channel, send ${invite} in it; if not, the channel's id in the configuration is wrong.`,
        archived: md`⚠️ ${t.channel(say.channel)} is archived, so the bot cannot post the card of ${t.code(say.runId)} or anything else there. Unarchive it, or have another channel configured for this cluster.`,
        'missing-scope': md`⚠️ The bot cannot post the card of ${t.code(say.runId)} or anything else in ${t.channel(say.channel)}: the Slack app lacks ${say.scope === undefined ? md`a scope` : md`the scope ${t.code(say.scope)}`}. Reinstall it with the scopes of manifest.yml.`,
        'posting-limited': md`⚠️ Admins limit who may post in ${t.channel(say.channel)}, so the bot cannot post there what it has to say about ${t.code(say.runId)}. Ask them to let the app ${t.code(`@${say.botName}`)} post there, or have another channel configured for this cluster.`,
        'threads-only': md`⚠️ In ${t.channel(say.channel)} only replies in threads may be posted, so the bot cannot post the card of ${t.code(say.runId)} there. Ask the channel's admins to lift that limit, or have another channel configured for this cluster.`,
        'no-threads': md`⚠️ ${t.channel(say.channel)} takes no replies in threads, so the log and the report of ${t.code(say.runId)} cannot be posted under its card. Ask the channel's admins to allow threads. The card itself is kept up to date.`,
        'thread-locked': md`⚠️ The thread under the card of ${t.code(say.runId)} in ${t.channel(say.channel)} is locked, so the bot cannot post the log and the report there. Ask an admin to unlock it. The card itself is kept up to date.`,
        'proxy-refused': md`⚠️ A proxy between the bot and Slack does not let through what the bot has to post about ${t.code(say.runId)} in ${t.channel(say.channel)}. Please tell the administrator of this bot: the proxy has to allow calls to slack.com and files.slack.com whatever they carry.`,
        refused: md`⚠️ Slack did not take a message about ${t.code(say.runId)} for ${t.channel(say.channel)}${say.code === undefined ? '' : md` (${t.code(say.code)})`}. What the channel shows about it may be out of date, or missing. Please tell the administrator of this bot; its log says more.`,
      }[say.why];
      const state = md`The backup itself does not depend on it: ${t.command(`show ${say.runId}`)} shows its state`;
      if (say.why === 'refused') return lines(what, md`${state}.`);
      return lines(
        what,
        md`All of it is kept until ${t.moment(say.keptUntil)} and is posted as soon as this is fixed. ${state}, and while it waits for approval, ${t.command(`approve ${say.runId}`)} does what the button would.`,
      );
    },
  } satisfies TextsBy<'type', PrivateMessage, [links: Links]>,
  problem: {
    'unknown-word': (problem) =>
      problem.nearest === undefined
        ? md`The bot does not know ${t.code(problem.word)}. ${t.command('help')} shows what it knows.`
        : md`The bot does not know ${t.code(problem.word)}. Did you mean ${t.command(problem.nearest)}?`,
    'unknown-option': (problem) =>
      problem.nearest === undefined
        ? md`${t.code(problem.command)} has no option ${t.code(problem.option)}. See ${t.command(`help ${problem.command}`)}`
        : md`${t.code(problem.command)} has no option ${t.code(problem.option)}. Did you mean ${t.code(problem.nearest)}?`,
    missing: (problem) =>
      problem.what === 'destination'
        ? md`Which destination? Name it, like this: ${t.command('destination adopt nas-1')} All of them: ${t.command('destination')}`
        : md`Which run? Name it, like this: ${t.command(`${problem.command} r-…`)} The id is on the run's card; ${t.command(commandsOnEndedRuns.has(problem.command) ? 'list' : 'status')} shows it, too.`,
    'unclosed-quote': (_problem) =>
      md`A quotation mark is open and never closed. Close it and send the command again, like this: ${t.command('run reason="before the network change"')}`,
    'too-long': (problem) =>
      md`The command has ${t.number(problem.length)} characters; ${t.number(problem.max)} are possible. Shorten it and send it again; nothing was done.`,
    'too-many-words': (problem) =>
      md`${t.code(problem.command)} cannot do anything with ${t.code(problem.word)}. Put a reason of several words in quotation marks: ${t.code('reason="…"')}`,
  } satisfies TextsBy<'kind', CommandProblem>,
  notRecorded: () =>
    md`This could not be put on record, so nothing was run. Try again in a minute; if it stays so, tell the administrator of this bot that its disk or database does not take writes.`,
  /** Under an answer whose first try Slack did not confirm. */
  sentAgain: () =>
    md`Slack did not confirm that this answer arrived, so the bot sent it again: you may see it twice. Nothing was done twice.`,
  runsTitle: (p: { kind: 'status' | 'list'; cluster: string | undefined; count: number }) => {
    const of = p.cluster === undefined ? '' : md` of ${p.cluster}`;
    return p.kind === 'status' ? md`*Runs${of}*` : md`*Backups${of}*, newest first`;
  },
  noRuns: (p: { kind: 'status' | 'list'; cluster: string | undefined }) => {
    const of = p.cluster === undefined ? '' : md` of ${t.code(p.cluster)}`;
    const run = t.command(p.cluster === undefined ? 'run' : `run ${p.cluster}`);
    if (p.kind === 'status' && p.cluster === undefined)
      return md`No run is under way. To start one: ${run} · those that are over: ${t.command('status CLUSTER')}, ${t.command('list')}`;
    return p.kind === 'status'
      ? md`No run${of} is on record. To start one: ${run}`
      : md`There is no backup${of} yet. To make one: ${run}`;
  },
  moreRuns: (count: number) => md`… and ${count} older ones`,
});
