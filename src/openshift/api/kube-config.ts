import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import { type ProxySettings, proxyFor } from '../../domain/network/proxy-settings.ts';
import { proxySecrets, rememberSecrets } from '../../domain/redaction/redact.ts';

/** The credentials of a connection cannot be used. The message holds no secret: names and system codes only. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}

/**
 * Speaks HTTP/1.1 to API servers. Over HTTP/2 they end 1 of 1,000 connections on purpose (GOAWAY) with all requests on it, and Node's
 * HTTP/2 session was seen to send for ever after a cut connection: the event loop blocked and memory grew (decision 0017).
 */
class Http1KubeConfig extends KubeConfig {
  readonly #proxy: ProxySettings | undefined;

  constructor(proxy: ProxySettings | undefined) {
    super();
    this.#proxy = proxy;
  }

  override createDispatcherOptions(
    ...[cluster, agentOptions]: Parameters<KubeConfig['createDispatcherOptions']>
  ): ReturnType<KubeConfig['createDispatcherOptions']> {
    const options = super.createDispatcherOptions(this.#withProxy(cluster), agentOptions);
    // An option of undici's connector that client-node's types do not name.
    const http1 = { allowH2: false };
    switch (options.type) {
      case 'agent':
        return { ...options, connect: { ...options.connect, ...http1 } };
      case 'proxy':
        return { ...options, requestTls: { ...options.requestTls, ...http1 } };
      // Without a CA or a certificate of its own the process-wide dispatcher would serve, which offers HTTP/2.
      case 'none':
        return { type: 'agent', connect: { keepAlive: true, keepAliveInitialDelay: 30_000, ...http1 } };
      default:
        return options;
    }
  }

  /** client-node reads no environment; a proxy that the kubeconfig itself names comes first, as with oc and kubectl. */
  #withProxy(cluster: Cluster | null): Cluster | null {
    const proxy = cluster && !cluster.proxyUrl ? proxyFor(this.#proxy, cluster.server) : undefined;
    return cluster && proxy ? { ...cluster, proxyUrl: proxy.href() } : cluster;
  }
}

/**
 * Reads the connection's credentials at each call, so that rotated ones are seen without a restart.
 * Throws KubeConfigError: file unreadable or no YAML, context or its cluster missing, not in a pod.
 */
export function loadKubeConfig({
  kubeconfig,
  proxy,
}: Pick<ClusterConnection, 'kubeconfig' | 'proxy'>): KubeConfig {
  const config = new Http1KubeConfig(proxy);
  if (kubeconfig === 'in-cluster') config.loadFromCluster();
  else loadFile(config, kubeconfig);
  rememberSecrets(secretsIn(config));
  const server = config.getCurrentCluster()?.server;
  if (server && URL.canParse(server)) return config;
  const where = kubeconfig === 'in-cluster' ? 'the pod' : `context "${config.getCurrentContext() ?? ''}"`;
  throw new KubeConfigError(`kubeconfig: ${where} names no API server`);
}

/** SECRET: what the kubeconfig itself holds, also for other contexts; what a plugin or a file of a token gives is known once it is asked for. */
function secretsIn(config: KubeConfig): readonly string[] {
  const held = config.getUsers().flatMap(({ token, password, keyData }) => [token, password, keyData]);
  const proxies = config.getClusters().map(({ proxyUrl }) => proxyUrl ?? '');
  return [...held.flatMap((each) => (each ? [each] : [])), ...proxies.flatMap(proxySecrets)];
}

/** SECRET: an Authorization header without its scheme. */
export function rememberAuthorization(header: string | undefined): void {
  const [, value] = /^\S{1,40} (\S.*)$/s.exec(header ?? '') ?? [];
  if (value !== undefined) rememberSecrets([value]);
}

function loadFile(config: KubeConfig, { file, context }: { file: string; context?: string }): void {
  try {
    config.loadFromFile(file);
  } catch (error) {
    // The parser's message quotes the file, which holds credentials.
    const code = (error as NodeJS.ErrnoException).code ?? 'not a valid kubeconfig';
    throw new KubeConfigError(`kubeconfig: file cannot be read: ${code}`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (!config.getContextObject(config.getCurrentContext() ?? '')) {
    throw new KubeConfigError(`kubeconfig: no context "${config.getCurrentContext() ?? ''}"`);
  }
}
