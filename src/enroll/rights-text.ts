import { z } from 'zod';
import type { OverlayObject } from './objects.ts';

const rules = z.array(
  z.looseObject({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
    resourceNames: z.array(z.string()).optional(),
  }),
);

/** What the roles allow, in words: one line for each rule. A ClusterRole that only a RoleBinding names holds in that namespace. */
export function rightsLines(objects: readonly OverlayObject[]): readonly string[] {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
  return roles.flatMap((role) => {
    const where = placeOf(role, objects);
    return rules.parse(role.rules).map(({ verbs, resources, apiGroups, resourceNames = [] }) => {
      const groups = apiGroups.filter((group) => group !== '').join(', ');
      const named = resourceNames.length === 0 ? '' : ` (only ${resourceNames.join(', ')})`;
      return `${where}: ${verbs.join(', ')} ${resources.join(', ')}${groups === '' ? '' : ` of ${groups}`}${named}`;
    });
  });
}

function placeOf({ kind, metadata }: OverlayObject, objects: readonly OverlayObject[]): string {
  if (kind === 'Role') return `in ${metadata.namespace}`;
  const bound = objects.find(
    (each) => each.kind === 'RoleBinding' && (each.roleRef as { name?: string }).name === metadata.name,
  );
  return bound ? `in ${bound.metadata.namespace}` : 'everywhere';
}
