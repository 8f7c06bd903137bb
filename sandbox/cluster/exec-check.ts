import type { Identity } from './accounts.ts';
import { kindOf } from './objects.ts';
import type { Pod } from './pod.ts';
import { authorize } from './rbac.ts';
import type { RequestInfo } from './request-info.ts';
import { badRequest, forbidden } from './status.ts';
import type { ObjectStore } from './store.ts';

/**
 * Checks an exec before the connection is upgraded. The right `get` was checked with the method; since Kubernetes 1.35
 * a WebSocket needs `create` as well, and so it does here. Throws ApiError 400, 403, 404.
 */
export function checkExec(
  store: ObjectStore,
  info: RequestInfo,
  who: Identity,
): { pod: Pod; container: string } {
  if (info.resource !== 'pods' || info.subresource !== 'exec') {
    throw badRequest('only exec in a pod can be upgraded');
  }
  const { name = '', namespace = '' } = info;
  requireCreate(store, who, namespace, name);
  const pod = store.get(kindOf('pods'), name, namespace) as Pod;
  const names = pod.spec.containers.map((container) => container.name);
  const container = info.query.get('container') ?? names[0] ?? '';
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  if (info.command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  if (!pod.spec.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
  return { pod, container };
}

function requireCreate(store: ObjectStore, who: Identity, namespace: string, name: string): void {
  const create = { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace, name };
  if (authorize(store, who, create).allowed) return;
  const text = `User "${who.username}" cannot create resource "pods/exec" in API group "" in the namespace "${namespace}"`;
  throw forbidden({ group: '', resource: 'pods', name }, text);
}
