/** Keys that are merged key by key; a list, a window or a schedule is taken whole. */
const mergedKeys = ['approval', 'permissions', 'session', 'coverage'] as const;

type Mapping = Readonly<Record<string, unknown>>;

/** The file as if every cluster said itself what `defaults` says for it: the cluster's own word comes first. */
export function withDefaults(file: unknown): unknown {
  if (!isMapping(file) || !isMapping(file.defaults) || !Array.isArray(file.clusters)) return file;
  const { defaults } = file;
  const clusters = file.clusters.map((each) => merged(defaults, isMapping(each) ? each : {}));
  return { ...file, clusters };
}

function merged(defaults: Mapping, cluster: Mapping): Mapping {
  const both = mergedKeys.flatMap((key) => {
    const [shared, own] = [defaults[key], cluster[key]];
    return isMapping(shared) && isMapping(own) ? [[key, { ...shared, ...own }] as const] : [];
  });
  return { ...defaults, ...cluster, ...Object.fromEntries(both) };
}

export function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
