import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { NetworkWay } from '../../domain/network/network-way.ts';
import type { ProxySettings } from '../../domain/network/proxy-settings.ts';
import { rememberSecrets } from '../../domain/redaction/redact.ts';
import { type Folders, readClusterFiles } from '../file/cluster-files.ts';
import type { Unread } from '../file/stand-ins.ts';
import { certificatesIn } from '../schema/certificates.ts';
import { environmentMistakes, proxyOf } from './build-proxy.ts';
import type { Config } from './config.ts';
import { type ConfigSources, loadConfig } from './load.ts';
import { secretsOf, secretsOfEnvironment } from './secrets-of.ts';
import { waysOf } from './ways.ts';

/**
 * Reads a configuration file with this process's environment: the only place that looks at it. Throws `ConfigError`. From then
 * on what is secret in both is taken out of every text that is redacted.
 */
export async function loadConfigOfProcess(
  file: string,
  options: Pick<ConfigSources, 'unread' | 'withoutSecrets'> = {},
): Promise<Config> {
  const config = await readConfigOfProcess(file, options);
  trustAlso(config.ca);
  return config;
}

/** The same, and nothing of the process changes by it but what is redacted. */
export async function readConfigOfProcess(
  file: string,
  options: Pick<ConfigSources, 'unread' | 'withoutSecrets'> = {},
): Promise<Config> {
  rememberSecrets(secretsOfEnvironment(process.env));
  const config = await loadConfig({
    file,
    env: process.env,
    readFile: folders.readFile,
    isDirectory,
    readClusterFiles: (directory) => readClusterFiles(directory, folders),
    ...options,
  });
  rememberSecrets(secretsOf(config));
  return config;
}

const folders: Folders = {
  list: (directory) => readdir(directory),
  readFile: (path) => readFile(path, 'utf8'),
  readLink: (path) => readlink(path),
};

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What a program beside the bot knows: it neither needs nor reads what only the bot uses. */
export type ToolConfig = Omit<Config, 'slack' | 'clientEnv'>;

/** The same for a program that does not speak to Slack and runs no oc or kubectl; `unread`: what else it does not use. */
export function loadConfigOfTool(file: string, unread: readonly Unread[] = []): Promise<ToolConfig> {
  return loadConfigOfProcess(file, { unread: ['slack', 'client', ...unread] });
}

/** From then on every TLS connection of this process that names no authorities of its own trusts these as well. */
function trustAlso(ca: string | undefined): void {
  if (ca !== undefined) setDefaultCACertificates([...getCACertificates('default'), ...certificatesIn(ca)]);
}

/** The current network way to each peer that the bot connects to. */
export function waysOfProcess(config: Config): Promise<readonly NetworkWay[]> {
  return waysOf(config, { env: process.env, readFile: (path) => readFile(path, 'utf8') });
}

/** PEM: the CA certificates that Node.js trusts beside the system's (NODE_EXTRA_CA_CERTS); empty: none. */
export function extraCertificatesOfProcess(): string {
  return getCACertificates('extra').join('\n');
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

/** How the person at the terminal reaches clusters: kubeconfigs as oc and kubectl find them, and the way through a proxy. */
export function adminWayOfProcess(): {
  readonly kubeconfigs: readonly string[];
  readonly proxy: ProxySettings | undefined;
} {
  const { env } = process;
  rememberSecrets(secretsOfEnvironment(env));
  const [mistake] = environmentMistakes(undefined, env);
  if (mistake) throw new Error(`${mistake.key}: expected ${mistake.expected}`);
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((each) => each !== '');
  const home = env.HOME ?? env.USERPROFILE ?? '';
  const kubeconfigs = listed.length > 0 ? listed : [join(home, '.kube', 'config')];
  return { kubeconfigs, proxy: proxyOf(undefined, env).settings };
}
