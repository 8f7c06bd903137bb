import { join, lines, md } from '../markup.ts';
import type { ThreadWording } from '../thread-wording.ts';
import { plural } from './card.ts';
import { terms } from './terms.ts';

export const thread: ThreadWording = {
  auditLine: (p, t) => {
    const reason = p.reason ? md`: ${t.quote(p.reason)}` : '';
    const rest = p.rest ? md` (${p.rest})` : '';
    return md`${t.clock(p.at)} · ${p.who} ${p.what}${reason}${rest}`;
  },
  person: (p, t) => md`${t.person(p.slackUser)} (${t.code(p.clusterUser)})`,
  breakGlass: (p, t) => {
    const told =
      p.told.length === 0
        ? md`No owner is named in the cluster's policy, so nobody was told.`
        : md`Told at once: ${t.people(p.told)}.`;
    return md`${t.clock(p.at)} · 🚨 ${p.who} started this without asking anybody else: ${t.quote(p.why)}. ${told}`;
  },
  emergency: (why, t) => md`emergency: ${t.quote(why)}`,
  planVoid: (p, t) => {
    const what =
      p.changes.length === 0 ? md`The plan changed.` : md`The plan changed: ${t.planChanges(p.changes)}.`;
    const head = md`${t.clock(p.at)} · ⚠️ ${what}`;
    return p.voided.length === 0
      ? md`${head} The card shows the new plan, which needs an approval.`
      : md`${head} Approvals given before (${t.names(p.voided)}) do not count; the card shows the new plan and waits for a new decision.`;
  },
  handedOver: (p, t) => {
    const step = p.step === undefined ? '' : md` while ${t.step(p.step)}`;
    return md`${t.clock(p.at)} · The bot is being stopped${step}. What runs on the node goes on there; the bot takes it up again when it is back.`;
  },
  resumed: (p, t) => {
    const head = md`${t.clock(p.at)} · The bot was restarted`;
    if (p.step === undefined) return md`${head} and goes on with this run. Nothing is run twice.`;
    return p.scriptBegun
      ? md`${head} and goes on from this step: ${t.step(p.step)}. The backup script is not started a second time.`
      : md`${head} while ${t.step(p.step)}. The backup script had not been started, so the bot checks everything once more and then goes on. Nothing is run twice.`;
  },
  leftoverRemoved: (p, t) =>
    md`${t.clock(p.at)} · The bot removed from the node what run ${t.code(p.ofRun)}, which made no backup, had left there: ${t.path(p.path)}`,
  warning: (text) =>
    lines(
      md`⚠️ *${text.looked}:* ${text.found}`,
      md`Why it matters: ${text.why}`,
      text.next ? md`What to do: ${text.next}` : undefined,
    ),
  stepLine: (p, t) => md`${t.clock(p.at)} · ${terms.step[p.step]}${p.detail ? md`: ${p.detail}` : ''}`,
  detailsTitle: (cluster) => md`*What was checked on ${cluster}*`,
  group: ({ outcome, count, canRun }) => {
    if (outcome === 'blocker') return md`⛔ *${plural(count, 'blocker', 'blockers')}*: the backup cannot run`;
    if (outcome === 'warning') {
      const title = md`⚠️ *${plural(count, 'warning', 'warnings')}*`;
      return canRun ? md`${title}: the backup can run, but read this first` : title;
    }
    if (outcome === 'later') return md`🕓 *${plural(count, 'check', 'checks')}* on the node, at the start`;
    return md`✅ *${plural(count, 'check', 'checks')} passed*`;
  },
  findingLong: (text) =>
    lines(
      md`• ${text.looked}: ${text.found}`,
      md`   Why it matters: ${text.why}`,
      text.next ? md`   What to do: ${text.next}` : undefined,
    ),
  findingShort: (text) => md`• ${text.looked}: ${text.found}`,
  moreFindings: (count) => md`… and ${count} more that do not fit here; ask for the check again to see them`,
  nothingChecked: () => md`The checks have no result yet.`,
  reportTitle: (cluster) => md`✅ *The backup of ${cluster} is complete*`,
  noReport: () => md`This run has no backup to report.`,
  reportPlace: (p, t) => lines(md`*Node* ${t.code(p.node)}`, md`*Directory* ${t.path(p.directory)}`),
  reportFile: (p, t) =>
    lines(
      p.which === 'snapshot' ? md`*etcd snapshot*` : md`*Static pod resources*`,
      t.path(p.path),
      md`${t.size(p.size)}`,
      md`sha256 ${t.code(p.sha256)}`,
    ),
  reportNumbers: (p, t) => {
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
  reportProven: () =>
    md`Proven whole on the node: the snapshot matches the checksum that etcd wrote into it, and the archive was read to its end.`,
  adviceTitle: () => md`*Before you rely on it*`,
  adviceRestore: (p) =>
    md`• It restores ${p.zStream} only. Exactly this z-stream and both files of this one run are needed; files of two runs do not fit together.`,
  adviceCopy: (p, t) =>
    md`• Copy both files off the cluster: node ${t.code(p.node)} may die with it. Then you need this thread, so keep a copy of the numbers above with the files.`,
  adviceApart: (p) =>
    p.encryption === 'on'
      ? md`• Keep the static pod resources apart from the snapshot, with other credentials: that file holds the keys that decrypt the snapshot, the keys of etcd and a cluster-admin token.`
      : md`• Keep the static pod resources apart from the snapshot, with other credentials: even without etcd encryption that file holds the keys of etcd and a cluster-admin token.`,
  adviceEncryption: (p, t) => {
    if (p.encryption === 'on')
      return md`• etcd encryption (${t.code(p.type)}) covers values only. Resource types, namespaces and object names can be read in the snapshot.`;
    if (p.encryption === 'off')
      return md`• etcd encryption is off: everything in the snapshot can be read, every Secret included. Guard it like a root password.`;
    return md`• Whether etcd is encrypted is not known. Treat the snapshot as if every Secret in it could be read.`;
  },
  adviceDualReplica: () =>
    md`• This control plane has two nodes: its restore follows another procedure. Look it up in the documentation of your release beforehand.`,
  failureTitle: (p, t) => {
    const step = p.step ? md`, while ${terms.step[p.step]}` : '';
    const at = p.at === undefined ? '' : md` (${t.clock(p.at)})`;
    return md`❌ *The backup of ${p.cluster} failed*${step}${at}`;
  },
  noFailure: () => md`This run has no failure to report.`,
  means: (text) => md`*What it means:* ${text}`,
  next: (text) => md`*Next step:* ${text}`,
  outputTitle: () => md`*The last lines of output:*`,
  left: (left, t) => {
    const pod = left.sessionPod ? thread.podLeft(left.sessionPod, t) : undefined;
    if (left.paths === undefined)
      return lines(md`*Left on node ${t.code(left.node)}:* could not be looked at. Look there by hand.`, pod);
    if (left.paths.length === 0) return lines(md`*Left on node ${t.code(left.node)}:* no files.`, pod);
    return lines(
      md`*Left on node ${t.code(left.node)}* (never restore from these; remove them when you have seen enough):`,
      t.paths(left.paths),
      pod,
    );
  },
  podLeft: (pod, t) =>
    md`The session pod ${t.code(pod)} could not be removed; it ends by itself at its deadline, or delete it by hand.`,
  nothingLeft: () => md`*Left on the node:* nothing. The run ended before it did anything there.`,
  leftUnknown: (p, t) =>
    p
      ? md`*Left on the node:* not known. Look on node ${t.code(p.node)} in ${t.path(p.directory)}, and restore nothing from there.`
      : md`*Left on the node:* not known.`,
  planChange: (p, t) =>
    md`• ${terms.planField[p.field]}: approved ${t.planValue(p.field, p.approved)}, now ${t.planValue(p.field, p.now)}`,
};
