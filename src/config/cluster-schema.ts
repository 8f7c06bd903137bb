import * as z from 'zod';
import { copiesSchema } from './destination-schema.ts';
import {
  backupRoot,
  channelId,
  clusterName,
  contextName,
  duration,
  image,
  language,
  list,
  localPath,
  namespace,
  scriptPath,
  slackUserId,
  timeOfDay,
  timeZone,
  wholeNumber,
  yesOrNo,
} from './values.ts';
import { standardWatch, watchSettings } from './watch-schema.ts';

/** What holds for a cluster where neither it nor `defaults` says anything, written as in the file. */
export const standard = {
  timeZone: 'UTC',
  approval: { needed: 1, approvers: [] as string[], selfApproval: false, expiresAfter: '30m' },
  session: {
    namespace: 'etcd-backup-sessions',
    startDeadline: '2m',
    scriptDeadline: '15m',
    commandDeadline: '1m',
  },
  backupRoot: '/home/core/assets/backup',
  scriptPath: '/usr/local/bin/cluster-backup.sh',
  requestDeadline: '10s',
  keepOnNode: 1,
  drill: false,
  ...standardWatch,
};

const breakGlass = z.strictObject(
  {
    people: list(slackUserId, 'a list of Slack member ids').meta({
      description: 'Who may run a backup alone in an emergency, with a reason',
    }),
    owners: list(slackUserId, 'a list of Slack member ids').meta({
      description: 'Who hears of an emergency run at once, by direct message',
    }),
  },
  { error: 'the keys people and owners' },
);

const approval = z.strictObject(
  {
    needed: wholeNumber(1, 10)
      .meta({ description: 'How many different people must approve', default: standard.approval.needed })
      .optional(),
    approvers: list(slackUserId, 'a list of Slack member ids')
      .meta({
        description: 'Who may approve; empty: every mapped person who is cluster-admin of the cluster',
        default: standard.approval.approvers,
      })
      .optional(),
    selfApproval: yesOrNo()
      .meta({
        description: 'Whether the requester may also approve',
        default: standard.approval.selfApproval,
      })
      .optional(),
    expiresAfter: duration('1m', '7d')
      .meta({
        description: 'How long a request waits for approval',
        default: standard.approval.expiresAfter,
      })
      .optional(),
    breakGlass: breakGlass
      .meta({ description: 'Emergency runs without a second person; left out: there are none' })
      .optional(),
  },
  { error: 'the keys of an approval policy' },
);

const session = z.strictObject(
  {
    namespace: namespace
      .meta({
        description: 'Namespace in which the session pod is made; it must exist',
        default: standard.session.namespace,
      })
      .optional(),
    image: image
      .meta({ description: 'Image of the session pod; absent: that of the etcd pod on the node' })
      .optional(),
    startDeadline: duration('5s', '15m')
      .meta({
        description: 'How long the session pod may take to start',
        default: standard.session.startDeadline,
      })
      .optional(),
    scriptDeadline: duration('5s', '6h')
      .meta({
        description: 'How long the backup script may run',
        default: standard.session.scriptDeadline,
      })
      .optional(),
    commandDeadline: duration('1s', '1h')
      .meta({
        description: 'How long one short command on the node may run',
        default: standard.session.commandDeadline,
      })
      .optional(),
  },
  { error: 'the keys of a node session' },
);

const offPeak = z.union([z.strictObject({ from: timeOfDay, to: timeOfDay }), z.literal('none')], {
  error: '{from: "22:00", to: "06:00"}, or none',
});

/** What `defaults` may say for all clusters and a cluster for itself. */
const settings = {
  channel: channelId.meta({ description: "Id of the Slack channel for this cluster's cards" }).optional(),
  allowedChannels: list(channelId, 'a list of Slack channel ids')
    .meta({
      description: 'Channels in which the command may be used for this cluster; empty: any',
      default: [],
    })
    .optional(),
  language: language.meta({ description: "Language of this cluster's messages" }).optional(),
  timeZone: timeZone
    .meta({ description: 'IANA time zone for times and the off-peak window', default: standard.timeZone })
    .optional(),
  offPeak: offPeak
    .meta({ description: 'Hours in which a backup disturbs least; outside them the card warns' })
    .optional(),
  approval: approval.meta({ description: 'Who must approve a backup' }).optional(),
  session: session.meta({ description: 'The pod that gives a way onto the node' }).optional(),
  backupRoot: backupRoot
    .meta({
      description: 'Directory on the node under which each run gets its own',
      default: standard.backupRoot,
    })
    .optional(),
  scriptPath: scriptPath
    .meta({ description: 'The backup script on the node', default: standard.scriptPath })
    .optional(),
  requestDeadline: duration('1s', '2m')
    .meta({
      description: "How long one request to the cluster's API may take",
      default: standard.requestDeadline,
    })
    .optional(),
  copies: copiesSchema
    .meta({ description: 'Where the two files of each backup go; absent or none: they stay on the node' })
    .optional(),
  keepOnNode: wholeNumber(0, 20)
    .meta({
      description: 'How many backups stay on the node as well, once both copies are proven',
      default: standard.keepOnNode,
    })
    .optional(),
  drill: yesOrNo()
    .meta({
      description: 'Whether each backup is restored into a throw-away etcd where the bot runs',
      default: standard.drill,
    })
    .optional(),
  ...watchSettings,
};

const connect = z
  .strictObject(
    {
      kubeconfig: localPath('the path of a kubeconfig file')
        .meta({ description: "Path of a kubeconfig file; a relative one starts at this file's directory" })
        .optional(),
      context: contextName
        .meta({ description: 'Context in the kubeconfig; absent: its current one' })
        .optional(),
      inCluster: z
        .literal(true, { error: 'true' })
        .meta({ description: 'Use the service account of the pod that the bot runs in' })
        .optional(),
    },
    { error: 'kubeconfig: PATH, or inCluster: true' },
  )
  .meta({ oneOf: [{ required: ['kubeconfig'] }, { required: ['inCluster'] }] });

export const settingsSchema = z.strictObject(settings, { error: 'the keys of the defaults' });

export const clusterSchema = z.strictObject(
  {
    name: clusterName.meta({ description: 'Name of the cluster in commands and messages; unique' }),
    connect: connect.meta({ description: 'How to reach the API of the cluster' }),
    ...settings,
  },
  { error: 'the keys of a cluster' },
);

export type ClusterEntry = z.output<typeof clusterSchema>;
export type ClusterSettings = z.output<typeof settingsSchema>;

export const standardSettings = settingsSchema.parse(standard);
