import type { Identity } from './accounts.ts';
import type { KubeObject } from './kube-object.ts';
import { type Attributes, authorize, rulesFor } from './rbac.ts';
import { badRequest, invalid } from './status.ts';
import type { ObjectStore } from './store.ts';

/** The rules of the caller in one namespace, which need not exist: all that RBAC gives, so the list is complete. */
function answerRules(store: ObjectStore, review: KubeObject, caller: Identity): KubeObject {
  const namespace: string = review.spec?.namespace ?? '';
  if (namespace === '') throw badRequest('no namespace on request');
  const rules = rulesFor(store, caller, namespace);
  return {
    ...review,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { ...review.metadata, creationTimestamp: null } as never,
    status: {
      resourceRules: rules
        .filter(({ resources }) => resources)
        .map(({ nonResourceURLs: _, ...rule }) => rule),
      nonResourceRules: rules.flatMap(({ verbs, nonResourceURLs }) =>
        nonResourceURLs ? [{ verbs, nonResourceURLs }] : [],
      ),
      incomplete: false,
    },
  };
}

/**
 * Answers a SelfSubjectAccessReview, SelfSubjectRulesReview or SubjectAccessReview. The reviewed user has exactly the groups of the
 * review: the API server never looks into OpenShift's Group objects.
 */
export function answerReview(store: ObjectStore, review: KubeObject, caller: Identity): KubeObject {
  if (review.kind === 'SelfSubjectRulesReview') return answerRules(store, review, caller);
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
