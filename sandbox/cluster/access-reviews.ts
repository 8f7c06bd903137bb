import type { Identity } from './accounts.ts';
import type { KubeObject } from './kube-object.ts';
import { type Attributes, authorize } from './rbac.ts';
import { invalid } from './status.ts';
import type { ObjectStore } from './store.ts';

/**
 * Answers a SelfSubjectAccessReview or SubjectAccessReview. The reviewed user has exactly the groups of the
 * review: the API server never looks into OpenShift's Group objects.
 */
export function answerReview(store: ObjectStore, review: KubeObject, caller: Identity): KubeObject {
  const spec = review.spec ?? {};
  const who = review.kind === 'SelfSubjectAccessReview' ? caller : reviewed(spec);
  const { allowed, reason } = authorize(store, who, attributesOf(spec, review.kind ?? ''));
  return {
    ...review,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { ...review.metadata, creationTimestamp: null } as never,
    status: { allowed, ...(reason ? { reason } : {}) },
  };
}

function reviewed(spec: { user?: string; groups?: string[] }): Identity {
  if (!spec.user && !spec.groups?.length) {
    throw invalid('SubjectAccessReview', '', [
      ['spec.user', 'Invalid value: "": at least one of user or group must be specified'],
    ]);
  }
  return { username: spec.user ?? '', groups: spec.groups ?? [] };
}

function attributesOf(spec: KubeObject['spec'], kind: string): Attributes {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if ((resource === undefined) === (path === undefined)) {
    throw invalid(kind, '', [
      [
        'spec.resourceAttributes',
        'Invalid value: exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ],
    ]);
  }
  if (path) return { verb: path.verb ?? '', path: path.path ?? '' };
  return {
    verb: resource.verb ?? '',
    group: resource.group ?? '',
    resource: resource.resource ?? '',
    subresource: resource.subresource,
    namespace: resource.namespace,
    name: resource.name,
  };
}
