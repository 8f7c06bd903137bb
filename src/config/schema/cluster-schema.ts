import * as z from 'zod';
import { standardPermissions } from '../../domain/policy/policy.ts';
import { copiesSchema } from './destination-schema.ts';
import {
  backedUpBy,
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
import { watchSettings } from './watch-schema.ts';

const breakGlass = z.strictObject(
  {
    people: list(slackUserId, 'a list of Slack member ids').describe(
      'Who may run a backup alone in an emergency, with a reason',
    ),
    owners: list(slackUserId, 'a list of Slack member ids').describe(
      'Who is notified of an emergency run at once, by direct message',
    ),
  },
  { error: 'the keys people and owners' },
);

const approval = z
  .strictObject(
    {
      needed: wholeNumber(1, 10).describe('How many different people must approve').default(1),
      approvers: list(slackUserId, 'a list of Slack member ids')
        .describe('Who may approve; empty: every mapped person who is cluster-admin of the cluster')
        .default([]),
      selfApproval: yesOrNo().describe('Whether the requester may also approve').default(false),
      expiresAfter: duration('1m', '7d').describe('How long a request waits for approval').prefault('30m'),
      breakGlass: breakGlass
        .describe('Emergency runs without a second person; left out: there are none')
        .optional(),
    },
    { error: 'the keys of an approval policy' },
  )
  .describe('Who must approve a backup')
  .transform(({ expiresAfter, breakGlass, ...rest }) => ({
    ...rest,
    expiresAfterMs: expiresAfter,
    breakGlass,
  }));

const permission = z.enum(['cluster-admin', 'member'], { error: 'cluster-admin or member' });
const permissions = z
  .strictObject(
    {
      endReminder: permission
        .describe('Who may end a reminder without a backup, beside the owners')
        .default(standardPermissions.endReminder),
      startDrill: permission
        .describe('Who may ask for a restore drill, beside the owners')
        .default(standardPermissions.startDrill),
      verify: permission
        .describe('Who may have the copies read back, beside the owners')
        .default(standardPermissions.verify),
    },
    { error: 'the keys endReminder, startDrill and verify' },
  )
  .describe('Who may do what is neither a backup nor a question; member: everybody under people');

const session = z
  .strictObject(
    {
      namespace: namespace
        .describe('Namespace in which the session pod is made; it must exist')
        .default('etcd-backup-sessions'),
      image: image.describe('Image of the session pod; absent: that of the etcd pod on the node').optional(),
      startDeadline: duration('5s', '15m')
        .describe('How long the session pod may take to start')
        .prefault('2m'),
      scriptDeadline: duration('5s', '6h').describe('How long the backup script may run').prefault('15m'),
      commandDeadline: duration('1s', '1h')
        .describe('How long one short command on the node may run')
        .prefault('1m'),
    },
    { error: 'the keys of a node session' },
  )
  .describe('The pod that gives a way onto the node')
  .transform(({ namespace, image, startDeadline, scriptDeadline, commandDeadline }) => ({
    namespace,
    image,
    startDeadlineMs: startDeadline,
    scriptDeadlineMs: scriptDeadline,
    commandDeadlineMs: commandDeadline,
  }));

const offPeak = z
  .union([z.strictObject({ from: timeOfDay, to: timeOfDay }), z.literal('none')], {
    error: '{from: "22:00", to: "06:00"}, or none',
  })
  .describe('Hours in which a backup disturbs least; outside them the card warns')
  .optional()
  .transform((said) => {
    if (said === undefined || said === 'none') return undefined;
    return { fromMinute: said.from, toMinute: said.to };
  });

/** What `defaults` may say for all clusters and a cluster for itself. */
const settings = {
  channel: channelId.describe("Id of the Slack channel for this cluster's cards").optional(),
  allowedChannels: list(channelId, 'a list of Slack channel ids')
    .describe('Channels in which the command may be used for this cluster, beside its own; empty: any')
    .default([]),
  language: language.describe("Language of this cluster's messages").optional(),
  timeZone: timeZone.describe('IANA time zone for times and the off-peak window').default('UTC'),
  offPeak,
  approval: approval.prefault({}),
  permissions: permissions.prefault({}),
  session: session.prefault({}),
  backupRoot: backupRoot
    .describe('Directory on the node under which each run gets its own')
    .default('/home/core/assets/backup'),
  scriptPath: scriptPath
    .describe('The backup script on the node')
    .default('/usr/local/bin/cluster-backup.sh'),
  requestDeadline: duration('1s', '2m')
    .describe("How long one request to the cluster's API may take")
    .prefault('10s'),
  copies: copiesSchema,
  keepOnNode: wholeNumber(0, 20)
    .describe('How many backups stay on the node as well, once both copies are verified')
    .default(1),
  drill: yesOrNo()
    .describe('Whether each backup is restored into a throw-away etcd where the bot runs')
    .default(false),
  ...watchSettings,
};

const connect = z
  .strictObject(
    {
      kubeconfig: localPath('the path of a kubeconfig file')
        .describe("Path of a kubeconfig file; a relative one starts at this file's directory")
        .optional(),
      context: contextName.describe('Context in the kubeconfig; absent: its current one').optional(),
      inCluster: z
        .literal(true, { error: 'true' })
        .describe('Use the service account of the pod that the bot runs in')
        .optional(),
    },
    { error: 'kubeconfig: PATH, or inCluster: true' },
  )
  .meta({ oneOf: [{ required: ['kubeconfig'] }, { required: ['inCluster'] }] });

export const settingsSchema = z.strictObject(settings, { error: 'the keys of the defaults' });

export const clusterSchema = z.strictObject(
  {
    name: clusterName.describe('Name of the cluster in commands and messages; unique'),
    connect: connect.describe('How to reach the API of the cluster'),
    backedUpBy: backedUpBy
      .describe(
        'Who backs this cluster up instead of the bot, in words for people: it is watched, but not backed up, reminded of or alerted on',
      )
      .optional(),
    ...settings,
  },
  { error: 'the keys of a cluster' },
);

export type ClusterEntry = z.output<typeof clusterSchema>;
