import { resolve } from 'node:path';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import type { ClusterPolicy, Fleet, PersonMapping } from '../../domain/policy/policy.ts';
import type { Environment } from '../file/references.ts';
import type { ClusterEntry } from '../schema/cluster-schema.ts';
import type { ConfigFile } from '../schema/schema.ts';
import { copyPoliciesOf, destinationOf, placesOf, retentionOf } from './build-copies.ts';
import { proxyOf } from './build-proxy.ts';
import type { Config, SlackDelivery } from './config.ts';

/**
 * The configuration of a file without mistakes, in which every cluster says what `defaults` says for it.
 * `directory`: where relative paths start. Reads nothing.
 */
export function buildConfig(
  file: ConfigFile,
  directory: string,
  env: Environment,
): Omit<Config, 'warnings' | 'origins' | 'notSet' | 'digest'> {
  const { slack, language, records, summary, client } = file;
  const proxy = proxyOf(file.proxy, env);
  const through = proxy.settings === undefined ? {} : { proxy: proxy.settings };
  const clusters = file.clusters.map((each) => clusterOf(each, file, directory));
  return {
    slack: {
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      teamId: slack.teamId,
      delivery: deliveryOf(slack),
    },
    proxy,
    ca: file.ca,
    language,
    recordsFile: resolve(directory, records.file),
    leaseMs: records.lease,
    logLevel: file.log.level,
    healthPort: file.health?.port,
    watchEveryMs: file.watch.every,
    summary: summary && { ...summary, language: summary.language ?? language },
    clientPath: client.path.includes('/') ? resolve(directory, client.path) : client.path,
    clientEnv: client.env,
    drillTools: file.drillTools && absolute(file.drillTools, directory),
    drillDir: file.drillDir === undefined ? undefined : resolve(directory, file.drillDir),
    destinations: file.destinations.map((each) => {
      const destination = destinationOf(each, directory);
      return destination.kind === 's3' ? { ...destination, ...through } : destination;
    }),
    places: placesOf(file.destinations, directory),
    fleet: fleetOf(
      clusters.map(({ policy }) => policy),
      file.people,
    ),
    connections: clusters.map(({ connection }) => ({ ...connection, ...through })),
  };
}

function absolute(
  paths: Readonly<Record<string, string>>,
  directory: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(paths).map(([key, path]) => [key, resolve(directory, path)]));
}

function deliveryOf({ mode, appToken, signingSecret, http }: ConfigFile['slack']): SlackDelivery {
  if (mode === 'http' && signingSecret) return { mode, signingSecret, ...http };
  if (mode === 'socket' && appToken) return { mode, appToken };
  throw new Error(`slack.mode ${mode} has no secret after it was checked`);
}

function clusterOf(
  entry: ClusterEntry,
  file: ConfigFile,
  directory: string,
): { readonly policy: ClusterPolicy; readonly connection: ClusterConnection } {
  const { connect, requestDeadline, channel, copies, ...said } = entry;
  if (channel === undefined) throw new Error(`cluster ${said.name} has no channel after it was checked`);
  const policy = {
    ...said,
    channel,
    language: said.language ?? file.language,
    owners: [...new Set(said.owners)],
    onCall: said.onCall,
    copies: copyPoliciesOf(copies, file, directory),
    retention: retentionOf(copies, file, said.timeZone),
  };
  const kubeconfig = kubeconfigOf(connect, directory);
  return { policy, connection: { cluster: said.name, kubeconfig, requestDeadlineMs: requestDeadline } };
}

function kubeconfigOf(
  { kubeconfig, context }: ClusterEntry['connect'],
  directory: string,
): ClusterConnection['kubeconfig'] {
  if (kubeconfig === undefined) return 'in-cluster';
  const file = resolve(directory, kubeconfig);
  return context === undefined ? { file } : { file, context };
}

function fleetOf(clusters: readonly ClusterPolicy[], people: readonly PersonMapping[]): Fleet {
  const byName = new Map(clusters.map((each) => [each.name, each]));
  const bySlackUser = new Map(people.map((each) => [each.slackUser, each]));
  return {
    clusters,
    people,
    cluster: (name) => byName.get(name),
    person: (slackUser) => bySlackUser.get(slackUser),
  };
}
