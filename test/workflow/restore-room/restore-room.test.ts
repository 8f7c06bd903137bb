import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activePause } from '../../../src/domain/policy/pause.ts';
import type { RestoreRoom } from '../../../src/domain/restore-room/room.ts';
import type { ClusterNotice } from '../../../src/domain/watch/cluster-notice.ts';
import type { RoomAnswer } from '../../../src/workflow/restore-room/room-answer.ts';
import { createRoomWatch } from '../../../src/workflow/restore-room/room-watch.ts';
import { resourcesCopy, snapshotCopy } from '../../slack/messages/copied-runs.ts';
import { aBackup } from '../../support/manifests.ts';
import { importBackup, noPlaces } from '../../support/restorable.ts';
import { openWorkflowLab, until, type WorkflowLab, who } from '../../support/workflow-lab.ts';

const timeout = 300_000;
const cluster = 'prod-east';
const start = { what: cluster, zStream: undefined };

interface RoomLab extends AsyncDisposable {
  readonly lab: WorkflowLab;
  readonly runId: string;
  /** The API breaks every connection; the answer brings it back. */
  down(): () => void;
  open(by?: string): Promise<RestoreRoom>;
  say(
    room: RestoreRoom,
    step: number,
    word?: 'take' | 'done' | 'failed' | 'meanwhile',
    by?: string,
  ): Promise<string>;
  room(id: string): Promise<RestoreRoom>;
  /** Takes the messages about the cluster out of the outbox. */
  notices(): Promise<readonly ClusterNotice[]>;
}

