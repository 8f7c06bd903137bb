import { plannedCopy, plannedCopyText } from '../../domain/copies/planned-copy.ts';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import type { NetworkWay } from '../../domain/network/network-way.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { Config, ConfiguredDestination, SlackDelivery } from '../build/config.ts';
import { certificatesIn } from '../schema/certificates.ts';

/** What a configuration says, in a few lines for the person who wrote it. No secrets. */
export function summary(file: string, config: Config, ways: readonly NetworkWay[] = []): readonly string[] {
  const { clusters, people } = config.fleet;
  return [
    `${file}: no mistakes`,
    `Slack: ${deliveryText(config.slack.delivery)}`,
    `clusters: ${clusters.length}`,
    ...clusters.flatMap((cluster, index) => [
      `  ${clusterLine(cluster, config.connections[index])}`,
      ...backupLines(cluster).map((line) => `    ${line}`),
    ]),
    `destinations: ${config.destinations.length}`,
    ...config.destinations.map((each) => `  ${destinationText(each)}`),
    ...networkLines(config, ways),
    `channels: ${[...new Set(clusters.map((each) => each.channel))].join(', ')}`,
    `people: ${people.length}`,
    ...people.map(({ slackUser, clusterUser, groups }) => {
      const inGroups = groups.length === 0 ? '' : ` (groups ${groups.join(', ')})`;
      return `  ${slackUser} is ${clusterUser}${inGroups}`;
    }),
    ...Object.entries(config.drillTools ?? {}).map(([minor, dir]) => `drills with etcd ${minor}: ${dir}`),
    `records: ${config.recordsFile}`,
    ...(config.origins.length === 0 ? [] : ['from outside the file:']),
    ...config.origins.map(({ key, from }) => `  ${key} from ${from}`),
  ];
}

function backupLines(cluster: ClusterPolicy): readonly string[] {
  const { backedUpBy } = cluster;
  if (backedUpBy === undefined) return [copiesText(cluster), scheduleText(cluster)];
  return [`not backed up by this bot but by: ${backedUpBy}`, 'no reminder, no schedule, no alert'];
}

function networkLines({ proxy, ca }: Config, ways: readonly NetworkWay[]): readonly string[] {
  const { settings, from } = proxy;
  const where = from === 'file' ? 'the file' : 'the environment';
  const own = (each: NetworkWay) => each.proxy?.by === 'kubeconfig';
  const authorities =
    ca === undefined ? [] : [`trusted beside the system's authorities: ${certificatesIn(ca).length} of ca`];
  if (!settings && !ways.some(own)) {
    return [from === 'file' ? 'proxy: none, as the file says' : 'proxy: none', ...authorities];
  }
  const set = settings
    ? `from ${where}; ${settings.noProxy === '' ? 'everything goes through it' : `reached directly: ${settings.noProxy}`}`
    : 'only where a kubeconfig names one';
  return [`proxy: ${set}`, ...ways.map((each) => `  ${wayLine(each)}`), ...authorities];
}

function wayLine({ to, host, proxy }: NetworkWay): string {
  const name = to.kind === 'slack' ? 'Slack' : `${to.kind} ${to.name}`;
  if (!proxy) return `${name} (${host}): directly`;
  const own = proxy.by === 'kubeconfig' ? ", as its kubeconfig's proxy-url says" : '';
  return `${name} (${host}): through ${proxy.address}${own}`;
}

function deliveryText(delivery: SlackDelivery): string {
  if (delivery.mode === 'socket') return 'Socket Mode, the bot connects to Slack';
  return `HTTP, signed requests to port ${delivery.port}, path ${delivery.path}`;
}

function clusterLine(cluster: ClusterPolicy, connection: ClusterConnection | undefined): string {
  const { needed, approvers, selfApproval } = cluster.approval;
  const who = approvers.length === 0 ? 'any cluster-admin under people' : approvers.join(', ');
  const own = selfApproval ? ', own approval counts' : '';
  return `${cluster.name}: ${reachedBy(connection)}; channel ${cluster.channel}; needs ${needed} of ${who}${own}`;
}

function copiesText({ copies = [], keepOnNode = 0, drill }: ClusterPolicy): string {
  if (copies.length === 0) return 'both files stay on the node';
  const kept = `the newest ${keepOnNode} also on the node`;
  return `${copies.map(plannedCopy).map(plannedCopyText).join(', ')}; ${kept}; ${drill ? 'with a drill' : 'without a drill'}`;
}

function scheduleText({ schedule, timeZone, owners }: ClusterPolicy): string {
  const who = owners.length === 0 ? 'no owners' : `owners ${owners.join(', ')}`;
  if (schedule === undefined) return `no schedule; ${who}`;
  return `schedule ${schedule.cron} (${timeZone}), approval ${schedule.approval}; ${who}`;
}

function destinationText(destination: ConfiguredDestination): string {
  if (destination.kind === 'directory') return `${destination.name}: ${destination.path}`;
  const { name, bucket, prefix, endpoint = 'Amazon', region, encryption, lock } = destination;
  return [
    `${name}: s3://${bucket}${prefix === '' ? '' : `/${prefix}`} at ${endpoint}, ${region}`,
    destination.credentials ? 'with keys of its own' : "with the SDK's credentials",
    ...(encryption ? [`encrypted by the server (${encryption.algorithm})`] : []),
    ...(lock ? [`locked for ${lock.days} days (${lock.mode})`] : []),
  ].join(', ');
}

function reachedBy(connection: ClusterConnection | undefined): string {
  if (connection === undefined || connection.kubeconfig === 'in-cluster') return "the bot's own cluster";
  const { file, context } = connection.kubeconfig;
  return context === undefined ? file : `${file}, context ${context}`;
}
