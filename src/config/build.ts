import { resolve } from 'node:path';
import type { ClusterPolicy, Language, PersonMapping } from '../domain/policy.ts';
import { copyPoliciesOf, destinationOf, retentionOf } from './build-copies.ts';
import { summaryOf, watchPolicyOf } from './build-watch.ts';
import type { ClusterEntry } from './cluster-schema.ts';
import type { ClusterConnection, Config, ConfiguredFleet, SlackDelivery } from './config.ts';
import { type ConfigFile, type SlackEntry, standardHttp, standardLeaseMs } from './schema.ts';
import { type Settings, settingsOf } from './settings.ts';
import { standardWatchMs } from './watch-schema.ts';

/**
 * The configuration that a file without mistakes stands for.
 * `directory`: where relative paths start. Reads nothing.
 */
export function buildConfig(file: ConfigFile, directory: string): Omit<Config, 'warnings' | 'origins'> {
  const language = file.language ?? 'en';
  const entries = file.clusters.map((entry) => ({ entry, settings: settingsOf(entry, file.defaults ?? {}) }));
  const people = file.people.map(({ slack, user, groups }) => ({
    slackUser: slack,
    clusterUser: user,
    groups: groups ?? [],
  }));
  const clientPath = file.client?.path ?? 'oc';
  return {
    slack: {
      botToken: file.slack.botToken,
      apiUrl: file.slack.apiUrl ?? 'https://slack.com/api/',
      teamId: file.slack.teamId,
      delivery: deliveryOf(file.slack),
    },
    language,
    recordsFile: resolve(directory, file.records.file),
    leaseMs: file.records.lease ?? standardLeaseMs,
    logLevel: file.log?.level ?? 'info',
    healthPort: file.health?.port,
    watchEveryMs: file.watch?.every ?? standardWatchMs,
    summary: summaryOf(file.summary, language),
    clientPath: clientPath.includes('/') ? resolve(directory, clientPath) : clientPath,
    people,
    destinations: (file.destinations ?? []).map((each) => destinationOf(each, directory)),
    fleet: fleetOf(
      entries.map(({ entry, settings }) => ({
        ...policyOf(entry.name, settings, language),
        copies: copyPoliciesOf(settings, file, directory),
        keepOnNode: settings.keepOnNode,
        drill: settings.drill,
        retention: retentionOf(settings, file),
      })),
      people,
    ),
    connections: entries.map(({ entry, settings }) => connectionOf(entry, settings, directory)),
  };
}

function deliveryOf({ mode = 'socket', appToken, signingSecret, http }: SlackEntry): SlackDelivery {
  if (mode === 'http' && signingSecret) {
    const { port = standardHttp.port, path = standardHttp.path } = http ?? {};
    return { mode, signingSecret, port, path };
  }
  if (mode === 'socket' && appToken) return { mode, appToken };
  throw new Error(`slack.mode ${mode} has no secret after it was checked`);
}

function policyOf(name: string, settings: Settings, language: Language): ClusterPolicy {
  const { approval, session, offPeak } = settings;
  if (settings.channel === undefined) throw new Error(`cluster ${name} has no channel after it was checked`);
  return {
    name,
    channel: settings.channel,
    allowedChannels: settings.allowedChannels,
    language: settings.language ?? language,
    timeZone: settings.timeZone,
    offPeak:
      offPeak === undefined || offPeak === 'none'
        ? undefined
        : { fromMinute: offPeak.from, toMinute: offPeak.to },
    approval: {
      needed: approval.needed,
      approvers: approval.approvers,
      selfApproval: approval.selfApproval,
      expiresAfterMs: approval.expiresAfter,
      breakGlass: approval.breakGlass,
    },
    session: {
      namespace: session.namespace,
      image: session.image,
      startDeadlineMs: session.startDeadline,
      scriptDeadlineMs: session.scriptDeadline,
      commandDeadlineMs: session.commandDeadline,
    },
    backupRoot: settings.backupRoot,
    scriptPath: settings.scriptPath,
    ...watchPolicyOf(settings),
  };
}

function connectionOf(entry: ClusterEntry, settings: Settings, directory: string): ClusterConnection {
  const { kubeconfig, context } = entry.connect;
  const common = { cluster: entry.name, requestDeadlineMs: settings.requestDeadline };
  if (kubeconfig === undefined) return { ...common, kubeconfig: 'in-cluster' };
  const file = resolve(directory, kubeconfig);
  return { ...common, kubeconfig: context === undefined ? { file } : { file, context } };
}

function fleetOf(clusters: readonly ClusterPolicy[], people: readonly PersonMapping[]): ConfiguredFleet {
  const byName = new Map(clusters.map((each) => [each.name, each]));
  const bySlackUser = new Map(people.map((each) => [each.slackUser, each]));
  return {
    clusters,
    people,
    cluster: (name) => byName.get(name),
    person: (slackUser) => bySlackUser.get(slackUser),
  };
}
