import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { actionIds } from '../../../src/slack/messages/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import type { Asked } from '../../../src/workflow/access/backups.ts';
import { type Backups, createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { aPlan } from '../../support/runs.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { gate, type Installed, install } from '../installed-app.ts';

type ClickPayload = {
  user: { id: string };
  container: Record<string, string>;
  actions: { value: string }[];
};

const modes = ['socket', 'http'] as const;

for (const mode of modes)
  describe(`listeners, mode ${mode}`, () => {
    let app: Installed;
    let slack: Slack;

    beforeEach(async () => {
      app = await install({}, mode);
      slack = await app.open();
    });
    afterEach(() => app.close());

    /** The real workflow on real records; tests put something else in the place of single operations. */
    async function listen(change: Partial<Backups> = {}): Promise<Asked[]> {
      const asked: Asked[] = [];
      const real = createBackups({
        records: app.records,
        fleet: app.fleet,
        ...unusedPorts,
        people: slack.people,
        self: slack.self,
        clock: systemClock(),
        ids: randomIds(),
        log: app.log,
        wake: () => undefined,
      });
      const backups = { ...real, ...change };
      const seen = Object.entries(backups).map(([name, operation]) => [
        name,
        (who: Asked, input: never) => {
          asked.push(who);
          return operation(who, input);
        },
      ]);
      slack.listen({
        watch: app.records.watch,
        backups: Object.fromEntries(seen) as Backups,
        fleet: app.fleet,
        language: 'en',
      });
      await slack.start();
      return asked;
    }

    const type = (text: string, user = 'requester') =>
      app.workspace.slash({ user, channel: app.channel, command: slashCommand, text });

    /** Waits until a private message to the requester says this. */
    const privateMessage = (what: RegExp) =>
      app.workspace.waitFor(() => app.workspace.private('requester').some((each) => what.test(each.text)), {
        what: `a private message like ${what}`,
      });

    async function cardOf(id: string, change: Partial<BackupRun> = {}): Promise<string> {
      const expiresAt = Date.now() + 3_600_000;
      await app.put({ id, status: 'waiting', plan: aPlan, expiresAt, ...change }, [{ kind: 'card' }]);
      app.sender(slack).start();
      const card = await app.workspace.waitFor(() => app.workspace.messages(app.channel)[0], {
        what: 'the card',
      });
      return card.ts;
    }

    const click = (ts: string, actionId: string, user = 'approver') =>
      app.workspace.click({ user, channel: app.channel, ts, actionId });

    describe('the command', () => {
      it('puts a request on record before it is acknowledged to Slack, and answers the person alone', async () => {
        await listen();
        const outcome = await type('run prod-east node=master-1 reason="before the change"');
        assert.equal(outcome.status, 'acked');
        const [run] = await app.records.runs({ limit: 10 });
        assert.equal(run?.reason, 'before the change');
        assert.equal(run?.nodeWanted, 'master-1');
        const answer = await outcome.nextPrivate();
        assert.ok(run && answer.text.includes(run.id), answer.text);
        assert.deepEqual(app.workspace.messages(app.channel), [], 'nothing is public');
      });

      it('does nothing twice when Slack delivers it twice', async () => {
        const asked = await listen();
        const outcome = await type('run prod-east');
        await outcome.nextPrivate();
        await app.workspace.redeliver(outcome.envelopeId);
        await app.workspace.waitFor(() => outcome.privately().length === 2, { what: 'the second answer' });
        assert.equal(asked.length, 2);
        assert.equal(asked[0]?.deliveryId, asked[1]?.deliveryId);
        assert.equal((await app.records.runs({ limit: 10 })).length, 1);
      });

      it('distinguishes two equal commands', async () => {
        const asked = await listen();
        await type('run prod-east');
        await type('run prod-east');
        await privateMessage(/under way already/);
        assert.notEqual(asked[0]?.deliveryId, asked[1]?.deliveryId);
      });

      it('answers every word that it knows, and the nearest for a typo', async () => {
        await listen();
        const answered = async (text: string) => (await (await type(text)).nextPrivate()).text;
        assert.match(await answered(''), /prod-east/);
        assert.match(await answered('help'), /approve/);
        assert.match(await answered('help restore'), /restore needed/);
        assert.match(await answered('staus'), /status/);
        assert.match(await answered('run “prod-east'), /quotation mark/);
        assert.match(await answered('show r-22222222'), /no run/);
        assert.match(await answered('status r-22222222'), /no run/);
        assert.match(await answered('status'), /No run/);
        assert.match(await answered('list'), /no backup/);
        assert.match(await answered('run prod-eats'), /Did you mean .prod-east/);
        assert.match(await answered('cancel r-22222222 because'), /no run/);
        assert.match(await answered(`run reason=${'x'.repeat(10_000)}`), /10,0/);
      });

      it('decides by text as by button', async () => {
        await listen();
        await cardOf('r-text2345');
        const outcome = await type('approve r-text2345 “seen, go ahead”', 'approver');
        await outcome.nextPrivate();
        const [vote] = (await app.records.run('r-text2345'))?.votes ?? [];
        assert.equal(vote?.decision, 'approve');
        assert.equal(vote?.reason, 'seen, go ahead');
      });

      it('answers in the person’s language', async () => {
        await listen();
        assert.match((await (await type('help', 'viewer')).nextPrivate()).text, /[\uac00-\ud7a3]/);
      });

      it('acknowledges a check at once and answers when the cluster has', async () => {
        const cluster = gate();
        await listen({
          check: async () => {
            await cluster.opened;
            return {
              outcome: 'checked',
              cluster: 'prod-east',
              version: '4.16.8',
              node: 'master-0',
              findings: [],
            };
          },
        });
        const outcome = await type('check prod-east');
        assert.equal(outcome.status, 'acked');
        assert.deepEqual(outcome.privately(), []);
        cluster.open();
        assert.match((await outcome.nextPrivate()).text, /4\.16\.8/);
      });

      it('says so when a request cannot be recorded', async () => {
        await listen({ request: () => Promise.reject(new Error('disk full')) });
        const outcome = await type('run prod-east');
        assert.equal(outcome.status, 'acked');
        assert.match((await outcome.nextPrivate()).text, /could not be put on record/);
        assert.match(
          JSON.stringify(outcome.ack),
          /could not be put on record/,
          'with the acknowledgement itself',
        );
        assert.ok(app.lines.some((line) => line.level === 'error' && /put on record/.test(line.message)));
      });

      it('says so inside Slack’s 3 s when the records hang, and corrects the answer when they come through', async () => {
        const disk = gate();
        await listen({
          request: async () => {
            await disk.opened;
            return { outcome: 'bad-node', node: 'Late-Node' };
          },
        });
        const outcome = await type('run prod-east');
        assert.equal(outcome.status, 'acked');
        assert.match((await outcome.nextPrivate()).text, /could not be put on record/);
        disk.open();
        await app.workspace.waitFor(
          () => outcome.privately().some((each) => each.text.includes('Late-Node')),
          {
            what: 'the late answer',
          },
        );
      });

      it('refuses people of other workspaces before anything else', async () => {
        const asked = await listen();
        const outcome = await type('run prod-east');
        await outcome.nextPrivate();
        asked.length = 0;
        // The envelope as it would come from a person of another workspace in a shared channel.
        Object.assign(outcome.payload, { team_id: 'T0OTHER', trigger_id: 'another' });
        await app.workspace.redeliver(outcome.envelopeId);
        await privateMessage(/other workspaces/);
        assert.deepEqual(asked, []);
      });
    });

    describe('the buttons', () => {
      it('record the decision before the acknowledgement', async () => {
        const disk = gate();
        const real: Asked[] = await listen({
          vote: async (who, input) => {
            await disk.opened;
            return { outcome: 'no-such-run', runId: `${input.runId} ${who.slackUser}` };
          },
        });
        const ts = await cardOf('r-vote2345');
        let acknowledged = false;
        const clicked = click(ts, actionIds.approve).finally(() => {
          acknowledged = true;
        });
        await app.workspace.waitFor(() => app.workspace.calls('users.info').length > 0, {
          what: 'the click to arrive',
        });
        assert.equal(real.length, 1);
        assert.equal(acknowledged, false, 'not before it is on record');
        disk.open();
        const outcome = await clicked;
        assert.equal(outcome.status, 'acked');
        assert.match((await outcome.nextPrivate()).text, /r-vote2345/);
      });

      it('bring approve, reject and cancel to the right place', async () => {
        await listen();
        const ts = await cardOf('r-btns2345');
        assert.match(
          (await (await click(ts, actionIds.approve, 'requester')).nextPrivate()).text,
          /own request/,
        );
        await (await click(ts, actionIds.reject)).nextPrivate();
        const votes = (await app.records.run('r-btns2345'))?.votes.map((each) => [
          each.person.slackUser,
          each.decision,
        ]);
        assert.deepEqual(votes, [[app.approver, 'reject']]);
        await (await click(ts, actionIds.cancel, 'requester')).nextPrivate();
        assert.equal((await app.records.run('r-btns2345'))?.status, 'cancelled');
      });

      it('count a click once, however often it is delivered', async () => {
        const asked = await listen();
        const ts = await cardOf('r-once2345');
        const outcome = await click(ts, actionIds.approve);
        await app.workspace.redeliver(outcome.envelopeId);
        await app.workspace.waitFor(() => outcome.privately().length === 2, { what: 'both answers' });
        assert.equal((await app.records.run('r-once2345'))?.votes.length, 1);
        assert.equal(asked.length, 2);
        assert.equal(asked[0]?.deliveryId, asked[1]?.deliveryId, 'the records know the delivery by it');
      });

      const deadConnection = async () => {
        const workflow = { calls: 0 };
        await listen({
          vote: async (_, { runId }) => {
            workflow.calls += 1;
            // And it stays dead, so that the acknowledgement has no other connection to go by.
            app.workspace.faults.add({ method: 'apps.connections.open', kind: 'reset', times: 3 });
            app.workspace.sockets.drop();
            await app.workspace.waitFor(() => app.workspace.calls('apps.connections.open').length > 1, {
              what: 'the app to notice the dead connection',
            });
            return { outcome: 'no-such-run', runId };
          },
        });
        const ts = await cardOf('r-dead2345');
        const outcome = await click(ts, actionIds.approve);
        assert.match((await outcome.nextPrivate()).text, /no run/);
        assert.equal(workflow.calls, 1);
        assert.ok(app.lines.some((line) => line.message === 'the acknowledgement did not reach Slack'));
      };
      // In mode http the acknowledgement goes back on the request's own connection.
      if (mode === 'socket') {
        it('answer although the connection died before the acknowledgement', deadConnection);
      }

      it('carry a run id and nothing else: any other value is no run', async () => {
        const asked = await listen();
        const ts = await cardOf('r-valu2345');
        const good = await click(ts, actionIds.approve);
        await good.nextPrivate();
        asked.length = 0;
        for (const value of ['r-VALU2345', "r-valu2345' or 1=1", '', '<!channel>', 'x'.repeat(2_000)]) {
          const payload = structuredClone(good.payload) as { actions: { value: string }[] };
          for (const action of payload.actions) action.value = value;
          const outcome = await app.workspace.clickStale({ payload });
          const { text } = await outcome.nextPrivate();
          assert.match(text, /no run/);
          assert.doesNotMatch(text, /<!channel>/);
        }
        assert.deepEqual(asked, []);
      });

      it('say on which plan and on which message they were clicked', async () => {
        const inputs: Parameters<Backups['vote']>[1][] = [];
        const asked = await listen({
          vote: async (_, input) => {
            inputs.push(input);
            return { outcome: 'duplicate' };
          },
        });
        const ts = await cardOf('r-plan2345', { planRevision: 3 });
        const approved = await click(ts, actionIds.approve);
        await approved.nextPrivate();
        assert.deepEqual(inputs[0], {
          runId: 'r-plan2345',
          decision: 'approve',
          reason: undefined,
          planRevision: 3,
        });
        assert.deepEqual(asked[0]?.message, { channel: app.channel, ts });
      });

      it('do not approve without the plan’s number, on an older plan, or from another message', async () => {
        await listen();
        const ts = await cardOf('r-edit2345', { planRevision: 2 });
        const rejected = await click(ts, actionIds.approve, 'requester');
        await rejected.nextPrivate();
        const answerTo = async (change: (payload: ClickPayload) => void, trigger: string) => {
          const payload = structuredClone(rejected.payload) as ClickPayload;
          Object.assign(payload, { trigger_id: trigger });
          payload.user.id = app.approver;
          change(payload);
          return (await (await app.workspace.clickStale({ payload })).nextPrivate()).text;
        };
        const valued = (value: string) => (payload: ClickPayload) => {
          for (const action of payload.actions) action.value = value;
        };
        assert.match(await answerTo(valued('r-edit2345'), 'no-plan'), /plan of .r-edit2345. has changed/);
        assert.match(await answerTo(valued('r-edit2345.1'), 'old-plan'), /plan of .r-edit2345. has changed/);
        const elsewhere = (payload: ClickPayload) => {
          payload.container.message_ts = '1700000000.000100';
        };
        assert.match(await answerTo(elsewhere, 'elsewhere'), /not on the current card of .r-edit2345/);
        const nowhere = (payload: ClickPayload) => {
          payload.container = {};
        };
        assert.match(await answerTo(nowhere, 'nowhere'), /not on the current card of .r-edit2345/);
        assert.deepEqual((await app.records.run('r-edit2345'))?.votes, []);
      });

      it('refuse people of other workspaces, whatever their account says here', async () => {
        const asked = await listen();
        app.workspace.addUser({ name: 'stranger', teamId: 'T0OTHER' });
        app.workspace.invite(app.channel, 'stranger');
        const ts = await cardOf('r-strg2345');
        const outcome = await click(ts, actionIds.approve, 'stranger');
        assert.match((await outcome.nextPrivate()).text, /other workspaces/);
        assert.deepEqual(asked, []);
      });

      it('of another release still get an answer', async () => {
        await listen();
        const ts = await cardOf('r-oldb2345');
        const good = await click(ts, actionIds.approve);
        await good.nextPrivate();
        const payload = structuredClone(good.payload) as { actions: { action_id: string }[] };
        for (const action of payload.actions) action.action_id = 'run-extend';
        const outcome = await app.workspace.clickStale({ payload });
        assert.equal(outcome.status, 'acked');
        assert.match((await outcome.nextPrivate()).text, /run-extend/);
      });
    });

    it('answers in another way when response_url does not work', async () => {
      await listen();
      app.workspace.faults.add({ method: 'response_url', kind: 'http', status: 500 });
      const outcome = await type('help');
      assert.match((await outcome.nextPrivate()).text, /approve/);
      assert.equal(app.workspace.calls('chat.postEphemeral').length, 1);
    });

    it('says under an answer that Slack did not confirm that it may be there twice', async () => {
      await listen();
      app.workspace.faults.add({ method: 'response_url', kind: 'lost-response' });
      const outcome = await type('help');
      const twice = () => outcome.privately().filter(({ text }) => /you may see it twice/.test(text));
      await app.workspace.waitFor(() => twice().length === 1, { what: 'the second answer' });
      assert.equal(outcome.privately().length, 2);
      assert.match(JSON.stringify(twice()[0]?.blocks), /Nothing was done twice/);
      app.workspace.faults.add({ method: 'response_url', kind: 'http', status: 404 });
      const refused = await type('help');
      assert.doesNotMatch((await refused.nextPrivate()).text, /twice/, 'that one cannot have arrived');
    });

    it('takes the buttons from a card whose last edit was given up, once a user clicks on one', async () => {
      await listen();
      const ts = await cardOf('r-over2345');
      const run = await app.records.run('r-over2345');
      assert.ok(run);
      const set = { status: 'cancelled', finishedAt: Date.now() } as const;
      const decision = () => ({ set, audit: [], notices: [] });
      await app.records.decide({ runId: run.id, deliveryId: 'given up', now: Date.now(), decision });
      const card = () => app.workspace.messages(app.channel)[0];
      const outcome = await click(ts, actionIds.approve);
      await outcome.nextPrivate();
      await app.workspace.waitFor(() => !JSON.stringify(card()?.blocks).includes(actionIds.approve), {
        what: 'the card without buttons',
      });
      assert.match(JSON.stringify(card()?.blocks), /ancelled/);
    });

    it('answers in a direct message where the bot is not in the channel', async () => {
      await listen();
      const elsewhere = app.workspace.addChannel({
        name: 'elsewhere',
        members: ['requester'],
        bot: false,
      }).id;
      app.workspace.faults.add({ method: 'response_url', kind: 'reset' });
      const input = { user: 'requester', channel: elsewhere, command: slashCommand, text: 'help' };
      const outcome = await app.workspace.slash(input);
      assert.notEqual((await outcome.nextPrivate()).channel, elsewhere);
    });

    it('finishes the answers under way before it stops', async () => {
      const cluster = gate();
      await listen({
        check: async () => {
          await cluster.opened;
          return { outcome: 'unknown-person' };
        },
      });
      const outcome = await type('check');
      const stopped = slack.stop();
      for (let trip = 0; trip < 10; trip += 1) await slack.client.auth.test();
      if (mode === 'socket')
        assert.equal(app.workspace.sockets.count, 1, 'acknowledgements need the connection');
      else assert.equal(slack.connected(), false, 'takes nothing new');
      cluster.open();
      await stopped;
      assert.equal(outcome.privately().length, 1);
      await app.workspace.waitFor(() => app.workspace.sockets.count === 0, {
        what: 'the end of the connection',
      });
    });
  });
