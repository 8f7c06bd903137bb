import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../sandbox/world.ts';

import {
  eventKinds,
  oneReminder,
  openWatchedStage,
  reminders,
  untilWatch,
  type WatchedStage,
} from '../support/watching.ts';

const timeout = 600_000;

/** Each test reminds of another release than the one before. */
describe('a reminder survives', { timeout }, () => {
  let stage: WatchedStage;

  before(
    async () => {
      stage = await openWatchedStage({
        // The first reminder waits for what preflight says, and that takes its time.
        configure: (_, { cluster }) =>
          cluster.faults.add({ match: (each) => each.resource === 'etcds', kind: 'delay', ms: 8_000 }),
      });
    },
    { timeout },
  );
  after(() => stage?.[Symbol.asyncDispose]());

  function update(version: string): void {
    const { upgrade } = stage.world.cluster;
    upgrade.request(version);
    upgrade.begin();
    upgrade.finish();
  }

  it('a bot that is killed between opening it and posting it: one message', async () => {
    await untilWatch(stage, 'an open reminder', (watch) => watch.reminder !== undefined);
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    const left = await stage.records.watch('prod-east');
    assert.equal(left?.reminder?.findings, undefined, 'it was killed before it looked');
    assert.deepEqual(reminders(stage, '4.16.8'), []);
    stage.world.cluster.faults.clear();

    await stage.restart();

    await oneReminder(stage, '4.16.8', /A backup can run/);
    assert.equal((await eventKinds(stage)).filter((kind) => kind === 'reminder').length, 1);
  });

  it('a bot that is killed after Slack took the message and before it heard so: one message', async () => {
    const { workspace } = stage.world;
    const method = 'chat.postMessage';
    workspace.faults.add({ method, kind: 'lost-response', times: Number.POSITIVE_INFINITY });
    update('4.16.9');
    await until('the message', () => reminders(stage, '4.16.9').length > 0);
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    workspace.faults.clear();

    await stage.restart();

    await untilWatch(
      stage,
      'the message on record',
      ({ reminder }) => reminder?.to.version === '4.16.9' && reminder.message !== undefined,
    );
    await oneReminder(stage, '4.16.9');
  });

  it('a Slack that is down for a while: delivered later, once', async () => {
    const { workspace } = stage.world;
    workspace.faults.add({ method: '*', kind: 'http', status: 503, times: Number.POSITIVE_INFINITY });
    update('4.16.10');
    await untilWatch(
      stage,
      'a reminder that was looked at',
      ({ reminder }) => reminder?.to.version === '4.16.10' && reminder.findings !== undefined,
    );
    const refused = () => workspace.calls().filter(({ outcome }) => outcome === 'http').length;
    const before = refused();
    await until('a try that failed', () => refused() > before);
    assert.deepEqual(reminders(stage, '4.16.10'), []);

    workspace.faults.clear();

    await oneReminder(stage, '4.16.10');
    await untilWatch(stage, 'the message on record', ({ reminder }) => reminder?.message !== undefined);
    assert.equal(reminders(stage, '4.16.10').length, 1);
  });
});
