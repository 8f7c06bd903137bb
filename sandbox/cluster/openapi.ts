import { apiVersionOf, type ResourceKind } from './kinds.ts';

/**
 * The part of OpenAPI v3 by which kubectl decides that the server validates objects by itself, so that
 * `kubectl create -f` needs no `--validate=false`.
 */
export function openApi(path: string, served: readonly ResourceKind[]): object | undefined {
  if (path === '/openapi/v3') {
    const roots = new Set(served.map(rootOf));
    return {
      paths: Object.fromEntries(
        [...roots].map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }]),
      ),
    };
  }
  const rows = served.filter((kind) => path === `/openapi/v3/${rootOf(kind)}`);
  if (rows.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths: Object.fromEntries(rows.map((kind) => [objectPath(kind), { patch: patchOf(kind) }])),
  };
}

function rootOf(kind: ResourceKind): string {
  return kind.group === '' ? `api/${kind.version}` : `apis/${apiVersionOf(kind)}`;
}

function objectPath(kind: ResourceKind): string {
  return `/${rootOf(kind)}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.resource}/{name}`;
}

function patchOf(kind: ResourceKind): object {
  return {
    parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
    responses: {},
    'x-kubernetes-group-version-kind': { group: kind.group, kind: kind.kind, version: kind.version },
  };
}
