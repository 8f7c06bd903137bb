import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { PolicyRule } from '../../sandbox/cluster/rbac.ts';
import { known } from '../../src/domain/cluster/reading.ts';
import { preflight } from '../../src/domain/preflight/preflight.ts';
import { openWorkflowLab, type WorkflowLab } from '../support/workflow-lab.ts';

const timeout = 600_000;
const botUser = 'system:serviceaccount:etcd-backup:etcd-backup';
let lab: WorkflowLab;
let giveBack: (() => void) | undefined;

before(
  async () => {
    lab = await openWorkflowLab();
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(async () => {
  giveBack?.();
  giveBack = undefined;
  await lab.tidy();
  for (const pod of lab.sessionPods())
    lab.lab.cluster.objects.delete('pods', pod.metadata.name, 'etcd-backup-sessions');
});

/** One verb on one resource: the smallest thing that a rule of deploy/ grants. */
interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly name: string | undefined;
  readonly role: string;
  readonly kind: 'clusterroles' | 'roles';
  readonly namespace: string | undefined;
  readonly rule: PolicyRule;
}

function granted(): readonly Right[] {
  return lab.lab.cluster.botRules().flatMap(({ resource: kind, name: role, namespace, rule }) =>
    rule.verbs.flatMap((verb) =>
      (rule.resources ?? []).flatMap((resource) =>
        (rule.resourceNames ?? [undefined]).map((name) => ({
          verb,
          resource,
          group: rule.apiGroups?.[0] ?? '',
          name,
          role,
          kind,
          namespace,
          rule,
        })),
      ),
    ),
  );
}

function textOf({ verb, resource, group, name, role }: Right): string {
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`} (${role})`;
}

/** Takes exactly this right away: the rest of its rule stays. */
function without(right: Right): () => void {
  const { rule, verb, resource, name } = right;
  const rest = [
    { ...rule, verbs: rule.verbs.filter((each) => each !== verb) },
    { ...rule, verbs: [verb], resources: (rule.resources ?? []).filter((each) => each !== resource) },
    ...(name === undefined
      ? []
      : [
          {
            ...rule,
            verbs: [verb],
            resources: [resource],
            resourceNames: (rule.resourceNames ?? []).filter((each) => each !== name),
          },
        ]),
  ].filter(
    (each) => each.verbs.length > 0 && (each.resources ?? []).length > 0 && each.resourceNames?.length !== 0,
  );
  return lab.change(
    right.kind,
    right.role,
    (role: { rules?: PolicyRule[] }) => {
      const wanted = JSON.stringify(rule);
      const rules = role.rules ?? [];
      assert.ok(rules.some((each) => JSON.stringify(each) === wanted));
      role.rules = rules.flatMap((each) => (JSON.stringify(each) === wanted ? rest : [each]));
    },
    right.namespace,
  );
}

async function findings() {
  const facts = await lab.deps.clusters.facts(lab.lab.policy);
  const requester = { clusterUser: 'requester', clusterAdmin: known(true) };
  const context = { policy: lab.lab.policy, nodeWanted: undefined, requester, now: lab.clock.now() };
  return { facts, findings: preflight(facts, context).findings };
}

describe('the rights that deploy/ gives to the bot', { timeout }, () => {
  it('are complete: a run misses none of them', async () => {
    assert.deepEqual(
      (await findings()).findings.filter(({ code }) => code.startsWith('right')).map(({ code }) => code),
      ['rights.complete'],
    );
  });

  it('are missed by name, each of them, when one is taken away', async () => {
    const unnoticed: string[] = [];
    for (const right of granted()) {
      giveBack = without(right);
      const missing = (await findings()).findings.flatMap((each) =>
        each.code === 'right.missing' ? [each.params] : [],
      );
      giveBack();
      giveBack = undefined;
      const named = missing.some(
        (each) =>
          each.role === right.role &&
          each.right.startsWith(`${right.verb} ${right.resource}`) &&
          (right.name === undefined || each.right.includes(right.name)),
      );
      if (!named) unnoticed.push(textOf(right));
    }
    assert.deepEqual(
      unnoticed,
      [],
      'granted, but nothing would be missed: too many rights, or a check is missing',
    );
  });

  it('are all used by a run: nothing is granted for nothing', async () => {
    const from = lab.lab.cluster.requests.length;
    const { id } = await lab.approved();
    const run = await lab.turn();
    assert.equal(run?.id, id);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    const requests = lab.lab.cluster.requests.slice(from).filter(({ user }) => user === botUser);

    const unused = granted().filter((right) => {
      const [resource, subresource] = right.resource.split('/');
      return !requests.some(
        (each) =>
          each.verb === right.verb &&
          each.resource === resource &&
          each.subresource === subresource &&
          (right.namespace === undefined || each.namespace === right.namespace) &&
          (right.name === undefined || each.name === right.name),
      );
    });

    const otherwise = [
      // Asked about by admission when the pod is created, never requested.
      'use securitycontextconstraints.security.openshift.io privileged (etcd-backup-scc-privileged)',
      // Which of the two verbs an exec needs depends on client and release; both are needed somewhere.
      'create pods/exec (etcd-backup-sessions)',
      'get pods/exec (etcd-backup-sessions)',
    ];
    assert.deepEqual(
      unused.map(textOf).filter((text) => !otherwise.includes(text)),
      [],
    );
    assert.ok(
      requests.every(({ status }) => status !== 403),
      'nothing was refused',
    );
  });
});

describe('a run without one of its rights', { timeout }, () => {
  const cases = [
    [{ verb: 'create', resource: 'pods' }, 'session-forbidden', /cannot create resource \\?"pods\\?"/],
    [{ verb: 'get', resource: 'pods' }, 'session-forbidden', /cannot get resource \\?"pods\\?"/],
    [
      { verb: 'use', resource: 'securitycontextconstraints' },
      'session-pod-refused',
      /security ?context ?constraint/i,
    ],
  ] as const;
  for (const [wanted, kind, text] of cases) {
    it(`fails and says which: ${wanted.verb} ${wanted.resource}`, async () => {
      await lab.approved();
      const right = granted().find(
        (each) =>
          each.verb === wanted.verb &&
          each.resource === wanted.resource &&
          (each.role === 'etcd-backup-sessions' || each.role === 'etcd-backup-scc-privileged'),
      );
      assert.ok(right);
      // The right is lost between the checks and its use, so that the check does not stop the run first.
      giveBack = takenAfterChecks(right);

      const run = await lab.turn();

      assert.equal(run?.status, 'failed');
      assert.equal(run.failed?.failure.kind, kind, JSON.stringify(run.failed));
      assert.match(JSON.stringify(run.failed.failure.params), text);
    });
  }

  it('names the pod that it may not remove; the backup is whole', async () => {
    await lab.approved();
    const [right] = granted().filter(
      (each) => each.role === 'etcd-backup-sessions' && each.resource === 'pods' && each.verb === 'delete',
    );
    assert.ok(right);
    giveBack = takenAfterChecks(right);

    const run = await lab.turn();

    assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
    assert.equal(run.success?.sessionPodLeft, 'etcd-backup-session');
  });

  it('is stopped by its checks when a needed one is lost before', async () => {
    await lab.approved();
    const [right] = granted().filter((each) => each.resource === 'pods/exec' && each.verb === 'create');
    assert.ok(right);
    giveBack = without(right);

    const run = await lab.turn();

    assert.equal(run?.failed?.failure.kind, 'preflight-blocked');
    assert.match(JSON.stringify(run.failed.failure.params), /create pods\/exec in etcd-backup-sessions/);
    assert.deepEqual(lab.sessionPods(), []);
  });

  it('that only a fact needs goes on, with a warning that names it', async () => {
    const [right] = granted().filter((each) => each.resource === 'machineconfigpools');
    assert.ok(right);
    giveBack = without(right);

    const { facts, findings: found } = await findings();

    assert.equal(!facts.workerPools.ok && facts.workerPools.why.reason, 'forbidden');
    const warned = found.filter(({ outcome }) => outcome === 'warning').map(({ code }) => code);
    assert.deepEqual(warned.toSorted(), ['pools.unreadable', 'right.missing']);
    assert.deepEqual(
      found.filter(({ outcome }) => outcome === 'blocker'),
      [],
    );
  });
});

/** Takes the right away as the session’s pod is asked for: by then every check of the run is behind it. */
function takenAfterChecks(right: Right): () => void {
  const undo: (() => void)[] = [];
  const { faults } = lab.lab.cluster;
  undo.push(
    faults.add({
      match({ resource, subresource, namespace, dryRun }) {
        const first =
          resource === 'pods' && subresource === undefined && namespace === 'etcd-backup-sessions' && !dryRun;
        if (first && undo.length === 1) undo.push(without(right));
        return false;
      },
      kind: 'reset',
    }),
  );
  return () => {
    for (const each of undo.splice(0).toReversed()) each();
  };
}
