import type { NetworkWay } from '../../domain/network/network-way.ts';
import { ProxyAddress } from '../../domain/network/proxy-address.ts';
import { proxyFor } from '../../domain/network/proxy-settings.ts';
import { kubeconfigServer } from '../file/kubeconfig.ts';
import type { Environment } from '../file/references.ts';
import type { Config, ConfiguredDestination } from './config.ts';

interface Sources {
  readonly env: Environment;
  readonly readFile: (path: string) => Promise<string>;
}

/**
 * The way to everything that the bot connects to, as the configuration and the kubeconfigs say it now. A cluster whose kubeconfig
 * cannot be read is left out: that has messages of its own.
 */
export async function waysOf(config: Config, sources: Sources): Promise<readonly NetworkWay[]> {
  const slack = wayTo(config, { kind: 'slack' }, config.slack.apiUrl);
  const destinations = config.destinations.flatMap((each) =>
    each.kind === 's3' ? [wayTo(config, { kind: 'destination', name: each.name }, addressOf(each))] : [],
  );
  const clusters = await Promise.all(
    config.connections.map(async ({ cluster, kubeconfig }) => {
      const { env, readFile } = sources;
      const found =
        kubeconfig === 'in-cluster'
          ? { server: ownServer(env), proxyUrl: undefined }
          : await kubeconfigServer(kubeconfig, readFile);
      if (found?.server === undefined) return [];
      return [wayTo(config, { kind: 'cluster', name: cluster }, found.server, found.proxyUrl)];
    }),
  );
  return [slack, ...destinations, ...clusters.flat()];
}

function wayTo(
  { proxy: { settings, from } }: Config,
  to: NetworkWay['to'],
  address: string,
  own?: string,
): NetworkWay {
  const host = URL.canParse(address) ? new URL(address).host : address;
  if (own !== undefined) {
    // Of a proxy type that the bot does not parse, such as socks5, only the scheme is shown.
    const shown = ProxyAddress.parse(own)?.origin ?? `${own.split(':', 1)[0]}://…`;
    return { to, host, proxy: { address: shown, by: 'kubeconfig' } };
  }
  const proxy = proxyFor(settings, address);
  return { to, host, proxy: proxy && { address: proxy.origin, by: from } };
}

/** Amazon's own where no endpoint is configured. */
function addressOf({ endpoint, bucket, region }: Extract<ConfiguredDestination, { kind: 's3' }>): string {
  if (endpoint !== undefined) return endpoint;
  return `https://${bucket}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function ownServer(env: Environment): string | undefined {
  const host = env.KUBERNETES_SERVICE_HOST;
  if (host === undefined || host === '') return undefined;
  const port = env.KUBERNETES_SERVICE_PORT ?? '443';
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