async function openRoomLab(options: Parameters<typeof openWorkflowLab>[0] = {}): Promise<RoomLab> {
  const policy = { owners: [who.deputy], ...options.policy };
  const lab = await openWorkflowLab({ offCluster: noPlaces(), ...options, policy });
  const { backups, records, asked } = lab;
  const runId = await importBackup(records);
  return {
    lab,
    runId,
    down: () => lab.lab.cluster.faults.add({ kind: 'reset', match: () => true }),
    async open(by = who.viewer) {
      const answer = await backups.openRoom(asked(by), start);
      assert(answer.outcome === 'room-opened', JSON.stringify(answer));
      return answer.room;
    },
    say: async ({ id }, step, word = 'done', by = who.requester) =>
      (await backups.sayOfStep(asked(by), { room: id, step, word })).outcome,
    room: async (id) => (await records.restoreRoom(id)) ?? assert.fail(`${id} is not on record`),
    async notices() {
      const taken: ClusterNotice[] = [];
      for (;;) {
        const item = await records.takeNotice({ now: lab.clock.now() });
        if (!item) return taken;
        if (item.about === 'cluster') taken.push(item.notice);
        await records.noticeSent(item.id, { now: lab.clock.now(), ts: undefined });
      }
    },
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
}

const toOwners = (notices: readonly ClusterNotice[]) =>
  notices.flatMap((notice) => (notice.kind === 'private' ? [[notice.slackUser, notice.say.type]] : []));

describe('a restore room', { timeout }, () => {
  it('is opened by anyone who may see the plan while the cluster is down; owners are notified, the cluster is paused', async () => {
    await using here = await openRoomLab();
    const { lab, runId } = here;
    here.down();
    const delivery = lab.asked(who.viewer);
    const answer = await lab.backups.openRoom(delivery, start);
    assert(answer.outcome === 'room-opened');
    assert.equal(answer.channel, lab.lab.policy.channel);
    const { room } = answer;
    assert.equal(room.paper.runId, runId);
    assert.equal((await lab.backups.openRoom(delivery, start)).outcome, 'duplicate');
    const second = await lab.backups.openRoom(lab.asked(who.requester), start);
    assert(second.outcome === 'room-open-already');
    assert.equal(second.room.id, room.id);

    const notices = await here.notices();
    assert.equal(notices[0]?.kind, 'restore-room', 'its first message comes first');
    assert.deepEqual(toOwners(notices), [[who.deputy, 'restore-room']], 'and not that it is paused, too');
    const pause = activePause(await lab.records.watch(cluster), lab.clock.now());
    assert.deepEqual([pause?.id, pause?.by.slackUser], [room.pause, who.viewer]);
    assert.match(pause?.reason ?? '', new RegExp(runId));
    assert.deepEqual(await lab.actions(runId), ['restore-room']);
  });

  it('is opened by no other person, and for nothing that cannot be restored', async () => {
    await using here = await openRoomLab({
      clusters: [{ name: 'prod-west', channel: 'C2', allowedChannels: ['C2'] }],
    });
    const { lab } = here;
    const outcome = async (by: string, what: string, channel?: string) =>
      (await lab.backups.openRoom(lab.asked(by, channel), { what, zStream: undefined })).outcome;
    assert.equal(await outcome(who.unmapped, cluster), 'unknown-person');
    lab.people.set(who.viewer, { guest: true });
    assert.equal(await outcome(who.viewer, cluster), 'refused-person');
    assert.equal(await outcome(who.requester, 'prod-west'), 'wrong-channel');
    assert.equal(await outcome(who.requester, 'prod-west', 'C2'), 'no-plan');
    assert.equal(await outcome(who.requester, 'prod-eats'), 'unknown-cluster');
    assert.equal(await outcome(who.requester, 'r-22222222'), 'no-such-run');
    assert.deepEqual(await lab.records.openRooms(), []);
    const room = await here.open(who.requester);
    assert.equal(await here.say(room, 1, 'done', who.viewer), 'refused-person');
    assert.equal(await here.say(room, 1, 'done', who.unmapped), 'unknown-person');
    assert.equal(await here.say({ ...room, id: 'prod-eats/restore@7' }, 1), 'no-such-room');
    assert.equal(await here.say({ ...room, id: `${cluster}/restore@7` }, 1), 'no-such-room');
    assert.equal(await here.say({ ...room, id: 'nonsense' }, 1), 'no-such-room');
  });

  it('says what was asked for when no backup fits it, so that the same question can be asked for the reasons', async () => {
    await using here = await openRoomLab();
    const { lab } = here;
    const ask = (what: string, zStream?: string, before?: string) =>
      lab.backups.openRoom(lab.asked(who.requester), { what, zStream, before });
    const none = { outcome: 'no-plan', cluster, what: cluster };
    assert.deepEqual(await ask(cluster, '4.16.99'), { ...none, zStream: '4.16.99', before: undefined });
    assert.deepEqual(await ask(cluster, undefined, '2020-02-29 12:00'), {
      ...none,
      zStream: undefined,
      before: Date.UTC(2020, 1, 29, 12),
    });
  });

  it('keeps each word of people once: twice the same delivery, a double click, two people at once', async () => {
    await using here = await openRoomLab();
    const { lab, runId } = here;
    const room = await here.open();
    const delivery = lab.asked(who.requester);
    const done = () => lab.backups.sayOfStep(delivery, { room: room.id, step: 1, word: 'done' });
    assert.deepEqual((await Promise.all([done(), done()])).map(({ outcome }) => outcome).sort(), [
      'duplicate',
      'on-record',
    ]);
    assert.deepEqual(
      (await Promise.all([here.say(room, 2), here.say(room, 2, 'done', who.approver)])).sort(),
      ['on-record', 'step-settled'],
    );
    assert.equal(await here.say(room, 3, 'take'), 'on-record');
    assert.equal(await here.say(room, 3, 'done', who.approver), 'step-held');
    assert.equal(await here.say(room, 3, 'failed'), 'on-record');
    assert.equal(await here.say(room, 3, 'meanwhile', who.approver), 'on-record');
    const skip = (reason: string): Promise<RoomAnswer> =>
      lab.backups.skipStep(lab.asked(who.requester), { room: room.id, step: 3, reason });
    assert.equal((await skip('  ')).outcome, 'reason-missing');
    assert.equal((await skip('x'.repeat(501))).outcome, 'reason-too-long');
    assert.equal((await skip(' another copy ')).outcome, 'on-record');
    const { steps } = await here.room(room.id);
    assert.equal(steps[2]?.end?.kind === 'skipped' && steps[2].end.reason, 'another copy');
    const { lines, chain } = await lab.records.auditTrail(runId);
    assert.deepEqual(
      lines.map(({ detail }) => detail.what),
      ['opened', 'done', 'done', 'taken', 'failed', 'taken', 'skipped'],
    );
    assert.deepEqual(chain, { ok: true });
  });

  it('is closed by its button or by text, once; the cluster is watched again, and owners are notified', async () => {
    await using here = await openRoomLab();
    const { lab } = here;
    const room = await here.open();
    await here.notices();
    const stop = (input: { room?: string; cluster?: string }) =>
      lab.backups.stopRoom(lab.asked(who.requester), input);
    assert.equal((await stop({ room: room.id })).outcome, 'room-stopped');
    assert.equal((await stop({ room: room.id })).outcome, 'room-over');
    assert.equal((await stop({ cluster })).outcome, 'no-open-room');
    assert.equal(await here.say(room, 1), 'room-over');
    assert.equal(activePause(await lab.records.watch(cluster), lab.clock.now()), undefined);
    assert.deepEqual(toOwners(await here.notices()), [
      [who.deputy, 'restore-room'],
      [who.deputy, 'pause-over'],
    ]);
    const next = await here.open();
    assert.notEqual(next.id, room.id);
    assert.equal((await stop({ cluster })).outcome, 'room-stopped');
  });

  it('leaves a pause of people as it is, and ends none that they have decided on meanwhile', async () => {
    await using here = await openRoomLab();
    const { lab } = here;
    const pause = { cluster, until: '3d', reason: 'moves to the new rack' };
    await lab.backups.pause(lab.asked(who.deputy), pause);
    const room = await here.open();
    assert.equal(room.pause, undefined);
    await lab.backups.stopRoom(lab.asked(who.requester), { room: room.id });
    const now = () => lab.clock.now();
    assert.equal(activePause(await lab.records.watch(cluster), now())?.reason, pause.reason);
    await lab.backups.resume(lab.asked(who.deputy), { cluster });

    const again = await here.open();
    await lab.backups.resume(lab.asked(who.deputy), { cluster });
    await lab.backups.pause(lab.asked(who.deputy), pause);
    await lab.backups.stopRoom(lab.asked(who.requester), { room: again.id });
    assert.equal(activePause(await lab.records.watch(cluster), now())?.reason, pause.reason);
  });

  it('is looked after by the bot: the API that comes and goes, the checks at the end, and then it is over', async () => {
    await using here = await openRoomLab();
    const { lab } = here;
    const back = here.down();
    const opened = await here.open();
    const watch = createRoomWatch(lab.deps, { everyMs: 50 });
    watch.start();
    const seen = (fits: (room: RestoreRoom) => boolean) =>
      until(async () => {
        const room = await here.room(opened.id);
        return fits(room) && room;
      });
    await seen(({ api }) => api?.answers === false);
    for (let step = 1; step <= opened.steps.length; step += 1)
      assert.equal(await here.say(opened, step), 'on-record');
    const silent = await seen(({ checks }) => checks !== undefined);
    assert.deepEqual(
      silent.checks?.checks.map(({ of, state }) => [of, state]),
      [['api', 'unknown']],
    );
    const undo = lab.change('nodes', 'master-1', (node) => {
      const { status } = node as unknown as { status: { conditions: { type: string; status: string }[] } };
      for (const each of status.conditions) if (each.type === 'Ready') each.status = 'False';
    });
    back();
    await seen(({ checks }) =>
      (checks?.checks ?? []).some((each) => each.of === 'nodes' && each.state === 'not-yet'),
    );
    undo();
    const { end, api } = await seen((room) => room.end !== undefined);
    await watch.stop();
    assert.deepEqual([end?.kind, api?.answers], ['finished', true]);
    const notices = await here.notices();
    assert.deepEqual(
      notices.flatMap((notice) => (notice.kind === 'restore-seen' ? [notice.answers] : [])),
      [true],
    );
    assert.equal(activePause(await lab.records.watch(cluster), lab.clock.now()), undefined);
    assert.equal((await lab.records.auditLines(here.runId)).at(-1)?.detail.what, 'finished');
  });

  it('says when its backup was restored: one that was taken since is not marked without a question', async () => {
    await using here = await openRoomLab();
    const { lab, runId } = here;
    const room = await here.open();
    const restored = () =>
      lab.backups.restored(lab.asked(who.approver), { cluster, from: runId, at: undefined });
    const restoring = room.steps.findIndex(({ kind }) => kind === 'restore') + 1;
    for (let step = 1; step <= restoring; step += 1) assert.equal(await here.say(room, step), 'on-record');
    assert.equal((await restored()).outcome, 'confirm-needed', 'so far none was taken since');
    const startedAt = lab.clock.now();
    const later = aBackup({ copies: [snapshotCopy, resourcesCopy] });
    await lab.records.importRun({ ...later, id: 'r-since222', startedAt, finishedAt: startedAt }, []);
    const asks = await restored();
    assert(asks.outcome === 'at-missing', asks.outcome);
    const { steps } = await here.room(room.id);
    assert.deepEqual(asks.doubt, { kind: 'room', at: steps[restoring - 1]?.end?.at, runId: 'r-since222' });
  });
});
