import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { need } from '../support/need.ts';
import { chartDirectory, findHelm, helmSays, helmTemplate, roles } from './render.ts';

const timeout = 600_000;

for (const role of roles) {
  test(`helm lint finds nothing: ${role}`, { timeout }, async (t: TestContext) => {
    const helm = await findHelm();
    if (!need(t, 'helm', helm)) return;
    const { code, stdout, stderr } = await helmSays(helm, [
      'lint',
      '--strict',
      chartDirectory,
      `--set=role=${role}`,
    ]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /1 chart\(s\) linted, 0 chart\(s\) failed/);
  });
}

test('a wrong value is refused, with its place', { timeout }, async (t: TestContext) => {
  const helm = await findHelm();
  if (!need(t, 'helm', helm)) return;
  const cases: readonly (readonly [string, RegExp])[] = [
    ['role=spoke', /'\/role'.*'hub', 'managed', 'single-cluster'/],
    ['rolle=hub', /'rolle' not allowed/],
    ['image.registry=x', /'\/image'.*'registry' not allowed/],
    ['image.tag=a b', /'\/image\/tag'/],
    ['image.digest=sha256:12', /'\/image\/digest'/],
    ['image.pullPolicy=Sometimes', /'\/image\/pullPolicy'/],
    ['imagePullSecrets=mirror', /'\/imagePullSecrets'.*want array/],
    ['slack.existingSecret=Tokens', /'\/slack\/existingSecret'/],
    ['kubeconfigs.existingSecret=', /'\/kubeconfigs\/existingSecret'/],
    ['records.size=1 Gi', /'\/records\/size'/],
    ['resources.limit.memory=1Gi', /'\/resources'.*'limit' not allowed/],
    ['resources.limits.memory=much', /'\/resources\/limits\/memory'/],
    ['networkPolicy.enabled=yes please', /'\/networkPolicy\/enabled'.*want boolean/],
    ['networkPolicy.monitoringNamespaces={}', /'\/networkPolicy\/monitoringNamespaces/],
    ['serviceMonitor.interval=30', /'\/serviceMonitor\/interval'/],
    ['tolerations[0].efect=NoSchedule', /'\/tolerations\/0'.*'efect' not allowed/],
    ['extraVolumeMounts[0].name=x', /'\/extraVolumeMounts\/0'.*'mountPath'/],
    ['fsGroup=root', /'\/fsGroup'/],
  ];
  for (const [value, place] of cases) {
    const { code, stderr } = await helmSays(helm, ['template', 'x', chartDirectory, `--set=${value}`]);
    assert.notEqual(code, 0, value);
    assert.match(stderr, place, value);
  }
});

test('the schema knows exactly the values that values.yaml has, and describes each', async () => {
  interface Schema {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Schema>>;
  }
  const [values, schema] = await Promise.all(
    ['values.yaml', 'values.schema.json'].map(async (file) =>
      parse(await readFile(join(chartDirectory, file), 'utf8')),
    ),
  );
  const described = Object.entries((schema as Schema).properties ?? {}).filter(([name]) => name !== 'global');
  assert.deepEqual(described.map(([name]) => name).toSorted(), Object.keys(values).toSorted());
  for (const [name, { description, properties }] of described) {
    assert.ok(description, name);
    if (properties !== undefined && name !== 'resources')
      assert.deepEqual(Object.keys(properties).toSorted(), Object.keys(values[name]).toSorted(), name);
  }
});

test('each value of the pod arrives where it belongs', { timeout }, async (t: TestContext) => {
  const helm = await findHelm();
  if (!need(t, 'helm', helm)) return;
  const digest = `sha256:${'0'.repeat(64)}`;
  const objects = await helmTemplate(helm, [
    `--set=image.repository=mirror.example.com/bot,image.digest=${digest},image.pullPolicy=Always,imagePullSecrets={mirror}`,
    '--set=config.existingConfigMap=a,slack.existingSecret=b,kubeconfigs.existingSecret=c,records.existingClaim=d',
    '--set=nodeSelector.infra=yes,priorityClassName=high,tolerations[0].key=infra,tolerations[0].operator=Exists',
    '--set=extraEnv[0].name=X,extraEnv[0].value=y,extraVolumes[0].name=keys,extraVolumes[0].secret.secretName=e',
    '--set=extraVolumeMounts[0].name=keys,extraVolumeMounts[0].mountPath=/keys,resources.limits.memory=2Gi',
    '--set=temporary.sizeLimit=90Gi,serviceMonitor.enabled=false,prometheusRule.enabled=false,networkPolicy.enabled=false',
    '--set=createNamespaces=false',
  ]);
  assert.deepEqual(objects.map(({ kind }) => kind).toSorted(), ['Deployment', 'ServiceAccount']);
  const { spec: pod } = objects.find(({ kind }) => kind === 'Deployment')?.spec.template ?? assert.fail();
  const [container] = pod.containers;
  assert.equal(container.image, `mirror.example.com/bot@${digest}`);
  assert.equal(container.imagePullPolicy, 'Always');
  assert.deepEqual(pod.imagePullSecrets, [{ name: 'mirror' }]);
  assert.deepEqual(container.envFrom, [{ secretRef: { name: 'b' } }]);
  assert.deepEqual(container.env.at(-1), { name: 'X', value: 'y' });
  assert.deepEqual(container.resources.limits, { memory: '2Gi' });
  assert.deepEqual(container.volumeMounts.at(-1), { name: 'keys', mountPath: '/keys' });
  assert.deepEqual(pod.volumes, [
    { name: 'config', configMap: { name: 'a' } },
    { name: 'clusters', configMap: { name: 'etcd-backup-clusters', optional: true } },
    { name: 'records', persistentVolumeClaim: { claimName: 'd' } },
    { name: 'temporary', emptyDir: { sizeLimit: '90Gi' } },
    { name: 'kubeconfigs', secret: { secretName: 'c' } },
    { name: 'keys', secret: { secretName: 'e' } },
  ]);
  assert.deepEqual(pod.nodeSelector, { infra: 'yes' });
  assert.deepEqual(pod.tolerations, [{ key: 'infra', operator: 'Exists' }]);
  assert.equal(pod.priorityClassName, 'high');
});
