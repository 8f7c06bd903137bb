import { badRequest } from './status.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Operation {
  op: string;
  path: string;
  value?: Json;
}

/** Applies a merge patch (RFC 7386) or JSON patch (RFC 6902: add, replace, remove, test) to a copy. */
export function applyPatch<T>(target: T, patch: unknown, contentType: string): T {
  if (contentType.includes('application/json-patch+json')) {
    if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
    return (patch as Operation[]).reduce<Json>(applyOperation, structuredClone(target) as Json) as T;
  }
  // A strategic merge differs from a merge in lists only: here a list replaces a list.
  return mergePatch(target as Json, patch as Json) as T;
}

/** RFC 7386: null removes, objects merge, everything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return structuredClone(patch);
  const merged: Record<string, Json> = isObject(target) ? { ...structuredClone(target) } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

function applyOperation(document: Json, operation: Operation): Json {
  const keys = operation.path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  if (last === undefined) throw badRequest(`JSON patch: no path in operation ${operation.op}`);
  const parent = keys.reduce<Json | undefined>(
    (value, name) => (value as Record<string, Json>)?.[name],
    document,
  );
  if (parent === null || typeof parent !== 'object') {
    throw badRequest(`JSON patch: ${operation.path} does not exist`);
  }
  if (Array.isArray(parent)) changeList(parent, last, operation);
  else changeObject(parent, last, operation);
  return document;
}

function changeList(list: Json[], last: string, { op, value = null }: Operation): void {
  const index = last === '-' ? list.length : Number(last);
  if (op === 'add') list.splice(index, 0, value);
  else if (op === 'replace') list[index] = value;
  else if (op === 'remove') list.splice(index, 1);
  else requireEqual(op, list[index], value);
}

function changeObject(object: Record<string, Json>, last: string, { op, value = null }: Operation): void {
  if (op === 'add' || op === 'replace') object[last] = value;
  else if (op === 'remove') delete object[last];
  else requireEqual(op, object[last], value);
}

function requireEqual(op: string, found: Json | undefined, expected: Json): void {
  if (op !== 'test') throw badRequest(`JSON patch: operation ${op} is not supported`);
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw badRequest('JSON patch: test failed');
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
