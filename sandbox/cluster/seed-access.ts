import type { KubeObject } from './kube-object.ts';
import type { PolicyRule } from './rbac.ts';

const rbac = 'rbac.authorization.k8s.io/v1';

/** Namespaces, people and roles that every OpenShift cluster has, and the sandbox's few people. */
export function seedAccess(): KubeObject[] {
  return [
    ...['default', 'kube-system', 'openshift-config-managed', 'openshift-etcd'].map(namespace),
    ...['system-node-critical', 'system-cluster-critical', 'openshift-user-critical'].map((name) => ({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value: name.startsWith('system') ? 2_000_000_000 : 1_000_000_000,
    })),
    ...['privileged', 'restricted-v2'].map((name) => ({
      apiVersion: 'security.openshift.io/v1',
      kind: 'SecurityContextConstraints',
      metadata: { name },
      allowPrivilegedContainer: name === 'privileged',
    })),
    ...['requester', 'approver', 'viewer'].map(user),
    // The approver is a cluster administrator by a group, the requester by name: both ways must count.
    group('cluster-admins', ['approver']),
    group('developers', ['viewer']),
    ...roles(),
  ];
}

function namespace(name: string): KubeObject {
  const labels = { 'kubernetes.io/metadata.name': name, 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels }, status: { phase: 'Active' } };
}

function user(name: string): KubeObject {
  return {
    apiVersion: 'user.openshift.io/v1',
    kind: 'User',
    metadata: { name },
    fullName: name,
    identities: [`ldap:${name}`],
  };
}

function group(name: string, users: string[]): KubeObject {
  return { apiVersion: 'user.openshift.io/v1', kind: 'Group', metadata: { name }, users };
}

function role(name: string, rules: PolicyRule[]): KubeObject {
  return { apiVersion: rbac, kind: 'ClusterRole', metadata: { name }, rules };
}

function binding(
  name: string,
  roleName: string,
  subjectKind: 'User' | 'Group',
  subjects: string[],
): KubeObject {
  return {
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
    subjects: subjects.map((subject) => ({
      apiGroup: 'rbac.authorization.k8s.io',
      kind: subjectKind,
      name: subject,
    })),
  };
}

function roles(): KubeObject[] {
  const health = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
  const review = {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews'],
  };
  const self = {
    verbs: ['get'],
    apiGroups: ['user.openshift.io'],
    resources: ['users'],
    resourceNames: ['~'],
  };
  return [
    role('cluster-admin', [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ]),
    role('cluster-reader', [
      { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['nodes', 'namespaces', 'pods'] },
      {
        verbs: ['get', 'list', 'watch'],
        apiGroups: ['config.openshift.io', 'operator.openshift.io'],
        resources: ['*'],
      },
    ]),
    role('basic-user', [review, self]),
    // Of Kubernetes itself, in every release.
    role('system:basic-user', [
      { ...review, resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'] },
    ]),
    role('system:discovery', [
      { verbs: ['get'], nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/openapi/*', ...health] },
    ]),
    role('system:public-info-viewer', [{ verbs: ['get'], nonResourceURLs: health }]),
    binding('cluster-admins', 'cluster-admin', 'Group', ['cluster-admins', 'system:cluster-admins']),
    binding('cluster-admin-people', 'cluster-admin', 'User', ['requester']),
    binding('cluster-readers', 'cluster-reader', 'User', ['viewer']),
    binding('basic-users', 'basic-user', 'Group', ['system:authenticated']),
    binding('system:basic-user', 'system:basic-user', 'Group', ['system:authenticated']),
    binding('system:discovery', 'system:discovery', 'Group', ['system:authenticated']),
    binding('system:public-info-viewer', 'system:public-info-viewer', 'Group', [
      'system:authenticated',
      'system:unauthenticated',
    ]),
  ];
}
