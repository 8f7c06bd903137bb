import type { NextRetry } from '../../../../domain/fleet/board.ts';
import type { ProvenBackup } from '../../../../domain/run/proven-backup.ts';
import type { RunStatus } from '../../../../domain/run/run-status.ts';
import type { CoverageState } from '../../../../domain/watch/coverage.ts';
import { plural } from '../../kit/en/terms.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { coverage } from '../../watch/en/coverage.ts';

const place = (backup: ProvenBackup) =>
  backup.place === 'off-cluster' ? md`off the cluster` : md`on the node only`;

const row = (t: Tools) => ({
  head: (p: { cluster: string; version: string | undefined; state: Markup }) =>
    md`${p.state} · *${p.cluster}*${p.version === undefined ? '' : md` · ${p.version}`}`,
  /** Newest proven backup of the cluster, whatever it restores. */
  newest: (backup: ProvenBackup) =>
    md`Newest verified backup: ${backup.zStream} · ${t.ago(backup.takenAt)} · ${place(backup)} · ${t.code(backup.runId)}`,
  /** The one that restores the present release, where it is not the newest. */
  restoring: (backup: ProvenBackup) =>
    md`Restores it as it is: ${backup.zStream} · ${t.ago(backup.takenAt)} · ${place(backup)} · ${t.code(backup.runId)}`,
  noBackup: () => md`Newest verified backup: none yet`,
  /** The newest backup in a word or two, behind the state. */
  newestShort: (backup: ProvenBackup) =>
    md`newest ${backup.zStream}, ${t.ago(backup.takenAt)}, ${place(backup)}`,
  noBackupShort: () => md`no verified backup`,
  /** undefined: none is planned. */
  next: (at: number | undefined) =>
    at === undefined ? md`Next: nothing scheduled` : md`Next: ${t.moment(at)}`,
  /** In the place of `next`: a scheduled run is asked for again sooner. */
  retry: (p: NextRetry) =>
    md`🔁 Next: retry ${p.number} of ${p.of} of the scheduled backup, ${t.moment(p.at)}`,
  failure: (p: { id: string; at: number }) => md`❌ Last failure: ${t.ago(p.at)} (${t.code(p.id)})`,
  failureShort: (p: { at: number }) => md`❌ failed ${t.ago(p.at)}`,
  drill: (p: { ok: boolean; at: number; runId: string } | undefined) => {
    if (p === undefined) return md`Restore drill: none yet`;
    return md`Restore drill: ${p.ok ? '✅' : '❌ failed'} ${t.ago(p.at)} (${t.code(p.runId)})`;
  },
  reminder: (p: { openedAt: number; repeats: number; nextRepeatAt: number | undefined }) => {
    const repeated = p.repeats === 0 ? '' : md`, repeated ${plural(p.repeats, 'time', 'times')}`;
    const next = p.nextRepeatAt === undefined ? '' : md`, again ${t.moment(p.nextRepeatAt)}`;
    return md`🔔 The reminder in its channel is open: posted ${t.ago(p.openedAt)}${repeated}${next}`;
  },
  reminderShort: () => md`🔔 reminder open`,
  active: (p: { id: string; status: RunStatus }) => md`Now: ${t.terms.status[p.status]} (${t.code(p.id)})`,
});

export const board = (t: Tools) => ({
  fleetEmpty: () => md`No cluster is configured. Ask an administrator to add one to the bot's configuration.`,
  /** The button that opens the form. */
  askButton: 'Back up…',
  title: (count: number) => md`*${plural(count, 'cluster', 'clusters')}*, those in need first`,
  /** How many clusters are in one state. */
  count: (p: { state: CoverageState; count: number }) => md`${coverage(t).state[p.state]}: ${p.count}`,
  /** Which of the clusters are shown; `from`, `to` are counted from 1. */
  shown: (p: { from: number; to: number; of: number; page: number; pages: number }) => {
    const which =
      p.from === p.to ? md`Cluster ${p.from} of ${p.of}` : md`Clusters ${p.from}–${p.to} of ${p.of}`;
    return p.pages === 1 ? which : md`${which} · page ${p.page} of ${p.pages}`;
  },
  noneShown: () => md`No cluster is in this state now. Choose another state above, or all clusters.`,
  drawnAt: (at: number) => md`As it was ${t.moment(at)}; [Refresh] shows it as it is now.`,
  /** The board could not be read. */
  unreadable: () =>
    md`The board could not be drawn: the bot's records did not answer. Open this tab again in a minute; if it stays so, tell the administrator of this bot.`,
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
    all: (count: number) => `All clusters (${count})`,
    /** A sign and a word or two, within an option's 75 units. */
    state: {
      covered: (count: number) => `✅ covered (${count})`,
      stale: (count: number) => `🟡 backup too old (${count})`,
      uncovered: (count: number) => `🔴 not covered (${count})`,
      updating: (count: number) => `🔄 updating (${count})`,
      unknown: (count: number) => `❔ unknown (${count})`,
      elsewhere: (count: number) => `➖ not backed up by this bot (${count})`,
    },
  },
  row: row(t),
  /** The clusters that one message cannot hold. */
  moreInHome: (count: number) =>
    md`… and ${plural(count, 'cluster', 'clusters')} less in need, not shown here. The bot's Home tab shows all of them, with buttons for each.`,
  /** Above a list of runs. */
  retryNote: (p: NextRetry & { cluster: string }) =>
    md`🔁 The scheduled backup of ${t.code(p.cluster)} produced no verified backup yet; retry ${p.number} of ${p.of} comes ${t.moment(p.at)}.`,
  hint: () =>
    md`A backup restores exactly the z-stream that is named, no other. The bot's Home tab shows more of each cluster; ${t.command('check CLUSTER')} looks whether a backup can run, ${t.command('help')} shows everything.`,
  window: {
    checkTitle: 'Check',
    detailsTitle: 'Backups',
    close: 'Close',
    loading: (cluster: string) =>
      md`Looking at ${t.code(cluster)}… If nothing else comes up here within half a minute, close this and try again. Nothing is changed.`,
    /** The question itself failed. */
    failed: () =>
      md`This could not be looked up. Try again in a minute; if it stays so, tell the administrator of this bot. Nothing was changed.`,
    runsTitle: (count: number) => md`*${plural(count, 'run', 'runs')}*, newest first`,
    noRuns: (cluster: string) => md`No run of ${t.code(cluster)} is on record yet.`,
    moreRuns: (count: number) => md`… and ${count} older ones`,
    /** Where everything about one run is shown. */
    showHint: () => md`${t.command('show r-…')} shows everything about one run.`,
  },
});
