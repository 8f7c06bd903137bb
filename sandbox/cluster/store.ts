import { randomBytes, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { apiVersionOf, type ResourceKind } from './kinds.ts';
import { type KubeObject, timestamp } from './kube-object.ts';
import { alreadyExists, conflict, notFound } from './status.ts';

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  kind: ResourceKind;
  object: KubeObject;
  resourceVersion: number;
}

/** How many events a watch may start behind the present; older ones are answered with 410. */
const rememberedEvents = 1000;

/**
 * Objects by resource, namespace and name, with optimistic locking on `resourceVersion`.
 * Everything that goes in or out is a copy. Errors are ApiError: 404, 409.
 */
export class ObjectStore {
  readonly #objects = new Map<string, KubeObject>();
  readonly #now: () => Date;
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  readonly #events: StoreEvent[] = [];
  #version = 100;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** The newest resource version. */
  get version(): number {
    return this.#version;
  }

  get(kind: ResourceKind, name: string, namespace?: string): KubeObject {
    const found = this.#objects.get(key(kind, name, namespace));
    if (found === undefined) throw notFound({ ...kind, name });
    return structuredClone(found);
  }

  find(kind: ResourceKind, name: string, namespace?: string): KubeObject | undefined {
    return structuredClone(this.#objects.get(key(kind, name, namespace)));
  }

  /** Sorted by namespace and name, as etcd would. */
  list(kind: ResourceKind, namespace?: string): KubeObject[] {
    const prefix = namespace
      ? `${kind.group}/${kind.resource}/${namespace}/`
      : `${kind.group}/${kind.resource}/`;
    const keys = [...this.#objects.keys()].filter((entry) => entry.startsWith(prefix)).sort();
    return keys.map((entry) => structuredClone(this.#objects.get(entry) as KubeObject));
  }

  create(kind: ResourceKind, input: KubeObject, namespace?: string): KubeObject {
    const object = structuredClone(input);
    const { metadata } = object;
    if (!metadata.name && metadata.generateName) {
      metadata.name = metadata.generateName + randomBytes(4).toString('hex').slice(0, 5);
    }
    if (kind.namespaced && namespace) metadata.namespace = namespace;
    const entry = key(kind, metadata.name, metadata.namespace);
    if (this.#objects.has(entry)) throw alreadyExists({ ...kind, name: metadata.name });
    metadata.uid = randomUUID();
    metadata.creationTimestamp ??= timestamp(this.#now());
    metadata.generation ??= 1;
    return this.#write('ADDED', kind, entry, object);
  }

  /** Replaces an object; a `resourceVersion` that is not the present one is refused with 409. */
  update(kind: ResourceKind, input: KubeObject): KubeObject {
    const object = structuredClone(input);
    const { name, namespace, resourceVersion } = object.metadata;
    const old = this.get(kind, name, namespace);
    if (resourceVersion && resourceVersion !== old.metadata.resourceVersion)
      throw conflict({ ...kind, name });
    for (const field of ['uid', 'creationTimestamp'] as const) {
      const value = old.metadata[field];
      if (value !== undefined) object.metadata[field] = value;
    }
    const generation = old.metadata.generation ?? 1;
    const specChanged = JSON.stringify(old.spec) !== JSON.stringify(object.spec);
    object.metadata.generation = Math.max(
      object.metadata.generation ?? 0,
      specChanged ? generation + 1 : generation,
    );
    return this.#write('MODIFIED', kind, key(kind, name, namespace), object);
  }

  delete(kind: ResourceKind, name: string, namespace?: string): KubeObject {
    const entry = key(kind, name, namespace);
    const object = this.get(kind, name, namespace);
    this.#objects.delete(entry);
    return this.#record('DELETED', kind, object);
  }

  /** Events after `since`, or undefined if the store no longer knows them all. */
  eventsAfter(since: number): StoreEvent[] | undefined {
    const oldest = this.#events[0]?.resourceVersion ?? this.#version;
    if (since < oldest - 1) return undefined;
    return this.#events.filter((event) => event.resourceVersion > since);
  }

  /** Forgets the past, as compaction does: watches from before get 410. */
  compact(): void {
    this.#events.length = 0;
  }

  onEvent(listener: (event: StoreEvent) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }

  #write(type: 'ADDED' | 'MODIFIED', kind: ResourceKind, entry: string, object: KubeObject): KubeObject {
    const stored = { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind };
    this.#objects.set(entry, stored);
    return this.#record(type, kind, stored);
  }

  #record(type: StoreEvent['type'], kind: ResourceKind, object: KubeObject): KubeObject {
    this.#version += 1;
    object.metadata.resourceVersion = String(this.#version);
    const event = { type, kind, object: structuredClone(object), resourceVersion: this.#version };
    this.#events.push(event);
    if (this.#events.length > rememberedEvents) this.#events.shift();
    this.#emitter.emit('event', event);
    return structuredClone(object);
  }
}

function key(kind: ResourceKind, name: string, namespace?: string): string {
  return `${kind.group}/${kind.resource}/${kind.namespaced ? (namespace ?? '') : ''}/${name}`;
}
