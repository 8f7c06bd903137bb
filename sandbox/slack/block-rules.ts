import { isObject } from './json.ts';

/** Checks one value; appends what is wrong in Slack's wording, with a JSON pointer to the place. */
export type Rule = (value: unknown, at: string, found: string[]) => void;

export function complain(found: string[], message: string, at: string): void {
  found.push(`${message} [json-pointer:${at}]`);
}

/** Lengths are UTF-16 units: never fewer than the characters that Slack counts. */
export function string(max: number, min = 1): Rule {
  return (value, at, found) => {
    if (typeof value !== 'string') complain(found, 'must be a string', at);
    else if (value.length < min) complain(found, `must be more than ${min - 1} characters`, at);
    else if (value.length > max) complain(found, `must be less than ${max + 1} characters`, at);
  };
}

export function oneOf(...allowed: string[]): Rule {
  return (value, at, found) => {
    if (!allowed.includes(value as string)) {
      complain(found, `must be one of: ${allowed.join(', ')}`, at);
    }
  };
}

export const boolean: Rule = (value, at, found) => {
  if (typeof value !== 'boolean') complain(found, 'must be a boolean', at);
};

export function integer(min: number, max: number): Rule {
  return (value, at, found) => {
    if (!Number.isInteger(value)) complain(found, 'must be an integer', at);
    else if ((value as number) < min) complain(found, `must be greater than ${min - 1}`, at);
    else if ((value as number) > max) complain(found, `must be less than ${max + 1}`, at);
  };
}

export const anything: Rule = () => {};

export function list(item: Rule, max: number, min = 1): Rule {
  return (value, at, found) => {
    if (!Array.isArray(value)) {
      complain(found, 'must be an array', at);
      return;
    }
    if (value.length > max) complain(found, `no more than ${max} items allowed`, at);
    if (value.length < min) complain(found, `no fewer than ${min} items allowed`, at);
    for (const [index, entry] of value.entries()) item(entry, `${at}/${index}`, found);
  };
}

/** An object with exactly these keys; any other key is refused, as Slack does. */
export function object(required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return (value, at, found) => {
    if (!isObject(value)) {
      complain(found, 'must be an object', at);
      return;
    }
    for (const key of Object.keys(required)) {
      if (value[key] === undefined) complain(found, `missing required field: ${key}`, at);
    }
    for (const [key, entry] of Object.entries(value)) {
      const rules = Object.hasOwn(required, key) ? required : optional;
      const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
      if (rule === undefined) complain(found, `invalid additional property: ${key}`, at);
      else rule(entry, `${at}/${key}`, found);
    }
  };
}

/** Chooses the rule by the object's `type`. */
export function byType(rules: Record<string, Rule>): Rule {
  return (value, at, found) => {
    if (!isObject(value)) {
      complain(found, 'must be an object', at);
      return;
    }
    const type = value.type;
    const rule = typeof type === 'string' && Object.hasOwn(rules, type) ? rules[type] : undefined;
    if (type === undefined) complain(found, 'missing required field: type', at);
    else if (rule === undefined) complain(found, `unsupported type: ${String(type)}`, `${at}/type`);
    else rule(value, at, found);
  };
}

export function all(...rules: Rule[]): Rule {
  return (value, at, found) => {
    for (const rule of rules) rule(value, at, found);
  };
}
