import { existsSync } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import type { ProxySettings } from '../../domain/network/proxy-settings.ts';
import { rememberSecrets } from '../../domain/redaction/redact.ts';
import { nearest } from '../../domain/text/nearest.ts';
import {
  Http1KubeConfig,
  KubeConfigError,
  readText,
  secretsIn,
  tokenFilesIn,
  useTokenFile,
} from './kube-config.ts';

/**
 * An administrator's kubeconfig, of one file or of a list as KUBECONFIG names it: the first one that has a name says what it means,
 * files that are not there are passed over. Throws KubeConfigError, which holds no secret.
 */
export function loadAdminConfig(from: {
  readonly files: readonly string[];
  readonly context: string;
  readonly proxy: ProxySettings | undefined;
}): KubeConfig {
  const { files, context } = from;
  const present = files.filter((file) => existsSync(file));
  if (present.length === 0) {
    throw new KubeConfigError(
      `no kubeconfig is there: looked for ${files.join(', ') || 'nothing'}. Name one with --kubeconfig, or log in first (oc login)`,
    );
  }
  const config = new Http1KubeConfig(from.proxy);
  config.loadFromOptions({ clusters: [], users: [], contexts: [], currentContext: context });
  const tokenFiles = new Map<string, string>();
  for (const file of present) {
    const part = new Http1KubeConfig(from.proxy);
    const text = textOf(part, file);
    for (const [user, path] of tokenFilesIn(text, file)) {
      if (!config.getUser(user)) tokenFiles.set(user, path);
    }
    for (const each of part.getClusters()) if (!config.getCluster(each.name)) config.addCluster(each);
    for (const each of part.getUsers()) if (!config.getUser(each.name)) config.addUser(each);
    for (const each of part.getContexts()) if (!config.getContextObject(each.name)) config.addContext(each);
  }
  rememberSecrets(secretsIn(config));
  requireContext(config, context);
  useTokenFile(config, tokenFiles);
  rememberSecrets(secretsIn(config));
  return config;
}

function textOf(part: KubeConfig, file: string): string {
  try {
    return readText(part, file);
  } catch (error) {
    throw new KubeConfigError(`${file}: ${(error as Error).message}`);
  }
}

function requireContext(config: KubeConfig, context: string): void {
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    const near = nearest(context, names);
    const hint = near === undefined ? `there are ${names.join(', ') || 'none'}` : `did you mean "${near}"?`;
    throw new KubeConfigError(`the kubeconfig has no context "${context}": ${hint}`);
  }
  if (!config.getCurrentCluster()) {
    throw new KubeConfigError(`context "${context}" names a cluster that the kubeconfig does not have`);
  }
  if (!config.getCurrentUser()) {
    throw new KubeConfigError(`context "${context}" names a user that the kubeconfig does not have`);
  }
}
