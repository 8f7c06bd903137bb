import { z } from 'zod';
import type { AdminApi } from '../openshift/api/admin-api.ts';
import { accountNamespace, type OverlayObject, resourceOf } from './objects.ts';
import { EnrollError, problemOf } from './problem.ts';

/** One right of the administrator, as an access review asks for it. */
export interface NeededRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string | undefined;
}

export type TokenKind = 'bound' | 'long-lived';

/** To apply the objects: `create` is asked for by the server where one is not there yet. */
export function rightsToApply(objects: readonly OverlayObject[]): readonly NeededRight[] {
  const rights = objects.flatMap((each) =>
    ['get', 'patch', 'create'].map((verb) => ({
      verb,
      ...resourceOf(each),
      namespace: each.metadata.namespace,
    })),
  );
  return unique(rights);
}

export function rightsForToken(kind: TokenKind): readonly NeededRight[] {
  const at = { group: '', namespace: accountNamespace };
  if (kind === 'bound') return [{ ...at, verb: 'create', resource: 'serviceaccounts', subresource: 'token' }];
  return ['list', 'get', 'create'].map((verb) => ({ ...at, verb, resource: 'secrets' }));
}

export function rightsToRemove(objects: readonly OverlayObject[]): readonly NeededRight[] {
  return unique(
    objects.map((each) => ({ verb: 'delete', ...resourceOf(each), namespace: each.metadata.namespace })),
  );
}

function unique(rights: readonly NeededRight[]): readonly NeededRight[] {
  return [...new Map(rights.map((each) => [JSON.stringify(each), each])).values()];
}

const review = z.looseObject({ status: z.looseObject({ allowed: z.boolean() }) });

/**
 * Throws EnrollError that names all that the account lacks, at once. Every account may ask this about itself. `untouched`: what
 * was not done, and what the person can do.
 */
export async function requireRights(
  api: AdminApi,
  rights: readonly NeededRight[],
  { context, untouched }: { readonly context: string; readonly untouched: string },
): Promise<void> {
  const missing = await missingRights(api, rights).catch((error) => {
    throw problemOf(error, 'ask for the rights of your account', context);
  });
  if (missing.length === 0) return;
  const list = missing.map((each) => `  ${each}`).join('\n');
  throw new EnrollError(`the account of context "${context}" lacks rights; ${untouched}. Missing:\n${list}`);
}

async function missingRights(api: AdminApi, rights: readonly NeededRight[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const right of rights) {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: right },
    };
    const answer = await api.create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body);
    if (!review.parse(answer).status.allowed) missing.push(rightText(right));
  }
  return missing;
}

function rightText({ verb, group, resource, subresource, namespace }: NeededRight): string {
  const what = [resource, subresource].filter(Boolean).join('/') + (group === '' ? '' : `.${group}`);
  return `${verb} ${what}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
