import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountName } from '../../../sandbox/cluster/accounts.ts';
import { podSecurityViolation } from '../../../sandbox/cluster/pod-security.ts';
import { api, clusterForTests, sessionPod, sessions } from './harness.ts';

const timeout = 600_000;
const cluster = await clusterForTests();
const ask = api(cluster);

async function refusal(
  account: AccountName,
  namespace: string,
  change: (pod: { spec: object }) => void = () => {},
) {
  const pod = structuredClone(sessionPod('x')) as { metadata: { namespace: string } };
  pod.metadata.namespace = namespace;
  change(pod as never);
  const { status, body } = await ask(account, 'POST', `/api/v1/namespaces/${namespace}/pods`, pod);
  return `${status} ${body.message}`;
}

test('a namespace that is not there, an empty pod, an unknown priority class or service account', {
  timeout,
}, async () => {
  assert.equal(await refusal('admin', 'nowhere'), '404 namespaces "nowhere" not found');
  const empty = await refusal('bot', sessions, (pod) => Object.assign(pod, { spec: { containers: [] } }));
  assert.equal(empty, '422 Pod "x" is invalid: spec.containers: Required value');
  const priority = await refusal('bot', sessions, ({ spec }) =>
    Object.assign(spec, { priorityClassName: 'nope' }),
  );
  assert.equal(priority, '403 pods "x" is forbidden: no PriorityClass with name nope was found');
  const account = await refusal('bot', sessions, ({ spec }) =>
    Object.assign(spec, { serviceAccountName: 'nope' }),
  );
  assert.match(account, /^403 .*serviceaccount "nope" not found$/);
});

test('PodSecurity refuses a node session in a restricted namespace', { timeout }, async () => {
  const text = await refusal('admin', 'etcd-backup');
  assert.match(
    text,
    /^403 pods "x" is forbidden: violates PodSecurity "restricted:latest": host namespaces \(hostNetwork=true, hostPID=true, hostIPC=true\), privileged \(container "container-00" must not set securityContext\.privileged=true\), /,
  );
  assert.match(text, /restricted volume types \(volume "host" uses restricted volume type "hostPath"\)/);
});

test('a pod that keeps all rules violates nothing', () => {
  const pod = {
    metadata: { name: 'x' },
    status: { phase: 'Pending' as const },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'a',
          image: 'b',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
  assert.equal(podSecurityViolation(pod, 'restricted', 'latest'), undefined);
  assert.equal(
    podSecurityViolation({ ...pod, spec: { ...pod.spec, hostPID: true } }, 'privileged', 'latest'),
    undefined,
  );
  assert.match(
    podSecurityViolation({ ...pod, spec: { ...pod.spec, hostPID: true } }, 'baseline', 'latest') ?? '',
    /hostPID=true/,
  );
});

test('a privileged pod needs use of the SCC, and the right counts in its namespace only', {
  timeout,
}, async () => {
  const rule = cluster.botRules().find((entry) => entry.rule.verbs.includes('use'));
  assert.ok(rule);
  const giveBack = cluster.withoutRule(rule);
  const text = await refusal('bot', sessions);
  giveBack();
  assert.match(
    text,
    /^403 pods "x" is forbidden: unable to validate against any security context constraint: \[/,
  );
  assert.match(text, /Privileged containers are not allowed/);
  const { status, body } = await ask('bot', 'POST', `/api/v1/namespaces/${sessions}/pods`, sessionPod('x'));
  assert.equal(status, 201);
  assert.equal(body.metadata.annotations['openshift.io/scc'], 'privileged');
});
