import { md } from '../markup.ts';
import type { SummaryWording } from '../summary-wording.ts';
import { plural } from './card.ts';

export const summary: SummaryWording = {
  title: (p, t) =>
    md`*Backups of ${plural(p.clusters, 'cluster', 'clusters')} in the week until ${t.time(p.until)}*`,
  needy: (count) =>
    count === 1 ? md`*One cluster needs somebody:*` : md`*${count} clusters need somebody, worst first:*`,
  nothingNeedy: () =>
    md`✅ Nothing is left to do: no backup is missing or too old, and no failure or drill is open.`,
  moreNeedy: (count, t) =>
    md`… and ${plural(count, 'more cluster', 'more clusters')}; ${t.command('')} shows them all.`,
  week: (p) =>
    md`In these 7 days: ${plural(p.backups, 'backup', 'backups')} taken, ${
      p.failures === 0 ? 'no run failed' : md`${plural(p.failures, 'run', 'runs')} failed`
    }.`,
  failing: (p, t) =>
    md`❌ Failed: ${t.list(p.map(({ cluster, failures }) => md`${t.code(cluster)} ${plural(failures, 'time', 'times')}`))}. The card of each run says what to do.`,
  drills: (p, t) =>
    p.failed.length === 0
      ? md`Restore drills: ${plural(p.clusters, 'cluster', 'clusters')}, all restored.`
      : md`❌ Restore drills: ${plural(p.clusters, 'cluster', 'clusters')}, failed for ${t.names(p.failed)}. Do not count on that backup; take another one.`,
  noDrills: () =>
    md`Restore drills: none in these 7 days. A backup that was never restored is only believed to work.`,
  hint: (t) =>
    md`${t.command('run CLUSTER')} takes a backup, ${t.command('')} shows how every cluster stands now.`,
  picture: (p, t) =>
    p.notDrawn.length === 0
      ? md`Snapshot size and time of each backup in the last 90 days.`
      : md`Snapshot size and time of each backup in the last 90 days. Drawn are ${p.drawn} clusters: those in need, then those with the largest snapshots. Not drawn: ${t.names(p.notDrawn)}.`,
  pictureMissing: (why) =>
    md`The picture of sizes and times could not be added (${why}). Nothing else is missing from this summary, and no backup is touched by it.`,
  noPicture: () => md`No backup was taken in the last 90 days, so there is no picture.`,
  inPicture: {
    title: 'Backups of etcd in the last 90 days',
    subtitle: (p) =>
      p.drawn === p.clusters
        ? `${p.date} · ${p.drawn === 1 ? '1 cluster' : `${p.drawn} clusters`}`
        : `${p.date} · ${p.drawn} of ${p.clusters} clusters: those in need, then the largest`,
    size: 'Snapshot size',
    duration: 'Time that a backup took',
    seconds: 's',
    minutes: 'min',
    hours: 'h',
    gap: ' ',
    day: '%b %-d',
    logarithmic: 'logarithmic scale',
  },
  pictureAlt: (clusters) =>
    `Two line charts over the last 90 days, snapshot size above and time that a backup took below, for ${clusters.join(', ')}`,
};
