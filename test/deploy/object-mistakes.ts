import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';
import { objectType, typeOfKind } from './object-types.ts';

/**
 * What the API server would refuse or, worse, silently drop: fields that no type has, values of another type, what is missing.
 * Each as its path and what is wrong there.
 */
export function mistakesIn(object: KubeObject): readonly string[] {
  const type = typeOfKind(object.apiVersion, object.kind);
  const name = `${object.kind} ${object.metadata?.name}`;
  if (type === undefined) return [`${name}: no type is known for ${object.apiVersion} ${object.kind}`];
  return mistakesOf(object, type, name);
}

const quantity = /^[+-]?\d+(\.\d+)?(m|k|M|G|T|P|E|[KMGTPE]i|[eE]\d+)?$/;

function mistakesOf(value: unknown, type: string, path: string): readonly string[] {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined)
    return Array.isArray(value)
      ? value.flatMap((each, at) => mistakesOf(each, list, `${path}[${at}]`))
      : [wrong(path, 'a list', value)];
  const map = /^\{ \[key: string\]: (.*?);? \}$/.exec(type)?.[1];
  if (map !== undefined)
    return isMap(value)
      ? Object.entries(value).flatMap(([key, each]) => mistakesOf(each, mapped(map, path), `${path}.${key}`))
      : [wrong(path, 'a map', value)];
  if (type.startsWith('"'))
    return typeof value === 'string' && type.split(' | ').includes(JSON.stringify(value))
      ? []
      : [wrong(path, type, value)];
  if (type === 'any') return [];
  if (type === 'quantity') return quantity.test(String(value)) ? [] : [wrong(path, 'a quantity', value)];
  if (type === 'IntOrString')
    return ['number', 'string'].includes(typeof value) ? [] : [wrong(path, 'a number or a text', value)];
  if (['string', 'boolean', 'number'].includes(type))
    return typeof value === type ? [] : [wrong(path, `a ${type}`, value)];
  return mistakesOfFields(value, type, path);
}

function mistakesOfFields(value: unknown, type: string, path: string): readonly string[] {
  const fields = objectType(type);
  if (fields === undefined) return [`${path}: no type ${type} is known`];
  if (typeof fields === 'string') return mistakesOf(value, fields, path);
  if (!isMap(value)) return [wrong(path, type, value)];
  const missing = [...fields].flatMap(([name, { required }]) =>
    required && value[name] === undefined ? [`${path}.${name}: is required, and missing`] : [],
  );
  const others = Object.entries(value).flatMap(([name, each]) => {
    const field = fields.get(name);
    const here = `${path}.${name}`;
    return field === undefined ? [`${here}: unknown field`] : mistakesOf(each, field.type, here);
  });
  return [...missing, ...others];
}

/** The client has quantities as texts; a text that is none is refused by the API server alone. */
function mapped(type: string, path: string): string {
  return /\.(requests|limits|capacity)$/.test(path) && type === 'string' ? 'quantity' : type;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(path: string, expected: string, found: unknown): string {
  return `${path}: expected ${expected}, found ${JSON.stringify(found)}`;
}
