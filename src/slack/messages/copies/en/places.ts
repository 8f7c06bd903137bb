import type { PlaceState, PlaceTrouble } from '../../../../domain/copies/place-state.ts';
import type { OwnerMessage } from '../../../../domain/watch/cluster-notice.ts';
import type { AdoptAnswer, FoundPlace, NotAllowed, SeenPlace } from '../../../../workflow/access/backups.ts';
import { plural } from '../../kit/en/terms.ts';
import { lines, type Markup, md } from '../../kit/markup.ts';
import type { TextsBy } from '../../kit/texts-by.ts';
import type { Tools } from '../../kit/tools.ts';

const state: Readonly<Record<PlaceState, Markup>> = {
  known: md`✅ the known place`,
  new: md`✅ new: its marker is taken or written with the next backup`,
  absent: md`❌ not the known place: its marker is absent`,
  different: md`❌ not the known place: the marker there belongs to a different one`,
  'adopt-needed': md`❌ not known yet, and its contents do not match the records`,
  unreadable: md`❌ its marker cannot be read`,
  unreachable: md`❔ not looked at: it did not answer`,
};

const what = {
  absent: md`Its marker (etcd-backup-destination.json) is not there.`,
  different: md`The marker there belongs to a different place.`,
  'adopt-needed': md`The bot sees this place for the first time, and what lies there does not match the records.`,
  unreadable: md`The file etcd-backup-destination.json there is not a marker that the bot can read.`,
} as const;

/** Objects, the newest, and how many of the records' copies lie there. */
function found({ contents }: FoundPlace, t: Tools): Markup {
  const { objects, newestAt, recorded, found: present } = contents;
  const newest = newestAt === undefined ? '' : md`, the newest from ${t.time(newestAt)}`;
  const lies =
    objects === 0
      ? md`Nothing is stored there.`
      : md`Stored there: ${plural(objects, 'file', 'files')}${newest}.`;
  if (recorded === 0) return md`${lies} No copy is on record at this destination.`;
  return present === recorded
    ? md`${lies} All ${t.number(recorded)} copies on record are among them.`
    : md`${lies} Of the ${t.number(recorded)} copies on record at this destination, ${t.number(recorded - present)} are missing there.`;
}

type NotKnown = Pick<
  Extract<OwnerMessage, { type: 'place-not-known' }>,
  'destination' | 'label' | 'kind' | 'state'
>;

