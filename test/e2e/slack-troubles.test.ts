import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../sandbox/world.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;

describe('Slack’s side in trouble', { timeout }, () => {
  let socket: Stage;
  before(
    async () => {
      socket = await openStage();
    },
    { timeout },
  );
  after(() => socket?.[Symbol.asyncDispose]());

  it('a bot that is not in the channel: the requester is notified, the backup runs, and all of it is posted afterwards', async () => {
    const stage = socket;
    const { workspace, people, channels } = stage.world;
    workspace.removeMember(channels.platform, 'app');
    const answer = await stage.ask(people.requester, 'run prod-east');
    const [runId] = /r-[a-z0-9]{8}/.exec(answer) ?? assert.fail(answer);
    const message = await stage.waitForPrivate(people.requester, /cannot post the card/);
    assert.match(message, /Send \/invite @etcd-backup in that channel/);
    assert.match(message, /#platform-prod/);

    await stage.ask(people.approver, `approve ${runId}`);
    await workspace.waitFor(() => workspace.calls('conversations.history').length > 0, {
      what: 'another try',
      timeoutMs: 60_000,
    });
    await until('the backup', async () => {
      const run = await stage.records.run(runId);
      assert.ok(run && ['waiting', 'approved', 'running', 'succeeded'].includes(run.status), run?.status);
      return run.status === 'succeeded';
    });
    assert.deepEqual(
      workspace.messages(channels.platform).filter((each) => each.byApp),
      [],
    );

    workspace.invite(channels.platform, 'app');
    const card = await workspace.waitFor(
      () =>
        workspace
          .messages(channels.platform)
          .find((each) => each.byApp && /Backed up/.test(workspace.renderMessage(each))),
      { what: 'the card', timeoutMs: 90_000 },
    );
    const request = { runId, channel: channels.platform, ts: card.ts };
    const thread = await stage.waitForThread(request, /is complete/);
    assert.ok(thread.indexOf('asked for a backup') < thread.indexOf('approved'), 'in order');
    assert.equal(stage.world.cards().length, 1);
    const all = workspace.private(people.requester).map((each) => workspace.renderMessage(each));
    assert.equal(all.filter((each) => /cannot post the card/.test(each)).length, 1, 'notified once');
  });

  for (const slackMode of ['socket', 'http'] as const) {
    it(`tokens that Slack takes back, mode ${slackMode}: one clear line, and the process ends with an error`, async (t) => {
      // The last test of its world: no token is good any more.
      const stage = slackMode === 'socket' ? socket : await openStage({ slackMode });
      t.after(() => stage[Symbol.asyncDispose]());
      const { workspace, people, channels } = stage.world;
      const from = stage.bot.log().length;
      workspace.revokeTokens();
      const input = { user: people.requester, channel: channels.platform, command: '/etcd-backup' };
      if (slackMode === 'socket') workspace.sockets.disconnect('refresh_requested');
      else await workspace.slash({ ...input, text: 'run prod-east' });
      const { code } = await stage.bot.exited;
      assert.equal(code, 1);
      const errors = stage.bot
        .log()
        .slice(from)
        .split('\n')
        .filter((line) => line.includes('"level":50'));
      assert.equal(errors.length, 1, errors.join('\n'));
      assert.match(errors[0] ?? '', /Slack refuses the (app-level|bot) token \(invalid_auth\)/);
    });
  }
});
