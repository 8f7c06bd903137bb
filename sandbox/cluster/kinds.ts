import type { SeedOptions } from './seed-options.ts';

/** One resource that the server knows, as discovery describes it. */
export interface ResourceKind {
  group: string;
  version: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  /** Subresources beside `status`. */
  subresources?: readonly string[];
  shortNames?: readonly string[];
  /** Reviews are created and answered, never stored. */
  createOnly?: boolean;
}

type Row = readonly [resource: string, kind: string, extra?: Partial<ResourceKind>];

function kindsOf(groupVersion: string, namespaced: boolean, rows: readonly Row[]): ResourceKind[] {
  const [version, group] = groupVersion.split('/').reverse();
  return rows.map(([resource, kind, extra]) => ({
    group: group ?? '',
    version: version ?? '',
    resource,
    kind,
    namespaced,
    ...extra,
  }));
}

/** For `objects.get('nodes', …)` a plural name needs no group where the first kind of that name is meant. */
export const kinds: readonly ResourceKind[] = [
  ...kindsOf('v1', false, [
    ['namespaces', 'Namespace', { shortNames: ['ns'] }],
    ['nodes', 'Node', { shortNames: ['no'] }],
  ]),
  ...kindsOf('v1', true, [
    ['pods', 'Pod', { shortNames: ['po'], subresources: ['exec'] }],
    ['configmaps', 'ConfigMap', { shortNames: ['cm'] }],
    ['secrets', 'Secret'],
    ['serviceaccounts', 'ServiceAccount', { shortNames: ['sa'], subresources: ['token'] }],
  ]),
  ...kindsOf('rbac.authorization.k8s.io/v1', false, [
    ['clusterroles', 'ClusterRole'],
    ['clusterrolebindings', 'ClusterRoleBinding'],
  ]),
  ...kindsOf('rbac.authorization.k8s.io/v1', true, [
    ['roles', 'Role'],
    ['rolebindings', 'RoleBinding'],
  ]),
  ...kindsOf('authorization.k8s.io/v1', false, [
    ['selfsubjectaccessreviews', 'SelfSubjectAccessReview', { createOnly: true }],
    ['selfsubjectrulesreviews', 'SelfSubjectRulesReview', { createOnly: true }],
    ['subjectaccessreviews', 'SubjectAccessReview', { createOnly: true }],
  ]),
  ...kindsOf('scheduling.k8s.io/v1', false, [['priorityclasses', 'PriorityClass', { shortNames: ['pc'] }]]),
  ...kindsOf('config.openshift.io/v1', false, [
    ['clusterversions', 'ClusterVersion'],
    ['proxies', 'Proxy'],
    ['infrastructures', 'Infrastructure'],
    ['apiservers', 'APIServer'],
    ['clusteroperators', 'ClusterOperator', { shortNames: ['co'] }],
    ['authentications', 'Authentication'],
  ]),
  ...kindsOf('operator.openshift.io/v1', false, [
    ['etcds', 'Etcd'],
    ['kubeapiservers', 'KubeAPIServer'],
    ['openshiftapiservers', 'OpenShiftAPIServer'],
    ['authentications', 'Authentication'],
  ]),
  // Technology preview: served where the seed says so (`previewApi`).
  ...kindsOf('config.openshift.io/v1alpha1', false, [['backups', 'Backup']]),
  ...kindsOf('operator.openshift.io/v1alpha1', false, [['etcdbackups', 'EtcdBackup']]),
  ...kindsOf('user.openshift.io/v1', false, [
    ['users', 'User'],
    ['groups', 'Group'],
  ]),
  ...kindsOf('machineconfiguration.openshift.io/v1', false, [
    ['machineconfigpools', 'MachineConfigPool', { shortNames: ['mcp'] }],
  ]),
  ...kindsOf('security.openshift.io/v1', false, [
    ['securitycontextconstraints', 'SecurityContextConstraints', { shortNames: ['scc'] }],
  ]),
];

/** What a cluster with these options serves. */
export function servedKinds({ absentGroups, previewApi }: SeedOptions): readonly ResourceKind[] {
  return kinds.filter(
    ({ group, version }) => !absentGroups?.includes(group) && (previewApi === true || version !== 'v1alpha1'),
  );
}

/** The `apiVersion` of a kind: `v1` or `group/version`. */
export function apiVersionOf(kind: ResourceKind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}
