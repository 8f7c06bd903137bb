import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { z } from 'zod';
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
export class Http1KubeConfig extends KubeConfig {
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
export function secretsIn(config: KubeConfig): readonly string[] {
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
  const text = readText(config, file);
  if (context !== undefined) config.setCurrentContext(context);
  if (!config.getContextObject(config.getCurrentContext() ?? '')) {
    throw new KubeConfigError(`kubeconfig: no context "${config.getCurrentContext() ?? ''}"`);
  }
  useTokenFile(config, tokenFilesIn(text, file));
}

/** The token file that the kubeconfig's user names; undefined: none, or the kubeconfig cannot be read. */
export function tokenFileOf({ file, context }: { file: string; context?: string }): string | undefined {
  try {
    const config = new KubeConfig();
    const text = readText(config, file);
    if (context !== undefined) config.setCurrentContext(context);
    return tokenFilesIn(text, file).get(config.getCurrentUser()?.name ?? '');
  } catch {
    return undefined;
  }
}

export function readText(config: KubeConfig, file: string): string {
  try {
    config.loadFromFile(file);
    return readFileSync(file, 'utf8');
  } catch (error) {
    // The parser's message quotes the file, which holds credentials.
    const code = (error as NodeJS.ErrnoException).code ?? 'not a valid kubeconfig';
    throw new KubeConfigError(`kubeconfig: file cannot be read: ${code}`);
  }
}

const tokenFiles = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .nullish(),
});

/** Paths of the users' token files, by user; a relative one starts at the kubeconfig, as with oc and kubectl. */
export function tokenFilesIn(text: string, file: string): ReadonlyMap<string, string> {
  const users = tokenFiles.safeParse(parsed(text)).data?.users ?? [];
  return new Map(
    users.flatMap(({ name, user }) =>
      user?.tokenFile ? [[name, resolve(dirname(file), user.tokenFile)] as const] : [],
    ),
  );
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch {
    // What client-node's parser takes all the same has no token file.
    return undefined;
  }
}

/** client-node does not know `tokenFile`; oc and kubectl prefer it to `token`, so the bot must as well. */
export function useTokenFile(config: KubeConfig, files: ReadonlyMap<string, string>): void {
  const user = config.getCurrentUser();
  const file = files.get(user?.name ?? '');
  if (!user || file === undefined) return;
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new KubeConfigError(`kubeconfig: its tokenFile cannot be read: ${code}`);
  }
  if (token === '') throw new KubeConfigError('kubeconfig: its tokenFile is empty');
  Object.assign(user, { token });
}
