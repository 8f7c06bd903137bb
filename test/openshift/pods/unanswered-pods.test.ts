import assert from 'node:assert/strict';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Fault, RequestFault } from '../../../sandbox/cluster/faults.ts';
import type { RequestInfo } from '../../../sandbox/cluster/request-info.ts';
import { createNodeSessions } from '../../../src/openshift/node/node-sessions.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { NodeSessions, SessionRequest } from '../../../src/workflow/ports/ports.ts';
import { RunFailureError } from '../../../src/workflow/ports/run-failure-error.ts';
import { type ClusterLab, labPolicy, openLab } from '../../support/cluster-lab.ts';

const namespace = 'etcd-backup-sessions';
const podName = 'etcd-backup-session';
const never = new AbortController().signal;
const requestDeadlineMs = 500;

let lab: ClusterLab;
let sessions: NodeSessions;

before(async () => {
  lab = await openLab();
  sessions = createNodeSessions({
    connections: [{ ...lab.connection, requestDeadlineMs }],
    clientPath: lab.client.path,
    clientEnv: { PATH: process.env.PATH ?? '', HOME: lab.dir },
    cacheDir: path.join(lab.dir, 'client-cache'),
    clock: systemClock(),
  });
});
afterEach(() => {
  lab.cluster.faults.clear();
  for (const pod of sessionPods()) lab.cluster.objects.delete('pods', pod.metadata.name, namespace);
});
after(() => lab[Symbol.asyncDispose]());

const policy = labPolicy();
/** Opening is given up early; a deleted pod has time to go. */
const quick = { ...policy, session: { ...policy.session, startDeadlineMs: 800, commandDeadlineMs: 3_000 } };

function request(change: Partial<SessionRequest> = {}): SessionRequest {
  const [pod] = lab.cluster.objects.list('pods', 'openshift-etcd');
  const { containers } = (pod as unknown as { spec: { containers: { image: string }[] } }).spec;
  return { runId: 'r-aaaaaaaa', node: 'master-0', image: containers[0]?.image ?? '', ...change };
}

function sessionPods() {
  return lab.cluster.objects.list('pods', namespace);
}

function podCall(verb: string) {
  return (each: RequestInfo) =>
    each.resource === 'pods' &&
    each.subresource === undefined &&
    each.namespace === namespace &&
    each.verb === verb;
}

function strike(verb: string, fault: RequestFault, times?: number): () => void {
  const whole: Fault = { ...fault, match: podCall(verb), ...(times === undefined ? {} : { times }) };
  return lab.cluster.faults.add(whole);
}

async function failureOf(work: Promise<unknown>): Promise<RunFailureError> {
  const error = await work.then(
    () => assert.fail('it worked'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RunFailureError, String(error));
  return error;
}

describe('a session pod whose create is not answered', { timeout: 120_000 }, () => {
  it('is looked up by name and used, although no create is ever answered', async () => {
    strike('create', { kind: 'frozen-answer' });

    const session = await sessions.open(policy, request(), never);
    assert.equal(sessionPods().length, 1);
    assert.deepEqual(await session.leftIn('/home/core/assets/nothing-here'), []);
    await session.close();

    assert.deepEqual(sessionPods(), []);
  });

  it('is removed although it comes after the session was given up: nothing is left, and nothing is named', async () => {
    const before = lab.cluster.requests.length;
    strike('create', { kind: 'late', ms: 2_500 }, 1);
    strike('create', { kind: 'freeze' });

    const error = await failureOf(sessions.open(quick, request(), never));

    assert.equal(error.failure.kind, 'api-unreachable');
    assert.equal(error.sessionPod, undefined);
    assert.deepEqual(sessionPods(), []);
    const deletes = lab.cluster.requests
      .slice(before)
      .filter((each) => each.verb === 'delete' && each.name === podName && each.status === 200);
    assert.equal(deletes.length, 1, 'it came and was deleted');
  });

  it('is named when the cluster does not say whether it is there', async () => {
    strike('create', { kind: 'frozen-answer' });
    const cut = strike('get', { kind: 'freeze' });

    const error = await failureOf(sessions.open(quick, request(), never));

    assert.equal(error.sessionPod, podName);
    assert.equal(sessionPods().length, 1);
    cut();
    assert.equal(await sessions.removeLeftover(policy, 'r-aaaaaaaa'), true);
    assert.deepEqual(sessionPods(), []);
  });

  it('is named when it exists already and cannot be looked at', async () => {
    await sessions.open(policy, request(), never);
    strike('get', { kind: 'status', code: 503, message: 'etcdserver: leader changed' });

    const error = await failureOf(sessions.open(quick, request(), never));

    assert.equal(error.sessionPod, podName);
  });

  it('does not come back behind the back of a session that was closed', async () => {
    strike('create', { kind: 'late', ms: 2_500 }, 1);
    const opened = sessions.open(policy, request(), never);
    const session = await opened;

    await session.close();

    assert.deepEqual(sessionPods(), []);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(sessionPods(), []);
  });

  it('is not named when every create was refused', async () => {
    strike('create', { kind: 'status', code: 403, reason: 'Forbidden' });

    const error = await failureOf(sessions.open(quick, request(), never));

    assert.equal(error.failure.kind, 'session-pod-refused');
    assert.equal(error.sessionPod, undefined);
  });
});

describe('a session pod whose delete is not answered', { timeout: 120_000 }, () => {
  it('is seen gone by looking at it', async () => {
    const session = await sessions.open(policy, request(), never);
    strike('delete', { kind: 'frozen-answer' });

    await session.close();

    assert.deepEqual(sessionPods(), []);
  });

  it('of a run that is over is seen gone by looking at it', async () => {
    await sessions.open(policy, request(), never);
    strike('delete', { kind: 'frozen-answer' });
    strike('get', { kind: 'freeze' }, 1);

    assert.equal(await sessions.removeLeftover(policy, 'r-aaaaaaaa'), true);

    assert.deepEqual(sessionPods(), []);
  });
});

describe('a session pod of the same run', { timeout: 60_000 }, () => {
  it('on another node than the plan names is replaced', async () => {
    await sessions.open(policy, request({ node: 'master-1' }), never);

    const session = await sessions.open(policy, request({ node: 'master-0' }), never);

    const nodes = sessionPods().map(
      (pod) => (pod as unknown as { spec: { nodeName: string } }).spec.nodeName,
    );
    assert.deepEqual(nodes, ['master-0']);
    await session.close();
  });
});
