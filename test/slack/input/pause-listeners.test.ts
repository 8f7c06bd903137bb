import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { activePause } from '../../../src/domain/policy/pause.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { actionIds } from '../../../src/slack/messages/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { aPolicy, fleetOf, type Installed, install } from '../installed-app.ts';

const cluster = 'prod-east';

describe('a pause that is typed and agreed to in Slack', () => {
  let app: Installed;
  let slack: Slack;

  before(async () => {
    app = await install();
    slack = await app.open();
    const policy = aPolicy(app.channel, { owners: [app.viewer] });
    const fleet = fleetOf([policy], [app.requester, app.approver]);
    const backups = createBackups({
      records: app.records,
      fleet,
      ...unusedPorts,
      people: slack.people,
      self: slack.self,
      clock: systemClock(),
      ids: randomIds(),
      log: app.log,
      wake: () => undefined,
    });
    slack.listen({ watch: app.records.watch, backups, fleet, language: 'en' });
    await slack.start();
    app.sender(slack, { fleet }).start();
  });
  after(() => app?.close());

  const root = () => app.workspace.messages(app.channel)[0];
  const type = (text: string, user = 'requester') =>
    app.workspace.slash({ user, channel: app.channel, command: slashCommand, text });
  const privateMessage = (what: RegExp, user = 'requester') =>
    app.workspace.waitFor(() => app.workspace.private(user).find((each) => what.test(each.text)), {
      what: `a private message like ${what}`,
    });
  const shows = (what: RegExp) =>
    app.workspace.waitFor(() => what.test(root()?.text ?? ''), { what: `a message like ${what}` });
  const active = async () => activePause(await app.records.watch(cluster), Date.now());

  it('owns one message: asked for, in force, over; each button does what it says, and none outlasts it', async () => {
    await type(`pause ${cluster}`);
    await privateMessage(/Until when\?/);
    await type(`pause ${cluster} until=3d reason="moves to the new rack"`);
    await privateMessage(/a second person has to agree/);
    await shows(/asks to pause prod-east.*moves to the new rack/s);
    const ts = root()?.ts ?? '';
    const click = (actionId: string, user: string) =>
      app.workspace.click({ user, channel: app.channel, ts, actionId });

    await click(actionIds.pauseApprove, 'requester');
    await privateMessage(/your own request/);
    assert.equal(await active(), undefined);
    await click(actionIds.pauseApprove, 'approver');
    await privateMessage(/is paused until/, 'approver');
    await shows(/prod-east is paused/);
    assert.equal((await active())?.reason, 'moves to the new rack');
    await privateMessage(/클러스터가 일시 중지되었습니다.*소유자이므로/s, 'viewer');

    await type('status');
    await privateMessage(/is paused until .*moves to the new rack/s);

    await click(actionIds.pauseResume, 'approver');
    await privateMessage(/is watched again/, 'approver');
    await shows(/is watched again/);
    assert.equal(await active(), undefined);
    await app.outboxEmpty();
    assert.equal(app.workspace.messages(app.channel).length, 1, 'one message, edited in place');
    assert(!JSON.stringify(root()?.blocks ?? []).includes('"button"'), 'no button outlasts it');
    await privateMessage(/클러스터를 다시 감시합니다.*현재 상태/s, 'viewer');
  });

  it('is agreed to by text as well', async () => {
    await type(`pause ${cluster} until=8h reason=lab`);
    await app.workspace.waitFor(() => app.workspace.messages(app.channel).length === 2, {
      what: 'the request',
    });
    await type(`approve ${cluster}`, 'approver');
    const second = () => app.workspace.messages(app.channel)[1]?.text ?? '';
    await app.workspace.waitFor(() => /prod-east is paused/.test(second()), { what: 'the pause' });
    assert.notEqual(await active(), undefined);
  });
});
