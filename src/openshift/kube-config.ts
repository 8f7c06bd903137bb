import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterConnection } from './connection.ts';

/** The credentials of a connection cannot be used. The message holds no secret: names and system codes only. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}

/**
 * Reads the connection's credentials anew, so that rotated ones are seen without a restart.
 * Throws KubeConfigError: file unreadable or no YAML, context or its cluster missing, not in a pod.
 */
export function loadKubeConfig({ kubeconfig }: Pick<ClusterConnection, 'kubeconfig'>): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === 'in-cluster') config.loadFromCluster();
  else loadFile(config, kubeconfig);
  const server = config.getCurrentCluster()?.server;
  if (server && URL.canParse(server)) return config;
  const where = kubeconfig === 'in-cluster' ? 'the pod' : `context "${config.getCurrentContext() ?? ''}"`;
  throw new KubeConfigError(`kubeconfig: ${where} names no API server`);
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
