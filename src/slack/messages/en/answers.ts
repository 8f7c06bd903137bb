import type { AnswersWording, UnreadableProfile } from '../answers-wording.ts';
import { lines, md } from '../markup.ts';
import { plural } from './card.ts';
import { terms } from './terms.ts';

const standing: AnswersWording['standing'] = {
  guest: md`Guests may neither ask for a backup nor decide on one. Ask a full member of this workspace.`,
  stranger: md`People of other workspaces may neither ask for a backup nor decide on one. Ask a member of this workspace.`,
  deactivated: md`This Slack account is deactivated, so it may neither ask for a backup nor decide on one. Ask a member of this workspace.`,
  bot: md`Bots may neither ask for a backup nor decide on one. A person has to do it.`,
};
const profileUnreadable = ({ reason, detail }: UnreadableProfile) => {
  switch (reason) {
    case 'unauthorized':
    case 'forbidden':
      return md`Slack does not let the bot read who you are (${detail}), so nothing was done. Trying again does not help: ask whoever runs this bot to look at its Slack token and scopes.`;
    case 'absent':
      return md`Slack does not know your account in this workspace (${detail}), so nothing was done. Ask a member of this workspace.`;
    default:
      return md`Slack did not say who you are (${detail}), so nothing was done. Try again in a minute.`;
  }
};

