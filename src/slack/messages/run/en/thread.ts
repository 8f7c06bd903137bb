import type { LeftOnNode } from '../../../../domain/backup/failure.ts';
import type { Plan, PlanChange } from '../../../../domain/preflight/plan.ts';
import type { RunStep } from '../../../../domain/run/run.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

export const thread = (t: Tools) => ({
  auditLine: (p: {
    at: number;
    who: Markup;
    what: Markup;
    reason: string | undefined;
    rest: Markup | undefined;
  }) => {
    const reason = p.reason ? md`: ${t.quote(p.reason)}` : '';
    const rest = p.rest ? md` (${p.rest})` : '';
    return md`${t.clock(p.at)} · ${p.who} ${p.what}${reason}${rest}`;
  },
  person: (p: { slackUser: string; clusterUser: string }) =>
    md`${t.person(p.slackUser)} (${t.code(p.clusterUser)})`,
  /** `owners`: who is being notified; whom it reached is said later. */
  breakGlass: (p: { at: number; who: Markup; why: string; owners: readonly string[] }) => {
    const owners =
      p.owners.length === 0
        ? md`The cluster's policy names no owner, so no owner was notified.`
        : md`A direct message goes to the owners (${t.people(p.owners)}); whom it reached is said here next.`;
    return md`${t.clock(p.at)} · 🚨 ${p.who} started this without asking a second person: ${t.quote(p.why)}. ${owners}`;
  },
  ownersNotified: (p: { at: number; notified: readonly string[]; missed: readonly string[] }) => {
    const notified =
      p.notified.length === 0
        ? md`No owner could be notified so far.`
        : md`Owners notified: ${t.people(p.notified)}.`;
    const line = md`${t.clock(p.at)} · ${notified}`;
    return p.missed.length === 0
      ? line
      : md`${line} ⚠️ Not notified: ${t.people(p.missed)}; Slack refused the bot's direct message to them. Notify them yourself.`;
  },
  voteRefused: (p: {
    at: number;
    who: Markup;
    decision: 'approve' | 'reject';
    why: Markup;
    detail: string | undefined;
  }) => {
    const did = p.decision === 'approve' ? md`approved` : md`rejected`;
    const detail = p.detail ? md` (${t.code(p.detail)})` : '';
    return md`${t.clock(p.at)} · 🚫 ${p.who} ${did} this, but ${p.why}${detail}`;
  },
  /** `outcome`: `ok`, or a drill's verdict; another value of a later release. */
  drilled: (p: { at: number; who: Markup; outcome: string | undefined; why: string | undefined }) => {
    const why = p.why === undefined ? '' : md`: ${t.quote(p.why)}`;
    const what =
      p.outcome === 'ok'
        ? md`restored the snapshot into a throw-away etcd`
        : p.outcome === 'not-made'
          ? md`could not make a restore drill of the snapshot`
          : p.outcome === 'does-not-restore'
            ? md`made a restore drill: the snapshot does not restore`
            : md`made a restore drill of the snapshot without a clear result`;
    return md`${t.clock(p.at)} · ${p.who} ${what}${why}`;
  },
  /** A request for which no second person is asked. */
  emergency: (why: string) => md`emergency: ${t.quote(why)}`,
  planVoid: (p: { at: number; changes: readonly PlanChange[]; voided: readonly string[] }) => {
    const what =
      p.changes.length === 0 ? md`The plan changed.` : md`The plan changed: ${t.planChanges(p.changes)}.`;
    const head = md`${t.clock(p.at)} · ⚠️ ${what}`;
    return p.voided.length === 0
      ? md`${head} The card shows the new plan, which needs an approval.`
      : md`${head} Approvals given before (${t.names(p.voided)}) do not count; the card shows the new plan and waits for a new decision.`;
  },
  handedOver: (p: { at: number; step: string | undefined }) => {
    const step = p.step === undefined ? '' : md` while ${t.step(p.step)}`;
    return md`${t.clock(p.at)} · The bot is being stopped${step}. What runs on the node goes on there; the bot takes it up again when it is back.`;
  },
  /** `scriptBegun`: the step it had come to is at or behind the start of the script. */
  resumed: (p: { at: number; step: string | undefined; scriptBegun: boolean }) => {
    const head = md`${t.clock(p.at)} · The bot was restarted`;
    if (p.step === undefined) return md`${head} and goes on with this run. Nothing is run twice.`;
    return p.scriptBegun
      ? md`${head} and goes on from this step: ${t.step(p.step)}. The backup script is not started a second time.`
      : md`${head} while ${t.step(p.step)}. The backup script had not been started, so the bot checks everything once more and then goes on. Nothing is run twice.`;
  },
  leftoverRemoved: (p: { at: number; path: string; ofRun: string }) =>
    md`${t.clock(p.at)} · The bot removed from the node what run ${t.code(p.ofRun)}, which made no backup, had left there: ${t.path(p.path)}`,
  stepLine: (p: { at: number; step: RunStep; detail: string | undefined }) =>
    md`${t.clock(p.at)} · ${t.terms.step[p.step]}${p.detail ? md`: ${p.detail}` : ''}`,
  detailsTitle: (cluster: string) => md`*What was checked on ${cluster}*`,
  reportTitle: (cluster: string) => md`✅ *The backup of ${cluster} is complete*`,
  reportPlace: (p: { node: string; directory: string }) =>
    lines(md`*Node* ${t.code(p.node)}`, md`*Directory* ${t.path(p.directory)}`),
  reportFile: (p: { which: 'snapshot' | 'resources'; path: string; size: number; sha256: string }) =>
    lines(
      p.which === 'snapshot' ? md`*etcd snapshot*` : md`*Static pod resources*`,
      t.path(p.path),
      md`${t.size(p.size)}`,
      md`sha256 ${t.code(p.sha256)}`,
    ),
  reportNumbers: (p: {
    revision: number | undefined;
    keys: number | undefined;
    durationMs: number | undefined;
    scriptMs: number;
  }) => {
    const parts = [
      p.revision === undefined ? undefined : md`etcd revision ${String(p.revision)}`,
      p.keys === undefined ? undefined : md`${t.number(p.keys)} keys`,
      p.durationMs === undefined ? undefined : md`the run took ${t.duration(p.durationMs)}`,
      md`the script ${t.duration(p.scriptMs)}`,
    ];
    return join(
      parts.filter((part) => part !== undefined),
      ' · ',
    );
  },
  /** The script of some releases says nothing of the snapshot that it made. */
  reportNoStatus: () =>
    md`The script of this release prints no status of the snapshot, so etcd's revision, the number of keys and the hash are not on record. The checks of both files do not need them.`,
  reportProven: () =>
    md`Checked on the node: the snapshot matches the checksum that etcd wrote into it, and the archive was read to its end.`,
  adviceTitle: () => md`*Before you rely on it*`,
  adviceRestore: (p: { zStream: string; node: string }) =>
    md`• It restores ${p.zStream} only. Exactly this z-stream and both files of this one run are needed; files of two runs do not fit together.`,
  adviceCopy: (p: { node: string; directory: string }) =>
    md`• Copy both files off the cluster: node ${t.code(p.node)} may die with it. Then you need this thread, so keep a copy of the numbers above with the files.`,
  adviceApart: (p: { encryption: 'on' | 'off' | 'unknown' }) =>
    p.encryption === 'on'
      ? md`• Keep the static pod resources apart from the snapshot, with other credentials: that file holds the keys that decrypt the snapshot, the keys of etcd and a cluster-admin token.`
      : md`• Keep the static pod resources apart from the snapshot, with other credentials: even without etcd encryption that file holds the keys of etcd and a cluster-admin token.`,
  adviceEncryption: (p: { encryption: 'on' | 'off' | 'unknown'; type: string }) => {
    if (p.encryption === 'on')
      return md`• etcd encryption (${t.code(p.type)}) covers values only. Resource types, namespaces and object names can be read in the snapshot.`;
    if (p.encryption === 'off')
      return md`• etcd encryption is off: everything in the snapshot can be read, every Secret included. Guard it like a root password.`;
    return md`• Whether etcd is encrypted is not known. Treat the snapshot as if every Secret in it could be read.`;
  },
  adviceDualReplica: () =>
    md`• This control plane has two nodes: its restore follows another procedure. Look it up in the documentation of your release beforehand.`,
  failureTitle: (p: { cluster: string; step: RunStep | undefined; at: number | undefined }) => {
    const step = p.step ? md`, while ${t.terms.step[p.step]}` : '';
    const at = p.at === undefined ? '' : md` (${t.clock(p.at)})`;
    return md`❌ *The backup of ${p.cluster} failed*${step}${at}`;
  },
  noFailure: () => md`This run has no failure to report.`,
  means: (text: Markup) => md`*What it means:* ${text}`,
  next: (text: Markup) => md`*Next step:* ${text}`,
  outputTitle: () => md`*The last lines of output:*`,
  left: (left: LeftOnNode): Markup => {
    const pod = left.sessionPod ? thread(t).podLeft(left.sessionPod) : undefined;
    if (left.paths === undefined)
      return lines(md`*Left on node ${t.code(left.node)}:* could not be looked at. Look there by hand.`, pod);
    if (left.paths.length === 0) return lines(md`*Left on node ${t.code(left.node)}:* no files.`, pod);
    return lines(
      md`*Left on node ${t.code(left.node)}* (never restore from these; remove them when you have seen enough):`,
      t.paths(left.paths),
      pod,
    );
  },
  podLeft: (pod: string) =>
    md`The session pod ${t.code(pod)} could not be removed, or the cluster did not confirm that it is gone. If it is there, it ends by itself at its deadline; or delete it by hand.`,
  /** The bot goes on trying to remove what is left. */
  cleanUpDue: () => md`The bot goes on trying to remove this, and says here what came of it.`,
  /** What a run that failed had left is gone. `directory`: undefined where nothing lay there. */
  cleanedUp: (p: { at: number; pod: boolean; directory: string | undefined }) => {
    const what = [
      ...(p.pod ? [md`the session pod`] : []),
      ...(p.directory === undefined ? [] : [md`the directory ${t.path(p.directory)}`]),
    ];
    return what.length === 0
      ? md`${t.clock(p.at)} · The cluster answers again. The bot looked: nothing of this run is left on the node.`
      : md`${t.clock(p.at)} · The cluster answers again. The bot removed ${join(what, ' and ')}. Nothing of this run is left on the node.`;
  },
  /** Files that are not proven stay where they are; only the session's pod was removed. */
  cleanedUpButFiles: (p: { at: number; directory: string }) =>
    md`${t.clock(p.at)} · The cluster answers again. No session pod of this run is left. Its files are still in ${t.path(p.directory)}: they were not checked, so restore nothing from there.`,
  /** The bot does not try any more. */
  cleanUpGivenUp: (p: { at: number; why: string; pod: boolean }) =>
    md`${t.clock(p.at)} · The bot does not try any more to remove what this run left on the node: ${p.why}${p.pod ? md` The session pod may still be there until its deadline.` : ''}`,
  /** The pod of a run that is over has not gone yet. */
  awaitsPod: (p: { at: number; pod: string; ofRun: string; forMs: number }) =>
    md`${t.clock(p.at)} · Waiting for the session pod ${t.code(p.pod)} of run ${t.code(p.ofRun)}, which is over, to go; for ${t.duration(p.forMs)} at most.`,
  /** Another drill is being made; the run's own is made when that is over. */
  drillWaits: (p: { at: number; ofRun: string; cluster: string }) =>
    md`${t.clock(p.at)} · The restore drill waits for the drill of run ${t.code(p.ofRun)} (${p.cluster}): the bot makes one at a time. The run does not wait for it; the result comes in this thread.`,
  /** The run ended before anything was done on the node. */
  nothingLeft: () => md`*Left on the node:* nothing. The run ended before it did anything there.`,
  /** The run had begun on the node, and the node was not checked afterwards. */
  leftUnknown: (p: { node: string; directory: string } | undefined) =>
    p
      ? md`*Left on the node:* not known. Look on node ${t.code(p.node)} in ${t.path(p.directory)}, and restore nothing from there.`
      : md`*Left on the node:* not known.`,
  planChange: (p: { field: keyof Plan; approved: string; now: string }) =>
    md`• ${t.terms.planField[p.field]}: approved ${t.planValue(p.field, p.approved)}, now ${t.planValue(p.field, p.now)}`,
});
