import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { RequestAnswer } from '../../../src/workflow/access/backups.ts';
import { nothingSaid, openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
let lab: WorkflowLab;

before(
  async () => {
    lab = await openWorkflowLab({
      clusters: [
        { name: 'stage-west', channel: 'C2' },
        { name: 'fenced', channel: 'C3', allowedChannels: ['C4'] },
      ],
    });
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(() => lab.tidy());

function recorded(answer: RequestAnswer) {
  assert.equal(answer.outcome, 'recorded', JSON.stringify(answer));
  return answer.outcome === 'recorded' ? answer.run : assert.fail();
}

describe('asking for a backup', { timeout }, () => {
  it('is one local write: nothing is asked of the cluster before the answer', async () => {
    const before = lab.lab.cluster.requests.length;

    const run = recorded(await lab.request({ cluster: 'prod-east', reason: 'why' }));

    assert.equal(lab.lab.cluster.requests.length, before);
    assert.equal(run.status, 'requested');
    assert.deepEqual(await lab.actions(run.id), ['requested']);
    assert.deepEqual(await lab.notices(run.id), []);
  });

  it('does nothing twice for one delivery', async () => {
    const asked = lab.asked(who.requester);
    const input = { ...nothingSaid, cluster: 'prod-east' };
    recorded(await lab.backups.request(asked, input));

    assert.deepEqual(await lab.backups.request(asked, input), { outcome: 'duplicate' });
    assert.equal((await lab.records.runs({ active: true, limit: 5 })).length, 1);
  });

  it('says which run is in the way, for the same cluster only', async () => {
    const first = recorded(await lab.request({ cluster: 'prod-east' }));

    const second = await lab.request({ cluster: 'prod-east' }, who.approver);
    const other = await lab.request({ cluster: 'stage-west' });

    assert.equal(second.outcome === 'busy' && second.run.id, first.id);
    recorded(other);
  });

  it('takes at most one of many requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => lab.request({ cluster: 'prod-east' })),
    );

    assert.equal(answers.filter(({ outcome }) => outcome === 'recorded').length, 1);
    assert.equal(answers.filter(({ outcome }) => outcome === 'busy').length, 11);
  });

  const refused = [
    ['a stranger to the configuration', {}, who.unmapped, 'C1', { outcome: 'unknown-person' }],
    [
      'a cluster that is not there',
      { cluster: 'prod-eats' },
      who.requester,
      'C1',
      {
        outcome: 'unknown-cluster',
        name: 'prod-eats',
        nearest: 'prod-east',
        known: ['prod-east', 'stage-west', 'fenced'],
      },
    ],
    [
      'no cluster in a channel of none',
      {},
      who.requester,
      'C7',
      { outcome: 'cluster-missing', known: ['prod-east', 'stage-west', 'fenced'] },
    ],
    [
      'a channel that is not allowed',
      { cluster: 'fenced' },
      who.requester,
      'C1',
      { outcome: 'wrong-channel', cluster: 'fenced', allowed: ['C3', 'C4'] },
    ],
    [
      'a node that cannot be one',
      { cluster: 'prod-east', node: 'a b' },
      who.requester,
      'C1',
      { outcome: 'bad-node', node: 'a b' },
    ],
    [
      'a reason that is too long',
      { cluster: 'prod-east', reason: 'x'.repeat(501) },
      who.requester,
      'C1',
      { outcome: 'reason-too-long', length: 501, max: 500 },
    ],
  ] as const;
  for (const [what, input, by, channel, answer] of refused) {
    it(`refuses, and writes nothing: ${what}`, async () => {
      const before = await lab.records.runs({ limit: 50 });

      assert.deepEqual(await lab.request(input, by, channel), answer);
      assert.deepEqual(await lab.records.runs({ limit: 50 }), before);
    });
  }
});

describe('the cluster that is meant', { timeout }, () => {
  it('is the named one, in whatever letters', async () => {
    assert.equal(
      recorded(await lab.request({ cluster: 'STAGE-West' }, who.requester, 'C1')).cluster,
      'stage-west',
    );
  });

  it('is else the one whose channel this is', async () => {
    assert.equal(recorded(await lab.request({}, who.requester, 'C2')).cluster, 'stage-west');
  });

  it('may be asked for in every channel that it allows, its own among them', async () => {
    assert.equal(recorded(await lab.request({ cluster: 'fenced' }, who.requester, 'C4')).cluster, 'fenced');
    await lab.tidy();
    assert.equal(recorded(await lab.request({ cluster: 'fenced' }, who.requester, 'C3')).cluster, 'fenced');
  });
});

describe('looking at a request', { timeout }, () => {
  it('puts plan, card, audit line and checks into the outbox in this order, and points to the card', async () => {
    recorded(await lab.request({ cluster: 'stage-west', reason: 'why' }, who.requester, 'C1'));

    const run = await lab.turn();

    assert.equal(run?.status, 'waiting');
    assert.equal(run.plan?.node, 'master-0');
    assert.match(run.plan.directory, new RegExp(`^/home/core/assets/backup/.*Z-${run.id}$`));
    assert.ok((run.expiresAt ?? 0) > lab.clock.now());
    assert.deepEqual(await lab.actions(run.id), ['requested', 'checked']);
    const notices = await lab.notices(run.id);
    assert.deepEqual(
      notices.map((notice) => (notice.kind === 'thread' ? notice.entry.type : notice.kind)),
      ['card', 'audit', 'details', 'private'],
    );
    assert.deepEqual(notices.at(-1), {
      kind: 'private',
      slackUser: who.requester,
      channel: 'C1',
      say: { type: 'request-on-card', runId: run.id, cluster: 'stage-west' },
    });
  });

  it('asked in the Home tab: what follows is a direct message, also in the cluster’s own channel', async () => {
    const answer = await lab.backups.request(
      { ...lab.asked(who.requester), home: true },
      { cluster: 'prod-east', node: undefined, reason: undefined, emergency: undefined },
    );
    const run = recorded(answer);
    await lab.turn();
    assert.deepEqual((await lab.notices(run.id)).at(-1), {
      kind: 'private',
      slackUser: who.requester,
      // No channel: a direct message.
      say: { type: 'request-on-card', runId: run.id, cluster: 'prod-east' },
    });
  });

  it('refuses somebody who is not cluster-admin, privately and without a card', async () => {
    const { id } = recorded(await lab.request({ cluster: 'prod-east' }, who.viewer));

    const run = await lab.turn();

    assert.equal(run?.status, 'refused');
    assert.deepEqual(await lab.actions(id), ['requested', 'refused']);
    assert.deepEqual(await lab.notices(id), [
      {
        kind: 'private',
        slackUser: who.viewer,
        channel: 'C1',
        say: { type: 'not-cluster-admin', cluster: 'prod-east', clusterUser: 'viewer' },
      },
    ]);
  });

  for (const [status, profile] of [
    ['guest', { guest: true }],
    ['stranger', { teamId: 'T2' }],
    ['deactivated', { deleted: true }],
    ['bot', { bot: true }],
  ] as const) {
    it(`refuses a ${status} who is cluster-admin`, async () => {
      lab.people.set(who.requester, profile);
      try {
        const { id } = recorded(await lab.request({ cluster: 'prod-east' }));
        assert.equal((await lab.turn())?.status, 'refused');
        const [notice] = await lab.notices(id);
        assert.deepEqual(notice?.kind === 'private' && notice.say, {
          type: 'refused-person',
          standing: status,
        });
      } finally {
        lab.people.set(who.requester, {});
      }
    });
  }

  it('refuses a requester whom the configuration gives another cluster user by then, or none', async () => {
    const fleet = lab.deps.fleet as { person: (typeof lab.deps.fleet)['person'] };
    const before = fleet.person;
    for (const now of [{ slackUser: who.requester, clusterUser: 'approver', groups: [] }, undefined]) {
      const { id } = recorded(await lab.request({ cluster: 'prod-east' }));
      fleet.person = (slackUser) => (slackUser === who.requester ? now : before(slackUser));
      try {
        assert.equal((await lab.turn())?.status, 'refused');
        const [notice] = await lab.notices(id);
        assert.equal(notice?.kind === 'private' && notice.say.type, 'not-cluster-admin');
      } finally {
        fleet.person = before;
      }
    }
  });

  it('takes groups of the configuration for true, as with an external identity provider', async () => {
    recorded(await lab.request({ cluster: 'prod-east' }, who.deputy));

    assert.equal((await lab.turn())?.status, 'waiting');
  });

  it('refuses privately while the cluster cannot say who is cluster-admin', async () => {
    const remove = lab.lab.cluster.faults.add({
      match: ({ resource }) => resource === 'subjectaccessreviews',
      kind: 'status',
      code: 503,
    });
    try {
      const { id } = recorded(await lab.request({ cluster: 'prod-east' }));
      assert.equal((await lab.turn())?.status, 'refused');
      const [notice] = await lab.notices(id);
      assert.equal(notice?.kind === 'private' && notice.say.type, 'rights-unreadable');
    } finally {
      remove();
    }
  });

  it('is blocked by what preflight finds: the card and the checks say so', async () => {
    const restore = lab.change(
      'clusteroperators',
      'kube-apiserver',
      (operator: { status: { conditions: { type: string; status: string }[] } }) => {
        for (const each of operator.status.conditions) if (each.type === 'Progressing') each.status = 'True';
      },
    );
    try {
      const { id } = recorded(await lab.request({ cluster: 'prod-east' }));
      assert.equal((await lab.turn())?.status, 'blocked');
      assert.deepEqual(await lab.actions(id), ['requested', 'blocked']);
      assert.deepEqual(await lab.notices(id), [
        { kind: 'card' },
        { kind: 'thread', entry: { type: 'details' } },
      ]);
      assert.equal(await lab.turn(), undefined, 'nothing more is due');
    } finally {
      restore();
    }
  });
});
