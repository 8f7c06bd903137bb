import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** An object of the managed overlay, as it is applied. */
export interface OverlayObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  readonly [field: string]: unknown;
}

export const accountNamespace = 'etcd-backup';
export const accountName = 'etcd-backup';

const kustomization = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()),
});

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/**
 * The objects of an overlay that only names files and folders, as `overlays/managed` does; anything else that kustomize can do is an
 * error, so that no patch is left out silently.
 */
export async function readOverlay(directory: string): Promise<readonly OverlayObject[]> {
  const file = join(directory, 'kustomization.yaml');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`${file} cannot be read: run this in a clone of the repository`);
  });
  const read = kustomization.safeParse(parse(text));
  if (!read.success) throw new Error(`${file}: expected resources and nothing else; use kubectl kustomize`);
  const parts = await Promise.all(
    read.data.resources.map((entry) =>
      entry.endsWith('.yaml') ? readObjects(join(directory, entry)) : readOverlay(join(directory, entry)),
    ),
  );
  return parts.flat();
}

async function readObjects(file: string): Promise<readonly OverlayObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  return documents.map((each) => object.parse(each.toJS()));
}

const plurals: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Secret: 'secrets',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

export function resourceOf({ apiVersion, kind }: Pick<OverlayObject, 'apiVersion' | 'kind'>): {
  readonly group: string;
  readonly resource: string;
} {
  const resource = plurals[kind];
  if (resource === undefined)
    throw new Error(`the managed overlay has a ${kind}, which this command does not know`);
  return { group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '', resource };
}

/** The URL path, every part escaped. */
export function pathOfObject(each: OverlayObject): string {
  const { resource } = resourceOf(each);
  const { name, namespace } = each.metadata;
  const root = each.apiVersion.includes('/') ? `/apis/${each.apiVersion}` : `/api/${each.apiVersion}`;
  const where = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${where}/${resource}/${encodeURIComponent(name)}`;
}

/** `Role etcd-backup-sessions in etcd-backup-sessions` */
export function nameOf({ kind, metadata: { name, namespace } }: OverlayObject): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${name} in ${namespace}`;
}
