import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { readOverlay } from '../../src/enroll/objects.ts';
import { need } from '../support/need.ts';
import { deployDirectory, findKubectl, kustomize } from './render.ts';

const timeout = 600_000;
const file = join(deployDirectory, 'acm', 'policy.yaml');
const policies = 'policy.open-cluster-management.io/v1';
const name = 'etcd-backup-managed';
const head = `# The objects of overlays/managed as a Policy. The test of this folder compares them, and writes this with UPDATE_GOLDEN=1.
# Roles and bindings are exactly these (mustonlyhave); what OpenShift adds to namespaces and the service account stays (musthave).
`;

/** What the Policy must be for the overlay as it is. */
async function expectedPolicy(): Promise<object> {
  const objects = await readOverlay(join(deployDirectory, 'overlays/managed'));
  const templates = objects.map((objectDefinition) => ({
    complianceType: objectDefinition.apiVersion.startsWith('rbac.') ? 'mustonlyhave' : 'musthave',
    objectDefinition,
  }));
  return {
    apiVersion: policies,
    kind: 'Policy',
    metadata: { name },
    spec: {
      disabled: false,
      remediationAction: 'enforce',
      'policy-templates': [
        {
          objectDefinition: {
            apiVersion: policies,
            kind: 'ConfigurationPolicy',
            metadata: { name },
            spec: {
              remediationAction: 'enforce',
              severity: 'high',
              pruneObjectBehavior: 'None',
              'object-templates': templates,
            },
          },
        },
      ],
    },
  };
}

test('the Policy holds the managed overlay, no more and no less', async () => {
  const expected = await expectedPolicy();
  if (process.env.UPDATE_GOLDEN) await writeFile(file, head + stringify(expected, { lineWidth: 0 }));
  assert.deepEqual(parse(await readFile(file, 'utf8')), JSON.parse(JSON.stringify(expected)));
});

test('Placement and binding name it, and its clusters', { timeout }, async (t: TestContext) => {
  const kubectl = await findKubectl();
  if (!need(t, 'kubectl or oc', kubectl)) return;
  const built = await kustomize(kubectl, join(deployDirectory, 'acm'));
  const one = (kind: string) => built.find((each) => each.kind === kind);
  assert.deepEqual(built.map(({ kind }) => kind).toSorted(), ['Placement', 'PlacementBinding', 'Policy']);
  const binding = one('PlacementBinding');
  assert.equal(binding?.placementRef.name, one('Placement')?.metadata.name);
  assert.deepEqual(
    binding?.subjects.map((each: { kind: string; name: string }) => [each.kind, each.name]),
    [['Policy', one('Policy')?.metadata.name]],
  );
  const argo = await readFile(join(deployDirectory, 'examples/argo-cd/managed.yaml'), 'utf8');
  const [[label, value]] = Object.entries(
    one('Placement')?.spec.predicates[0].requiredClusterSelector.labelSelector.matchLabels as object,
  ) as [[string, string]];
  assert.match(argo, new RegExp(`${label}: ${value}`), 'the same label as with Argo CD');
});
