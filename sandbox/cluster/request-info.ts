import type { Attributes } from './rbac.ts';

/** What a request asks for, read from its method and path as the API server does. */
export interface RequestInfo {
  verb: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  /** Absent for paths that name no resource: discovery, `/version`, `/healthz`. */
  resource?: string;
  group: string;
  version: string;
  namespace?: string;
  name?: string;
  subresource?: string;
  /** Asks for admission's word only; nothing is stored. */
  dryRun: boolean;
  /** The words of an exec. */
  command: readonly string[];
}

const verbs: Record<string, [withName: string, withoutName: string]> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

export function parseRequest(method: string, target: string): RequestInfo {
  const { pathname, searchParams: query } = new URL(target, 'https://localhost');
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const command = query.getAll('command');
  const base = { path: pathname, query, command, dryRun: query.has('dryRun') };
  const isCore = parts[0] === 'api' && parts.length >= 3;
  const isGroup = parts[0] === 'apis' && parts.length >= 4;
  if (!isCore && !isGroup) {
    return { ...base, verb: method === 'HEAD' ? 'get' : method.toLowerCase(), group: '', version: '' };
  }
  const [group = '', version = ''] = isCore ? ['', parts[1]] : [parts[1], parts[2]];
  const { namespace, resource, name, subresource } = resourcePath(parts.slice(isCore ? 2 : 3));
  const [withName, withoutName] = verbs[method] ?? ['', ''];
  const verb = name === undefined ? withoutName : withName;
  const selected = verb === 'list' ? selectedName(query) : undefined;
  return {
    ...base,
    verb: verb === 'list' && isTrue(query.get('watch')) ? 'watch' : verb,
    group,
    version,
    ...(resource === undefined ? {} : { resource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...((name ?? selected) ? { name: name ?? (selected as string) } : {}),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** The attributes that authorization decides on. */
export function attributesOf(info: RequestInfo): Attributes {
  if (info.resource === undefined) return { verb: info.verb, path: info.path };
  const { verb, group, resource, subresource, namespace, name } = info;
  return { verb, group, resource, subresource, namespace, name };
}

export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function resourcePath(parts: string[]): Pick<RequestInfo, 'namespace' | 'resource' | 'name' | 'subresource'> {
  const inNamespace =
    parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2] ?? '');
  const rest = inNamespace ? parts.slice(2) : parts;
  const [resource, name, subresource] = rest;
  // A namespace is in itself, so that a Role of that namespace can allow reading it.
  const namespace = inNamespace || resource === 'namespaces' ? parts[1] : undefined;
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(resource === undefined ? {} : { resource }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** A list of one name needs the right to that name only (resourceNames). */
function selectedName(query: URLSearchParams): string | undefined {
  return /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
}
