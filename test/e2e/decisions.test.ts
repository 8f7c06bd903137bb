import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ConfigFile } from '../../sandbox/world.ts';
import { openStage, type Request, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
let stage: Stage;
let deputy = '';

/** Several policies for the one cluster behind them: one world is enough for all of them. */
async function configure(config: ConfigFile, world: Stage['world']): Promise<void> {
  const { workspace, people, channels, cluster } = world;
  const person = workspace.addUser({ name: 'deputy' });
  workspace.invite(channels.platform, person.id);
  deputy = person.id;
  config.people.push({ slack: deputy, user: 'deputy' });
  cluster.objects.patch('groups', 'cluster-admins', { users: ['approver', 'deputy'] });
  const policies = {
    'two-needed': { approval: { needed: 2 } },
    listed: { approval: { approvers: [people.approver] } },
    fenced: { allowedChannels: [channels.platform] },
  };
  for (const [name, policy] of Object.entries(policies)) {
    const kubeconfig = path.join(world.dir, `${name}.kubeconfig`);
    await cluster.writeKubeconfig('bot', kubeconfig);
    config.clusters.push({ ...config.clusters[0], name, connect: { kubeconfig }, ...policy });
  }
}

before(
  async () => {
    stage = await openStage({ configure });
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

async function sawNothingRun(request: Request): Promise<void> {
  const run = await stage.run(request);
  assert.equal(run.startedAt, undefined);
  const execs = stage.world.cluster.requests.filter(({ subresource }) => subresource === 'exec');
  const directory = run.plan?.directory ?? 'no plan';
  assert.ok(!JSON.stringify(execs).includes(directory));
  assert.deepEqual(stage.sessionPods(), []);
}

describe('deciding on a request', { timeout }, () => {
  it('rejects by text, with a reason that is on the card and in the thread', async () => {
    const request = await stage.request('prod-east');

    const answer = await stage.ask(
      stage.world.people.approver,
      `reject ${request.runId} reason="not before the <!channel> freeze & <b>ends</b>"`,
    );

    assert.match(answer, /on record/);
    const card = await stage.waitForCard(request, /Rejected by @approver/);
    assert.match(card, /not before the <!channel> freeze & <b>ends<\/b>/);
    assert.match(card, /Nothing was run/);
    assert.match(
      await stage.waitForThread(request, /@approver \(approver\) rejected/),
      /freeze & <b>ends<\/b>/,
    );
    await stage.waitForPrivate(stage.world.people.approver, /Your rejection of .* counts/);
    await sawNothingRun(request);
  });

  it('lets the requester cancel, but no other person without permission', async () => {
    const { people } = stage.world;
    const request = await stage.request('prod-east');

    assert.match(await stage.click(people.viewer, request, 'cancel'), /Only @requester/);
    assert.match(
      await stage.ask(people.requester, `cancel ${request.runId} reason="wrong day"`),
      /is cancelled/,
    );

    const card = await stage.waitForCard(request, /Cancelled by @requester/);
    assert.match(card, /wrong day/);
    assert.match(await stage.ask(people.approver, `approve ${request.runId}`), /Too late/);
    await sawNothingRun(request);
  });

  it('notifies a second person that one waits already, privately, with the way to its card', async () => {
    const { people, workspace, channels } = stage.world;
    const request = await stage.request('prod-east');
    const cards = stage.world.cards().length;

    const outcome = await workspace.slash({
      user: people.approver,
      channel: channels.platform,
      command: '/etcd-backup',
      text: 'run prod-east',
    });
    const answer = await outcome.nextPrivate();

    assert.match(workspace.renderMessage(answer), new RegExp(`under way already \\(run ${request.runId}`));
    assert.match(
      JSON.stringify(answer.blocks),
      new RegExp(`p${request.ts.replace('.', '')}`),
      'a link to the card',
    );
    assert.equal(stage.world.cards().length, cards);
    assert.equal((await stage.records.runs({ active: true, limit: 5 })).length, 1);
    await stage.ask(people.requester, `cancel ${request.runId}`);
  });

  it('needs two different people where the policy says two, by button and by text', async () => {
    const { people } = stage.world;
    const request = await stage.request('two-needed');

    await stage.click(people.approver, request, 'approve');
    await stage.waitForPrivate(people.approver, /counts\. 1 more approval is needed/);
    assert.match(stage.card(request), /approved by @approver/);
    assert.equal((await stage.run(request)).status, 'waiting');
    assert.match(await stage.click(people.approver, request, 'approve'), /everybody counts once/);
    await stage.ask(deputy, `approve ${request.runId}`);

    const card = await stage.waitForCard(request, /Backed up in/);
    assert.match(card, /approved by @approver, @deputy/);
    assert.deepEqual(stage.sessionPods(), []);
  });

  it('refuses a cluster-admin who is not on the list of approvers', async () => {
    const { people } = stage.world;
    const request = await stage.request('listed', /Needs 1 of @approver/);

    assert.match(await stage.click(deputy, request, 'approve'), /not among the approvers .*@approver/);

    assert.deepEqual((await stage.run(request)).votes, []);
    await stage.click(people.approver, request, 'reject');
    await stage.waitForCard(request, /Rejected by @approver/);
    await sawNothingRun(request);
  });

  it('expires: the card turns, its buttons go, nothing runs', async () => {
    const request = await stage.request('prod-east');
    const moved = await stage.records.decide<never>({
      runId: request.runId,
      deliveryId: 'time-passes',
      now: Date.now(),
      // The shortest expiry that the configuration takes is a minute: this run's minute is over.
      decision: () => ({ set: { expiresAt: Date.now() - 1 }, audit: [], notices: [] }),
    });
    assert.equal(moved.outcome, 'changed');

    const card = await stage.waitForCard(request, /Expired/);

    assert.match(card, /Nothing was run/);
    assert.doesNotMatch(card, /\[Approve\]|Needs 1/);
    assert.match(
      await stage.ask(stage.world.people.approver, `approve ${request.runId}`),
      /Too late|has expired/,
    );
    await sawNothingRun(request);
  });

  it('takes a command from another channel: the card is posted in the cluster’s, the link comes privately', async () => {
    const { people, workspace, channels } = stage.world;

    const answer = await stage.ask(people.requester, 'run prod-east', channels.elsewhere);
    const [runId] = /r-[a-z0-9]{8}/.exec(answer) ?? assert.fail(answer);
    await stage.waitForPrivate(people.requester, new RegExp(`${runId} for prod-east is now on its card`));

    const link = workspace
      .private(people.requester)
      .map((message) => JSON.stringify(message.blocks))
      .find((blocks) => blocks.includes(runId) && blocks.includes('/archives/'));
    assert.ok(link?.includes(channels.platform), 'the link goes to the cluster’s channel');
    assert.deepEqual(
      workspace.messages(channels.elsewhere).filter((message) => message.byApp),
      [],
    );
    await stage.ask(people.requester, `cancel ${runId}`);
  });

  it('refuses a channel that is not allowed for the cluster, and names the right one', async () => {
    const { people, channels } = stage.world;

    const answer = await stage.ask(people.requester, 'run fenced', channels.elsewhere);

    assert.match(answer, /cannot be used from this channel\. Go to #platform-prod/);
    assert.deepEqual(await stage.records.runs({ cluster: 'fenced', limit: 1 }), []);
  });
});
