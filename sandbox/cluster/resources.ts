import { isDeepStrictEqual } from 'node:util';
import { answerReview } from './access-reviews.ts';
import type { Identity } from './accounts.ts';
import { applyObject, applyType } from './apply.ts';
import { requireHeld } from './escalation.ts';
import { apiVersionOf, kinds, type ResourceKind } from './kinds.ts';
import type { KubeObject } from './kube-object.ts';
import type { Kubelet } from './kubelet.ts';
import { kindOf } from './objects.ts';
import { applyPatch } from './patch.ts';
import type { Pod } from './pod.ts';
import { admitPod } from './pod-admission.ts';
import { authorize } from './rbac.ts';
import { isTrue, type RequestInfo } from './request-info.ts';
import { fieldTest, labelTest } from './selectors.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import {
  ApiError,
  alreadyExists,
  badRequest,
  forbidden,
  invalid,
  methodNotAllowed,
  notFound,
} from './status.ts';
import type { ObjectStore } from './store.ts';

export interface Answer {
  code: number;
  body: object;
}

/** What answers come from. */
export interface ResourceParts {
  store: ObjectStore;
  kubelet: Kubelet;
  tokens: ServiceAccountTokens;
  now: () => Date;
}

/** A request for a known resource, after authentication and authorization. */
export interface ResourceRequest {
  info: RequestInfo;
  kind: ResourceKind;
  who: Identity;
  body: unknown;
  contentType: string;
}

/** The tests of `labelSelector` and `fieldSelector` together. */
export function selection(query: URLSearchParams): (object: KubeObject) => boolean {
  const byLabel = labelTest(query.get('labelSelector') ?? '');
  const byField = fieldTest(query.get('fieldSelector') ?? '');
  return (object) => byLabel(object) && byField(object);
}

/** Answers everything but watch and exec. Throws ApiError. */
export function answerResource(parts: ResourceParts, request: ResourceRequest): Answer {
  const { store, kubelet, tokens } = parts;
  const { info, kind, body } = request;
  if (kind.resource === 'serviceaccounts' && info.subresource === 'token' && info.verb === 'create') {
    return { code: 201, body: tokens.answerRequest(info.name ?? '', info.namespace ?? '', asObject(body)) };
  }
  if (info.subresource !== undefined && info.subresource !== 'status')
    throw notFound({ ...kind, name: info.name });
  if (kind.createOnly && info.verb !== 'create') throw methodNotAllowed();
  switch (info.verb) {
    case 'get':
      return { code: 200, body: getOne(store, request) };
    case 'list':
      return { code: 200, body: listOf(store, request) };
    case 'create':
      return { code: 201, body: create(store, kubelet, request) };
    case 'update':
      return { code: 200, body: update(store, request, named(asObject(body), info)) };
    case 'patch':
      if (request.contentType.includes(applyType)) return apply(parts, request);
      return { code: 200, body: patch(store, request) };
    case 'delete':
      return { code: 200, body: remove(store, kubelet, request) };
    default:
      throw methodNotAllowed();
  }
}

function patch(store: ObjectStore, request: ResourceRequest): KubeObject {
  const { info, kind, body, contentType } = request;
  const old = store.get(kind, info.name ?? '', info.namespace);
  return update(store, request, applyPatch(old, body, contentType));
}

function update(store: ObjectStore, { info, kind, who }: ResourceRequest, object: KubeObject): KubeObject {
  requireHeld(store, kind, object, who);
  return isDryRun(info.query) ? object : store.update(kind, object);
}

/** Server-side apply: makes what is not there, for which it asks for the right to create. */
function apply({ store, now }: ResourceParts, request: ResourceRequest): Answer {
  const { info, kind, who } = request;
  const object = named(asObject(request.body), info);
  const old = store.find(kind, info.name ?? '', info.namespace);
  const options = {
    manager: info.query.get('fieldManager'),
    force: isTrue(info.query.get('force')),
    now: now(),
  };
  const applied = applyObject(old, object, options);
  if (old && isDeepStrictEqual(old, applied)) return { code: 200, body: old };
  if (old) return { code: 200, body: update(store, request, applied) };
  const about = { group: kind.group, resource: kind.resource, namespace: info.namespace, name: info.name };
  if (!authorize(store, who, { verb: 'create', ...about }).allowed) {
    const where = info.namespace ? `in the namespace "${info.namespace}"` : 'at the cluster scope';
    const text = `User "${who.username}" cannot create resource "${kind.resource}" in API group "${kind.group}" ${where}`;
    throw forbidden(about, text);
  }
  return { code: 201, body: createPlain(store, request, applied) };
}

function getOne(store: ObjectStore, { info, kind, who }: ResourceRequest): object {
  // OpenShift's name for the requesting user (`oc whoami`).
  if (kind.resource === 'users' && info.name === '~') {
    return {
      kind: 'User',
      apiVersion: apiVersionOf(kind),
      metadata: { name: who.username },
      groups: who.groups,
    };
  }
  return store.get(kind, info.name ?? '', info.namespace);
}

