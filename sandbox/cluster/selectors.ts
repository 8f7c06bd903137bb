import type { KubeObject } from './kube-object.ts';

/** A test for `labelSelector`: `a=b`, `a!=b`, `a`, `!a`, `a in (b,c)`, `a notin (b,c)`, joined by commas. */
export function labelTest(selector: string): (object: KubeObject) => boolean {
  const tests = splitOutsideParentheses(selector).map(labelRequirement);
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

/** A test for `fieldSelector`: `metadata.name=x`, `spec.nodeName!=y`, joined by commas. */
export function fieldTest(selector: string): (object: KubeObject) => boolean {
  const tests = selector
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [, path = '', operator, value = ''] = /^([^=!]+)(==?|!=)(.*)$/.exec(part) ?? [];
      return (object: KubeObject) => (fieldOf(object, path) === value) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

function fieldOf(object: KubeObject, path: string): string {
  const value = path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], object);
  return value === undefined ? '' : String(value);
}

function splitOutsideParentheses(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean);
}

function labelRequirement(text: string): (labels: Record<string, string>) => boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, name = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[name] ?? '') === (operator === 'in');
  }
  const equal = /^([^=!]+?)\s*(==?|!=)\s*(.*)$/.exec(text);
  if (equal) {
    const [, name = '', operator, value] = equal;
    return (labels) => (labels[name] === value) === (operator !== '!=');
  }
  if (text.startsWith('!')) return (labels) => !(text.slice(1) in labels);
  return (labels) => text in labels;
}
