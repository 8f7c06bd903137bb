import type { CardWording } from '../card-wording.ts';
import { join, type Markup, md } from '../markup.ts';
import { refusalOf } from '../vote-refusal.ts';
import { terms } from './terms.ts';

export const card: CardWording = {
  title: (p) => {
    const what =
      p.status === 'succeeded' ? md`Backup of etcd of ${p.cluster}` : md`Back up etcd of ${p.cluster}`;
    return p.zStream ? md`*${what}* · ${p.zStream}` : md`*${what}*`;
  },
  requestedBy: (p, t) => {
    const who = p.scheduled ? md`requested by the schedule` : md`requested by ${t.person(p.slackUser)}`;
    return p.reason ? md`${who}: ${t.quote(p.reason)}` : who;
  },
  emergency: (p, t) => {
    const who = md`🚨 *Emergency run* by ${t.person(p.slackUser)}`;
    return p.alone ? md`${who}, nobody else was asked: ${t.quote(p.why)}` : md`${who}: ${t.quote(p.why)}`;
  },
  planChanged: ({ changes, emergency }, t) => {
    const what =
      changes.length === 0 ? md`⚠️ *The plan changed.*` : md`⚠️ *The plan changed:* ${t.planChanges(changes)}.`;
    return emergency
      ? md`${what} The new one needs an approval; in this emergency the requester may give it, too.`
      : md`${what} Approvals given before do not count.`;
  },
  checking: (nodeWanted, t) =>
    nodeWanted
      ? md`🔎 Checking the requester's rights and the cluster, with node ${t.code(nodeWanted)}… This takes a few seconds.`
      : md`🔎 Checking the requester's rights and the cluster… This takes a few seconds.`,
  planNode: (plan, t) => md`Node ${t.code(plan.node)}`,
  offPeak: (inside) => md`off-peak: ${inside ? 'yes' : 'no'}`,
  proxy: (inUse) => (inUse ? md`proxy: in use, exported` : md`proxy: none`),
  encryption: (type) => md`encryption: ${isOff(type) ? 'off' : type}`,
  directory: (plan, t) => md`Goes to ${t.path(plan.directory)} on that node`,
  counts: (p) =>
    sentence([
      p.blockers > 0 ? md`⛔ ${plural(p.blockers, 'blocker', 'blockers')}` : undefined,
      md`✅ ${plural(p.passed, 'check', 'checks')} passed`,
      p.warnings > 0 ? md`⚠️ ${plural(p.warnings, 'warning', 'warnings')}` : undefined,
      p.later > 0 ? md`🕓 ${plural(p.later, 'check', 'checks')} on the node at the start` : undefined,
    ]),
  needs: (p, t) => {
    const whom =
      p.approvers.length === 0
        ? md`${p.needed === 1 ? 'a cluster-admin' : 'cluster-admins'}`
        : md`${t.people(p.approvers)}`;
    const needs =
      p.approvers.length === 0
        ? md`Needs ${p.needed} approval${p.needed === 1 ? '' : 's'} by ${whom}`
        : md`Needs ${p.needed} of ${whom}`;
    if (p.scheduled) return needs;
    return p.selfApproval ? md`${needs}, the requester included` : md`${needs}, not the requester`;
  },
  expires: (at, t) => md`expires ${t.moment(at)}`,
  vote: (vote, t) => {
    const who = t.person(vote.person.slackUser);
    if (vote.standing === 'pending')
      return md`🔎 ${who} decided; their rights on the cluster are being checked`;
    if (vote.standing === 'refused') return md`🚫 ${who} decided, but ${card.voteRefused[refusalOf(vote)]}`;
    const why = vote.reason ? md`: ${t.quote(vote.reason)}` : '';
    return vote.decision === 'approve' ? md`👍 approved by ${who}${why}` : md`👎 rejected by ${who}${why}`;
  },
  voteRefused: {
    'not-cluster-admin': md`is not cluster-admin: it does not count`,
    'refused-person': md`may not decide here (a guest, a bot, another workspace's or a deactivated account): it does not count`,
    'profile-unreadable': md`Slack did not say who they are: it does not count, and they may try again`,
    'rights-unreadable': md`their rights on the cluster could not be read: it does not count, and they may try again`,
    'blocked-now': md`the checks found a reason why no backup can run just now: it does not count, and they may approve again later`,
    other: md`it does not count`,
  },
  byText: (runId, t) => md`By text: ${t.command(`approve ${runId}`)}`,
  approved: (p) => {
    if (p.bySchedule)
      return md`👍 *Approved by the configuration*, as every run of this schedule · the run starts now`;
    return p.alone
      ? md`🚨 *Emergency, no approval needed* · the run starts now`
      : md`👍 *Approved* · the run starts now`;
  },
  running: (p, t) => {
    const step = p.step ? terms.step[p.step] : md`starting`;
    return p.since === undefined
      ? md`⏳ *Running*: ${step}`
      : md`⏳ *Running* since ${t.clock(p.since)}: ${step}`;
  },
  succeeded: (p, t) => {
    const how =
      p.durationMs === undefined ? md`✅ *Backed up*` : md`✅ *Backed up* in ${t.duration(p.durationMs)}`;
    return p.approvers.length === 0 ? how : md`${how} · approved by ${t.people(p.approvers)}`;
  },
  result: (p, t) => {
    const revision = p.revision === undefined ? '' : md` · revision ${String(p.revision)}`;
    return md`Snapshot ${t.shortSize(p.snapshotBytes)} ${t.code(`sha256:${p.snapshotSha}`)}${revision} · static pod resources ${t.shortSize(p.resourcesBytes)} ${t.code(`sha256:${p.resourcesSha}`)} · proven whole`;
  },
  where: (p, t) => md`Both files are on node ${t.code(p.node)} in ${t.path(p.directory)}`,
  restoresOnly: (zStream) => md`Restores ${zStream} only`,
  copyOff: () =>
    md`⚠️ Copy both files off the cluster, to two separate places: the node may die with the cluster.`,
  failed: () => md`❌ *The backup failed*`,
  blocked: () => md`⛔ *Blocked by the checks*`,
  tryAgainAt: (at, t) => md`Try again after ${t.moment(at)}.`,
  tryAgain: (cluster, t) => md`When it is settled: ${t.command(`run ${cluster}`)}`,
  refused: () => md`🚫 *Refused*: the requester may not back up this cluster`,
  ended: (p, t) => {
    const by = p.by === undefined ? '' : md` by ${t.person(p.by)}`;
    const at = p.at === undefined ? '' : md` at ${t.time(p.at)}`;
    const why = p.reason ? md`: ${t.quote(p.reason)}` : '';
    return md`${p.how === 'rejected' ? md`🚫 *Rejected*` : md`⚪ *Cancelled*`}${by}${at}${why}`;
  },
  expired: (at, t) =>
    at === undefined
      ? md`⌛ *Expired*: not enough people approved in time`
      : md`⌛ *Expired* at ${t.time(at)}: not enough people approved in time`,
  nothingWasRun: () => md`Nothing was run.`,
  inThread: () => md`Details are in the thread.`,
  moreInThread: (count) => md`… and ${count} more in the thread`,
  footer: (p, t) => md`run ${t.code(p.runId)}`,
  buttons: { approve: 'Approve', reject: 'Reject', cancel: 'Cancel request' },
  confirm: (p) => ({
    title: `Back up ${p.cluster}?`,
    text: `etcd of ${p.cluster} will be backed up on node ${p.node}, as root. Your name goes on record as approver.`,
    confirm: 'Approve',
    deny: 'Not yet',
  }),
  summary: (p) => {
    const said = md`Backup of etcd of ${p.cluster}: ${p.status}`;
    return p.emergency ? md`🚨 Emergency · ${said}` : said;
  },
};

export function plural(count: number, one: string, many: string): Markup {
  return md`${count} ${count === 1 ? one : many}`;
}

function isOff(type: string): boolean {
  return type === '' || type === 'identity';
}

function sentence(parts: readonly (Markup | undefined)[]): Markup {
  return join(
    parts.filter((part) => part !== undefined),
    ' · ',
  );
}