export const places = (t: Tools) => ({
  /** To one owner alone: what was found, what it means, the next step. */
  owner: ({ destination, label, kind, state: found }: NotKnown) => [
    lines(
      md`⚠️ *${label} is not the known place of destination ${t.code(destination)}.* ${what[found]}`,
      kind === 'directory'
        ? md`New backups are not written there: it may be the empty mount point of a volume that is not mounted. They fail and are retried.`
        : md`New backups are still written there.`,
      md`Old backups are not removed there, and no copy is recorded as gone.`,
    ),
    lines(
      kind === 'directory'
        ? md`*Next:* check that the right volume is mounted at ${t.path(label)}. The bot then goes on by itself.`
        : md`*Next:* check bucket and prefix in the bot's configuration, and whether a lifecycle rule removed the marker.`,
      found === 'unreadable'
        ? md`If this is the right place, move that file away by hand and send ${t.command(`destination adopt ${destination}`)}`
        : md`If this is the right place, send ${t.command(`destination adopt ${destination}`)}`,
    ),
  ],
  youAreOwner: (destination: string) =>
    md`You get this message because you are an owner of destination ${t.code(destination)} or of a cluster that uses it. It is sent once; again only when something else is found there, or after the place has been fine.`,
  /** In the thread of a run that wrote to a bucket all the same. */
  written: ({ destination, state: found }: { destination: string; state: PlaceTrouble }) =>
    lines(
      md`⚠️ Destination ${t.code(destination)} is not the known place. ${what[found]} The backup is written there all the same. Old backups are not removed there meanwhile.`,
      md`Check bucket and prefix. If this is the right place, send ${t.command(`destination adopt ${destination}`)}`,
    ),
  listTitle: (count: number) =>
    count === 0
      ? md`No destinations are configured: backups stay on the nodes.`
      : md`*Destinations* (${count})`,
  listLine: (place: SeenPlace) => {
    const since =
      place.since === undefined ? '' : md` · the place on record is known since ${t.time(place.since)}`;
    const trouble = place.troubleSince === undefined ? '' : md`, noticed ${t.ago(place.troubleSince)}`;
    const next =
      place.state === 'known' || place.state === 'new' || place.state === 'unreachable'
        ? undefined
        : md`*Next:* mount or configure the right place. Only if new backups are to go to exactly what is there now: ${t.command(`destination adopt ${place.destination}`)}`;
    return lines(
      md`• ${t.code(place.destination)}: ${state[place.state]}${trouble}${since}`,
      t.path(place.label),
      place.detail === undefined ? undefined : md`${t.quote(place.detail)}`,
      next,
    );
  },
  adopted: (answer: Extract<AdoptAnswer, { outcome: 'adopted' }>) =>
    lines(
      md`✅ *${answer.label} is the known place of destination ${t.code(answer.destination)} now.* ${answer.marker === 'written' ? md`Its marker was written.` : md`Its marker is on record as it was found.`}`,
      found(answer, t),
      md`Writing goes on with the next round or the next backup.`,
      answer.contents.found < answer.contents.recorded
        ? md`Check the backups whose copies are missing with ${t.command('verify RUN')}`
        : undefined,
    ),
  confirm: (answer: Extract<AdoptAnswer, { outcome: 'confirm-needed' }>) =>
    lines(
      answer.changed
        ? md`⚠️ *The place has changed since you were asked. Nothing was adopted.*`
        : md`⚠️ *Is ${answer.label} really destination ${t.code(answer.destination)}?* Nothing was adopted yet.`,
      answer.state === 'different'
        ? md`The marker there belongs to a different place.`
        : md`There is no marker, and what lies there is not what the records have.`,
      found(answer, t),
      md`If a volume is not mounted, mount it instead. Adopt only if new backups are to go to exactly this place.`,
    ),
  adoptButton: 'Adopt this place',
  refused: {
    'known-already': ({ destination, label }) =>
      md`✅ ${label} already is the known place of destination ${t.code(destination)}. Nothing was changed.`,
    'place-unreachable': ({ destination, detail }) =>
      md`Destination ${t.code(destination)} could not be looked at, so nothing was adopted: ${t.quote(detail)} Try again when it answers.`,
    'marker-unreadable': ({ destination, label, detail }) =>
      md`The file etcd-backup-destination.json at ${label} is not a marker (${detail}). The bot never rewrites it: move it away by hand, then send ${t.command(`destination adopt ${destination}`)} again.`,
    'unknown-destination': ({ name, nearest, known }) => {
      if (nearest !== undefined)
        return md`There is no destination ${t.code(name)}. Did you mean ${t.command(`destination adopt ${nearest}`)}?`;
      return known.length === 0
        ? md`There is no destination ${t.code(name)}: none is configured.`
        : md`There is no destination ${t.code(name)}. Configured are ${t.names(known)}.`;
    },
    'not-an-owner': ({ destination, owners }) =>
      md`Only an owner of destination ${t.code(destination)} may adopt it: ${t.people(owners)}. Nothing was changed.`,
    'not-cluster-admin-everywhere': ({ destination, lacking }) =>
      md`Destination ${t.code(destination)} has no owners in the configuration, so adopting it takes cluster-admin on every cluster that uses it. You are not cluster-admin on ${t.names(lacking)}. Nothing was changed.`,
    'rights-unreadable': ({ destination, cluster, why }) =>
      md`Whether you are cluster-admin on ${t.code(cluster)} could not be read (${t.why(why)}), so destination ${t.code(destination)} was not adopted. Try again, or run ${t.code(`npm run destination -- adopt ${destination}`)} where the bot runs.`,
    'no-decider': ({ destination }) =>
      md`No cluster uses destination ${t.code(destination)}, and it has no owners in the configuration. It can only be adopted where the bot runs: ${t.code(`npm run destination -- adopt ${destination}`)}`,
  } satisfies TextsBy<
    'outcome',
    Exclude<AdoptAnswer, NotAllowed | { outcome: 'adopted' | 'confirm-needed' }>
  >,
});
