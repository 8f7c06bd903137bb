import { apiVersionOf, type ResourceKind } from './kinds.ts';

const allVerbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/**
 * The discovery document at `path` (`/api`, `/api/v1`, `/apis`, `/apis/GROUP`, `/apis/GROUP/VERSION`),
 * or undefined where there is none.
 */
export function discovery(path: string, served: readonly ResourceKind[]): object | undefined {
  const [root, group, version, ...rest] = path.replace(/^\/|\/$/g, '').split('/');
  if (root === 'api' && group === undefined) {
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  }
  if (root === 'api' && group === 'v1' && version === undefined) return resourceList('', 'v1', served);
  if (root !== 'apis') return undefined;
  if (group === undefined) {
    const names = [...new Set(served.map((kind) => kind.group))].filter((name) => name !== '');
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: names.map((name) => groupOf(name, served)) };
  }
  if (!served.some((kind) => kind.group === group)) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, served) };
  return rest.length === 0 ? resourceList(group, version, served) : undefined;
}

function groupOf(name: string, served: readonly ResourceKind[]): object {
  const version = served.find((kind) => kind.group === name)?.version ?? 'v1';
  const entry = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [entry], preferredVersion: entry };
}

function resourceList(group: string, version: string, served: readonly ResourceKind[]): object | undefined {
  const rows = served.filter((kind) => kind.group === group && kind.version === version);
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(first),
    resources: rows.flatMap((row) => [resourceEntry(row), ...subresourceEntries(row)]),
  };
}

function resourceEntry(row: ResourceKind): object {
  return {
    name: row.resource,
    singularName: row.kind.toLowerCase(),
    namespaced: row.namespaced,
    kind: row.kind,
    verbs: row.createOnly ? ['create'] : allVerbs,
    ...(row.shortNames ? { shortNames: row.shortNames } : {}),
  };
}

function subresourceEntries(row: ResourceKind): object[] {
  return (row.subresources ?? []).map((name) => ({
    name: `${row.resource}/${name}`,
    singularName: '',
    namespaced: row.namespaced,
    ...(name === 'token'
      ? { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] }
      : { kind: name === 'exec' ? 'PodExecOptions' : row.kind, verbs: ['create', 'get'] }),
  }));
}
