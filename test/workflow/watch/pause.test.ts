import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activePause, openPause } from '../../../src/domain/policy/pause.ts';
import { readinessNow } from '../../../src/workflow/answers/readiness.ts';
import { recordObservation } from '../../../src/workflow/watch/record-observation.ts';
import { hourMs, openWatchLab, type WatchLab } from '../../support/watch-lab.ts';
import { who } from '../../support/workflow-lab.ts';

const timeout = 300_000;
const cluster = 'prod-east';
const wish = { cluster, until: '3d', reason: 'moves to the new rack' };
const options = { policy: { owners: [who.viewer] } };

/** One look of the watch, with the whole reading that a reminder waits for. */
async function look(watch: WatchLab) {
  const { policy } = watch.lab.lab;
  const reading = await watch.deps.clusters.version(policy);
  return recordObservation(watch.deps, policy, { reading });
}

describe('a pause', { timeout }, () => {
  it('by an owner: on record, shown everywhere, no reminder, no readiness, a warning on the card; and it ends by itself', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked, clock, records } = watch.lab;
    const delivery = asked(who.viewer);
    const answer = await backups.pause(delivery, wish);
    assert.equal(answer.outcome, 'paused', JSON.stringify(answer));
    assert.equal((await backups.pause(delivery, wish)).outcome, 'duplicate');
    const id = 'pause' in answer ? answer.pause.id : '';
    assert.deepEqual(await watch.notices(), [{ kind: 'pause', id }]);

    assert.equal((await look(watch))?.reminder, undefined);
    const board = await backups.board(asked(who.requester));
    assert.equal(board.outcome === 'board' && board.rows[0]?.pause?.reason, wish.reason);
    for (const question of ['status', 'list'] as const) {
      const runs = await backups[question](asked(who.requester), { cluster });
      assert.equal(runs.outcome === 'runs' && runs.notes?.[0]?.pause?.by.slackUser, who.viewer);
    }
    const ready = await readinessNow({ ...watch.deps, records }, watch.lab.lab.policy);
    assert.deepEqual([ready.ready, ready.reasons.map(({ kind }) => kind)], [false, ['paused', 'no-backup']]);
    const run = await watch.lab.waiting();
    assert.equal(run.status, 'waiting');
    const warning = run.findings.find(({ code }) => code === 'cluster.paused');
    assert.deepEqual(
      [warning?.outcome, warning?.params],
      ['warning', { by: who.viewer, until: 'pause' in answer ? answer.pause.until : 0, reason: wish.reason }],
    );
    await watch.lab.tidy();

    clock.forward(72 * hourMs + 1_000);
    const after = await look(watch);
    assert.equal(activePause(after, clock.now()), undefined);
    assert.equal(after?.reminder?.to.version, '4.16.8', 'it begins from the state that it finds');
    const notified = (await watch.notices()).filter(({ kind }) => kind === 'private');
    assert.equal(notified.length, 1);
    assert.deepEqual(await watch.events(), ['paused', 'first-seen', 'pause-ended']);
  });

  it('of a cluster that others back up: the answers know it', async () => {
    await using watch = await openWatchLab({ policy: { ...options.policy, backedUpBy: 'OADP' } });
    const { backups, asked } = watch.lab;
    const paused = await backups.pause(asked(who.viewer), wish);
    assert.deepEqual([paused.outcome, 'elsewhere' in paused && paused.elsewhere], ['paused', true]);
    const resumed = await backups.resume(asked(who.viewer), { cluster });
    assert.deepEqual([resumed.outcome, 'elsewhere' in resumed && resumed.elsewhere], ['resumed', true]);
  });

  it('typed with the cluster’s name alone, a decision asks what is meant where a backup waits as well', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked, clock } = watch.lab;
    const typed = () =>
      backups.decidePause(asked(who.approver), { cluster, id: undefined, decision: 'approve' });
    const run = await watch.lab.waiting();
    const which = { outcome: 'which-request', cluster, decision: 'approve', runId: run.id } as const;
    assert.deepEqual(await typed(), { ...which, pauses: 0 });
    assert.equal((await backups.pause(asked(who.requester), wish)).outcome, 'pause-asked');
    assert.deepEqual(await typed(), { ...which, pauses: 1 });
    assert.equal(activePause(await watch.state(), clock.now()), undefined, 'nothing was decided');
    await watch.lab.tidy();
    assert.equal((await typed()).outcome, 'paused');
    // One to end it, and a new one beside it.
    assert.equal((await backups.resume(asked(who.deputy), { cluster })).outcome, 'resume-asked');
    assert.equal((await backups.pause(asked(who.deputy), wish)).outcome, 'pause-asked');
    assert.deepEqual(await typed(), { ...which, runId: undefined, pauses: 2 });
  });

  it('by anybody else: a second person agrees, once, and not the same one', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked, clock } = watch.lab;
    const first = await backups.pause(asked(who.requester), wish);
    assert.equal(first.outcome, 'pause-asked', JSON.stringify(first));
    const id = 'pause' in first ? first.pause.id : undefined;
    assert.equal(activePause(await watch.state(), clock.now()), undefined);
    const say = (slackUser: string, decision: 'approve' | 'reject' = 'approve', of = id) =>
      backups.decidePause(asked(slackUser), { cluster, id: of, decision });
    assert.equal((await say(who.requester)).outcome, 'own-request');
    assert.equal((await say(who.approver, 'approve', 'another')).outcome, 'pause-over');
    assert.equal((await say(who.unmapped)).outcome, 'unknown-person');
    assert.equal((await say(who.approver)).outcome, 'paused');
    assert.equal(activePause(await watch.state(), clock.now())?.approvedBy?.slackUser, who.approver);
    assert.equal((await say(who.deputy)).outcome, 'pause-over');

    assert.equal((await backups.resume(asked(who.deputy), { cluster })).outcome, 'resume-asked');
    assert.equal((await say(who.deputy, 'approve', undefined)).outcome, 'own-request');
    assert.equal((await say(who.approver, 'reject', undefined)).outcome, 'pause-refused');
    assert.notEqual(activePause(await watch.state(), clock.now()), undefined);
    assert.equal((await backups.resume(asked(who.requester), { cluster })).outcome, 'resumed');
    assert.equal((await backups.resume(asked(who.requester), { cluster })).outcome, 'not-paused');
    assert.deepEqual(await watch.events(), [
      'pause-asked',
      'paused',
      'resume-asked',
      'resume-refused',
      'resumed',
    ]);
  });

  it('is not ended by one look of a clock far ahead, and is by a clock that stays there', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked, clock } = watch.lab;
    await backups.pause(asked(who.viewer), wish);
    await look(watch);
    clock.jump(400 * 24 * hourMs);
    const wrong = await look(watch);
    assert.deepEqual([openPause(wrong)?.end, wrong?.reminder], [undefined, undefined]);
    clock.set(0);
    assert.notEqual(activePause(await look(watch), clock.now()), undefined);
    clock.jump(400 * 24 * hourMs);
    await look(watch);
    clock.forward(61_000);
    assert.equal(openPause(await look(watch)), undefined);
    assert.deepEqual(
      (await watch.events()).filter((kind) => /pause/.test(kind)),
      ['paused', 'pause-ended'],
    );
  });

  it('that begins or ends while a run waits is shown on its card', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked, records } = watch.lab;
    const { id } = await watch.lab.waiting();
    const notified = async () =>
      (await records.run(id))?.findings.find(({ code }) => code === 'cluster.paused');
    assert.equal(await notified(), undefined);
    await backups.pause(asked(who.viewer), wish);
    const warning = await notified();
    assert.equal(warning?.outcome, 'warning');
    assert.equal(warning?.code === 'cluster.paused' && warning.params.reason, wish.reason);
    await backups.resume(asked(who.viewer), { cluster });
    assert.equal(await notified(), undefined);
    await watch.lab.tidy();
  });

  it('is not ended by a click on the message of an earlier one', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked, clock } = watch.lab;
    const idOf = (answer: Awaited<ReturnType<typeof backups.pause>>) =>
      'pause' in answer ? answer.pause.id : assert.fail(answer.outcome);
    const old = idOf(await backups.pause(asked(who.viewer), wish));
    clock.forward(1_000);
    const present = idOf(await backups.pause(asked(who.viewer), { ...wish, reason: 'the new rack burns' }));
    const answer = await backups.resume(asked(who.viewer), { cluster, id: old });
    assert.deepEqual([answer.outcome, idOf(answer)], ['other-pause', present]);
    assert.equal(activePause(await watch.state(), clock.now())?.id, present);
    assert.equal((await backups.resume(asked(who.viewer), { cluster, id: present })).outcome, 'resumed');
    assert.equal((await backups.resume(asked(who.viewer), { cluster, id: old })).outcome, 'not-paused');
    // Nor does it take a request back that waits for a second person.
    await backups.pause(asked(who.requester), wish);
    const click = await backups.resume(asked(who.requester), { cluster, id: old });
    assert.equal(click.outcome, 'not-paused');
    assert.notEqual(openPause(await watch.state()), undefined);
  });

  it('that is rejected says why, on its message and on record', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked } = watch.lab;
    await backups.pause(asked(who.requester), wish);
    const no = { cluster, id: undefined, decision: 'reject', reason: ' not before the audit ' } as const;
    const long = await backups.decidePause(asked(who.approver), { ...no, reason: 'x'.repeat(501) });
    assert.equal(long.outcome, 'reason-too-long');
    assert.equal((await backups.decidePause(asked(who.approver), no)).outcome, 'pause-refused');
    const end = (await watch.state())?.pauses?.[0]?.end;
    assert.equal(end?.kind === 'refused' && end.reason, 'not before the audit');
  });

  it('that waits for a second person cannot be approved when its time is over', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked, clock } = watch.lab;
    const first = await backups.pause(asked(who.requester), { ...wish, until: '5m' });
    assert.equal(first.outcome, 'pause-asked', JSON.stringify(first));
    // The message names the time at which it really expires.
    assert.equal('pause' in first && first.pause.expiresAt, 'pause' in first && first.pause.until);
    clock.forward(5 * 60_000);
    const late = await backups.decidePause(asked(who.approver), {
      cluster,
      id: undefined,
      decision: 'approve',
    });
    assert.equal(late.outcome, 'pause-over', JSON.stringify(late));
    assert.deepEqual(await watch.events(), ['pause-asked']);
  });

  it('says what it does not take, and changes nothing then', async () => {
    await using watch = await openWatchLab(options);
    const { backups, asked } = watch.lab;
    const outcome = async (change: Partial<{ cluster: string; until: string; reason: string }>) =>
      (await backups.pause(asked(who.viewer), { ...wish, ...change })).outcome;
    const bare = { cluster, until: undefined, reason: undefined };
    assert.equal((await backups.pause(asked(who.viewer), bare)).outcome, 'until-missing');
    assert.equal(await outcome({ until: 'tuesday' }), 'until-unreadable');
    assert.equal(await outcome({ until: '2020-01-01' }), 'until-past');
    assert.equal(await outcome({ until: '31d' }), 'until-too-far');
    assert.equal(await outcome({ reason: '  ' }), 'pause-reason-missing');
    assert.equal(await outcome({ reason: 'x'.repeat(501) }), 'reason-too-long');
    assert.equal(await outcome({ cluster: 'prod-eats' }), 'unknown-cluster');
    assert.equal(await watch.state(), undefined);
  });
});
