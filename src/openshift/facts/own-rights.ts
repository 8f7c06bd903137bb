import type { RightFacts } from '../../domain/cluster/facts.ts';
import { known, mapReading, type Reading } from '../../domain/cluster/reading.ts';
import type { ApiClient } from '../api/api-client.ts';
import { accessReview, rulesReview } from '../api/schemas.ts';
import { type AccessRule, ruleGrants } from './access-rules.ts';
import { caBundleNames, caBundleNamespace } from './read-ca-bundles.ts';

/** One right as an access review asks for it, and the role of deploy/ that grants it. */
export interface OwnRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly role: string;
  readonly neededFor: RightFacts['neededFor'];
}

/** Everything that the bot does in a cluster; without a `read` one a single fact stays unknown. */
export function ownRights(sessionNamespace: string): readonly OwnRight[] {
  return [...clusterRights(), ...namespaceRights(), ...sessionRights(sessionNamespace)];
}

function clusterRights(): readonly OwnRight[] {
  const config = { group: 'config.openshift.io', role: 'etcd-backup' } as const;
  const operator = {
    group: 'operator.openshift.io',
    role: 'etcd-backup',
    verb: 'get',
    neededFor: 'read',
  } as const;
  return [
    { ...config, verb: 'get', resource: 'clusterversions', neededFor: 'run' },
    { ...config, verb: 'get', resource: 'infrastructures', neededFor: 'run' },
    { ...config, verb: 'get', resource: 'proxies', neededFor: 'read' },
    { ...config, verb: 'get', resource: 'apiservers', neededFor: 'read' },
    { ...config, verb: 'get', resource: 'authentications', neededFor: 'read' },
    { ...config, verb: 'list', resource: 'clusteroperators', neededFor: 'read' },
    { ...operator, resource: 'etcds' },
    { ...operator, resource: 'kubeapiservers' },
    { ...operator, resource: 'openshiftapiservers' },
    { ...operator, resource: 'authentications' },
    { ...config, verb: 'list', resource: 'backups', neededFor: 'read' },
    { ...operator, verb: 'list', resource: 'etcdbackups' },
    { verb: 'list', group: '', resource: 'nodes', role: 'etcd-backup', neededFor: 'run' },
    {
      verb: 'list',
      group: 'machineconfiguration.openshift.io',
      resource: 'machineconfigpools',
      role: 'etcd-backup',
      neededFor: 'read',
    },
    { verb: 'list', group: 'user.openshift.io', resource: 'groups', role: 'etcd-backup', neededFor: 'read' },
    {
      verb: 'create',
      group: 'authorization.k8s.io',
      resource: 'subjectaccessreviews',
      role: 'etcd-backup',
      neededFor: 'run',
    },
  ];
}

function namespaceRights(): readonly OwnRight[] {
  const bundle = { verb: 'get', group: '', resource: 'configmaps', namespace: caBundleNamespace } as const;
  return [
    ...caBundleNames.map((name) => ({
      ...bundle,
      name,
      role: 'etcd-backup-ca-bundles',
      neededFor: 'read' as const,
    })),
    {
      verb: 'list',
      group: '',
      resource: 'pods',
      namespace: 'openshift-etcd',
      role: 'etcd-backup-etcd-pods',
      neededFor: 'read',
    },
  ];
}

function sessionRights(namespace: string): readonly OwnRight[] {
  const pods = {
    group: '',
    resource: 'pods',
    namespace,
    role: 'etcd-backup-sessions',
    neededFor: 'run',
  } as const;
  return [
    { ...pods, verb: 'create' },
    { ...pods, verb: 'get' },
    { ...pods, verb: 'delete' },
    { ...pods, verb: 'create', subresource: 'exec' },
    // WebSocket before Kubernetes 1.35 asks for `get`; without it the client falls back to SPDY.
    { ...pods, verb: 'get', subresource: 'exec' },
    {
      verb: 'use',
      group: 'security.openshift.io',
      resource: 'securitycontextconstraints',
      name: 'privileged',
      namespace,
      role: 'etcd-backup-scc-privileged',
      neededFor: 'run',
    },
  ];
}

/**
 * Asks the cluster for the bot's rules, once for each place, and about each right that they do not grant by itself. A rule
 * that is listed is granted even where the list is incomplete; what is not listed may be granted by an authorizer that
 * lists nothing (a webhook). One question without an answer makes the whole unknown: the list must be complete.
 */
export async function readOwnRights(
  api: ApiClient,
  sessionNamespace: string,
): Promise<Reading<readonly RightFacts[]>> {
  const rights = ownRights(sessionNamespace);
  const places = [...new Set(rights.map(placeOf))];
  const rules = new Map<string, readonly AccessRule[]>();
  for (const { place, answer } of await Promise.all(
    places.map(async (place) => ({ place, answer: await askRules(api, place) })),
  )) {
    if (!answer.ok && unanswered.includes(answer.why.reason)) return answer;
    rules.set(place, answer.ok ? answer.value.status.resourceRules : []);
  }
  const asked = await Promise.all(
    rights.map(async (right) => {
      const listed = (rules.get(placeOf(right)) ?? []).some((rule) => ruleGrants(rule, right));
      return { right, allowed: listed ? known(true) : await askSelf(api, right) };
    }),
  );
  const facts: RightFacts[] = [];
  for (const { right, allowed } of asked) {
    if (!allowed.ok) return allowed;
    const { role, neededFor } = right;
    facts.push({ right: rightText(right), role, neededFor, allowed: allowed.value });
  }
  return known(facts);
}

/** After these the single questions would end in the same way. */
const unanswered: readonly string[] = ['unreachable', 'timeout', 'unauthorized', 'throttled'];

/**
 * A namespace that no cluster has: its rules are those of the whole cluster. In a real one the rules of its own role
 * bindings are listed among them, which grant nothing on resources without a namespace.
 */
const wholeCluster = 'etcd-backup-no-such-namespace';

function placeOf({ namespace }: OwnRight): string {
  return namespace ?? wholeCluster;
}

/** Every account may ask for its own rules: `system:basic-user`. */
function askRules(api: ApiClient, namespace: string) {
  const reviews = { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectrulesreviews' };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    spec: { namespace },
  };
  return api.create(reviews, body, rulesReview);
}

async function askSelf(api: ApiClient, right: OwnRight): Promise<Reading<boolean>> {
  const { role: _role, neededFor: _neededFor, ...resourceAttributes } = right;
  const reviews = { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews' };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  return mapReading(await api.create(reviews, body, accessReview), ({ status }) => status.allowed);
}

/** `create pods/exec in etcd-backup-sessions`, `get clusterversions.config.openshift.io` */
function rightText({ verb, group, resource, subresource, name, namespace }: OwnRight): string {
  const what = [resource, subresource].filter(Boolean).join('/') + (group ? `.${group}` : '');
  return [verb, what, ...(name ? [name] : []), ...(namespace ? ['in', namespace] : [])].join(' ');
}
