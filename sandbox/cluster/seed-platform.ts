import { certificate } from './certificates.ts';
import { type Condition, type KubeObject, timestamp } from './kube-object.ts';
import apiServer from './objects/apiserver.json' with { type: 'json' };
import clusterOperator from './objects/clusteroperator.json' with { type: 'json' };
import clusterVersion from './objects/clusterversion.json' with { type: 'json' };
import etcd from './objects/etcd.json' with { type: 'json' };
import infrastructure from './objects/infrastructure.json' with { type: 'json' };
import proxy from './objects/proxy.json' with { type: 'json' };
import { releaseImage } from './release-image.ts';
import { memberNamesOf } from './seed-nodes.ts';
import type { SeedOptions } from './seed-options.ts';

const day = 24 * 60 * 60 * 1000;
const operators = [
  'authentication',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'machine-config',
  'monitoring',
  'openshift-apiserver',
];

/** The objects by which OpenShift describes itself: version, proxy, topology, encryption, operators. */
export async function seedPlatform(options: SeedOptions, now: Date): Promise<KubeObject[]> {
  const age = (options.installedDaysAgo ?? 200) * day;
  const installed = new Date(now.getTime() - age);
  const updated = new Date(now.getTime() - (age * 2) / 3);
  const version = options.version ?? '4.16.8';
  return [
    seedVersion(version, installed, updated),
    seedProxy(options.proxy),
    seedInfrastructure(options),
    seedEtcd(options, updated),
    ...seedEncryption(options.encryption ?? 'aescbc', updated),
    {
      ...object('config.openshift.io/v1', 'Authentication', 'cluster'),
      spec: { type: '', webhookTokenAuthenticator: null },
      status: {},
    },
    ...operators.map((name) => seedOperator(name, version, updated)),
    ...['master', 'worker'].map((name) => seedPool(name, updated)),
    ...(await seedBundles(options.certificates ?? 'rotated', now)),
  ];
}

function object(apiVersion: string, kind: string, name: string, namespace?: string): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
}

function condition(
  type: string,
  status: Condition['status'],
  at: Date,
  rest: Partial<Condition> = {},
): Condition {
  return { type, status, lastTransitionTime: timestamp(at), ...rest };
}

function seedVersion(version: string, installed: Date, updated: Date): KubeObject {
  const entry: KubeObject = structuredClone(clusterVersion);
  const [current, initial] = entry.status.history;
  const minor = Number(version.split('.')[1]);
  entry.spec.channel = `stable-4.${minor}`;
  const first = `4.${minor - 1}.27`;
  entry.status.desired = { version, image: releaseImage(version) };
  Object.assign(current, { ...entry.status.desired, ...span(updated) });
  Object.assign(initial, { version: first, image: releaseImage(first), ...span(installed) });
  entry.status.conditions = [
    condition('Available', 'True', installed, { message: `Done applying ${version}` }),
    condition('Failing', 'False', updated),
    condition('Progressing', 'False', updated, { message: `Cluster version is ${version}` }),
  ];
  return entry;
}

function span(completed: Date): { startedTime: string; completionTime: string } {
  const started = new Date(completed.getTime() - 45 * 60 * 1000);
  return { startedTime: timestamp(started), completionTime: timestamp(completed) };
}

function seedProxy(wanted: SeedOptions['proxy']): KubeObject {
  const entry: KubeObject = structuredClone(proxy);
  if (wanted === undefined) return entry;
  const settings = wanted === 'none' ? {} : wanted;
  return { ...entry, spec: { ...settings, trustedCA: { name: '' } }, status: { ...settings } };
}

function seedInfrastructure({ topology = 'HighlyAvailable' }: SeedOptions): KubeObject {
  const entry: KubeObject = structuredClone(infrastructure);
  entry.status.controlPlaneTopology = topology;
  entry.status.infrastructureTopology = topology === 'SingleReplica' ? 'SingleReplica' : 'HighlyAvailable';
  return entry;
}

