import { plural } from '../../kit/en/terms.ts';
import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

export const summary = (t: Tools) => ({
  title: (p: { clusters: number; from: number; until: number }) =>
    md`*Backups of ${plural(p.clusters, 'cluster', 'clusters')} in the week until ${t.time(p.until)}*`,
  /** `count` clusters follow that need attention. */
  needy: (count: number) =>
    count === 1 ? md`*One cluster needs attention:*` : md`*${count} clusters need attention, worst first:*`,
  /** `paused`: of some clusters nothing is expected now. */
  nothingNeedy: (paused: boolean) =>
    paused
      ? md`✅ Of the clusters that are not paused no backup is missing or too old, and no failed run or drill is open.`
      : md`✅ No backup is missing or too old, and no failed run or drill is open.`,
  /** Clusters whose backup is on a node of theirs alone. */
  onNodeOnly: (clusters: readonly string[]) =>
    md`⚠️ On a control-plane node only, and lost together with the cluster: the backups of ${t.names(clusters)}. Copy them off the cluster, or have destinations configured.`,
  moreNeedy: (count: number) =>
    md`… and ${plural(count, 'more cluster', 'more clusters')}; ${t.command('')} shows them all.`,
  /** Clusters that this bot does not back up. */
  elsewhere: (p: readonly { cluster: string; by: string | undefined }[]) =>
    md`➖ Not backed up by this bot, and not judged here: ${t.list(
      p.map(({ cluster, by }) =>
        by === undefined
          ? md`${t.code(cluster)} (no owner of its backups is configured)`
          : md`${t.code(cluster)} (${by})`,
      ),
    )}`,
  week: (p: { backups: number; disproven: number; unverified: number; failures: number }) =>
    md`In these 7 days: ${plural(p.backups, 'verified backup', 'verified backups')} taken, ${p.disproven === 0 ? '' : md`${p.disproven} that a drill has shown not to restore, `}${p.unverified === 0 ? '' : md`${p.unverified} without a verified copy of both files, `}${
      p.failures === 0
        ? 'no attempt failed'
        : md`${plural(p.failures, 'attempt', 'attempts')} failed, each retry counted`
    }.`,
  failing: (p: readonly { readonly cluster: string; readonly failures: number }[]) =>
    md`❌ Failed: ${t.list(p.map(({ cluster, failures }) => md`${t.code(cluster)} ${plural(failures, 'attempt', 'attempts')}`))}. The card of each run says what to do.`,
  drills: (p: { clusters: number; failed: readonly string[] }) =>
    p.failed.length === 0
      ? md`Restore drills: ${plural(p.clusters, 'cluster', 'clusters')}, all restored.`
      : md`❌ Restore drills: ${plural(p.clusters, 'cluster', 'clusters')}, failed for ${t.names(p.failed)}. Do not count on that backup; take another one.`,
  noDrills: () =>
    md`Restore drills: none in these 7 days. A backup that was never restored is only believed to work.`,
  hint: () =>
    md`${t.command('run CLUSTER')} takes a backup, ${t.command('')} shows the state of every cluster now.`,
  /** Under the message, with the picture. */
  picture: (p: { drawn: number; notDrawn: readonly string[] }) =>
    p.notDrawn.length === 0
      ? md`Which clusters a backup restores, and snapshot size and time of each backup in the last 90 days.`
      : md`Which clusters a backup restores, and snapshot size and time of each backup in the last 90 days. Drawn are ${p.drawn} clusters: those in need, then those with the largest snapshots. Not drawn: ${t.names(p.notDrawn)}.`,
  /** In place of the picture; the summary itself is there. */
  pictureMissing: (why: string) =>
    md`The picture of coverage, sizes and times could not be added (${why}). Nothing else is missing from this summary, and no backup is touched by it.`,
  noPicture: () => md`No backup was taken in the last 90 days, so there is no picture.`,
  /** What is written in the picture itself. */
  inPicture: {
    title: 'Backups of etcd in the last 90 days',
    subtitle: (p: { date: string; drawn: number; clusters: number }) =>
      p.drawn === p.clusters
        ? `${p.date} · ${p.drawn === 1 ? '1 cluster' : `${p.drawn} clusters`}`
        : `${p.date} · ${p.drawn} of ${p.clusters} clusters: those in need, then the largest`,
    coverage: 'Which clusters a backup restores (● backup, × failed)',
    needsAttention: 'needs attention',
    state: {
      covered: 'covered',
      stale: 'backup too old',
      uncovered: 'not covered',
      updating: 'updating',
      unknown: 'unknown',
      elsewhere: 'not by this bot',
      paused: 'paused',
    },
    size: 'Snapshot size',
    duration: 'Time that a backup took',
    seconds: 's',
    minutes: 'min',
    hours: 'h',
    /** Between a number and its unit. */
    gap: ' ',
    /** As strftime writes it. */
    day: '%b %-d',
    logarithmic: 'logarithmic scale',
  },
  /** For those who cannot see it. */
  pictureAlt: (clusters: readonly string[]) =>
    `Three charts over the last 90 days: when each cluster had backups and failures and whether one restores it now, snapshot size, and time that a backup took; for ${clusters.join(', ')}`,
});
