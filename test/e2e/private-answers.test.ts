import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { until } from '../../sandbox/world.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
let stage: Stage;

before(
  async () => {
    stage = await openStage();
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

describe('a bot that is killed (kill -9) between a private message and its record', { timeout }, () => {
  /** The viewer, who is no cluster-admin, approves; Slack shows them why that does not count, and the bot never receives it. */
  async function killedOver(method: 'chat.postEphemeral' | 'chat.postMessage'): Promise<string> {
    const { workspace, people } = stage.world;
    const request = await stage.request('prod-east');
    const direct = workspace.direct(people.viewer).id;
    const when = (args: Readonly<Record<string, unknown>>) =>
      method !== 'chat.postMessage' || args.channel === direct;
    workspace.faults.add({ method, kind: 'no-response', when });
    await stage.ask(people.viewer, `approve ${request.runId}`, stage.world.channels.elsewhere);
    await workspace.waitFor(() => workspace.calls(method).some(({ outcome }) => outcome === 'no-response'), {
      what: 'the message that Slack does not confirm',
      timeoutMs: 60_000,
    });
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    const raw = new DatabaseSync(stage.world.recordsFile, { readOnly: true });
    const left = raw.prepare("select kind from outbox where state = 'posting'").all();
    raw.close();
    assert.deepEqual(
      left.map(({ kind }) => kind),
      ['private'],
    );
    return request.runId;
  }

  const refusals = () =>
    stage.world.workspace
      .private(stage.world.people.viewer)
      .map((each) => stage.world.workspace.renderMessage(each))
      .filter((text) => /does not count/.test(text));

  it('two minutes later it is not said again in the channel', async () => {
    const runId = await killedOver('chat.postEphemeral');
    assert.equal(refusals().length, 1);
    await stage.restart(() => stage.world.stepClock(120_000));
    await settled();
    assert.match(stage.bot.log(), /may have arrived/);
    assert.equal(refusals().length, 1, refusals().join('\n---\n'));
    await stage.ask(stage.world.people.requester, `cancel ${runId}`);
    await settled();
  });

  it('as a direct message it is found and not said again, at once or later', async () => {
    const { workspace, channels, people } = stage.world;
    const before = refusals().length;
    workspace.removeMember(channels.platform, people.viewer);
    await killedOver('chat.postMessage');
    assert.equal(refusals().length, before + 1);
    await stage.restart();
    await workspace.waitFor(
      () =>
        workspace
          .calls('conversations.history')
          .some(({ args }) => args.channel === workspace.direct(people.viewer).id),
      { what: 'a look at the direct messages', timeoutMs: 60_000 },
    );
    await settled();
    assert.equal(refusals().length, before + 1, refusals().join('\n---\n'));
  });
});

async function settled(): Promise<void> {
  await until('an empty outbox', async () => (await stage.records.outboxStatus()).unsent === 0);
}
