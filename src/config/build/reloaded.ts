import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { ProxyAddress } from '../../domain/network/proxy-address.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { Secret } from '../file/secret.ts';
import type { Config } from './config.ts';

/** What a running bot takes from a configuration that it reads again. */
export interface Reloaded {
  readonly clusters: readonly { readonly policy: ClusterPolicy; readonly connection: ClusterConnection }[];
  /** Keys of the main file that changed and that the bot has opened once and for all. */
  readonly atNextStart: readonly string[];
  /** Clusters that send files to a destination which the bot has not opened. */
  readonly unopened: readonly { readonly cluster: string; readonly destination: string }[];
}

/** Everything that is opened at the start, by the key of the main file that people know it by. */
function openedAtStart(config: Config): Readonly<Record<string, unknown>> {
  return {
    slack: config.slack,
    language: config.language,
    records: [config.recordsFile, config.leaseMs],
    log: config.logLevel,
    health: config.healthPort,
    watch: config.watchEveryMs,
    summary: config.summary,
    client: [config.clientPath, config.clientEnv],
    proxy: config.proxy,
    ca: config.ca,
    destinations: [config.destinations, config.places],
    drillTools: config.drillTools,
    drillDir: config.drillDir,
  };
}

/** `started`: what the bot was started with. Places and proxy stay those, since they are what is open. */
export function reloaded(started: Config, now: Config): Reloaded {
  const [before, after] = [openedAtStart(started), openedAtStart(now)];
  const { settings: proxy } = started.proxy;
  const open = new Set(started.destinations.map(({ name }) => name));
  const policies = now.fleet.clusters;
  return {
    atNextStart: Object.keys(before).filter((key) => textOf(before[key]) !== textOf(after[key])),
    unopened: policies.flatMap(({ name: cluster, copies = [] }) =>
      copies
        .filter(({ destination }) => !open.has(destination))
        .map(({ destination }) => ({ cluster, destination })),
    ),
    clusters: policies.flatMap((policy, index) => {
      const connection = now.connections[index];
      if (!connection) return [];
      const { proxy: _, ...direct } = connection;
      return [
        {
          policy: atOpenPlaces(policy, started),
          connection: proxy === undefined ? direct : { ...direct, proxy },
        },
      ];
    }),
  };
}

/** A manifest names the place that its files are sent to. */
function atOpenPlaces(policy: ClusterPolicy, { places }: Pick<Config, 'places'>): ClusterPolicy {
  if (!policy.copies) return policy;
  return { ...policy, copies: policy.copies.map((copy) => ({ ...copy, ...places[copy.destination] })) };
}

/** SECRET: to be compared, and shown nowhere. */
function textOf(value: unknown): string {
  return (
    JSON.stringify(value, function (this: Record<string, unknown>, key, shown: unknown) {
      // What JSON would print of these is no secret, and so the same for all of them.
      const real = this[key];
      if (real instanceof Secret) return real.reveal();
      return real instanceof ProxyAddress ? real.href() : shown;
    }) ?? ''
  );
}
