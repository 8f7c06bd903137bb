import type { Identity } from './accounts.ts';
import type { ResourceKind } from './kinds.ts';
import type { KubeObject } from './kube-object.ts';
import { kindOf } from './objects.ts';
import { authorize, type PolicyRule } from './rbac.ts';
import { forbidden } from './status.ts';
import type { ObjectStore } from './store.ts';

const group = 'rbac.authorization.k8s.io';

/**
 * RBAC's guard: no one writes a role with rights that they do not hold, nor binds one, without the verbs `escalate` and `bind`.
 * Throws ApiError 403.
 */
export function requireHeld(store: ObjectStore, kind: ResourceKind, object: KubeObject, who: Identity): void {
  if (kind.group !== group) return;
  const { name, namespace } = object.metadata;
  const isBinding = kind.resource.endsWith('bindings');
  const resource = isBinding && object.roleRef?.kind !== 'Role' ? 'clusterroles' : 'roles';
  const role = isBinding
    ? { resource, name: object.roleRef?.name as string }
    : { resource: kind.resource, name };
  const verb = isBinding ? 'bind' : 'escalate';
  if (authorize(store, who, { verb, group, ...role, namespace }).allowed) return;
  const rules: PolicyRule[] = isBinding
    ? (store.find(kindOf(role.resource), role.name, namespace)?.rules ?? [])
    : (object.rules ?? []);
  const missing = rules
    .flatMap((rule) => rightsOf(rule))
    .filter((right) => !holds(store, who, right, namespace));
  if (missing.length === 0) return;
  const texts = missing.map(
    (right) => `{APIGroups:["${right.group}"], Resources:["${right.resource}"], Verbs:["${right.verb}"]}`,
  );
  const text = `user "${who.username}" (groups=${JSON.stringify(who.groups)}) is attempting to grant RBAC permissions not currently held:\n`;
  throw forbidden({ group, resource: kind.resource, name }, text + texts.join('\n'));
}

interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string | undefined;
}

function rightsOf({ verbs, apiGroups = [], resources = [], resourceNames }: PolicyRule): readonly Right[] {
  const names = resourceNames?.length ? resourceNames : [undefined];
  return verbs.flatMap((verb) =>
    apiGroups.flatMap((each) =>
      resources.flatMap((resource) => names.map((name) => ({ verb, group: each, resource, name }))),
    ),
  );
}

function holds(store: ObjectStore, who: Identity, right: Right, namespace: string | undefined): boolean {
  const [resource = '', subresource] = right.resource.split('/');
  return authorize(store, who, { ...right, resource, subresource, namespace }).allowed;
}
