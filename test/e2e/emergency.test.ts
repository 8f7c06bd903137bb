import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
let stage: Stage;

before(
  async () => {
    stage = await openStage({
      async configure({ clusters }, { people, cluster, dir }) {
        const [first] = clusters;
        assert.ok(first);
        const kubeconfig = path.join(dir, 'strict.kubeconfig');
        await cluster.writeKubeconfig('bot', kubeconfig);
        clusters.push({ ...first, name: 'strict', connect: { kubeconfig } });
        first.approval = { breakGlass: { people: [people.requester], owners: [people.approver] } };
      },
    });
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

describe('somebody alone at night', { timeout }, () => {
  it('runs without a second person where the policy names them, and the owners are notified at once', async () => {
    const { requester, approver } = stage.world.people;
    const why = 'etcd is losing members and everyone else is asleep';

    const refused = await stage.ask(approver, `run prod-east emergency="${why}"`);
    const request = await stage.request(`prod-east emergency="${why}"`, /Emergency run/, requester);
    await stage.waitForCard(request, /Backed up/);

    assert.match(refused, /may not back up prod-east without an approval/);
    const message = await stage.waitForPrivate(approver, /Emergency backup of prod-east/);
    assert.ok(message.includes(why));
    const thread = await stage.waitForThread(request, /is complete/);
    assert.ok(thread.includes(why), thread);
    assert.match(await stage.waitForThread(request, /Owners notified/), /Owners notified: @approver/);
    const { lines, chain } = await stage.records.auditTrail(request.runId);
    assert.deepEqual(chain, { ok: true });
    assert.equal(lines.filter((line) => line.action === 'break-glass').length, 1);
    assert.equal(lines.filter((line) => line.action === 'approved').length, 0);
    assert.deepEqual(
      lines.filter((line) => line.action === 'owners-told').map(({ detail }) => detail),
      [{ told: approver, notTold: '' }],
    );
    assert.match(await stage.ask(requester, `show ${request.runId}`), /Emergency run/);
  });

  it('is refused where the policy names no person', async () => {
    const said = await stage.ask(stage.world.people.requester, 'run strict emergency="please"');

    assert.match(said, /may not back up strict without an approval/);
    assert.deepEqual(await stage.records.runs({ cluster: 'strict', limit: 5 }), []);
  });
});

describe('a cluster that changes between request and approval', { timeout }, () => {
  it('voids the approval, says what changed, and asks again', async () => {
    const { requester, approver } = stage.world.people;
    const request = await stage.request('strict', undefined, requester);
    stage.world.cluster.objects.patch('apiservers', 'cluster', { spec: { encryption: { type: 'aesgcm' } } });

    await stage.click(approver, request, 'approve');
    const card = await stage.waitForCard(request, /The plan changed/);
    const thread = await stage.waitForThread(request, /do not count/);
    await stage.click(approver, request, 'approve');
    await stage.waitForCard(request, /Backed up/);

    assert.match(card, /aescbc → aesgcm/);
    assert.match(thread, /aescbc → aesgcm/);
    const { lines } = await stage.records.auditTrail(request.runId);
    assert.deepEqual(
      lines.map((line) => line.action).filter((action) => action === 'plan-void' || action === 'approved'),
      ['plan-void', 'approved'],
    );
  });
});
