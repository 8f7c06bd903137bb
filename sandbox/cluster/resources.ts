import { answerReview } from './access-reviews.ts';
import type { Identity } from './accounts.ts';
import { apiVersionOf, type ResourceKind } from './kinds.ts';
import type { KubeObject } from './kube-object.ts';
import type { Kubelet } from './kubelet.ts';
import { kindOf } from './objects.ts';
import { applyPatch } from './patch.ts';
import type { Pod } from './pod.ts';
import { admitPod } from './pod-admission.ts';
import type { RequestInfo } from './request-info.ts';
import { fieldTest, labelTest } from './selectors.ts';
import { ApiError, alreadyExists, badRequest, invalid, methodNotAllowed, notFound } from './status.ts';
import type { ObjectStore } from './store.ts';

export interface Answer {
  code: number;
  body: object;
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
export function answerResource(store: ObjectStore, kubelet: Kubelet, request: ResourceRequest): Answer {
  const { info, kind, body } = request;
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
      return { code: 200, body: store.update(kind, named(asObject(body), info)) };
    case 'patch': {
      const old = store.get(kind, info.name ?? '', info.namespace);
      return { code: 200, body: store.update(kind, applyPatch(old, body, request.contentType)) };
    }
    case 'delete':
      return { code: 200, body: remove(store, kubelet, request) };
    default:
      throw methodNotAllowed();
  }
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
  const dryRun = isDryRun(info.query);
  if (kind.resource !== 'pods') {
    if (dryRun) throw badRequest('the sandbox knows dryRun for pods only');
    return createPlain(store, kind, object, info.namespace);
  }
  const pod = { ...object, metadata: { ...object.metadata, namespace: info.namespace } } as Pod;
  if (dryRun) return wouldCreate(store, kind, admitPod(store, pod, who));
  const created = store.create(kind, admitPod(store, pod, who), info.namespace) as Pod;
  kubelet.start(created);
  return created;
}

/** `dryRun=All`: admission first, then the name, and nothing is stored or started. */
function wouldCreate(store: ObjectStore, kind: ResourceKind, pod: Pod): KubeObject {
  const { name, namespace } = pod.metadata;
  if (store.find(kind, name, namespace)) throw alreadyExists({ ...kind, name });
  return pod;
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
  kind: ResourceKind,
  object: KubeObject,
  namespace?: string,
): KubeObject {
  if (kind.namespaced && store.find(kindOf('namespaces'), namespace ?? '') === undefined) {
    throw notFound({ group: '', resource: 'namespaces', name: namespace });
  }
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
    store.delete(kind, name, info.namespace);
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
