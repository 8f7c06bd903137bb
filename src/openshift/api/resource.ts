/** What a call is about. The core group is ''. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: string;
}

/** The URL path, every part escaped; without query. */
export function pathOf({ group, version, namespace, resource, name }: Resource): string {
  const parts = group === '' ? ['api', version] : ['apis', group, version];
  if (namespace !== undefined) parts.push('namespaces', namespace);
  parts.push(resource);
  if (name !== undefined) parts.push(name);
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

/** `clusterversions/version`, `pods in openshift-etcd`: for messages. */
export function textOf({ resource, namespace, name }: Resource): string {
  const what = name === undefined ? resource : `${resource}/${name}`;
  return namespace === undefined ? what : `${what} in ${namespace}`;
}

export function config(resource: string, name?: string): Resource {
  return { group: 'config.openshift.io', version: 'v1', resource, ...(name ? { name } : {}) };
}

export function operator(resource: string, name: string): Resource {
  return { group: 'operator.openshift.io', version: 'v1', resource, name };
}
