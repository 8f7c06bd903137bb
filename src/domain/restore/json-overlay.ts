type JsonObject = Readonly<Record<string, unknown>>;

/** What `value` says beyond `known` or otherwise than it, key by key; an array counts as one value. Undefined: nothing. */
export function beyond(value: JsonObject, known: JsonObject): JsonObject | undefined {
  const entries = Object.entries(value).flatMap(([key, each]): [string, unknown][] => {
    const other = Object.hasOwn(known, key) ? known[key] : undefined;
    if (isObject(each) && isObject(other)) {
      const inner = beyond(each, other);
      return inner ? [[key, inner]] : [];
    }
    return each === undefined || canonical(each) === canonical(other) ? [] : [[key, each]];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The inverse of `beyond`: `known` with what `extra` says. */
export function overlaid(known: JsonObject, extra: JsonObject): JsonObject {
  const entries = Object.entries(extra).map(([key, each]) => {
    const other = Object.hasOwn(known, key) ? known[key] : undefined;
    return [key, isObject(each) && isObject(other) ? overlaid(other, each) : each];
  });
  return { ...known, ...Object.fromEntries(entries) };
}

/** The same text for the same value, in whatever order its keys were written. */
function canonical(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? '';
}

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
