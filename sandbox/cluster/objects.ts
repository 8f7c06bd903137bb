import { kinds, type ResourceKind } from './kinds.ts';
import type { Condition, KubeObject } from './kube-object.ts';
import { timestamp } from './kube-object.ts';
import { mergePatch } from './patch.ts';
import type { ObjectStore } from './store.ts';

/** Direct access to the cluster's objects for tests and the sandbox: past the API, past all rights. */
export interface ClusterObjects {
  /** Throws if there is none. */
  get(resource: string, name: string, namespace?: string): KubeObject;
  find(resource: string, name: string, namespace?: string): KubeObject | undefined;
  list(resource: string, namespace?: string): KubeObject[];
  /** Creates or replaces. */
  put(object: KubeObject): KubeObject;
  /** `change` is a merge patch, or a function that changes the object that it gets. */
  patch(
    resource: string,
    name: string,
    change: object | ((object: KubeObject) => void),
    namespace?: string,
  ): KubeObject;
  /** Sets one entry of `status.conditions`, by its type. */
  setCondition(resource: string, name: string, condition: Condition, namespace?: string): KubeObject;
  delete(resource: string, name: string, namespace?: string): void;
}

/**
 * The known kind with this plural name, or with its group as well (`authentications.operator.openshift.io`); throws for an
 * unknown one (a mistake in a test).
 */
export function kindOf(resource: string): ResourceKind {
  const kind = kinds.find((entry) => [entry.resource, `${entry.resource}.${entry.group}`].includes(resource));
  if (kind === undefined) {
    throw new Error(
      `No resource "${resource}" in the sandbox; known: ${kinds.map((entry) => entry.resource).join(', ')}`,
    );
  }
  return kind;
}

export function clusterObjects(store: ObjectStore, now: () => Date): ClusterObjects {
  const objects: ClusterObjects = {
    get: (resource, name, namespace) => store.get(kindOf(resource), name, namespace),
    find: (resource, name, namespace) => store.find(kindOf(resource), name, namespace),
    list: (resource, namespace) => store.list(kindOf(resource), namespace),
    put: (object) => {
      const kind = kindOfObject(object);
      const { name, namespace } = object.metadata;
      if (store.find(kind, name, namespace) === undefined) return store.create(kind, object);
      const { resourceVersion: _, ...metadata } = object.metadata;
      return store.update(kind, { ...object, metadata });
    },
    patch: (resource, name, change, namespace) => {
      const kind = kindOf(resource);
      const object = store.get(kind, name, namespace);
      if (typeof change !== 'function')
        return store.update(kind, mergePatch(object as never, change as never) as never);
      change(object);
      return store.update(kind, object);
    },
    setCondition: (resource, name, condition, namespace) =>
      objects.patch(
        resource,
        name,
        (object) => replaceCondition(object, condition, timestamp(now())),
        namespace,
      ),
    delete: (resource, name, namespace) => {
      store.delete(kindOf(resource), name, namespace);
    },
  };
  return objects;
}

function kindOfObject(object: KubeObject): ResourceKind {
  const kind = kinds.find(
    (entry) =>
      entry.kind === object.kind &&
      (object.apiVersion ?? '').split('/').reverse()[1] === (entry.group || undefined),
  );
  if (kind === undefined) throw new Error(`No kind ${object.apiVersion} ${object.kind} in the sandbox`);
  return kind;
}

function replaceCondition(object: KubeObject, condition: Condition, time: string): void {
  object.status ??= {};
  const others = (object.status.conditions ?? []).filter((entry: Condition) => entry.type !== condition.type);
  object.status.conditions = [...others, { lastTransitionTime: time, ...condition }];
}