function listOf(store: ObjectStore, { info, kind }: ResourceRequest): object {
  const items = store.list(kind, info.namespace).filter(selection(info.query));
  // Built-in kinds come without kind and apiVersion in a list, custom resources with them: as recorded.
  const isCustom = kind.group.endsWith('.openshift.io');
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(store.version) },
    items: isCustom ? items : items.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
  };
}

function create(store: ObjectStore, kubelet: Kubelet, request: ResourceRequest): KubeObject {
  const { info, kind, who } = request;
  const object = asObject(request.body);
  if (object.kind !== undefined && object.kind !== kind.kind) {
    throw badRequest(`${object.kind} in version "${object.apiVersion}" cannot be handled as a ${kind.kind}`);
  }
  if (kind.createOnly) return answerReview(store, { ...object, kind: kind.kind }, who);
  if (info.namespace && object.metadata.namespace && object.metadata.namespace !== info.namespace) {
    const text = `the namespace of the provided object does not match the namespace sent on the request`;
    throw badRequest(`${text} (${object.metadata.namespace} != ${info.namespace})`);
  }
  if (kind.resource !== 'pods') return createPlain(store, request, object);
  const pod = { ...object, metadata: { ...object.metadata, namespace: info.namespace } } as Pod;
  if (isDryRun(info.query)) return wouldCreate(store, kind, admitPod(store, pod, who));
  const created = store.create(kind, admitPod(store, pod, who), info.namespace) as Pod;
  kubelet.start(created);
  return created;
}

/** `dryRun=All`: admission first, then the name, and nothing is stored or started. */
function wouldCreate(store: ObjectStore, kind: ResourceKind, object: KubeObject): KubeObject {
  const { name, namespace } = object.metadata;
  if (store.find(kind, name, namespace)) throw alreadyExists({ ...kind, name });
  return object;
}

function isDryRun(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun');
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) {
    const text = `Unsupported value: "${wrong}": supported values: "All"`;
    throw invalid('CreateOptions.meta.k8s.io', '', [['dryRun', text]]);
  }
  return values.length > 0;
}

function createPlain(
  store: ObjectStore,
  { kind, info: { namespace, query }, who }: ResourceRequest,
  object: KubeObject,
): KubeObject {
  if (kind.namespaced && store.find(kindOf('namespaces'), namespace ?? '') === undefined) {
    throw notFound({ group: '', resource: 'namespaces', name: namespace });
  }
  const placed = kind.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
  requireHeld(store, kind, placed as KubeObject, who);
  if (isDryRun(query)) return wouldCreate(store, kind, placed as KubeObject);
  const created = store.create(kind, object, namespace);
  if (kind.resource === 'namespaces') addDefaultAccount(store, created.metadata.name);
  return created;
}

/** Every namespace gets the service account `default`. */
export function addDefaultAccount(store: ObjectStore, namespace: string): void {
  store.create(kindOf('serviceaccounts'), { metadata: { name: 'default' } }, namespace);
}

interface DeleteOptions {
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
}

function remove(store: ObjectStore, kubelet: Kubelet, { info, kind, body }: ResourceRequest): object {
  const name = info.name ?? '';
  const object = store.get(kind, name, info.namespace);
  const options = (body ?? {}) as DeleteOptions;
  checkPreconditions(kind, object, options);
  if (kind.resource !== 'pods') {
    if (isDryRun(info.query)) return object;
    store.delete(kind, name, info.namespace);
    if (kind.resource === 'namespaces') removeAllIn(store, kubelet, name);
    const details = {
      name,
      ...(kind.group ? { group: kind.group } : {}),
      kind: kind.resource,
      uid: object.metadata.uid,
    };
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  }
  const pod = object as Pod;
  const asked = options.gracePeriodSeconds ?? info.query.get('gracePeriodSeconds');
  return kubelet.remove(pod, Number(asked ?? pod.spec.terminationGracePeriodSeconds ?? 30));
}

/** A namespace takes with it what is in it; here at once. */
function removeAllIn(store: ObjectStore, kubelet: Kubelet, namespace: string): void {
  for (const kind of kinds.filter((each) => each.namespaced)) {
    for (const object of store.list(kind, namespace)) {
      if (kind.resource === 'pods') kubelet.remove(object as Pod, 0);
      else store.delete(kind, object.metadata.name, namespace);
    }
  }
}

function checkPreconditions(kind: ResourceKind, object: KubeObject, { preconditions }: DeleteOptions): void {
  const { name, uid } = object.metadata;
  if (preconditions?.uid === undefined || preconditions.uid === uid) return;
  const text = `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${uid}`;
  throw new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${kind.resource} "${name}": ${text}`,
    {
      name,
      kind: kind.resource,
    },
  );
}

function asObject(body: unknown): KubeObject {
  if (typeof body !== 'object' || body === null) throw badRequest('the body of the request is not an object');
  const object = body as KubeObject;
  return { ...object, metadata: object.metadata ?? {} };
}

function named(object: KubeObject, info: RequestInfo): KubeObject {
  if (object.metadata.name === info.name) return object;
  throw badRequest(
    `the name of the object (${object.metadata.name}) does not match the name on the URL (${info.name})`,
  );
}
