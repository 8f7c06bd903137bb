import { known, type Reading } from '../../domain/cluster/reading.ts';
import type { PersonMapping } from '../../domain/policy/policy.ts';
import type { ApiClient } from '../api/api-client.ts';
import { accessReview, group } from '../api/schemas.ts';
import { readAuthenticationType } from './read-authentication.ts';

/**
 * Whether the person is cluster-admin, by the cluster's own word. The reviews are given all groups,
 * because the API server never looks into OpenShift's Group objects itself.
 */
export async function reviewClusterAdmin(api: ApiClient, person: PersonMapping): Promise<Reading<boolean>> {
  const groups = await groupsOf(api, person);
  const allowed = await allowedEverything(api, person.clusterUser, groups.known);
  if (!allowed.ok || allowed.value) return allowed;
  // A group that we could not see might be the one that allows: then the truth is not `no`.
  return groups.missing ?? allowed;
}

interface KnownGroups {
  readonly known: readonly string[];
  /** Why the list may be incomplete. */
  readonly missing: Extract<Reading<never>, { ok: false }> | undefined;
}

async function groupsOf(api: ApiClient, person: PersonMapping): Promise<KnownGroups> {
  const always = ['system:authenticated', ...person.groups];
  if (await externalIdentities(api)) return { known: unique(always), missing: undefined };
  const withOAuth = [...always, 'system:authenticated:oauth'];
  const listed = await api.list({ group: 'user.openshift.io', version: 'v1', resource: 'groups' }, group);
  if (listed.ok) {
    const own = listed.value.filter(({ users }) => users.includes(person.clusterUser));
    return { known: unique([...withOAuth, ...own.map(({ metadata }) => metadata.name)]), missing: undefined };
  }
  // No such API: there is no integrated OAuth, and so no group of it either.
  if (listed.why.reason === 'no-such-api') return { known: unique(always), missing: undefined };
  return { known: unique(withOAuth), missing: listed };
}

/** With an external OIDC provider (or none of the cluster's own) the Group API does not exist: configuration has the groups. */
async function externalIdentities(api: ApiClient): Promise<boolean> {
  const type = await readAuthenticationType(api);
  return type === 'OIDC' || type === 'None';
}

/** Two questions: all resources and all paths. A `*` in a review passes only where a rule says `*`. */
async function allowedEverything(
  api: ApiClient,
  user: string,
  groups: readonly string[],
): Promise<Reading<boolean>> {
  const answers = await Promise.all([
    review(api, { user, groups, resourceAttributes: { verb: '*', group: '*', resource: '*' } }),
    review(api, { user, groups, nonResourceAttributes: { path: '*', verb: '*' } }),
  ]);
  // One clear `no` decides, whatever became of the other question.
  if (answers.some((answer) => answer.ok && !answer.value)) return known(false);
  return answers.find((answer) => !answer.ok) ?? known(true);
}

async function review(api: ApiClient, spec: object): Promise<Reading<boolean>> {
  const reviews = { group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews' };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
  const reading = await api.create(reviews, body, accessReview);
  return reading.ok ? known(reading.value.status.allowed) : reading;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
