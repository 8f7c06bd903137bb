import * as z from 'zod';
import { copiesSchema, destinationSchema, recipientSchema } from './destination-schema.ts';
import {
  backupRoot,
  channelId,
  clusterGroup,
  clusterName,
  clusterUser,
  contextName,
  duration,
  image,
  language,
  list,
  localPath,
  namespace,
  requestPath,
  scriptPath,
  signingSecret,
  slackApiUrl,
  slackUserId,
  teamId,
  timeOfDay,
  timeZone,
  token,
  wholeNumber,
  yesOrNo,
} from './values.ts';
import { standardWatch, summarySchema, watchSchema, watchSettings } from './watch-schema.ts';

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

/** Renewed at a third of it: long enough for a stalled process, short enough for somebody who waits. */
const standardLease = '15s';
const lease = duration('1s', '10m');

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

export const personSchema = z.strictObject(
  {
    slack: slackUserId.meta({ description: 'Slack member id' }),
    user: clusterUser.meta({ description: "This person's user on the clusters" }),
    groups: list(clusterGroup, 'a list of groups')
      .meta({
        description: "Groups of this person that the clusters' API does not know (external OIDC)",
        default: [],
      })
      .optional(),
  },
  { error: 'slack: MEMBER-ID and user: NAME' },
);

/** Where Slack finds the bot in http mode. */
export const standardHttp = { port: 3000, path: '/slack/events' };

const http = z.strictObject(
  {
    port: wholeNumber(1, 65_535)
      .meta({ description: 'TCP port on which Slack’s requests arrive', default: standardHttp.port })
      .optional(),
    path: requestPath.meta({ description: 'Path of the request URL', default: standardHttp.path }).optional(),
  },
  { error: 'port: NUMBER, path: /PATH' },
);

const slackKeys = z.strictObject(
  {
    mode: z
      .enum(['socket', 'http'], { error: 'socket or http' })
      .meta({
        description:
          'socket: the bot connects to Slack; http: Slack sends signed requests to the bot, at an address that you give it',
        default: 'socket',
      })
      .optional(),
    botToken: token('xoxb-', 'bot token').meta({ description: 'Bot token of the Slack app' }),
    appToken: token('xapp-', 'app-level token')
      .meta({ description: 'App-level token of the Slack app, for mode socket' })
      .optional(),
    signingSecret: signingSecret
      .meta({ description: 'Signing secret of the Slack app, for mode http' })
      .optional(),
    http: http.meta({ description: 'Where the bot listens in mode http' }).optional(),
    apiUrl: slackApiUrl
      .meta({ description: "Address of Slack's Web API", default: 'https://slack.com/api/' })
      .optional(),
    teamId: teamId
      .meta({ description: 'Workspace that the bot serves; absent: the one of its token' })
      .optional(),
  },
  { error: 'the keys of the Slack app' },
);

/** Exported for what is checked across its keys. */
export const slackSchema = slackKeys.meta({
  anyOf: [
    { properties: { mode: { const: 'socket' } }, required: ['appToken'] },
    { properties: { mode: { const: 'http' } }, required: ['mode', 'signingSecret'] },
  ],
});

/** The whole file. */
export const fileSchema = z.strictObject(
  {
    slack: slackSchema.meta({ ...slackSchema.meta(), description: 'The Slack app' }),
    language: language
      .meta({
        description: 'Language of messages that belong to no one cluster, and of clusters that name none',
        default: 'en',
      })
      .optional(),
    records: z
      .strictObject(
        {
          file: localPath('the path of the database file').meta({
            description:
              "SQLite file with the runs and the audit; a relative path starts at this file's directory",
          }),
          lease: lease
            .meta({
              description:
                'How long a run waits for a bot that died in the middle before it is taken up again',
              default: standardLease,
            })
            .optional(),
        },
        { error: 'file: PATH, lease: 15s' },
      )
      .meta({ description: 'Where runs and the audit are kept' }),
    log: z
      .strictObject(
        {
          level: z
            .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
              error: 'fatal, error, warn, info, debug or trace',
            })
            .meta({ description: 'Least important level that is written', default: 'info' })
            .optional(),
        },
        { error: 'level: LEVEL' },
      )
      .meta({ description: "The bot's own log" })
      .optional(),
    health: z
      .strictObject(
        {
          port: wholeNumber(1, 65_535).meta({
            description: 'TCP port on which /healthz, /readyz and /metrics answer',
          }),
        },
        { error: 'port: NUMBER' },
      )
      .meta({
        description:
          'Liveness and readiness for Kubernetes, figures for Prometheus; left out: nothing listens',
      })
      .optional(),
    watch: watchSchema.meta({ description: 'How closely the clusters are watched' }).optional(),
    summary: summarySchema
      .meta({ description: 'The weekly summary of the fleet; left out: there is none' })
      .optional(),
    client: z
      .strictObject(
        {
          path: localPath('the path or name of oc or kubectl')
            .meta({ description: 'oc or kubectl: a name that is found in PATH, or a path', default: 'oc' })
            .optional(),
        },
        { error: 'path: PATH' },
      )
      .meta({ description: 'The program that runs commands in the session pod' })
      .optional(),
    people: list(personSchema, 'a list of people')
      .min(1, { error: 'at least one person (nobody else can use the bot)' })
      .meta({ description: 'Who is who: Slack member and cluster user. Nobody else can use the bot' }),
    destinations: list(destinationSchema, 'a list of destinations')
      .meta({ description: 'Places off the clusters where backups go', default: [] })
      .optional(),
    recipients: list(recipientSchema, 'a list of recipients')
      .meta({ description: 'Who can open encrypted files', default: [] })
      .optional(),
    defaults: settingsSchema
      .meta({ description: 'What holds for every cluster that does not say otherwise' })
      .optional(),
    clusters: list(clusterSchema, 'a list of clusters')
      .min(1, { error: 'at least one cluster' })
      .meta({ description: 'The clusters' }),
  },
  { error: 'a YAML mapping with the keys slack, records, people and clusters' },
);

export type ConfigFile = z.output<typeof fileSchema>;
export type SlackEntry = z.output<typeof slackSchema>;
export type ClusterEntry = z.output<typeof clusterSchema>;
export type ClusterSettings = z.output<typeof settingsSchema>;
export type PersonEntry = z.output<typeof personSchema>;

export const standardSettings = settingsSchema.parse(standard);
export const standardLeaseMs = lease.parse(standardLease);
