import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ConfigFile } from '../../sandbox/world.ts';
import { formIds } from '../../src/slack/messages/index.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
let stage: Stage;

/** Two clusters share the channel, so that a request has to say which one; the second policy knows break-glass. */
async function configure(config: ConfigFile, world: Stage['world']): Promise<void> {
  const { people, cluster } = world;
  const kubeconfig = path.join(world.dir, 'prod-west.kubeconfig');
  await cluster.writeKubeconfig('bot', kubeconfig);
  config.clusters.push({
    ...config.clusters[0],
    name: 'prod-west',
    connect: { kubeconfig },
    approval: { breakGlass: { people: [people.requester], owners: [people.approver] } },
  });
}

before(
  async () => {
    stage = await openStage({ configure });
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

describe('asking with the form', { timeout }, () => {
  it('chooses cluster and node, and goes on like any request', async () => {
    const { workspace, people, channels, cluster } = stage.world;
    const user = people.requester;
    const shows = (what: RegExp) =>
      workspace.waitFor(
        () => {
          const view = workspace.modals(user).at(-1);
          const text = view && workspace.renderView(view);
          return text !== undefined && what.test(text) ? text : undefined;
        },
        { what: `a form that says ${what}`, timeoutMs: 45_000 },
      );
    const before = structuredClone(cluster.objects.get('nodes', 'master-0'));
    cluster.objects.patch('nodes', 'master-0', { spec: { unschedulable: true } });

    const typed = await workspace.slash({
      user,
      channel: channels.platform,
      command: '/etcd-backup',
      text: 'run reason="before the change"',
    });
    assert.equal(typed.status, 'acked');
    assert.match(await shows(/Choose a cluster; its nodes/), /before the change/);
    await workspace.clickView({ user, actionId: formIds.cluster, value: 'prod-west' });
    const form = await shows(/Proposed/);
    assert.match(form, /Proposed: .?master-1/, 'the bot passes over the cordoned master-0');
    assert.match(form, /Emergency: run without an approval/);
    const sent = await workspace.submitView({ user, values: { [formIds.node]: 'master-2' } });
    assert.deepEqual(sent.errors, {});
    const answer = workspace.renderMessage(await sent.nextPrivate(45_000));
    const [runId = ''] = /r-[a-z0-9]{8}/.exec(answer) ?? assert.fail(answer);
    cluster.objects.put(before);

    const card = await workspace.waitFor(
      () =>
        workspace
          .messages(channels.platform)
          .map((each) => workspace.renderMessage(each))
          .find((text) => text.includes(runId) && /Needs 1/.test(text)),
      { what: `the card of ${runId}`, timeoutMs: 45_000 },
    );
    assert.match(card, /prod-west/);
    assert.match(card, /master-2/);
    assert.match(card, /before the change/);
    assert.match(await stage.ask(people.requester, `cancel ${runId}`), /Nothing was run/);
  });

  it('is closed without a trace', async () => {
    const { workspace, people, channels } = stage.world;
    const user = people.viewer;
    // The requests alone, not whole records: the card of the run before may still be on its way to Slack.
    const requests = async () => (await stage.records.runs({ limit: 50 })).map((run) => run.id);
    const asked = await requests();
    const typed = await workspace.slash({
      user,
      channel: channels.platform,
      command: '/etcd-backup',
      text: 'run',
    });
    await workspace.waitFor(() => workspace.modals(user).at(-1)?.submit, { what: 'the form' });
    await workspace.closeView({ user });
    assert.match(await stage.ask(user, 'status'), /No run/);
    assert.deepEqual(await requests(), asked);
    assert.equal(typed.privately().length, 1, 'the answer to status alone');
  });

  it('names what was probably meant, in every command', async () => {
    const { people } = stage.world;
    const [run] = await stage.records.runs({ limit: 1 });
    const slip = `${run?.id.slice(0, -1)}${run?.id.endsWith('2') ? '3' : '2'}`;
    const meant = new RegExp(`Did you mean .?${run?.id}`);
    for (const command of ['show', 'audit', 'approve', 'reject', 'cancel', 'status']) {
      assert.match(await stage.ask(people.requester, `${command} ${slip}`), meant, command);
      assert.match(await stage.ask(people.requester, `${command} ${slip.slice(0, -1)}`), meant, command);
    }
    for (const command of ['run', 'check', 'status', 'list', 'doctor']) {
      const answer = await stage.ask(people.requester, `${command} prod-wset`);
      assert.match(answer, /Did you mean .?prod-west/, command);
    }
    assert.match(await stage.ask(people.requester, 'help aprove'), /Did you mean .*help approve/);
    assert.match(await stage.ask(people.requester, 'chekc prod-west'), /Did you mean .*check/);
    assert.match(await stage.ask(people.requester, 'run prod-west nod=master-1'), /Did you mean .?node/);
  });
});
