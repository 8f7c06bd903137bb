import type { ProvenBackup } from '../../../domain/proven-backup.ts';
import type { BoardRowWording, BoardWording } from '../board-wording.ts';
import { md } from '../markup.ts';
import { plural } from './card.ts';
import { coverage } from './coverage.ts';
import { terms } from './terms.ts';

const place = (backup: ProvenBackup) =>
  backup.place === 'off-cluster' ? md`off the cluster` : md`on the node only`;

const row: BoardRowWording = {
  head: (p) => md`${p.state} · *${p.cluster}*${p.version === undefined ? '' : md` · ${p.version}`}`,
  newest: (backup, t) =>
    md`Newest proven backup: ${backup.zStream} · ${t.ago(backup.takenAt)} · ${place(backup)} · ${t.code(backup.runId)}`,
  restoring: (backup, t) =>
    md`Restores it as it is: ${backup.zStream} · ${t.ago(backup.takenAt)} · ${place(backup)} · ${t.code(backup.runId)}`,
  noBackup: () => md`Newest proven backup: none yet`,
  newestShort: (backup, t) => md`newest ${backup.zStream}, ${t.ago(backup.takenAt)}, ${place(backup)}`,
  noBackupShort: () => md`no proven backup`,
  next: (at, t) => (at === undefined ? md`Next: nothing scheduled` : md`Next: ${t.moment(at)}`),
  failure: (p, t) => md`❌ Last failure: ${t.ago(p.at)} (${t.code(p.id)})`,
  failureShort: (p, t) => md`❌ failed ${t.ago(p.at)}`,
  drill: (p, t) => {
    if (p === undefined) return md`Restore drill: none yet`;
    return md`Restore drill: ${p.ok ? '✅' : '❌ failed'} ${t.ago(p.at)} (${t.code(p.runId)})`;
  },
  reminder: (p, t) => {
    const repeated = p.nags === 0 ? '' : md`, repeated ${plural(p.nags, 'time', 'times')}`;
    const next = p.nextNagAt === undefined ? '' : md`, again ${t.moment(p.nextNagAt)}`;
    return md`🔔 The reminder in its channel is open: posted ${t.ago(p.openedAt)}${repeated}${next}`;
  },
  reminderShort: () => md`🔔 reminder open`,
  active: (p, t) => md`Now: ${terms.status[p.status]} (${t.code(p.id)})`,
};

export const board: BoardWording = {
  title: (count) => md`*${plural(count, 'cluster', 'clusters')}*, those in need first`,
  count: (p) => md`${coverage.state[p.state]}: ${p.count}`,
  shown: (p) => {
    const which =
      p.from === p.to ? md`Cluster ${p.from} of ${p.of}` : md`Clusters ${p.from}–${p.to} of ${p.of}`;
    return p.pages === 1 ? which : md`${which} · page ${p.page} of ${p.pages}`;
  },
  noneShown: () => md`No cluster stands like this now. Choose another state above, or all clusters.`,
  drawnAt: (at, t) => md`As it was ${t.moment(at)}; [Refresh] shows it anew.`,
  unreadable: () =>
    md`The board could not be drawn: the bot's records did not answer. Open this tab again in a minute; if it stays so, tell whoever runs this bot.`,
  buttons: {
    refresh: 'Refresh',
    earlier: '◀ Previous page',
    later: 'Next page ▶',
    backUp: 'Back up…',
    check: 'Check',
    details: 'Details',
  },
  filter: {
    placeholder: 'Which clusters',
    all: (count) => `All clusters (${count})`,
    state: {
      covered: (count) => `✅ covered (${count})`,
      stale: (count) => `🟡 backup too old (${count})`,
      uncovered: (count) => `🔴 not covered (${count})`,
      updating: (count) => `🔄 updating (${count})`,
      unknown: (count) => `❔ unknown (${count})`,
    },
  },
  row,
  moreInHome: (count) =>
    md`… and ${plural(count, 'cluster', 'clusters')} less in need, not shown here. The bot's Home tab shows all of them, with buttons for each.`,
  hint: (t) =>
    md`A backup restores exactly the z-stream that is named, no other. The bot's Home tab shows more of each cluster; ${t.command('check CLUSTER')} looks whether a backup can run, ${t.command('help')} shows everything.`,
  window: {
    checkTitle: 'Check',
    detailsTitle: 'Backups',
    close: 'Close',
    loading: (cluster, t) =>
      md`Looking at ${t.code(cluster)}… If nothing else comes up here within half a minute, close this and try again. Nothing is changed.`,
    failed: () =>
      md`This could not be looked up. Try again in a minute; if it stays so, tell whoever runs this bot. Nothing was changed.`,
    runsTitle: (count) => md`*${plural(count, 'run', 'runs')}*, newest first`,
    noRuns: (cluster, t) => md`No run of ${t.code(cluster)} is on record yet.`,
    moreRuns: (count) => md`… and ${count} older ones`,
    showHint: (t) => md`${t.command('show r-…')} tells everything about one run.`,
  },
};
