import { readFile } from 'node:fs/promises';
import type { Config } from './config.ts';
import { loadConfig } from './load.ts';

/** Reads a configuration file with this process's environment: the only place that looks at it. Throws `ConfigError`. */
export function loadConfigOfProcess(file: string): Promise<Config> {
  return loadConfig({ file, env: process.env, readFile: (path) => readFile(path, 'utf8') });
}

// What oc or kubectl needs of our environment: where programs and its own files are, and the way to the API server.
const clientVariables = [
  'PATH',
  'HOME',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const;

/** The environment for oc or kubectl: nothing else of ours, and no secret of the bot, reaches it. */
export function clientEnvironmentOfProcess(): Readonly<Record<string, string>> {
  const entries = clientVariables.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is [(typeof entry)[0], string] => entry[1] !== undefined),
  );
}