function seedEtcd({ topology = 'HighlyAvailable' }: SeedOptions, since: Date): KubeObject {
  const entry: KubeObject = structuredClone(etcd);
  const members = memberNamesOf(topology);
  entry.status.nodeStatuses = members.map((nodeName) => ({ nodeName, currentRevision: 2 }));
  entry.status.conditions = [
    condition('EtcdMembersAvailable', 'True', since, {
      reason: 'EtcdQuorate',
      message: `${members.length} members are available`,
    }),
    condition('EtcdMembersDegraded', 'False', since, {
      reason: 'AsExpected',
      message: 'No unhealthy members found',
    }),
  ];
  return entry;
}

function seedEncryption(type: string, since: Date): KubeObject[] {
  const isOn = type !== 'identity';
  const encrypted = isOn
    ? condition('Encrypted', 'True', since, {
        reason: 'EncryptionCompleted',
        message: 'All resources encrypted',
      })
    : condition('Encrypted', 'False', since, {
        reason: 'EncryptionDisabled',
        message: 'Encryption is not enabled',
      });
  const migration = condition('EncryptionMigrationControllerProgressing', 'False', since, {
    reason: 'AsExpected',
  });
  return [
    {
      ...structuredClone(apiServer),
      spec: { audit: { profile: 'Default' }, ...(isOn ? { encryption: { type } } : {}) },
    },
    ...['KubeAPIServer', 'OpenShiftAPIServer', 'Authentication'].map((kind) => ({
      ...object('operator.openshift.io/v1', kind, 'cluster'),
      spec: { managementState: 'Managed' },
      status: { conditions: [encrypted, migration] },
    })),
  ];
}

function seedOperator(name: string, version: string, since: Date): KubeObject {
  const entry: KubeObject = structuredClone(clusterOperator);
  entry.metadata.name = name;
  entry.status.conditions = [
    condition('Available', 'True', since),
    condition('Progressing', 'False', since),
    condition('Degraded', 'False', since),
    condition('Upgradeable', 'True', since),
  ];
  entry.status.versions = [{ name: 'operator', version }];
  return entry;
}

function seedPool(name: string, since: Date): KubeObject {
  const count = name === 'master' ? 3 : 1;
  return {
    ...object('machineconfiguration.openshift.io/v1', 'MachineConfigPool', name),
    spec: { paused: false },
    status: {
      machineCount: count,
      updatedMachineCount: count,
      readyMachineCount: count,
      degradedMachineCount: 0,
      conditions: [
        condition('Updated', 'True', since),
        condition('Updating', 'False', since),
        condition('Degraded', 'False', since),
      ],
    },
  };
}

/** Public CA bundles with real certificates: two rotated ones of 30 days, and on request the installer's of one day. */
async function seedBundles(kind: 'rotated' | 'installer', now: Date): Promise<KubeObject[]> {
  const signers: Record<string, string> = {
    'csr-controller-ca': 'kube-csr-signer_@',
    'kube-apiserver-aggregator-client-ca': 'openshift-kube-apiserver-operator_aggregator-client-signer@',
  };
  const ages =
    kind === 'rotated'
      ? [
          { days: 30, old: 5 },
          { days: 30, old: 20 },
        ]
      : [
          { days: 365, old: 0.5 },
          { days: 1, old: 0.5 },
        ];
  return Promise.all(
    Object.entries(signers).map(async ([name, signer]) => {
      const pairs = await Promise.all(
        ages.map(({ days, old }) =>
          certificate(signer, { from: new Date(now.getTime() - old * day), days, ca: true }),
        ),
      );
      return {
        ...object('v1', 'ConfigMap', name, 'openshift-config-managed'),
        data: { 'ca-bundle.crt': pairs.map((pair) => pair.cert).join('') },
      };
    }),
  );
}
