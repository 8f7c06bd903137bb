import { botUser } from './accounts.ts';
import type { ClusterObjects } from './objects.ts';
import type { PolicyRule } from './rbac.ts';

/** One rule of a role that the bot is bound to; `namespace` is that of the role (absent for a ClusterRole). */
export interface RoleRule {
  resource: 'clusterroles' | 'roles';
  name: string;
  namespace?: string;
  rule: PolicyRule;
}

/** All rules of the roles that a binding gives to the bot's service account by name. */
export function roleRules(objects: ClusterObjects): RoleRule[] {
  const bindings = [...objects.list('clusterrolebindings'), ...objects.list('rolebindings')];
  const [, , accountNamespace, accountName] = botUser.split(':');
  return bindings
    .filter(({ subjects }) =>
      (subjects ?? []).some(
        (subject: { kind: string; name: string; namespace?: string }) =>
          subject.kind === 'ServiceAccount' &&
          subject.name === accountName &&
          subject.namespace === accountNamespace,
      ),
    )
    .flatMap((binding) => {
      const resource: RoleRule['resource'] =
        binding.roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
      const { namespace } = binding.metadata;
      const at = resource === 'roles' && namespace ? { namespace } : {};
      const rules: PolicyRule[] = objects.get(resource, binding.roleRef.name, namespace).rules;
      return rules.map((rule) => ({ resource, name: binding.roleRef.name, ...at, rule }));
    });
}

/** Takes a rule, or one verb of it, away from its role; the answer gives it back. */
export function withoutRule(
  objects: ClusterObjects,
  { resource, name, namespace, rule }: RoleRule,
  verb?: string,
): () => void {
  const before: PolicyRule[] = objects.get(resource, name, namespace).rules;
  const wanted = JSON.stringify(rule);
  const index = before.findIndex((entry) => JSON.stringify(entry) === wanted);
  if (index < 0) throw new Error(`${resource} "${name}" has no rule ${wanted}`);
  const rest = verb === undefined ? [] : [{ ...rule, verbs: rule.verbs.filter((entry) => entry !== verb) }];
  const after = before.toSpliced(index, 1, ...rest);
  objects.patch(resource, name, (role) => Object.assign(role, { rules: after }), namespace);
  return () => {
    objects.patch(resource, name, (role) => Object.assign(role, { rules: before }), namespace);
  };
}
