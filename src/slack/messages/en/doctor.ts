import type { DoctorParams } from '../../../domain/doctor.ts';
import type { DoctorWording } from '../doctor-wording.ts';
import { md } from '../markup.ts';
import { plural } from './card.ts';

const unfit: Readonly<Record<DoctorParams['person.unfit']['because'], string>> = {
  absent: 'Slack knows no such account',
  deactivated: 'the Slack account is deactivated',
  guest: 'is a guest in Slack, and guests decide nothing',
  stranger: 'belongs to another workspace',
  bot: 'is a bot',
};

const cannotLook = md`nothing is known to be wrong; ask again in a minute`;

export const doctor: DoctorWording = {
  title: (cluster) =>
    cluster === undefined ? md`*What the bot needs*` : md`*What the bot needs, with ${cluster}*`,
  verdict: ({ bad, unknown, good }) => {
    if (bad > 0) return md`❌ ${plural(bad, 'thing is', 'things are')} to be mended, ${good} in order.`;
    return unknown > 0
      ? md`❔ ${plural(unknown, 'thing', 'things')} could not be looked at, ${good} in order.`
      : md`✅ Everything is in order.`;
  },
  more: (count) => md`… and ${plural(count, 'more line', 'more lines')}; name one cluster to see fewer`,
  mend: (text) => md`→ ${text}`,
  lines: {
    'scopes.complete': ({ count }) => ({
      looked: md`Slack scopes`,
      found: md`all granted (${count})`,
    }),
    'scopes.missing': ({ missing }, t) => ({
      looked: md`Slack scopes`,
      found: md`not granted: ${t.names(missing)}`,
      mend: md`In the app's settings, under “OAuth &amp; Permissions”, add ${t.names(missing)} to the bot token scopes and reinstall the app. Its token may change: put the new one into the bot's configuration.`,
    }),
    'scopes.unreadable': ({ why }) => ({
      looked: md`Slack scopes`,
      found: md`Slack did not say (${why.detail})`,
      mend: cannotLook,
    }),
    'channel.member': ({ cluster, channel }, t) => ({
      looked: md`Channel of ${t.code(cluster)}`,
      found: md`the bot is in ${t.channel(channel)}`,
    }),
    'channel.not-a-member': ({ cluster, channel, botName }, t) => ({
      looked: md`Channel of ${t.code(cluster)}`,
      found: md`the bot is not in ${t.channel(channel)}, so no card can be posted`,
      mend: md`In ${t.channel(channel)}, type ${t.code(`/invite @${botName}`)}`,
    }),
    'channel.not-found': ({ cluster, channel, botName }, t) => ({
      looked: md`Channel of ${t.code(cluster)}`,
      found: md`Slack shows the bot no channel ${t.code(channel)}: it does not exist, or it is private and the bot is not in it`,
      mend: md`If it is private, type ${t.code(`/invite @${botName}`)} in it. Otherwise correct ${t.code('channel')} of the cluster in the bot's configuration.`,
    }),
    'channel.archived': ({ cluster, channel }, t) => ({
      looked: md`Channel of ${t.code(cluster)}`,
      found: md`${t.channel(channel)} is archived, so no card can be posted`,
      mend: md`Unarchive it, or name another ${t.code('channel')} for the cluster in the bot's configuration.`,
    }),
    'channel.unreadable': ({ cluster, channel, why }, t) => ({
      looked: md`Channel of ${t.code(cluster)}`,
      found: md`Slack did not say how ${t.channel(channel)} stands (${why.detail})`,
      mend: md`If a scope is missing, add it (see above); otherwise ask again in a minute.`,
    }),
    'people.mapped': ({ count }) => ({
      looked: md`People`,
      found: md`${plural(count, 'person is', 'people are')} mapped to cluster users`,
    }),
    'people.members': ({ count }) => ({
      looked: md`Approvers`,
      found: md`Slack knows ${plural(count, 'of them as a member', 'of them as members')}`,
    }),
    'person.unfit': ({ slackUser, because }, t) => ({
      looked: md`Approver ${t.person(slackUser)} (${t.code(slackUser)})`,
      found: md`${unfit[because]}`,
      mend: md`Replace this member id in the bot's configuration, wherever it stands.`,
    }),
    'approver.not-mapped': ({ cluster, slackUser }, t) => ({
      looked: md`Approver ${t.person(slackUser)} of ${t.code(cluster)}`,
      found: md`is not under ${t.code('people')}, so the approval cannot count`,
      mend: md`Add ${t.code(slackUser)} with the cluster user under ${t.code('people')} in the bot's configuration.`,
    }),
    'people.unreadable': ({ count, why }) => ({
      looked: md`Approvers`,
      found: md`Slack did not say how ${plural(count, 'account stands', 'accounts stand')} (${why.detail})`,
      mend: cannotLook,
    }),
    'people.not-asked': ({ count }) => ({
      looked: md`Approvers`,
      found: md`${plural(count, 'account was', 'accounts were')} not looked at: Slack allows so many questions a minute`,
      mend: md`Name one cluster to look at its approvers alone.`,
    }),
    'client.usable': ({ path, version }, t) => ({
      looked: md`Client ${t.path(path)}`,
      found: md`answers, version ${t.code(version)}`,
    }),
    'client.absent': ({ path }, t) => ({
      looked: md`Client ${t.path(path)}`,
      found: md`there is no such program that the bot can run, so nothing can be done on a node`,
      mend: md`Install oc or kubectl where the bot runs, or correct ${t.code('client.path')} in its configuration.`,
    }),
    'client.unusable': ({ path, why }, t) => ({
      looked: md`Client ${t.path(path)}`,
      found: md`did not tell its version (${why.detail})`,
      mend: md`Run ${t.code(`${path} version --client -o json`)} where the bot runs; name a working oc or kubectl as ${t.code('client.path')}.`,
    }),
    'records.writable': () => ({ looked: md`Records`, found: md`take writes` }),
    'records.unwritable': ({ detail }, t) => ({
      looked: md`Records`,
      found: md`do not take writes (${detail}), so nothing can be asked for or decided`,
      mend: md`Look at the disk under ${t.code('records.file')}: is it full, read-only or gone?`,
    }),
    'destination.works': ({ destination, place }, t) => ({
      looked: md`Destination ${t.code(destination)}`,
      found: md`takes files at ${t.path(place)}`,
    }),
    'destination.broken': ({ destination, place, detail }, t) => ({
      looked: md`Destination ${t.code(destination)}`,
      found: md`takes no files at ${t.path(place)}: ${detail}`,
      mend: md`Mend the place, or correct ${t.code(destination)} under ${t.code('destinations')} in the bot's configuration. Until then its copies fail and are tried again.`,
    }),
    'api.reachable': ({ cluster }, t) => ({ looked: md`API of ${t.code(cluster)}`, found: md`answers` }),
    'api.unreachable': ({ cluster, why }, t) => ({
      looked: md`API of ${t.code(cluster)}`,
      found: md`${t.why(why)}. Its rights, session image and clock were not looked at.`,
      mend: md`Check the way from the bot to the API server, and the cluster's ${t.code('connect')} in the bot's configuration (address, certificate, token).`,
    }),
    'rights.complete': ({ cluster, count }, t) => ({
      looked: md`Rights on ${t.code(cluster)}`,
      found: md`all granted (${count})`,
    }),
    'right.missing': ({ cluster, right, role, neededFor }, t) => ({
      looked: md`Rights on ${t.code(cluster)}`,
      found:
        neededFor === 'run'
          ? md`${t.code(right)} is missing, so no backup can run`
          : md`${t.code(right)} is missing, so the checks know less`,
      mend: md`A cluster administrator applies ${t.code('deploy/')} again: the role ${t.code(role)} grants it.`,
    }),
    'rights.unreadable': ({ cluster, why }, t) => ({
      looked: md`Rights on ${t.code(cluster)}`,
      found: md`could not be asked about: ${t.why(why)}`,
      mend: cannotLook,
    }),
    'image.configured': ({ cluster, image }, t) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`${t.path(image)}, as configured (pulled when a session starts)`,
    }),
    'image.of-etcd-pods': ({ cluster, images }, t) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`that of the etcd pods, on the nodes already: ${t.list(images.slice(0, 2).map((each) => t.path(each)))}`,
    }),
    'image.none': ({ cluster }, t) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`none: no etcd pod tells one, and none is configured`,
      mend: md`Name one as ${t.code('session.image')} in the bot's configuration, or look why ${t.code('openshift-etcd')} has no etcd pods.`,
    }),
    'image.unreadable': ({ cluster, why }, t) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`the etcd pods could not be read: ${t.why(why)}`,
      mend: md`Grant the right (see above), or name an image as ${t.code('session.image')} in the bot's configuration.`,
    }),
    'namespace.privileged': ({ cluster, namespace }, t) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} takes privileged pods`,
    }),
    'namespace.absent': ({ cluster, namespace }, t) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} does not exist`,
      mend: md`A cluster administrator applies ${t.code('deploy/')}, or you correct ${t.code('session.namespace')} in the bot's configuration.`,
    }),
    'namespace.not-privileged': ({ cluster, namespace, level }, t) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} does not take privileged pods (pod security: ${level ?? 'no label'})`,
      mend: md`A cluster administrator runs ${t.path(`oc label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`)}, or applies ${t.code('deploy/')} again.`,
    }),
    'namespace.unreadable': ({ cluster, namespace, why }, t) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} could not be read: ${t.why(why)}`,
      mend: cannotLook,
    }),
    'clock.together': ({ cluster, seconds }, t) => ({
      looked: md`Clock against ${t.code(cluster)}`,
      found: seconds === 0 ? md`the same` : md`${seconds} s apart`,
    }),
    'clock.apart': ({ cluster, seconds, bot }, t) => ({
      looked: md`Clock against ${t.code(cluster)}`,
      found: md`the bot's clock is ${seconds} s ${bot === 'ahead' ? 'ahead of' : 'behind'} the API server's, so names and times of backups mislead`,
      mend: md`Look at time synchronization (chrony, NTP) where the bot runs and on the control-plane nodes.`,
    }),
    'clock.unreadable': ({ cluster }, t) => ({
      looked: md`Clock against ${t.code(cluster)}`,
      found: md`the API server's answer has no date`,
      mend: md`Something between the bot and the API server takes it out; nothing else suffers from it.`,
    }),
  },
};
