import type {
  ClusterFacts,
  Condition,
  EncryptionConditions,
  NodeFacts,
  OperatorFacts,
  VersionFacts,
} from '../../src/domain/cluster/facts.ts';
import { known, type Reading, unknown } from '../../src/domain/cluster/reading.ts';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import { policyOf } from './policies.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** A Wednesday noon, UTC. */
export const noon = Date.UTC(2026, 4, 13, 12);
export const image = 'quay.io/openshift-release-dev/ocp-release@sha256:1';
export const olderImage = 'quay.io/openshift-release-dev/ocp-release@sha256:2';
export const unread = unknown('forbidden', 'the request was refused: HTTP 403');

export function condition(
  type: string,
  status: Condition['status'],
  rest: Partial<Condition> = {},
): Condition {
  return { type, status, ...rest };
}

export function version(change: Partial<VersionFacts> = {}): VersionFacts {
  return {
    clusterId: '6b0f2d4c-7a0e-4a53-9a44-3a4c1b2d9f10',
    desiredVersion: '4.16.8',
    desiredImage: image,
    history: [
      {
        state: 'Completed',
        version: '4.16.8',
        image,
        startedAt: noon - 30 * dayMs,
        completedAt: noon - 30 * dayMs + hourMs,
      },
      {
        state: 'Completed',
        version: '4.15.27',
        image: olderImage,
        startedAt: noon - 90 * dayMs,
        completedAt: noon - 90 * dayMs + hourMs,
      },
    ],
    generation: 3,
    observedGeneration: 3,
    desiredUpdate: undefined,
    conditions: [
      condition('Available', 'True'),
      condition('Progressing', 'False'),
      condition('Failing', 'False'),
    ],
    ...change,
  };
}

export function operator(name: string, change: readonly Condition[] = []): OperatorFacts {
  const usual = [condition('Progressing', 'False'), condition('Degraded', 'False')];
  const kept = usual.filter(({ type }) => !change.some((each) => each.type === type));
  return { name, conditions: [...kept, ...change] };
}

export function node(name: string, change: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name,
    internalIp: `10.0.0.${10 + Number(name.split('-')[1] ?? 0)}`,
    controlPlane: true,
    arbiter: false,
    cordoned: false,
    conditions: [condition('Ready', 'True'), condition('DiskPressure', 'False')],
    ...change,
  };
}

/** What one API server says of encryption. */
export function encryption(
  status: Condition['status'],
  reason: string,
  migration: Condition['status'] = 'False',
): Reading<EncryptionConditions> {
  return known({
    encrypted: condition('Encrypted', status, { reason }),
    migration: condition('EncryptionMigrationControllerProgressing', migration),
  });
}

export function etcdPod(nodeName: string, ready = true) {
  return { name: `etcd-${nodeName}`, node: nodeName, ready, image: 'quay.io/etcd@sha256:e' };
}

/** A healthy 4.16.8 with three control-plane nodes and a worker. */
export function facts(change: Partial<ClusterFacts> = {}): ClusterFacts {
  const masters = ['master-0', 'master-1', 'master-2'];
  const encrypted = encryption('True', 'EncryptionCompleted');
  return {
    cluster: 'lab',
    readAt: noon,
    version: known(version()),
    infrastructure: known({
      infrastructureName: 'lab-x7k2p',
      apiUrl: 'https://api.lab.example.com:6443',
      controlPlaneTopology: 'HighlyAvailable',
    }),
    proxy: known({ httpProxy: '', httpsProxy: '', noProxy: '' }),
    operators: known(
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'dns'].map((name) =>
        operator(name),
      ),
    ),
    etcd: known({
      conditions: [condition('EtcdMembersAvailable', 'True', { message: '3 members are available' })],
      nodeRevisions: masters.map((name) => ({ node: name, currentRevision: 2 })),
    }),
    encryption: {
      type: known('aescbc'),
      kubeApiServer: encrypted,
      openshiftApiServer: encrypted,
      oauthApiServer: encrypted,
    },
    nodes: known([...masters.map((name) => node(name)), node('worker-9', { controlPlane: false })]),
    etcdPods: known(masters.map((name) => etcdPod(name))),
    caBundles: ['csr-controller-ca', 'kube-apiserver-aggregator-client-ca'].map((name) => ({
      name,
      bundle: known({ name, certificates: [certificate(noon - 10 * dayMs, 30 * dayMs)] }),
    })),
    workerPools: known([{ name: 'worker', updated: true }]),
    previewBackups: known([]),
    ownRights: known([{ right: 'list nodes', role: 'etcd-backup', neededFor: 'run', allowed: true }]),
    ...change,
  };
}

export function certificate(notBefore: number, validityMs: number) {
  return { subject: 'CN=signer', notBefore, notAfter: notBefore + validityMs };
}

export function policy(change: Partial<ClusterPolicy> = {}): ClusterPolicy {
  return policyOf('lab', { channel: 'C000000LAB', ...change });
}
