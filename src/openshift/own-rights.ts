import type { RightFacts } from '../domain/facts.ts';
import { known, type Reading } from '../domain/reading.ts';
import type { ApiClient } from './api-client.ts';
import { caBundleNames, caBundleNamespace } from './read-ca-bundles.ts';
import { accessReview } from './schemas.ts';

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

/** Asks the cluster about each right. One question without an answer makes the whole unknown: the list must be complete. */
export async function readOwnRights(
  api: ApiClient,
  sessionNamespace: string,
): Promise<Reading<readonly RightFacts[]>> {
  const asked = await Promise.all(
    ownRights(sessionNamespace).map(async (right) => ({ right, answer: await askSelf(api, right) })),
  );
  const facts: RightFacts[] = [];
  for (const { right, answer } of asked) {
    if (!answer.ok) return answer;
    const { role, neededFor } = right;
    facts.push({ right: rightText(right), role, neededFor, allowed: answer.value.status.allowed });
  }
  return known(facts);
}

function askSelf(api: ApiClient, right: OwnRight) {
  const { role: _role, neededFor: _neededFor, ...resourceAttributes } = right;
  const reviews = { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews' };
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  return api.create(reviews, body, accessReview);
}

/** `create pods/exec in etcd-backup-sessions`, `get clusterversions.config.openshift.io` */
function rightText({ verb, group, resource, subresource, name, namespace }: OwnRight): string {
  const what = [resource, subresource].filter(Boolean).join('/') + (group ? `.${group}` : '');
  return [verb, what, ...(name ? [name] : []), ...(namespace ? ['in', namespace] : [])].join(' ');
}
