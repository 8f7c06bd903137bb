import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { RequestFault } from '../../../sandbox/cluster/faults.ts';
import type { RequestInfo } from '../../../sandbox/cluster/request-info.ts';
import type { Failure, FailureKind } from '../../../src/domain/backup/failure.ts';
import type { SessionRequest } from '../../../src/workflow/ports/ports.ts';
import { RunFailureError } from '../../../src/workflow/ports/run-failure-error.ts';
import { type ClusterLab, labPolicy, openLab } from '../../support/cluster-lab.ts';

const namespace = 'etcd-backup-sessions';
const never = new AbortController().signal;
const page = (title: string) => `<html>\n<head><title>${title}</title></head>\n<body>proxy</body>\n</html>`;

let lab: ClusterLab;
before(async () => {
  lab = await openLab();
});
afterEach(() => {
  lab.cluster.faults.clear();
  for (const pod of lab.cluster.objects.list('pods', namespace))
    lab.cluster.objects.delete('pods', pod.metadata.name, namespace);
});
after(() => lab[Symbol.asyncDispose]());

const base = labPolicy();
const quick = { ...base, session: { ...base.session, startDeadlineMs: 1_500, commandDeadlineMs: 4_000 } };

function request(change: Partial<SessionRequest> = {}): SessionRequest {
  const [pod] = lab.cluster.objects.list('pods', 'openshift-etcd');
  const { containers } = (pod as unknown as { spec: { containers: { image: string }[] } }).spec;
  return { runId: 'r-aaaaaaaa', node: 'master-0', image: containers[0]?.image ?? '', ...change };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => assert.fail('it worked'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RunFailureError, String(error));
  return error.failure;
}

const isExec = ({ subresource }: RequestInfo) => subresource === 'exec';
const isCreate = ({ resource, subresource, verb, namespace: ns }: RequestInfo) =>
  resource === 'pods' && subresource === undefined && verb === 'create' && ns === namespace;
const isRead = ({ resource, subresource, verb, namespace: ns }: RequestInfo) =>
  resource === 'pods' && subresource === undefined && verb === 'get' && ns === namespace;

/** What the real client makes of an answer to an exec. */
async function execFailure(fault: RequestFault): Promise<Failure> {
  const session = await lab.sessions.open(quick, request(), never);
  lab.cluster.faults.add({ ...fault, match: isExec });
  const failure = await failureOf(session.leftIn('/home/core/assets/nothing-here'));
  lab.cluster.faults.clear();
  await session.close();
  return failure;
}

const status = (code: number, message: string, reason = 'InternalError') =>
  ({ kind: 'status', code, message, reason }) as const;

describe('a command in a session that does not get through', { timeout: 300_000 }, () => {
  for (const [kind, fault] of [
    [
      'kubelet-certificate-pending',
      status(500, 'error dialing backend: remote error: tls: internal error', ''),
    ],
    ['kubelet-unreachable', status(500, 'error dialing backend: dial tcp 10.0.0.4:10250: i/o timeout', '')],
    ['kubelet-tunnel-down', status(500, 'error dialing backend: No agent available', '')],
    [
      'exec-runtime-failed',
      status(500, 'Internal error occurred: error executing command in container: rpc error: code = Unknown'),
    ],
    ['etcd-slow', status(500, 'etcdserver: request timed out', '')],
    ['api-overloaded', status(429, 'Too many requests, please try again later.', 'TooManyRequests')],
    [
      'api-not-ready',
      status(503, 'the server is currently unable to handle the request', 'ServiceUnavailable'),
    ],
    ['api-unauthorized', status(401, 'Unauthorized', 'Unauthorized')],
    ['gateway-failed', { kind: 'status', code: 502, body: page('502 Bad Gateway') }],
    ['proxy-refused', { kind: 'status', code: 407, body: page('407 Proxy Authentication Required') }],
    ['exec-upgrade-refused', { kind: 'status', code: 200, body: page('Sign in') }],
  ] as readonly (readonly [FailureKind, RequestFault])[])
    it(`is ${kind}`, async () => assert.equal((await execFailure(fault)).kind, kind));
});

