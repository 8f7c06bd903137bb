import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AuditLine } from '../../../src/domain/people/audit.ts';
import type { Notice } from '../../../src/domain/run/notice.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Clock } from '../../../src/workflow/ports/ports.ts';
import { aPlan } from '../../support/runs.ts';
import { type Installed, install } from '../installed-app.ts';

const runId = 'r-glass234';
const timeoutMs = 30_000;

describe('the owners of a cluster whose backup somebody started alone', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  /** Long pauses are cut, so that a message that is refused soon has its three tries. */
  const clock: Clock = {
    ...systemClock(),
    now: () => Date.now() + (20_000 * (performance.now() - begun)) / 1_000,
    sleep: (ms, signal) => systemClock().sleep(Math.min(ms, 50), signal),
  };
  const begun = performance.now();

  async function start(owners: readonly string[]): Promise<void> {
    const by = { slackUser: app.requester, clusterUser: 'requester' };
    const say = {
      type: 'emergency-started',
      runId,
      cluster: 'prod-east',
      by,
      emergency: 'all others are asleep',
    } as const;
    const words = owners.map(
      (slackUser): Notice => ({ kind: 'private', slackUser, channel: undefined, say }),
    );
    await app.put({ id: runId, status: 'approved', plan: aPlan, emergency: 'all others are asleep' }, [
      ...words,
      { kind: 'card' },
    ]);
    app.sender(slack, { clock }).start();
  }

  const thread = () => {
    const [root] = app.workspace.messages(app.channel);
    return app.workspace.thread(app.channel, root?.ts ?? '').map((each) => each.text);
  };
  const said = (text: RegExp) =>
    app.workspace.waitFor(() => thread().find((each) => text.test(each)), { what: String(text), timeoutMs });
  const record = async () =>
    (await app.records.auditLines(runId))
      .filter(({ action }: AuditLine) => action === 'owners-told')
      .map(({ detail }) => detail);

  it('are named as notified when the message has reached all of them, in the thread and in the audit', async () => {
    await start([app.approver, app.viewer]);
    const line = await said(/Owners notified/);
    assert.ok(line.includes(`<@${app.approver}>`) && line.includes(`<@${app.viewer}>`), line);
    assert.doesNotMatch(line, /Not notified/);
    assert.deepEqual(await record(), [{ told: `${app.approver}, ${app.viewer}`, notTold: '' }]);
  });

  it('who is deactivated, or a bot, is named as not notified', async () => {
    app.workspace.deactivate('viewer');
    const robot = app.workspace.addUser({ name: 'robot', isBot: true }).id;
    await start([app.viewer, robot, app.approver]);
    const line = await said(/Not notified/);
    assert.match(
      line,
      new RegExp(`Owners notified: <@${app.approver}>.*Not notified: <@${app.viewer}>, <@${robot}>`),
    );
    assert.deepEqual(await record(), [{ told: app.approver, notTold: `${app.viewer}, ${robot}` }]);
  });

  it('whom it reaches only later is named as not notified first, and as notified then', async () => {
    app.workspace.setFeatures({ messagesTab: false });
    await start([app.approver]);
    await said(/No owner could be notified so far.*Not notified/);
    app.workspace.setFeatures({ messagesTab: true });
    await said(/Owners notified/);
    assert.deepEqual(await record(), [
      { told: '', notTold: app.approver },
      { told: app.approver, notTold: '' },
    ]);
  });
});
