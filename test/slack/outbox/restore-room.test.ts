import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Message } from '../../../sandbox/slack/model.ts';
import { openRoom } from '../../../src/domain/restore-room/open-room.ts';
import type { RestoreRoom } from '../../../src/domain/restore-room/room.ts';
import type { RoomChange } from '../../../src/domain/restore-room/room-change.ts';
import { stopRoom, takeStep } from '../../../src/domain/restore-room/transitions.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { actionIds } from '../../../src/slack/messages/index.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { importBackup, noPlaces } from '../../support/restorable.ts';
import { changed, opening } from '../../support/rooms.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { type Installed, install } from '../installed-app.ts';

const cluster = 'prod-east';
const timeoutMs = 30_000;

describe('a restore room in Slack', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    await importBackup(app.records);
  });
  afterEach(() => app.close());

  const roots = () => app.workspace.messages(app.channel).filter((each) => /Restore of/.test(each.text));
  const thread = (at = 0) => app.workspace.thread(app.channel, roots()[at]?.ts ?? '').slice(1);
  const ofStep = (step: number, at = 0) =>
    thread(at).filter((each) => each.text.includes(`Step ${step} of `));
  const edited = (message: Message | undefined) => (message?.revisions.length ?? 0) > 1;

  async function listen(): Promise<void> {
    const backups = createBackups({
      ...unusedPorts,
      records: app.records,
      offCluster: noPlaces(),
      fleet: app.fleet,
      people: slack.people,
      self: slack.self,
      clock: systemClock(),
      ids: randomIds(),
      log: app.log,
      wake: () => undefined,
    });
    slack.listen({ watch: app.records.watch, backups, fleet: app.fleet, language: 'en' });
    await slack.start();
  }

  const type = (text: string, user = 'requester') =>
    app.workspace.slash({ user, channel: app.channel, command: slashCommand, text });
  const click = (actionId: string, { ts }: Message, user = 'requester') =>
    app.workspace.click({ user, channel: app.channel, ts, actionId });
  const shown = <T>(what: string, look: () => T | undefined) =>
    app.workspace.waitFor(look, { what, timeoutMs });

  /** A room on record as it is now, without a listener. */
  async function put(change: RoomChange): Promise<RestoreRoom> {
    const { room } = change;
    const now = Date.now();
    await app.records.decideRoom({ cluster, roomId: room.id, now, decision: () => change });
    return room;
  }

  async function opened(): Promise<RestoreRoom> {
    const room = await put(openRoom({ ...opening(), now: Date.now() }));
    app.sender(slack).start();
    await app.outboxEmpty();
    return (await app.records.restoreRoom(room.id)) ?? assert.fail();
  }

  const act = (room: RestoreRoom) =>
    changed(takeStep(room, 1, { by: { slackUser: app.requester, clusterUser: 'x' }, now: Date.now() }));

  it('is opened, followed and closed by commands, buttons and a form', async () => {
    await listen();
    app.sender(slack).start();
    await type(`restore-plan ${cluster} start`);
    const first = await shown('step 1', () => ofStep(1)[0]);
    await click(actionIds.restoreDone, first);
    const second = await shown('step 2', () => ofStep(2)[0]);
    assert.match(second.text, /Fetch the etcd snapshot/);

    await click(actionIds.restoreSkip, second);
    await shown('the form', () => app.workspace.modals('requester')[0]);
    const empty = await app.workspace.submitView({
      user: 'requester',
      values: { 'restore-skip-reason': '  ' },
    });
    assert.match(JSON.stringify(empty), /Say why/);
    await app.workspace.submitView({ user: 'requester', values: { 'restore-skip-reason': 'it is here' } });
    await shown('the reason', () => (/it is here/.test(ofStep(2)[0]?.text ?? '') ? true : undefined));
    const third = await shown('step 3', () => ofStep(3)[0]);
    assert.equal(edited(first), true);
    assert.doesNotMatch(JSON.stringify(first.blocks), /"button"/);

    const late = await click(actionIds.restoreDone, third, 'approver');
    await shown('step 4', () => ofStep(4)[0]);
    assert.equal(late.privately().length, 0, 'what is on record the thread shows');
    const again = await app.workspace.click({
      ...{ user: 'requester', channel: app.channel, ts: third.ts, actionId: actionIds.restoreDone },
      // A client that has missed the edit.
      revision: 0,
    });
    assert.match((await again.nextPrivate()).text, /Step 3 is done already/);
    await type(`restore-plan ${cluster} stop`, 'approver');
    await shown('the end', () => (/Closed by/.test(roots()[0]?.text ?? '') ? true : undefined));
    await app.outboxEmpty();
    assert.doesNotMatch(JSON.stringify([roots()[0], ...thread()].map((each) => each?.blocks)), /"button"/);
    assert.equal(thread().length, 4, 'one message a step');
  });

  it('marks each message with the room, the step and its kind, so that it can be found', async () => {
    const room = await opened();
    assert.deepEqual(roots()[0]?.metadata, {
      event_type: 'etcd_backup_cluster',
      event_payload: { cluster, message: room.id },
    });
    assert.deepEqual(ofStep(1)[0]?.metadata, {
      event_type: 'etcd_backup_cluster',
      event_payload: { cluster, message: `${room.id} step 1 room` },
    });
    assert.deepEqual(room.steps[0]?.message, { channel: app.channel, ts: ofStep(1)[0]?.ts });
  });

  it('looks for messages whose answers were lost instead of posting them twice', async () => {
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response', times: 1 });
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'lost-response',
      when: ({ thread_ts }) => thread_ts !== undefined,
    });
    const room = await opened();
    assert.equal(roots().length, 1);
    assert.equal(ofStep(1).length, 1);
    assert.deepEqual(room.steps[0]?.message?.ts, ofStep(1)[0]?.ts);
  });

  it('goes on in a new message where Slack permits no more edits of a step', async () => {
    const room = await opened();
    app.workspace.faults.add({
      method: 'chat.update',
      kind: 'error',
      error: 'edit_window_closed',
      times: Number.POSITIVE_INFINITY,
    });
    await put(act(room));
    app.sender(slack).start();
    await app.outboxEmpty();
    const [old, next] = ofStep(1);
    assert(old && next);
    assert.match(next.text, /does it, since/);
    assert.equal((await app.records.restoreRoom(room.id))?.steps[0]?.message?.ts, next.ts);
    assert.equal(
      thread().filter((each) => /Restore of/.test(each.text)).length,
      1,
      'the first message is said again there',
    );
  });

  it('goes on under a new first message where the first one was deleted', async () => {
    const room = await opened();
    app.workspace.deleteMessage(app.channel, roots()[0]?.ts ?? '');
    await put(
      changed(stopRoom(room, { by: { slackUser: app.approver, clusterUser: 'y' }, now: Date.now() })),
    );
    app.sender(slack).start();
    await app.outboxEmpty();
    assert.equal(roots().length, 1);
    assert.match(roots()[0]?.text ?? '', /Closed by/);
  });

  it('puts commands that no message can hold into its thread as a file, or says where they are', async () => {
    for (const refuses of [false, true]) {
      if (refuses)
        app.workspace.faults.add({
          method: 'files.getUploadURLExternal',
          kind: 'error',
          error: 'missing_scope',
          times: Number.POSITIVE_INFINITY,
        });
      const { room, ...change } = openRoom({ ...opening(), now: Date.now() });
      const [first, ...rest] = room.steps;
      assert(first);
      const long = { ...room, steps: [{ ...first, commands: ['x'.repeat(5_000)] }, ...rest] };
      await put({ ...change, room: long });
      app.sender(slack).start();
      await app.outboxEmpty();
      const at = refuses ? 1 : 0;
      if (refuses)
        await shown('where they are', () =>
          thread(at).find((each) => /could not be uploaded/.test(each.text)),
        );
      else
        await shown('the file', () =>
          thread(at).find((each) => each.files.some(({ name }) => name === 'step-01.txt')),
        );
      await put(
        changed(stopRoom(long, { by: { slackUser: app.approver, clusterUser: 'y' }, now: Date.now() })),
      );
      await app.outboxEmpty();
    }
  });
});