describe('a session pod that is refused or cannot be asked for', { timeout: 120_000 }, () => {
  for (const [kind, fault] of [
    [
      'webhook-unanswered',
      status(
        500,
        'Internal error occurred: failed calling webhook "x.example.com": failed to call webhook: Post "https://x.svc:443/": context deadline exceeded',
      ),
    ],
    ['etcd-no-space', status(500, 'etcdserver: mvcc: database space exceeded', '')],
    ['etcd-slow', status(500, 'etcdserver: leader changed', '')],
    ['api-overloaded', status(429, 'the server has received too many requests', 'TooManyRequests')],
    ['api-unauthorized', status(401, 'Unauthorized', 'Unauthorized')],
    ['gateway-failed', { kind: 'status', code: 503, body: page('503 Service Unavailable') }],
    [
      'session-forbidden',
      status(403, 'pods is forbidden: User "bot" cannot create resource "pods" in API group ""', 'Forbidden'),
    ],
    [
      'session-pod-security',
      status(
        403,
        'pods "etcd-backup-session" is forbidden: violates PodSecurity "restricted:latest"',
        'Forbidden',
      ),
    ],
  ] as readonly (readonly [FailureKind, RequestFault])[])
    it(`is ${kind}`, async () => {
      lab.cluster.faults.add({ ...fault, match: isCreate });
      assert.equal((await failureOf(lab.sessions.open(quick, request(), never))).kind, kind);
    });

  for (const [because, code, message] of [
    [
      'security-context',
      403,
      'pods "etcd-backup-session" is forbidden: unable to validate against any security context constraint: []',
    ],
    [
      'quota',
      403,
      'pods "etcd-backup-session" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=0, limited: pods=0',
    ],
    [
      'namespace-ending',
      403,
      'pods "etcd-backup-session" is forbidden: unable to create new content in namespace etcd-backup-sessions because it is being terminated',
    ],
    ['webhook', 400, 'admission webhook "x.example.com" denied the request: no privileged pods'],
    ['namespace-absent', 404, 'namespaces "etcd-backup-sessions" not found'],
    ['other', 422, 'Pod "etcd-backup-session" is invalid: spec.containers[0].image: Required value'],
  ] as const)
    it(`is refused by admission: ${because}`, async () => {
      lab.cluster.faults.add({ ...status(code, message, 'Forbidden'), match: isCreate });
      const failure = await failureOf(lab.sessions.open(quick, request(), never));
      assert.equal(failure.kind, 'session-pod-refused');
      assert.equal('because' in failure.params && failure.params.because, because);
    });
});

describe('a session pod that does not start', { timeout: 120_000 }, () => {
  /** What the API says of the pod, whatever the kubelet of the sandbox does. */
  async function opened(podStatus: object): Promise<Failure> {
    const { image, runId } = request();
    const metadata = {
      name: 'etcd-backup-session',
      namespace,
      uid: 'u-1',
      labels: { 'etcd-backup/run': runId },
    };
    const spec = { nodeName: 'master-0', containers: [{ name: 'session', image }] };
    const body = { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: podStatus };
    // The reads of the waiting; those of the removal afterwards see the real pod.
    const lift = lab.cluster.faults.add({ kind: 'status', code: 200, body, match: isRead });
    const timer = setTimeout(lift, 2_500);
    try {
      return await failureOf(lab.sessions.open(quick, request(), never));
    } finally {
      clearTimeout(timer);
      lift();
    }
  }
  const waiting = (reason: string, message?: string) => ({
    phase: 'Pending',
    startTime: '2024-01-01T00:00:00Z',
    containerStatuses: [{ name: 'session', state: { waiting: { reason, message } } }],
  });

  for (const [kind, reason, podStatus] of [
    ['session-kubelet-silent', undefined, { phase: 'Pending' }],
    ['session-image', undefined, waiting('ErrImagePull', 'manifest unknown')],
    [
      'session-image',
      undefined,
      waiting('SignatureValidationFailed', 'A signature was required, but no signature exists'),
    ],
    [
      'session-registry',
      undefined,
      waiting(
        'ErrImagePull',
        'pinging container registry quay.io: Get "https://quay.io/v2/": dial tcp 1.2.3.4:443: i/o timeout',
      ),
    ],
    [
      'session-container',
      'CreateContainerError',
      waiting('CreateContainerError', 'context deadline exceeded'),
    ],
    ['session-container', 'CreateContainerConfigError', waiting('CreateContainerConfigError', 'x')],
    ['session-not-started', undefined, waiting('ContainerCreating')],
    [
      'session-pod-rejected',
      'OutOfpods',
      {
        phase: 'Failed',
        reason: 'OutOfpods',
        message:
          "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 250, capacity: 250",
      },
    ],
    [
      'session-pod-rejected',
      'Evicted',
      {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'Pod was rejected: The node had condition: [DiskPressure].',
      },
    ],
    [
      'session-pod-rejected',
      'NodeAffinity',
      { phase: 'Failed', reason: 'NodeAffinity', message: 'Pod was rejected: Predicate NodeAffinity failed' },
    ],
    [
      'session-pod-rejected',
      'UnexpectedAdmissionError',
      { phase: 'Failed', reason: 'UnexpectedAdmissionError', message: 'Pod was rejected: Allocate failed' },
    ],
    [
      'session-pod-rejected',
      'NodeShutdown',
      {
        phase: 'Failed',
        reason: 'NodeShutdown',
        message: 'Pod was rejected as the node is shutting down.',
      },
    ],
  ] as const)
    it(`is ${kind}${reason ? ` (${reason})` : ''}: ${JSON.stringify(podStatus).slice(0, 80)}`, async () => {
      const failure = await opened(podStatus);
      assert.equal(failure.kind, kind, JSON.stringify(failure));
      if (reason) assert.equal('reason' in failure.params && failure.params.reason, reason);
    });

  it('is on a node that is not Ready, whose kubelet says nothing', async () => {
    lab.cluster.objects.setCondition('nodes', 'master-1', { type: 'Ready', status: 'Unknown' });
    try {
      const failure = await failureOf(lab.sessions.open(quick, request({ node: 'master-1' }), never));
      assert.equal(failure.kind, 'session-kubelet-silent');
    } finally {
      lab.cluster.objects.setCondition('nodes', 'master-1', { type: 'Ready', status: 'True' });
    }
  });
});
