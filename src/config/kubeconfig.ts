import { readYaml } from './document.ts';
import { systemErrorText } from './references.ts';
import { valueAt } from './source.ts';

/**
 * What will keep a kubeconfig from working, or undefined. One cluster that cannot be reached must not keep the bot
 * from serving the others, so this makes warnings. Nothing of the file but context names is shown.
 */
export async function kubeconfigProblem(
  kubeconfig: { readonly file: string; readonly context?: string },
  readFile: (path: string) => Promise<string>,
): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(kubeconfig.file);
  } catch (error) {
    return `${kubeconfig.file} cannot be read: ${systemErrorText(error)}`;
  }
  const document = readYaml(text);
  const contexts = 'value' in document ? valueAt(document.value, ['contexts']) : undefined;
  if (!('value' in document) || !Array.isArray(contexts)) return `${kubeconfig.file} is no kubeconfig`;
  const names = contexts.map((each) => valueAt(each, ['name'])).filter((each) => typeof each === 'string');
  const wanted = kubeconfig.context ?? valueAt(document.value, ['current-context']);
  if (typeof wanted === 'string' && names.includes(wanted)) return undefined;
  const missing = kubeconfig.context === undefined ? 'no usable current context' : `no context "${wanted}"`;
  return `${kubeconfig.file} has ${missing} (it has: ${names.join(', ') || 'none'})`;
}
