import type { NetworkWay } from '../../../../domain/network/network-way.ts';
import { plural } from '../../kit/en/terms.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';

const proxyBy = {
  file: md`set in the configuration file`,
  environment: md`set in the bot’s environment`,
  kubeconfig: md`set in the cluster’s kubeconfig`,
} as const;

function wayTo(to: NetworkWay['to'], host: string, t: Tools): Markup {
  if (to.kind === 'slack') return md`Slack (${t.code(host)})`;
  const name = t.code(to.name);
  return to.kind === 'cluster'
    ? md`API of ${name} (${t.code(host)})`
    : md`destination ${name} (${t.code(host)})`;
}

const consequence = {
  directory: md`new backups are not written there, old ones are not removed`,
  bucket: md`new backups are written there, old ones are not removed`,
} as const;

export const botLines = (t: Tools) =>
  ({
    'client.usable': ({ path, version }) => ({
      looked: md`Client ${t.path(path)}`,
      found: md`answers, version ${t.code(version)}`,
    }),

    'client.absent': ({ path }) => ({
      looked: md`Client ${t.path(path)}`,
      found: md`there is no such program that the bot can run, so nothing can be done on a node`,
      fix: md`Install oc or kubectl where the bot runs, or correct ${t.code('client.path')} in its configuration.`,
    }),

    'client.unusable': ({ path, why }) => ({
      looked: md`Client ${t.path(path)}`,
      found: md`did not report its version (${why.detail})`,
      fix: md`Run ${t.code(`${path} version --client -o json`)} where the bot runs; name a working oc or kubectl as ${t.code('client.path')}.`,
    }),

    'records.writable': () => ({ looked: md`Records`, found: md`take writes` }),

    'records.new': ({ file }) => ({
      looked: md`Records`,
      found: md`${t.path(file)} is made at the bot's first start; its directory takes writes`,
    }),

    'records.unwritable': ({ detail }) => ({
      looked: md`Records`,
      found: md`do not take writes (${detail}), so nothing can be asked for or decided`,
      fix: md`Look at the disk under ${t.code('records.file')}: is it full, read-only or gone?`,
    }),

    'config.current': ({ clusters }) => ({
      looked: md`Configuration`,
      found: md`what runs is what its files say (${plural(clusters, 'cluster', 'clusters')})`,
    }),

    'config.mistaken': ({ count, file, line, text }) => ({
      looked: md`Configuration`,
      found: md`its files have ${plural(count, 'mistake', 'mistakes')}, so the configuration before them runs. ${t.path(file)}${line === undefined ? '' : md`, line ${t.number(line)}`}: ${text}`,
      fix: md`Correct the file; the bot reads it by itself. Do not restart the bot before: it would not start.`,
    }),

    'config.next-start': ({ keys }) => ({
      looked: md`Configuration`,
      found: md`changed, takes effect at the next start: ${t.names(keys)}`,
      fix: md`Restart the bot when it suits; runs under way go on afterwards.`,
    }),

    'config.leaving': ({ clusters }) => ({
      looked: md`Being removed`,
      found: md`${t.names(clusters)}: no longer in the configuration, and what is under way there has not ended`,
      fix: md`Nothing, if that is meant: they leave after their run, copies, drill, restore room or pause. To keep one, put its file back.`,
    }),

    'config.waiting': ({ clusters }) => ({
      looked: md`Changed configuration`,
      found: md`of ${t.names(clusters)}: takes effect when the run under way there has ended`,
    }),

    'config.differs': ({ hosts }) => ({
      looked: md`Configuration of other bots`,
      found: md`${t.names(hosts)} with the same records run another configuration than this bot`,
      fix: md`Give all of them the same main file and the same ${t.path('clusters.d')}.`,
    }),

    'destination.works': ({ destination, place }) => ({
      looked: md`Destination ${t.code(destination)}`,
      found: md`takes files at ${t.path(place)}`,
    }),

    'destination.broken': ({ destination, place, detail }) => ({
      looked: md`Destination ${t.code(destination)}`,
      found: md`takes no files at ${t.path(place)}: ${detail}`,
      fix: md`Fix the place, or correct ${t.code(destination)} under ${t.code('destinations')} in the bot's configuration. Until then its copies fail and are tried again.`,
    }),

    'destination.no-conditional-write': ({ destination }) => ({
      looked: md`Destination ${t.code(destination)}`,
      found: md`does not know ${t.code('If-None-Match')}: before each write the bot looks whether the key is free, and the server does not check it again`,
    }),

    'destination.no-test-write': ({ destination }) => ({
      looked: md`Test write to ${t.code(destination)}`,
      found: md`not tried, since the bucket locks every object; rights were checked without it`,
    }),

    'destination.test-object-stays': ({ destination }) => ({
      looked: md`Test write to ${t.code(destination)}`,
      found: md`the bot may not remove its test object; one object of a few bytes, ${t.code('.check-…')}, stays there, and it writes no second one`,
    }),

    'destination.uploads-unseen': ({ destination }) => ({
      looked: md`Unfinished uploads in ${t.code(destination)}`,
      found: md`the bot cannot list and end them; those of a bot that was killed use space and are in no listing`,
      fix: md`Allow the credentials ${t.code('s3:ListBucketMultipartUploads')} and ${t.code('s3:AbortMultipartUpload')}, or give the bucket a lifecycle rule that ends unfinished uploads after some days.`,
    }),

    'drill.tools': ({ versions }) => ({
      looked: md`Restore drills`,
      found: md`etcd's programs are usable: ${t.names(versions)}`,
    }),

    'drill.tools-unusable': ({ detail }) => ({
      looked: md`Restore drills`,
      found: md`programs of etcd cannot be used where the bot runs: ${t.quote(detail)}. The backups are not touched by that`,
      fix: md`Install ${t.code('etcd')}, ${t.code('etcdctl')} and ${t.code('etcdutl')} of one version in that directory, or correct ${t.code('drillTools')} in the bot's configuration, then restart the bot.`,
    }),

    'drill.possible': ({ cluster, needs }) => ({
      looked: md`Restore drills of ${t.code(cluster)}`,
      found: md`made with programs of its etcd release, ${t.code(needs)}`,
    }),

    'drill.tools-other': ({ cluster, needs, has }) => ({
      looked: md`Restore drills of ${t.code(cluster)}`,
      found: md`made with programs of another etcd release (${t.names(has)}), so that a drill that fails says nothing about the backup`,
      fix: md`Install the programs of etcd ${t.code(needs ?? '3.x')} where the bot runs, name their directory under ${t.code('drillTools')} in its configuration, and restart the bot.`,
    }),

    'drill.tools-missing': ({ cluster, needs }) => ({
      looked: md`Restore drills of ${t.code(cluster)}`,
      found: md`wanted, but not made: there is no usable set of etcd's programs where the bot runs. The backups are not touched by that`,
      fix: md`Install the programs of etcd ${t.code(needs ?? '3.x')} where the bot runs, name their directory under ${t.code('drillTools')} in its configuration, and restart the bot.`,
    }),

    'drill.unknown': ({ cluster }) => ({
      looked: md`Restore drills of ${t.code(cluster)}`,
      found: md`the cluster's etcd release is not known yet, so it cannot be said whether the programs fit`,
      fix: md`Ask again when the bot has seen the cluster.`,
    }),

    'place.known': ({ destination }) => ({
      looked: md`Place of ${t.code(destination)}`,
      found: md`known: its marker is the one on record`,
    }),

    'place.new': ({ destination }) => ({
      looked: md`Place of ${t.code(destination)}`,
      found: md`new: its marker is taken or written with the next backup`,
    }),

    'place.absent': ({ destination, kind }) => ({
      looked: md`Place of ${t.code(destination)}`,
      found: md`its marker is absent: ${consequence[kind]}. The bot did not try to write there just now`,
      fix: md`${kind === 'directory' ? md`Mount the volume.` : md`Check bucket and prefix, and whether a lifecycle rule removed it.`} If this is the right place, send ${t.command(`destination adopt ${destination}`)}`,
    }),

    'place.different': ({ destination, kind }) => ({
      looked: md`Place of ${t.code(destination)}`,
      found: md`the marker there belongs to a different place: ${consequence[kind]}. The bot did not try to write there just now`,
      fix: md`${kind === 'directory' ? md`Mount the right volume.` : md`Check bucket and prefix.`} If this is the right place, send ${t.command(`destination adopt ${destination}`)}`,
    }),

    'place.adopt-needed': ({ destination, kind }) => ({
      looked: md`Place of ${t.code(destination)}`,
      found: md`not known yet, and its contents do not match the records: ${consequence[kind]}. The bot did not try to write there just now`,
      fix: md`${kind === 'directory' ? md`Check that the right volume is mounted.` : md`Check bucket and prefix.`} Then send ${t.command(`destination adopt ${destination}`)}`,
    }),

    'place.unreadable': ({ destination, detail }) => ({
      looked: md`Place of ${t.code(destination)}`,
      found: md`its marker cannot be read: ${detail}`,
      fix: md`Look at etcd-backup-destination.json there. If this is the right place, move that file away by hand and send ${t.command(`destination adopt ${destination}`)}`,
    }),

    'place.not-looked-at': ({ destination, detail }) => ({
      looked: md`Place of ${t.code(destination)}`,
      found: md`not looked at: ${detail}`,
      fix: md`See the line about destination ${t.code(destination)}; then look again with ${t.command('destination')}`,
    }),

    'network.no-proxy': () => ({ looked: md`Proxy`, found: md`none is set; everything is reached directly` }),

    'way.direct': ({ to, host }) => ({
      looked: md`Way to ${wayTo(to, host, t)}`,
      found: md`directly, without a proxy`,
    }),

    'way.proxied': ({ to, host, address, by }) => ({
      looked: md`Way to ${wayTo(to, host, t)}`,
      found: md`through the proxy ${t.code(address)} (${proxyBy[by]})`,
    }),
  }) satisfies Partial<DoctorTexts>;
