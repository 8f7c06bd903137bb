import { known, type Reading } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import type { Resource } from '../api/resource.ts';
import { previewBackup } from '../api/schemas.ts';

const previewKinds: readonly (Resource & { readonly kind: string })[] = [
  { kind: 'Backup', group: 'config.openshift.io', version: 'v1alpha1', resource: 'backups' },
  { kind: 'EtcdBackup', group: 'operator.openshift.io', version: 'v1alpha1', resource: 'etcdbackups' },
];

/**
 * Objects of the preview backup API, as `Kind name`. Clusters without its feature gate do not know the kinds: then it is
 * not in use, which is known. One kind that cannot be listed makes the whole unknown.
 */
export async function readPreviewBackups(api: ApiClient): Promise<Reading<readonly string[]>> {
  const lists = await Promise.all(
    previewKinds.map(async ({ kind, ...resource }) => ({
      kind,
      found: await api.list(resource, previewBackup),
    })),
  );
  const names: string[] = [];
  for (const { kind, found } of lists) {
    if (found.ok) names.push(...found.value.map(({ metadata }) => `${kind} ${metadata.name}`));
    else if (found.why.reason !== 'no-such-api') return found;
  }
  return known(names);
}