export const answers: AnswersWording = {
  standing,
  notAllowed: {
    'unknown-person': (_answer, t) =>
      md`The bot does not know which cluster user you are. Ask an administrator to add you under ${t.code('people')} in the bot's configuration.`,
    'refused-person': (answer) => standing[answer.standing],
    'profile-unreadable': profileUnreadable,
    'wrong-channel': (answer, t) =>
      md`The cluster ${t.code(answer.cluster)} cannot be used from this channel. Go to ${t.list(answer.allowed.map((id) => t.channel(id)))} and ask again there.`,
  },
  cluster: {
    'cluster-missing': (answer, t) =>
      answer.known.length === 0
        ? md`No cluster is configured. Ask an administrator to add one to the bot's configuration.`
        : md`Which cluster? Name one of ${t.names(answer.known)}, like this: ${t.command(`run ${answer.known[0]}`)}`,
    'unknown-cluster': (answer, t) =>
      answer.nearest === undefined
        ? md`There is no cluster ${t.code(answer.name)}. Known are ${t.names(answer.known)}.`
        : md`There is no cluster ${t.code(answer.name)}. Did you mean ${t.code(answer.nearest)}? Known are ${t.names(answer.known)}.`,
  },
  request: {
    recorded: (answer, t, links) => {
      const { id, cluster, emergency } = answer.run;
      const said = md`Your request ${t.code(id)} for ${t.code(cluster)} is on record. Your rights and the cluster are being checked; if nothing stands against it, ${links.card(md`its card`)} comes in ${t.channel(answer.cardChannel)} in a moment.`;
      return emergency === undefined
        ? said
        : md`🚨 ${said} Then it starts without an approval, and the owners are told at once.`;
    },
    duplicate: () => md`This request was on record already; nothing was done twice.`,
    busy: (answer, t, links) =>
      md`A backup of ${t.code(answer.run.cluster)} is under way already (run ${t.code(answer.run.id)}, ${terms.status[answer.run.status]}), and only one can be at a time. Follow it on ${links.card(md`its card`)}, or ask again when it is over.`,
    'bad-node': (answer, t) =>
      md`${t.code(answer.node)} cannot be the name of a node: names have small letters, digits, dots and hyphens. Leave it out and the bot chooses a node.`,
    'reason-too-long': (answer, t) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Shorten it and ask again; nothing was done.`,
    'no-emergency-right': (answer, t) => {
      const who =
        answer.people.length === 0
          ? md`nobody may, by the cluster's policy`
          : md`only ${t.people(answer.people)} may, by the cluster's policy`;
      return md`You may not back up ${t.code(answer.cluster)} without an approval: ${who}. Nothing was done. Ask in the ordinary way: ${t.command(`run ${answer.cluster} reason="…"`)}`;
    },
  },
  vote: {
    received: (answer, t) =>
      md`Your decision on ${t.code(answer.run.id)} is on record. Your rights on ${t.code(answer.run.cluster)} are being checked; the result comes in a moment.`,
    duplicate: () => md`This decision was on record already; nothing was done twice.`,
    'no-such-run': (answer, t) => answers.noSuchRun(answer, t),
    'not-waiting': (answer, t) =>
      md`Too late: run ${t.code(answer.run.id)} is ${terms.status[answer.run.status]} and waits for nobody's decision. Your click changed nothing.`,
    expired: (answer, t) =>
      md`The request ${t.code(answer.run.id)} has expired: nothing was run. Ask again with ${t.command(`run ${answer.run.cluster}`)}`,
    'not-an-approver': (answer, t) =>
      md`You are not among the approvers of ${t.code(answer.run.cluster)}. Ask one of ${t.people(answer.approvers)}.`,
    'own-request': (answer, t) =>
      md`This is your own request, so somebody else has to decide on ${t.code(answer.run.id)}. To take it back: ${t.command(`cancel ${answer.run.id}`)}`,
    'voted-already': (answer, t) =>
      md`You have decided on ${t.code(answer.run.id)} already, and everybody counts once. Somebody else has to decide now.`,
    'old-plan': (answer, t, links) =>
      md`Your click does not count: the plan of ${t.code(answer.run.id)} has changed since your card was drawn. Look at ${links.card(md`the card`)} again, then decide.`,
    'not-this-card': (answer, t, links) =>
      md`Nothing was done: this button does not stand on the card of ${t.code(answer.run.id)}. Decide on ${links.card(md`its card`)}, or by text: ${t.command(`approve ${answer.run.id}`)}`,
    'reason-too-long': (answer, t) =>
      md`The reason has ${t.number(answer.length)} characters; ${t.number(answer.max)} are possible. Shorten it and decide again; nothing was changed.`,
  },
  cancel: {
    cancelled: (answer, t) => md`The request ${t.code(answer.run.id)} is cancelled. Nothing was run.`,
    duplicate: () => md`This was on record already; nothing was done twice.`,
    'no-such-run': (answer, t) => answers.noSuchRun(answer, t),
    over: (answer, t) =>
      md`There is nothing to cancel: run ${t.code(answer.run.id)} is over (${terms.status[answer.run.status]}).`,
    running: (answer, t) =>
      md`Run ${t.code(answer.run.id)} works on the node already and cannot be cancelled safely any more. Wait for its end; it takes minutes.`,
    'not-yours': (answer, t) =>
      answer.run.origin.kind === 'schedule'
        ? md`The schedule asked for ${t.code(answer.run.id)}: only the cluster's owners can cancel it. An approver can reject it: ${t.command(`reject ${answer.run.id}`)}`
        : md`Only ${t.person(answer.run.requester.slackUser)}, who asked for ${t.code(answer.run.id)}, can cancel it. An approver can reject it: ${t.command(`reject ${answer.run.id}`)}`,
  },
  audit: {
    whole: (p, t) =>
      md`✅ The record of ${t.code(p.runId)} is whole: ${t.number(p.lines)} lines, each with the hash of the line before it. The last hash is ${t.code(p.lastHash)}. The file is in your direct messages with the bot.`,
    broken: (p, t) =>
      md`⛔ The record of ${t.code(p.runId)} was changed after it was written: line ${t.number(p.line)} does not match its hash. Trust the lines before it, and the thread in Slack. Keep a copy of the bot's database now and tell your security team. The file is in your direct messages with the bot.`,
    cutOff: (p, t) =>
      md`⛔ The record of ${t.code(p.runId)} does not tell the end that the run is said to have had: lines were cut off, or the run's row was changed. Compare it with the thread in Slack. Keep a copy of the bot's database now and tell your security team. The file is in your direct messages with the bot.`,
    notDelivered: (p, t) =>
      md`The record of ${t.code(p.runId)} could not be sent to you as a file: ${p.why}. The record itself is safe. ${t.command('doctor')} says whether the app lacks a right.`,
  },
  noSuchRun: ({ runId, nearest }, t) =>
    md`There is no run ${t.code(runId)}. ${nearest === undefined ? '' : md`Did you mean ${t.code(nearest)}? `}${t.command('status')} shows the runs that are not over, ${t.command('list')} the backups.`,
  say: {
    'refused-person': (say) => standing[say.standing],
    'profile-unreadable': profileUnreadable,
    'not-cluster-admin': (say, t) =>
      md`Your cluster user ${t.code(say.clusterUser)} is not cluster-admin on ${t.code(say.cluster)}, so this does not count and nothing was run. Ask a cluster-admin to do it.`,
    'rights-unreadable': (say, t) =>
      md`Your rights on ${t.code(say.cluster)} could not be read: ${t.why(say.why)}. Nothing was run; try again in a few minutes.`,
    'request-on-card': (say, t, links) =>
      md`Your request ${t.code(say.runId)} for ${t.code(say.cluster)} is now on ${links.card(md`its card`)} in the cluster's channel.`,
    'vote-counted': (say, t) => {
      if (say.decision === 'reject')
        return md`Your rejection of ${t.code(say.runId)} counts. Nothing was run.`;
      return say.missing > 0
        ? md`Your approval of ${t.code(say.runId)} counts. ${plural(say.missing, 'more approval is', 'more approvals are')} needed.`
        : md`Your approval of ${t.code(say.runId)} counts. The run starts now.`;
    },
    'vote-too-late': (say, t) =>
      md`Your decision on ${t.code(say.runId)} came too late: the run is ${terms.status[say.status]}. It changed nothing.`,
    'vote-void': (say, t, links) => {
      const what =
        say.changes.length === 0
          ? md`The plan changed after you approved ${t.code(say.runId)}.`
          : md`The plan changed after you approved ${t.code(say.runId)}: ${t.planChanges(say.changes)}.`;
      return md`⚠️ ${what} Your approval does not count any more, and nothing was run. ${links.card(md`The card`)} shows the new plan: look at it and decide again.`;
    },
    'blocked-now': (say, t, links) =>
      lines(
        md`⛔ Your approval of ${t.code(say.runId)} does not count, because no backup can run just now. Nothing was run, and the request goes on waiting: approve it again on ${links.card(md`its card`)} when this is settled.`,
        ...t.reasons(say.findings),
      ),
    'emergency-started': (say, t, links) =>
      lines(
        md`🚨 *Emergency backup of ${say.cluster}*: ${t.person(say.by.slackUser)} (cluster user ${t.code(say.by.clusterUser)}) is starting run ${t.code(say.runId)}, and nobody else was asked. The reason given: ${t.quote(say.emergency)}`,
        md`You are told because you are an owner of this cluster. If it is right, there is nothing to do: ${links.card(md`its card`)} in the cluster's channel shows how it goes.`,
        md`If it is not right, talk to ${t.person(say.by.slackUser)} now. Until the run starts on the node, they or an approver can stop it with ${t.command(`cancel ${say.runId}`)}. After that it ends by itself; a backup changes nothing in the cluster.`,
      ),
    'cannot-post': (say, t) => {
      const invite = t.code(`/invite @${say.botName}`);
      const what = {
        'not-in-channel': md`⚠️ The bot is not in ${t.channel(say.channel)}, so it cannot post the card of ${t.code(say.runId)} or anything else there. Send ${invite} in that channel.`,
        'channel-not-found': md`⚠️ The bot cannot post the card of ${t.code(say.runId)} or anything else: for it there is no channel ${t.code(say.channel)} (${t.channel(say.channel)}). If that is a private channel, send ${invite} in it; if not, the channel's id in the configuration is wrong.`,
        archived: md`⚠️ ${t.channel(say.channel)} is archived, so the bot cannot post the card of ${t.code(say.runId)} or anything else there. Unarchive it, or have another channel configured for this cluster.`,
        'missing-scope': md`⚠️ The bot cannot post the card of ${t.code(say.runId)} or anything else in ${t.channel(say.channel)}: the Slack app lacks ${say.scope === undefined ? md`a scope` : md`the scope ${t.code(say.scope)}`}. Reinstall it with the scopes of manifest.yml.`,
      }[say.why];
      return lines(
        what,
        md`All of it is kept until ${t.moment(say.keptUntil)} and is posted as soon as this is mended. The backup itself does not depend on it: ${t.command(`show ${say.runId}`)} shows how it stands, and while it waits for approval, ${t.command(`approve ${say.runId}`)} does what the button would.`,
      );
    },
  },
  problem: {
    'unknown-word': (problem, t) =>
      problem.nearest === undefined
        ? md`The bot does not know ${t.code(problem.word)}. ${t.command('help')} shows what it knows.`
        : md`The bot does not know ${t.code(problem.word)}. Did you mean ${t.command(problem.nearest)}?`,
    'unknown-option': (problem, t) =>
      problem.nearest === undefined
        ? md`${t.code(problem.command)} has no option ${t.code(problem.option)}. See ${t.command(`help ${problem.command}`)}`
        : md`${t.code(problem.command)} has no option ${t.code(problem.option)}. Did you mean ${t.code(problem.nearest)}?`,
    missing: (problem, t) =>
      md`Which run? Name it, like this: ${t.command(`${problem.command} r-…`)} The id stands on the run's card; ${t.command('status')} shows it, too.`,
    'unclosed-quote': (_problem, t) =>
      md`A quotation mark is open and never closed. Close it and send the command again, like this: ${t.command('run reason="before the network change"')}`,
    'too-long': (problem, t) =>
      md`The command has ${t.number(problem.length)} characters; ${t.number(problem.max)} are possible. Shorten it and send it again; nothing was done.`,
    'too-many-words': (problem, t) =>
      md`${t.code(problem.command)} cannot do anything with ${t.code(problem.word)}. Put a reason of several words in quotation marks: ${t.code('reason="…"')}`,
  },
  notRecorded: () =>
    md`This could not be put on record, so nothing was run. Try again in a minute; if it stays so, tell whoever runs this bot that its disk or database does not take writes.`,
  checkTitle: (p, t) => {
    const version = p.version === undefined ? '' : md` · ${p.version}`;
    const node = p.node === undefined ? '' : md` · node ${t.code(p.node)}`;
    return md`*Check of ${p.cluster}*${version}${node}`;
  },
  checkVerdict: (p, t) => {
    if (p.counts.blockers > 0) return md`⛔ A backup cannot run now. Nothing was changed on the cluster.`;
    return p.planned
      ? md`✅ A backup can run now: ${t.command(`run ${p.cluster}`)}`
      : md`⛔ A backup cannot run now: not everything that a plan needs could be read. The warnings say what; nothing was changed on the cluster.`;
  },
  runsTitle: (p) => {
    const of = p.cluster === undefined ? '' : md` of ${p.cluster}`;
    return p.kind === 'status' ? md`*Runs${of}*` : md`*Backups${of}*, newest first`;
  },
  noRuns: (p, t) => {
    const of = p.cluster === undefined ? '' : md` of ${t.code(p.cluster)}`;
    const run = t.command(p.cluster === undefined ? 'run' : `run ${p.cluster}`);
    return p.kind === 'status'
      ? md`No run${of} is under way or on record. To start one: ${run}`
      : md`There is no backup${of} yet. To make one: ${run}`;
  },
  runLine: (p, t) =>
    md`${t.code(p.id)} · ${p.cluster}${p.zStream ? md` · ${p.zStream}` : ''} · ${p.status} · ${t.time(p.at)} · asked by ${t.person(p.slackUser)}`,
  moreRuns: (count) => md`… and ${count} older ones`,
  runTitle: (p, t) => md`*Run ${t.code(p.id)}* · ${p.cluster} · ${p.status}`,
  runTimes: (p, t) =>
    lines(
      md`Asked for at ${t.time(p.requestedAt)}`,
      p.startedAt === undefined ? undefined : md`Started at ${t.time(p.startedAt)}`,
      p.finishedAt === undefined ? undefined : md`Over at ${t.time(p.finishedAt)}`,
    ),
  runPlan: (plan, t) =>
    lines(
      md`*Plan*`,
      md`Cluster id ${t.code(plan.clusterId)} · infrastructure ${t.code(plan.infrastructureName)} · API ${t.code(plan.apiUrl)}`,
      md`z-stream ${t.code(plan.zStream)} · release image ${t.path(plan.releaseImage)}`,
      md`Topology ${t.code(plan.topology)} · node ${t.code(plan.node)} (${t.code(plan.nodeIp)}) · etcd members ${t.names(plan.members)}`,
      md`Directory ${t.path(plan.directory)}`,
    ),
  fleetEmpty: () => md`No cluster is configured. Ask an administrator to add one to the bot's configuration.`,
  askButton: 'Back up…',
};
