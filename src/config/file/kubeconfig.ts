import { readYaml } from './document.ts';
import { systemErrorText } from './references.ts';
import { valueAt } from './source.ts';

/** The API server that a kubeconfig names and the proxy to it, SECRET, if it names one; undefined: it cannot be read. */
export async function kubeconfigServer(
  { file, context }: { readonly file: string; readonly context?: string },
  readFile: (path: string) => Promise<string>,
): Promise<{ readonly server: string; readonly proxyUrl: string | undefined } | undefined> {
  const document = readYaml(await readFile(file).catch(() => ''));
  if (!('value' in document)) return undefined;
  const { value } = document;
  const cluster = clusterOf(value, context ?? valueAt(value, ['current-context']));
  const server = valueAt(cluster, ['cluster', 'server']);
  const proxyUrl = valueAt(cluster, ['cluster', 'proxy-url']);
  if (typeof server !== 'string') return undefined;
  return { server, proxyUrl: typeof proxyUrl === 'string' && proxyUrl !== '' ? proxyUrl : undefined };
}

/**
 * What will keep a kubeconfig from working, or makes it unsafe. One cluster that cannot be reached must not keep the bot
 * from serving the others, so this makes warnings. Nothing of the file but context names is shown.
 */
export async function kubeconfigProblems(
  kubeconfig: { readonly file: string; readonly context?: string },
  readFile: (path: string) => Promise<string>,
): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(kubeconfig.file);
  } catch (error) {
    const found = systemErrorText(error);
    return [
      found === 'a directory'
        ? `${kubeconfig.file} is a directory: name the kubeconfig in it`
        : `${kubeconfig.file} cannot be read: ${found}`,
    ];
  }
  const document = readYaml(text);
  const contexts = 'value' in document ? valueAt(document.value, ['contexts']) : undefined;
  if (!('value' in document) || !Array.isArray(contexts)) return [`${kubeconfig.file} is no kubeconfig`];
  const names = contexts.map((each) => valueAt(each, ['name'])).filter((each) => typeof each === 'string');
  const wanted = kubeconfig.context ?? valueAt(document.value, ['current-context']);
  if (typeof wanted === 'string' && names.includes(wanted)) {
    const cluster = valueAt(clusterOf(document.value, wanted), ['cluster', 'insecure-skip-tls-verify']);
    if (cluster !== true) return [];
    return [
      `${kubeconfig.file} has insecure-skip-tls-verify: anyone on the network path to the cluster can act as its API and as the bot; use certificate-authority instead`,
    ];
  }
  const missing = kubeconfig.context === undefined ? 'no usable current context' : `no context "${wanted}"`;
  return [`${kubeconfig.file} has ${missing} (it has: ${names.join(', ') || 'none'})`];
}

/** The entry of the cluster that a context names. */
function clusterOf(value: unknown, context: unknown): unknown {
  const named = (list: string, name: unknown) => {
    const entries = valueAt(value, [list]);
    return Array.isArray(entries) ? entries.find((each) => valueAt(each, ['name']) === name) : undefined;
  };
  return named('clusters', valueAt(named('contexts', context), ['context', 'cluster']));
}
