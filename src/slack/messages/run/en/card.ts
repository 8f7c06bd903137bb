import type { Plan, PlanChange } from '../../../../domain/preflight/plan.ts';
import type { RunStatus, RunStep, Vote } from '../../../../domain/run/run.ts';
import { lines, type Markup, md } from '../../kit/markup.ts';
import type { Links } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';
import { refusalOf, type VoteRefusal } from '../vote-refusal.ts';

const voteRefused: Readonly<Record<VoteRefusal, Markup>> = {
  'not-cluster-admin': md`is not cluster-admin: it does not count`,
  'refused-person': md`may not decide here (a guest, a bot, another workspace's or a deactivated account): it does not count`,
  'profile-unreadable': md`Slack did not say who they are: it does not count, and they may try again`,
  'rights-unreadable': md`their rights on the cluster could not be read: it does not count, and they may try again`,
  'blocked-now': md`the checks found a reason why no backup can run just now: it does not count, and they may approve again later`,
  other: md`it does not count`,
};

export const card = (t: Tools) => ({
  title: (p: { cluster: string; zStream: string | undefined; status: RunStatus }) => {
    const what =
      p.status === 'succeeded' ? md`Backup of etcd of ${p.cluster}` : md`Back up etcd of ${p.cluster}`;
    return p.zStream ? md`*${what}* · ${p.zStream}` : md`*${what}*`;
  },
  requestedBy: (p: { slackUser: string; reason: string | undefined; scheduled: boolean }) => {
    const who = p.scheduled ? md`requested by the schedule` : md`requested by ${t.person(p.slackUser)}`;
    return p.reason ? md`${who}: ${t.quote(p.reason)}` : who;
  },
  /** `after`: the run that this one repeats; `because`: why that one produced no backup. */
  retry: (p: {
    number: number;
    of: number;
    slot: number;
    after: string;
    how: 'failed' | 'blocked';
    because: Markup;
    avoid: readonly string[];
  }) => {
    const how = p.how === 'failed' ? md`failed` : md`was blocked`;
    const elsewhere =
      p.avoid.length === 0
        ? undefined
        : md`It goes to another node than ${t.names(p.avoid)} if one is fit: runs failed there.`;
    const head = md`🔁 *Retry ${p.number} of ${p.of}* of the backup scheduled for ${t.time(p.slot)}: run ${t.code(p.after)} ${how}. ${p.because}`;
    return lines(head, elsewhere);
  },
  /** `alone`: certainly no second person was asked. */
  emergency: (p: { slackUser: string; why: string; alone: boolean }) => {
    const who = md`🚨 *Emergency run* by ${t.person(p.slackUser)}`;
    return p.alone
      ? md`${who}, no second person was asked: ${t.quote(p.why)}`
      : md`${who}: ${t.quote(p.why)}`;
  },
  /** `emergency`: the plan before this one had no approval. */
  planChanged: ({ changes, emergency }: { changes: readonly PlanChange[]; emergency: boolean }) => {
    const what =
      changes.length === 0 ? md`⚠️ *The plan changed.*` : md`⚠️ *The plan changed:* ${t.planChanges(changes)}.`;
    return emergency
      ? md`${what} The new one needs an approval; in this emergency the requester may give it, too.`
      : md`${what} Approvals given before do not count.`;
  },
  checking: (nodeWanted: string | undefined) =>
    nodeWanted
      ? md`🔎 Checking the requester's rights and the cluster, with node ${t.code(nodeWanted)}… This takes a few seconds.`
      : md`🔎 Checking the requester's rights and the cluster… This takes a few seconds.`,
  asks: (plan: Plan) => md`*Approve?* Runs as root on ${t.code(plan.node)}, about 1 minute of disk load.`,
  planNode: (plan: Plan) => md`Node ${t.code(plan.node)}`,
  offPeak: (inside: boolean) => md`off-peak: ${inside ? 'yes' : 'no'}`,
  proxy: (inUse: boolean) => (inUse ? md`proxy: in use, exported` : md`proxy: none`),
  encryption: (type: string) => md`encryption: ${isOff(type) ? 'off' : type}`,
  directory: (plan: Plan) => md`Goes to ${t.path(plan.directory)} on that node`,
  /** `scheduled`: no person asked, so no requester is excluded. */
  needs: (p: { needed: number; approvers: readonly string[]; selfApproval: boolean; scheduled: boolean }) => {
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
  expires: (at: number) => md`expires ${t.moment(at)}`,
  vote: (vote: Vote) => {
    const who = t.person(vote.person.slackUser);
    if (vote.status === 'pending')
      return md`🔎 ${who} decided; their rights on the cluster are being checked`;
    if (vote.status === 'refused') return md`🚫 ${who} decided, but ${voteRefused[refusalOf(vote)]}`;
    const why = vote.reason ? md`: ${t.quote(vote.reason)}` : '';
    return vote.decision === 'approve' ? md`👍 approved by ${who}${why}` : md`👎 rejected by ${who}${why}`;
  },
  voteRefused,
  byText: (runId: string) => md`By text: ${t.command(`approve ${runId}`)}`,
  /** `bySchedule`: the configuration has approved what its schedule asks for. */
  approved: (p: { alone: boolean; bySchedule: boolean }) => {
    if (p.bySchedule)
      return md`👍 *Approved by the configuration*, as every run of this schedule · the run starts now`;
    return p.alone
      ? md`🚨 *Emergency, no approval needed* · the run starts now`
      : md`👍 *Approved* · the run starts now`;
  },
  running: (p: { step: RunStep | undefined; since: number | undefined }) => {
    const step = p.step ? t.terms.step[p.step] : md`starting`;
    return p.since === undefined
      ? md`⏳ *Running*: ${step}`
      : md`⏳ *Running* since ${t.clock(p.since)}: ${step}`;
  },
  succeeded: (p: { durationMs: number | undefined; approvers: readonly string[] }) => {
    const how =
      p.durationMs === undefined ? md`✅ *Backed up*` : md`✅ *Backed up* in ${t.duration(p.durationMs)}`;
    return p.approvers.length === 0 ? how : md`${how} · approved by ${t.people(p.approvers)}`;
  },
  result: (p: {
    snapshotBytes: number;
    snapshotSha: string;
    resourcesBytes: number;
    resourcesSha: string;
    revision: number | undefined;
    /** Nothing since has shown that it restores nothing. */
    whole: boolean;
  }) => {
    const revision = p.revision === undefined ? '' : md` · revision ${String(p.revision)}`;
    const whole = p.whole ? md` · checked on the node` : '';
    return md`Snapshot ${t.shortSize(p.snapshotBytes)} ${t.code(`sha256:${p.snapshotSha}`)}${revision} · static pod resources ${t.shortSize(p.resourcesBytes)} ${t.code(`sha256:${p.resourcesSha}`)}${whole}`;
  },
  where: (p: { node: string; directory: string }) =>
    md`Both files are on node ${t.code(p.node)} in ${t.path(p.directory)}`,
  restoresOnly: (zStream: string) => md`Restores ${zStream} only`,
  copyOff: () =>
    md`⚠️ Copy both files off the cluster, to two separate places: the node may die with the cluster.`,
  failed: () => md`❌ *The backup failed*`,
  blocked: () => md`⛔ *Blocked by the checks*`,
  tryAgainAt: (at: number) => md`Try again after ${t.moment(at)}.`,
  requestAgain: (cluster: string) => md`To ask again: ${t.command(`run ${cluster}`)}`,
  tryAgain: (cluster: string) => md`When it is settled: ${t.command(`run ${cluster}`)}`,
  refused: () => md`🚫 *Refused*: the requester may not back up this cluster`,
  ended: (p: {
    how: 'rejected' | 'cancelled';
    by: string | undefined;
    at: number | undefined;
    reason: string | undefined;
  }) => {
    const by = p.by === undefined ? '' : md` by ${t.person(p.by)}`;
    const at = p.at === undefined ? '' : md` at ${t.time(p.at)}`;
    const why = p.reason ? md`: ${t.quote(p.reason)}` : '';
    return md`${p.how === 'rejected' ? md`🚫 *Rejected*` : md`⚪ *Cancelled*`}${by}${at}${why}`;
  },
  expired: (at: number | undefined) =>
    at === undefined
      ? md`⌛ *Expired*: not enough people approved in time`
      : md`⌛ *Expired* at ${t.time(at)}: not enough people approved in time`,
  nothingWasRun: () => md`Nothing was run.`,
  /** Under a card that can no longer be edited. */
  moved: (p: { runId: string; channel: string }, links: Links) =>
    md`Slack no longer lets the bot edit this card, so it shows an old state of ${t.code(p.runId)}. The run, its log and its report go on under ${links.card(md`the new card`)} in ${t.channel(p.channel)}.`,
  inThread: () => md`Details are in the thread.`,
  moreInThread: (count: number) => md`… and ${count} more in the thread`,
  footer: (p: { runId: string }) => md`run ${t.code(p.runId)}`,
  buttons: { approve: 'Approve', reject: 'Reject', cancel: 'Cancel request' },
  confirm: (p: { cluster: string; node: string }) => ({
    title: `Back up ${p.cluster}?`,
    text: `etcd of ${p.cluster} will be backed up on node ${p.node}, as root. Your name goes on record as approver.`,
    confirm: 'Approve',
    deny: 'Not yet',
  }),
  /** One line for the notification. */
  summary: (p: { cluster: string; status: Markup; emergency: boolean }) => {
    const said = md`Backup of etcd of ${p.cluster}: ${p.status}`;
    return p.emergency ? md`🚨 Emergency · ${said}` : said;
  },
});

function isOff(type: string): boolean {
  return type === '' || type === 'identity';
}
