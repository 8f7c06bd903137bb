import { z } from 'zod';
import type { AdminApi } from '../openshift/api/admin-api.ts';
import { createLimiter } from '../workflow/ports/limiter.ts';

export interface StrangeObject {
  readonly text: string;
}

const groups = z.looseObject({
  groups: z.array(z.looseObject({ preferredVersion: z.looseObject({ groupVersion: z.string() }) })),
});
const resources = z.looseObject({
  resources: z.array(
    z.looseObject({ name: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()) }),
  ),
});
const list = z.looseObject({
  items: z
    .array(
      z.looseObject({
        metadata: z.looseObject({
          name: z.string(),
          uid: z.string(),
          labels: z.record(z.string(), z.string()).optional(),
          annotations: z.record(z.string(), z.string()).optional(),
          ownerReferences: z.array(z.looseObject({ uid: z.string() })).optional(),
        }),
      }),
    )
    .nullable(),
});
type Item = NonNullable<z.output<typeof list>['items']>[number];

/** Traces of what happened, which end with the namespace in any case. */
const traces = new Set(['events', 'endpoints', 'endpointslices', 'leases']);
/** What Kubernetes and OpenShift put into every namespace by themselves. */
const usual: Readonly<Record<string, RegExp>> = {
  configmaps: /^(kube-root-ca\.crt|openshift-service-ca\.crt)$/,
  serviceaccounts: /^(default|builder|deployer)$/,
  rolebindings: /^system:(deployers|image-builders|image-pullers)$/,
  secrets: /^(default|builder|deployer|etcd-backup)-(dockercfg|token)-[a-z0-9]{5}$/,
};

/** Objects of any kind in a namespace that neither the cluster made by itself nor are `known` (uids). */
export async function strangersIn(
  api: AdminApi,
  namespace: string,
  known: ReadonlySet<string>,
): Promise<readonly StrangeObject[]> {
  const limit = createLimiter(6);
  const never = new AbortController().signal;
  const kinds = await namespacedKinds(api);
  const found = await Promise.all(
    kinds.map((kind) =>
      limit(never, async () => {
        const path = `${kind.root}/namespaces/${encodeURIComponent(namespace)}/${kind.resource}`;
        const items = list.parse((await api.get(path)) ?? { items: [] }).items ?? [];
        return items
          .filter((each) => !known.has(each.metadata.uid) && !isUsual(kind.resource, each))
          .map(({ metadata }) => ({
            uid: metadata.uid,
            text: `${kind.resource}/${metadata.name} in ${namespace}`,
          }));
      }),
    ),
  );
  // One object may be served by two API groups.
  return [...new Map(found.flat().map((each) => [each.uid, each])).values()];
}

function isUsual(resource: string, { metadata }: Item): boolean {
  // Operators that OLM shows in every namespace.
  if (metadata.labels?.['olm.copiedFrom'] !== undefined) return true;
  return usual[resource]?.test(metadata.name) === true;
}

async function namespacedKinds(api: AdminApi) {
  const served = groups.parse(await api.get('/apis')).groups;
  const roots = [
    '/api/v1',
    ...served.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`),
  ];
  const lists = await Promise.all(
    roots.map(async (root) => {
      const read = resources.parse((await api.get(root)) ?? { resources: [] }).resources;
      return read
        .filter(({ namespaced, verbs }) => namespaced && verbs.includes('list') && verbs.includes('delete'))
        .filter(({ name }) => !name.includes('/') && !traces.has(name))
        .map(({ name }) => ({ root, resource: name }));
    }),
  );
  return lists.flat();
}
