import type { Identity } from './accounts.ts';
import type { KubeObject } from './kube-object.ts';
import { kindOf } from './objects.ts';
import type { ObjectStore } from './store.ts';

/** What a request or a review asks for: a resource or a path. */
export type Attributes = ResourceAttributes | NonResourceAttributes;

interface ResourceAttributes {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

interface NonResourceAttributes {
  verb: string;
  path: string;
}

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface Verdict {
  allowed: boolean;
  reason: string;
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

/** Decides from the RBAC objects in the store, as the authorizer of Kubernetes does: rules only ever allow. */
export function authorize(store: ObjectStore, who: Identity, what: Attributes): Verdict {
  if (who.groups.includes('system:masters')) return { allowed: true, reason: '' };
  const namespace = 'path' in what ? undefined : what.namespace;
  for (const binding of bindingsOf(store, namespace)) {
    const subject = subjectOf(binding, who);
    if (subject && rulesOf(store, binding).some((rule) => ruleAllows(rule, what))) {
      return { allowed: true, reason: reasonOf(binding, subject) };
    }
  }
  return { allowed: false, reason: '' };
}

/** All rules that are given to `who` in a namespace, those of the whole cluster among them. */
export function rulesFor(store: ObjectStore, who: Identity, namespace: string): PolicyRule[] {
  return bindingsOf(store, namespace)
    .filter((binding) => subjectOf(binding, who))
    .flatMap((binding) => rulesOf(store, binding));
}

function bindingsOf(store: ObjectStore, namespace: string | undefined): KubeObject[] {
  return [
    ...store.list(kindOf('clusterrolebindings')),
    ...(namespace ? store.list(kindOf('rolebindings'), namespace) : []),
  ];
}

function subjectOf(binding: KubeObject, who: Identity): Subject | undefined {
  return ((binding.subjects ?? []) as Subject[]).find((entry) => isSubject(entry, who));
}

function isSubject(subject: Subject, who: Identity): boolean {
  if (subject.kind === 'User') return subject.name === who.username;
  if (subject.kind === 'Group') return who.groups.includes(subject.name);
  return `system:serviceaccount:${subject.namespace}:${subject.name}` === who.username;
}

function rulesOf(store: ObjectStore, binding: KubeObject): PolicyRule[] {
  const resource = binding.roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  const role = store.find(kindOf(resource), binding.roleRef.name, binding.metadata.namespace);
  return role?.rules ?? [];
}

function reasonOf(binding: KubeObject, subject: Subject): string {
  const { name, namespace } = binding.metadata;
  const where = namespace ? `${name}/${namespace}` : name;
  return `RBAC: allowed by ${binding.kind} "${where}" of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${subject.kind} "${
    subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace}` : subject.name
  }"`;
}

/** A request for `*` passes only where the rule itself says `*`. */
export function ruleAllows(rule: PolicyRule, what: Attributes): boolean {
  if (!includesOrAll(rule.verbs, what.verb)) return false;
  if ('path' in what) return (rule.nonResourceURLs ?? []).some((pattern) => pathMatches(pattern, what.path));
  return (
    includesOrAll(rule.apiGroups, what.group) &&
    (rule.resources ?? []).some((resource) => resourceMatches(resource, what)) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(what.name ?? ''))
  );
}

function includesOrAll(list: readonly string[] | undefined, value: string): boolean {
  return list?.includes('*') === true || list?.includes(value) === true;
}

function resourceMatches(rule: string, { resource, subresource }: ResourceAttributes): boolean {
  if (rule === '*') return true;
  if (!subresource) return rule === resource;
  return rule === `${resource}/${subresource}` || rule === `*/${subresource}`;
}

function pathMatches(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1));
}
