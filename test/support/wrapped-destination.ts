import type { Destination } from '../../src/workflow/ports/destination.ts';

/** The same place, with some of its methods done otherwise. */
export function wrapped(place: Destination, change: Partial<Destination>): Destination {
  return {
    name: place.name,
    label: place.label,
    kind: place.kind,
    put: (...args) => place.put(...args),
    open: (...args) => place.open(...args),
    stat: (key) => place.stat(key),
    list: (prefix) => place.list(prefix),
    remove: (key) => place.remove(key),
    check: () => place.check(),
    ...change,
  };
}
