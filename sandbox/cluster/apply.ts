import { isDeepStrictEqual } from 'node:util';
import { type KubeObject, type ManagedFields, timestamp } from './kube-object.ts';
import { mergePatch } from './patch.ts';
import { ApiError, invalid } from './status.ts';

export const applyType = 'application/apply-patch+yaml';

interface ApplyOptions {
  readonly manager: string | null;
  readonly force: boolean;
  readonly now: Date;
}

// The server's own, and what tells which object it is: no one's field.
const ownerless = new Set(['apiVersion', 'kind', 'metadata.name', 'metadata.namespace']);

/**
 * Server-side apply: the applied fields replace, those that this manager applied before and leaves out now go, those that
 * another manager applied with another value are a conflict unless forced. A list is one field, as RBAC's rules and subjects are.
 */
export function applyObject(
  old: KubeObject | undefined,
  applied: KubeObject,
  options: ApplyOptions,
): KubeObject {
  const { manager, force, now } = options;
  if (!manager) {
    throw invalid('PatchOptions.meta.k8s.io', '', [
      ['fieldManager', 'Required value: is required for apply patch'],
    ]);
  }
  const { managedFields: before = [], ...metadata } = old?.metadata ?? applied.metadata;
  const present: KubeObject = { ...(old ?? applied), metadata };
  const paths = leavesOf(applied);
  const others = before.filter((each) => each.manager !== manager);
  const taken = others.flatMap((each) =>
    pathsIn(each)
      .filter(
        (path) => paths.includes(path) && !isDeepStrictEqual(valueAt(present, path), valueAt(applied, path)),
      )
      .map((path) => ({ manager: each.manager, path })),
  );
  if (taken.length > 0 && !force) throw conflicts(taken);
  const own = before.find((each) => each.manager === manager);
  const kept = new Set([...paths, ...others.flatMap(pathsIn)]);
  const gone = own ? pathsIn(own).filter((path) => !kept.has(path)) : [];
  const without = structuredClone(present);
  for (const path of gone) removeAt(without, path);
  const merged = mergePatch(without as never, applied as never) as unknown as KubeObject;
  const lost = (path: string) => taken.some((each) => each.path === path);
  const managedFields = [
    ...others.map((each) => ({ ...each, fieldsV1: fieldsOf(pathsIn(each).filter((path) => !lost(path))) })),
    sameOr(own, entryOf(manager, applied, fieldsOf(paths), now)),
  ];
  return { ...merged, metadata: { ...merged.metadata, managedFields } };
}

/** An apply that changes no field leaves its entry as it was, the time too: the object is not written again. */
function sameOr(own: ManagedFields | undefined, entry: ManagedFields): ManagedFields {
  return own && isDeepStrictEqual(own.fieldsV1, entry.fieldsV1) ? own : entry;
}

function entryOf(manager: string, { apiVersion }: KubeObject, fieldsV1: object, now: Date): ManagedFields {
  const version = apiVersion ?? 'v1';
  return {
    manager,
    operation: 'Apply',
    apiVersion: version,
    time: timestamp(now),
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
}

/** Keys have dots of their own (labels), so paths are JSON. */
function leavesOf(object: object): string[] {
  return leaves(object, []).filter((path) => !ownerless.has((JSON.parse(path) as string[]).join('.')));
}

function leaves(value: unknown, at: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [JSON.stringify(at)];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...at, key]));
}

function fieldsOf(paths: readonly string[]): object {
  const fields: Record<string, object> = {};
  for (const path of paths) {
    let at = fields;
    for (const key of JSON.parse(path) as string[]) {
      at[`f:${key}`] ??= {};
      at = at[`f:${key}`] as Record<string, object>;
    }
  }
  return fields;
}

function pathsIn({ fieldsV1 }: ManagedFields): string[] {
  const walk = (value: object, at: readonly string[]): string[] => {
    const inner = Object.entries(value);
    if (inner.length === 0) return [JSON.stringify(at)];
    return inner.flatMap(([key, below]) => walk(below as object, [...at, key.slice(2)]));
  };
  return Object.keys(fieldsV1).length === 0 ? [] : walk(fieldsV1, []);
}

function valueAt(object: unknown, path: string): unknown {
  return (JSON.parse(path) as string[]).reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    object,
  );
}

function removeAt(object: KubeObject, path: string): void {
  const keys = JSON.parse(path) as string[];
  const last = keys.pop() ?? '';
  const parent = valueAt(object, JSON.stringify(keys)) as Record<string, unknown> | undefined;
  if (parent !== undefined) delete parent[last];
}

function conflicts(taken: readonly { manager: string; path: string }[]): ApiError {
  const field = (path: string) => `.${(JSON.parse(path) as string[]).join('.')}`;
  const count = taken.length === 1 ? '1 conflict' : `${taken.length} conflicts`;
  const texts = taken.map(({ manager, path }) => `conflict with "${manager}": ${field(path)}`);
  return new ApiError(409, 'Conflict', `Apply failed with ${count}: ${texts.join(', ')}`, {
    causes: taken.map(({ manager, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${manager}"`,
      field: field(path),
    })),
  });
}
