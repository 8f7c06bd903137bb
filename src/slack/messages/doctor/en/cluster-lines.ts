import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';
import { cannotLook } from './slack-lines.ts';

const renew = (t: Tools, cluster: string) =>
  md`Make new ones (${t.code(`npm run enroll -- --context … --name ${cluster} --renew`)}) and put the kubeconfig where the bot reads it. It takes effect without a restart.`;

export const clusterLines = (t: Tools) =>
  ({
    'api.reachable': ({ cluster }) => ({ looked: md`API of ${t.code(cluster)}`, found: md`answers` }),

    'api.unreachable': ({ cluster, why }) => ({
      looked: md`API of ${t.code(cluster)}`,
      found: md`${t.why(why)}. Its rights, session image and clock were not looked at.`,
      fix: md`Check the way from the bot to the API server, and the cluster's ${t.code('connect')} in the bot's configuration (address, certificate, token).`,
    }),

    'credentials.valid': ({ cluster, endsAt }) => ({
      looked: md`Credentials for ${t.code(cluster)}`,
      found: md`they end on ${t.moment(endsAt)}`,
    }),

    'credentials.end-soon': ({ cluster, endsAt }) => ({
      looked: md`Credentials for ${t.code(cluster)}`,
      found: md`they end on ${t.moment(endsAt)}; from then on the bot can do nothing there`,
      fix: renew(t, cluster),
    }),

    'credentials.ended': ({ cluster, endsAt }) => ({
      looked: md`Credentials for ${t.code(cluster)}`,
      found: md`they ended on ${t.moment(endsAt)}`,
      fix: renew(t, cluster),
    }),

    'elsewhere.named': ({ cluster, by }) => ({
      looked: md`Backups of ${t.code(cluster)}`,
      found: md`not made by this bot, but by: ${by}`,
    }),

    'elsewhere.unnamed': ({ cluster }) => ({
      looked: md`Backups of ${t.code(cluster)}`,
      found: md`its control plane runs on another cluster, so this bot cannot back it up, and no owner of its backups is configured`,
      fix: md`Find out who backs up etcd on the cluster that hosts it, and write it under the cluster's ${t.code('backedUpBy')} in the bot's configuration.`,
    }),

    'elsewhere.own-control-plane': ({ cluster, by }) => ({
      looked: md`Backups of ${t.code(cluster)}`,
      found: md`not made by this bot, but by: ${by}. The bot cannot see them; the control plane is the cluster's own, so it could make them`,
      fix: md`If this bot is to back it up, take ${t.code('backedUpBy')} out of the bot's configuration. Otherwise no action is needed.`,
    }),

    'rights.complete': ({ cluster, count }) => ({
      looked: md`Rights on ${t.code(cluster)}`,
      found: md`all granted (${count})`,
    }),

    'right.missing': ({ cluster, right, role, neededFor }) => ({
      looked: md`Rights on ${t.code(cluster)}`,
      found:
        neededFor === 'run'
          ? md`${t.code(right)} is missing, so no backup can run`
          : md`${t.code(right)} is missing, so the checks know less`,
      fix: md`A cluster administrator applies ${t.code('deploy/overlays/managed')} again: the role ${t.code(role)} grants it.`,
    }),

    'rights.unreadable': ({ cluster, why }) => ({
      looked: md`Rights on ${t.code(cluster)}`,
      found: md`could not be asked about: ${t.why(why)}`,
      fix: cannotLook,
    }),

    'image.configured': ({ cluster, image }) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`${t.path(image)}, as configured (pulled when a session starts)`,
    }),

    'image.of-etcd-pods': ({ cluster, images }) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`that of the etcd pods, on the nodes already: ${t.list(images.slice(0, 2).map((each) => t.path(each)))}`,
    }),

    'image.none': ({ cluster }) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`none: no etcd pod names one, and none is configured`,
      fix: md`Name one as ${t.code('session.image')} in the bot's configuration, or look why ${t.code('openshift-etcd')} has no etcd pods.`,
    }),

    'image.unreadable': ({ cluster, why }) => ({
      looked: md`Session image on ${t.code(cluster)}`,
      found: md`the etcd pods could not be read: ${t.why(why)}`,
      fix: md`Grant the right (see above), or name an image as ${t.code('session.image')} in the bot's configuration.`,
    }),

    'namespace.privileged': ({ cluster, namespace }) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} takes privileged pods`,
    }),

    'namespace.absent': ({ cluster, namespace }) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} does not exist`,
      fix: md`A cluster administrator applies ${t.code('deploy/overlays/managed')}, or you correct ${t.code('session.namespace')} in the bot's configuration.`,
    }),

    'namespace.not-privileged': ({ cluster, namespace, level }) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} does not take privileged pods (pod security: ${level ?? 'no label'})`,
      fix: md`A cluster administrator runs ${t.path(`oc label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`)}, or applies ${t.code('deploy/overlays/managed')} again.`,
    }),

    'namespace.unreadable': ({ cluster, namespace, why }) => ({
      looked: md`Sessions' namespace on ${t.code(cluster)}`,
      found: md`${t.code(namespace)} could not be read: ${t.why(why)}`,
      fix: cannotLook,
    }),

    'clock.together': ({ cluster, seconds }) => ({
      looked: md`Clock against ${t.code(cluster)}`,
      found: seconds === 0 ? md`the same` : md`${seconds} s apart`,
    }),

    'clock.apart': ({ cluster, seconds, bot }) => ({
      looked: md`Clock against ${t.code(cluster)}`,
      found: md`the bot's clock is ${seconds} s ${bot === 'ahead' ? 'ahead of' : 'behind'} the API server's, so names and times of backups mislead`,
      fix: md`Look at time synchronization (chrony, NTP) where the bot runs and on the control-plane nodes.`,
    }),

    'clock.unreadable': ({ cluster }) => ({
      looked: md`Clock against ${t.code(cluster)}`,
      found: md`the API server's answer has no date`,
      fix: md`Something between the bot and the API server takes it out; nothing else suffers from it.`,
    }),
  }) satisfies Partial<DoctorTexts>;
