/** A rule of RBAC as a SelfSubjectRulesReview lists it. Rules only ever allow. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: all objects. */
  readonly resourceNames: readonly string[];
}

/** What is asked for, without a place: the rules are those of one place. */
export interface AskedRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
}

/** Whether the rule grants the right, as Kubernetes' RBAC authorizer decides it: `pods/*` is no wildcard, `*` before `/exec` is. */
export function ruleGrants(rule: AccessRule, right: AskedRight): boolean {
  const { verb, group, name } = right;
  return (
    hasOrAll(rule.verbs, verb) &&
    hasOrAll(rule.apiGroups, group) &&
    rule.resources.some((resource) => resourceGrants(resource, right)) &&
    (rule.resourceNames.length === 0 || (name !== undefined && rule.resourceNames.includes(name)))
  );
}

function hasOrAll(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

function resourceGrants(granted: string, { resource, subresource }: AskedRight): boolean {
  if (granted === '*') return true;
  if (subresource === undefined) return granted === resource;
  return granted === `${resource}/${subresource}` || granted === `*/${subresource}`;
}
