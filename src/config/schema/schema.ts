import * as z from 'zod';
import type { PersonMapping } from '../../domain/policy/policy.ts';
import { certificates } from './certificates.ts';
import { clientSchema } from './client-schema.ts';
import { clusterSchema, settingsSchema } from './cluster-schema.ts';
import { destinationSchema, recipientSchema } from './destination-schema.ts';
import { drillToolsSchema } from './drill-tools-schema.ts';
import { proxySchema } from './proxy-schema.ts';
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

export const personSchema = z.strictObject(
  {
    slack: slackUserId.describe('Slack member id'),
    user: clusterUser.describe("This person's user on the clusters"),
    groups: list(clusterGroup, 'a list of groups')
      .describe("Groups of this person that the clusters' API does not know (external OIDC)")
      .default([]),
  },
  { error: 'slack: MEMBER-ID and user: NAME' },
);

function personOf({ slack, user, groups }: z.output<typeof personSchema>): PersonMapping {
  return { slackUser: slack, clusterUser: user, groups };
}

/** Where Slack finds the bot in http mode. */
export const standardHttpPort = 3000;

const http = z.strictObject(
  {
    port: wholeNumber(1, 65_535)
      .describe('TCP port on which Slack’s requests arrive')
      .default(standardHttpPort),
    path: requestPath.describe('Path of the request URL').default('/slack/events'),
  },
  { error: 'port: NUMBER, path: /PATH' },
);

export const slackSchema = z
  .strictObject(
    {
      mode: z
        .enum(['socket', 'http'], { error: 'socket or http' })
        .describe(
          'socket: the bot connects to Slack; http: Slack sends signed requests to the bot, at an address that you give it',
        )
        .default('socket'),
      botToken: token('xoxb-', 'bot token').describe('Bot token of the Slack app'),
      appToken: token('xapp-', 'app-level token')
        .describe('App-level token of the Slack app, for mode socket')
        .optional(),
      signingSecret: signingSecret.describe('Signing secret of the Slack app, for mode http').optional(),
      http: http.describe('Where the bot listens in mode http').prefault({}),
      apiUrl: slackApiUrl.describe("Address of Slack's Web API").default('https://slack.com/api/'),
      teamId: teamId.describe('Workspace that the bot serves; absent: the one of its token').optional(),
    },
    { error: 'the keys of the Slack app' },
  )
  .meta({
    anyOf: [
      { properties: { mode: { const: 'socket' } }, required: ['appToken'] },
      { properties: { mode: { const: 'http' } }, required: ['mode', 'signingSecret'] },
    ],
  });

/** The whole file. */
export const fileSchema = z.strictObject(
  {
    slack: slackSchema.describe('The Slack app'),
    proxy: proxySchema
      .describe(
        "The way out to Slack, S3 and the clusters' APIs; absent: HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment; none: no proxy, whatever the environment says. proxy-url in a cluster's kubeconfig comes first",
      )
      .optional(),
    ca: certificates
      .describe(
        "Certificate authorities that are trusted beside the system's, for Slack, the proxy, S3 and clusters; one that names its own (s3.ca, the kubeconfig) trusts that alone",
      )
      .optional(),
    language: language
      .describe('Language of messages that belong to no one cluster, and of clusters that name none')
      .default('en'),
    records: z
      .strictObject(
        {
          file: localPath('the path of the database file').describe(
            "SQLite file with the runs and the audit; a relative path starts at this file's directory",
          ),
          // Renewed at a third of it: long enough for a stalled process, short enough for a waiting user.
          lease: duration('1s', '10m')
            .describe(
              'How long a run rests after an error that no step expected; a bot that starts takes up at once what one before it left',
            )
            .prefault('15s'),
        },
        { error: 'file: PATH, lease: 15s' },
      )
      .describe('Where runs and the audit are kept'),
    log: z
      .strictObject(
        {
          level: z
            .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
              error: 'fatal, error, warn, info, debug or trace',
            })
            .describe('Least important level that is written')
            .default('info'),
        },
        { error: 'level: LEVEL' },
      )
      .describe("The bot's own log")
      .prefault({}),
    health: z
      .strictObject(
        {
          port: wholeNumber(1, 65_535).describe('TCP port on which /healthz, /readyz and /metrics answer'),
        },
        { error: 'port: NUMBER' },
      )
      .describe('Liveness and readiness for Kubernetes, figures for Prometheus; left out: nothing listens')
      .optional(),
    watch: watchSchema.describe('How closely the clusters are watched').prefault({}),
    summary: summarySchema.describe('The weekly summary of the fleet; left out: there is none').optional(),
    client: clientSchema.describe('The program that runs commands in the session pod').prefault({}),
    people: list(personSchema.transform(personOf), 'a list of people')
      .min(1, { error: 'at least one person (only people listed here can use the bot)' })
      .describe('Who is who: Slack member and cluster user. Only these people can use the bot'),
    destinations: list(destinationSchema, 'a list of destinations')
      .describe('Places off the clusters where backups go')
      .default([]),
    recipients: list(recipientSchema, 'a list of recipients')
      .describe('Who can open encrypted files')
      .default([]),
    drillTools: drillToolsSchema
      .describe(
        "Directories with etcd, etcdctl and etcdutl for restore drills, by etcd's minor release; left out: one set, found in PATH",
      )
      .optional(),
    drillDir: localPath('the path of a directory')
      .describe(
        "Where restore drills keep their files meanwhile, local to the bot's machine, with room for three times the largest database; left out: the system's directory for temporary files",
      )
      .optional(),
    defaults: settingsSchema.describe('What holds for every cluster that does not say otherwise').optional(),
    clusters: list(clusterSchema, 'a list of clusters')
      .min(1, { error: 'at least one cluster, here or in clusters.d' })
      .describe('The clusters'),
  },
  { error: 'a YAML mapping with the keys slack, records, people and clusters' },
);

export type ConfigFile = z.output<typeof fileSchema>;
export type PersonEntry = z.output<typeof personSchema>;
