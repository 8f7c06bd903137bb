import * as z from 'zod';
import { clusterSchema, settingsSchema } from './cluster-schema.ts';
import { destinationSchema, recipientSchema } from './destination-schema.ts';
import {
  clusterGroup,
  clusterUser,
  duration,
  language,
  list,
  localPath,
  requestPath,
  signingSecret,
  slackApiUrl,
  slackUserId,
  teamId,
  token,
  wholeNumber,
} from './values.ts';
import { summarySchema, watchSchema } from './watch-schema.ts';

/** Renewed at a third of it: long enough for a stalled process, short enough for somebody who waits. */
const standardLease = '15s';
const lease = duration('1s', '10m');

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
export type PersonEntry = z.output<typeof personSchema>;

export const standardLeaseMs = lease.parse(standardLease);
