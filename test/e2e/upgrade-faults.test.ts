import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../sandbox/world.ts';

import { eventKinds, oneReminder, openWatchedStage, reminders, untilWatch } from '../support/watching.ts';

const timeout = 600_000;

describe('a reminder survives', { timeout }, () => {
  it('a bot that is killed between opening it and posting it: one message', async () => {
    await using stage = await openWatchedStage({
      // The reminder waits for what preflight says, and that takes its time.
      configure: (_, { cluster }) =>
        void cluster.faults.add({ match: (each) => each.resource === 'etcds', kind: 'delay', ms: 8_000 }),
    });
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
    await using stage = await openWatchedStage({
      configure: (_, { workspace }) =>
        workspace.faults.add({
          method: 'chat.postMessage',
          kind: 'lost-response',
          times: Number.POSITIVE_INFINITY,
        }),
    });
    const { workspace } = stage.world;
    await until('the message', () => reminders(stage, '4.16.8').length > 0);
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    workspace.faults.clear();

    await stage.restart();

    await untilWatch(stage, 'the message on record', (watch) => watch.reminder?.message !== undefined);
    await oneReminder(stage, '4.16.8');
  });

  it('a Slack that is down for a while: delivered later, once', async () => {
    await using stage = await openWatchedStage();
    const { workspace, cluster } = stage.world;
    await oneReminder(stage, '4.16.8');
    workspace.faults.add({ method: '*', kind: 'http', status: 503, times: Number.POSITIVE_INFINITY });
    cluster.upgrade.request('4.16.9');
    cluster.upgrade.begin();
    cluster.upgrade.finish();
    await untilWatch(
      stage,
      'a reminder that was looked at',
      ({ reminder }) => reminder?.to.version === '4.16.9' && reminder.findings !== undefined,
    );
    const refused = () => workspace.calls().filter(({ outcome }) => outcome === 'http').length;
    const before = refused();
    await until('a try that failed', () => refused() > before);
    assert.deepEqual(reminders(stage, '4.16.9'), []);

    workspace.faults.clear();

    await oneReminder(stage, '4.16.9');
    await untilWatch(stage, 'the message on record', ({ reminder }) => reminder?.message !== undefined);
    assert.equal(reminders(stage, '4.16.9').length, 1);
  });
});
