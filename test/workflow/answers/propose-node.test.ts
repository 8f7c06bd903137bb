import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { NodeProposal } from '../../../src/workflow/access/backups.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 600_000;
let lab: WorkflowLab;

before(
  async () => {
    lab = await openWorkflowLab({ clusters: [{ name: 'fenced', channel: 'C3', allowedChannels: ['C4'] }] });
  },
  { timeout },
);
after(() => lab?.[Symbol.asyncDispose]());
afterEach(() => lab.tidy());

const propose = (cluster = 'prod-east', by: string = who.requester, channel = 'C1') =>
  lab.backups.proposeNode(lab.asked(by, channel), { cluster });

function proposed(answer: NodeProposal) {
  assert.equal(answer.outcome, 'proposed', JSON.stringify(answer));
  return answer.outcome === 'proposed' ? answer : assert.fail();
}

describe('proposing a node', { timeout }, () => {
  it('is the choice that a request without a node ends with', async () => {
    const { chosen, fit, unfit, blockers } = proposed(await propose());

    assert.deepEqual(chosen, { node: 'master-0', because: 'first-fit' });
    assert.deepEqual(
      fit.map(({ node }) => node),
      ['master-0', 'master-1', 'master-2'],
    );
    assert.deepEqual([unfit, blockers], [[], []]);
    const run = await lab.waiting();
    assert.equal(run.plan?.node, 'master-0');
  });

  it('passes over cordoned nodes, which may be named all the same, and says why others may not', async () => {
    const uncordon = lab.change('nodes', 'master-0', { spec: { unschedulable: true } });
    const ready = lab.change('nodes', 'master-1', (node) => {
      const { conditions } = node.status as { conditions: { type: string; status: string }[] };
      for (const each of conditions) if (each.type === 'Ready') each.status = 'False';
    });
    const { chosen, fit, unfit } = proposed(await propose());
    uncordon();
    ready();

    assert.deepEqual(chosen, { node: 'master-2', because: 'only' });
    assert.deepEqual(fit, [
      { node: 'master-0', cordoned: true },
      { node: 'master-2', cordoned: false },
    ]);
    assert.deepEqual(unfit, [{ node: 'master-1', because: 'not-ready' }]);
  });

  it('names what blocks a backup, also that the person is no cluster-admin', async () => {
    const codes = proposed(await propose('prod-east', who.viewer)).blockers.map(({ code }) => code);
    assert.deepEqual(codes, ['requester.not-cluster-admin']);
  });

  it('is withheld from people who may not ask', async () => {
    lab.people.set(who.approver, { guest: true });
    const before = lab.lab.cluster.requests.length;

    assert.equal((await propose('prod-east', who.unmapped)).outcome, 'unknown-person');
    assert.equal((await propose('prod-east', who.approver)).outcome, 'refused-person');
    assert.equal((await propose('fenced')).outcome, 'wrong-channel');
    assert.equal((await propose('prod-wset')).outcome, 'unknown-cluster');

    lab.people.set(who.approver, {});
    assert.equal(lab.lab.cluster.requests.length, before);
  });
});

describe('a run that is not there', { timeout }, () => {
  it('is answered with the one that is meant, if it may be seen from here', async () => {
    const run = await lab.waiting();
    const hidden = await lab.request({ cluster: 'fenced' }, who.requester, 'C4');
    const hiddenId = hidden.outcome === 'recorded' ? hidden.run.id : assert.fail(hidden.outcome);
    const slip = (id: string) => id.slice(0, -1);
    const input = (id: string) => ({ runId: slip(id), reason: undefined });
    const answers = (id: string, channel: string) => {
      const asked = () => lab.asked(who.approver, channel);
      return Promise.all([
        lab.backups.show(asked(), input(id)),
        lab.backups.audit(asked(), input(id)),
        lab.backups.cancel(asked(), input(id)),
        lab.backups.vote(asked(), { ...input(id), decision: 'approve' }),
      ]);
    };

    for (const answer of await answers(run.id, 'C1')) {
      assert.deepEqual(answer, { outcome: 'no-such-run', runId: slip(run.id), nearest: run.id });
    }
    for (const answer of await answers(hiddenId, 'C1')) {
      assert.deepEqual(answer, { outcome: 'no-such-run', runId: slip(hiddenId) });
    }
    for (const answer of await answers(hiddenId, 'C4')) {
      assert.deepEqual(answer, { outcome: 'no-such-run', runId: slip(hiddenId), nearest: hiddenId });
    }
  });
});
