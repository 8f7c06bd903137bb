import assert from 'node:assert/strict';
import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parseManifest } from '../../../src/catalog/manifest-schema.ts';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import { verdictOf } from '../../../src/domain/run/drill-outcome.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { failUnexpectedly } from '../../../src/workflow/backup/fail-unexpectedly.ts';
import type { Drill } from '../../../src/workflow/ports/drill-ports.ts';
import { type SeatHolder, seatOf } from '../../../src/workflow/ports/drill-seat.ts';
import { removeDeadSessions } from '../../../src/workflow/session/leftovers.ts';
import { type DrillRoom, openDrillRoom } from '../../support/drill-room.ts';
import { hungMount, placeOnMount } from '../../support/hung-mount.ts';
import { labDrill } from '../../support/lab-drill.ts';
import { until, who } from '../../support/workflow-lab.ts';

const other: SeatHolder = { runId: 'r-00000000', cluster: 'prod-west', since: 0 };
const hourMs = 3_600_000;

interface Queue extends DrillRoom {
  /** Ends the drill of the other run. */
  readonly leave: () => void;
  /** Fetches as the bot does, with its own words for what goes wrong. */
  readonly fetch: Drill['fetch'];
  drills(): number;
}

/** A room in which the drill of another run is being made. */
async function openQueue(
  t: TestContext,
  options: { readonly encrypted?: boolean; readonly policy?: Partial<ClusterPolicy> } = {},
  restore: Drill['restore'] = async () => ({ ok: true, revision: 61, keys: 60 }),
): Promise<Queue> {
  const room = await openDrillRoom(t, { '3.5': '/nowhere' }, options);
  let drills = 0;
  const { fetch } = room.off.drill;
  const drill = labDrill(() => assert.fail());
  room.off.drill = {
    ...drill,
    restore(...given) {
      drills += 1;
      return restore(...given);
    },
  };
  const leave = seatOf(room.off.drill).tryTake(other) ?? assert.fail();
  return { ...room, leave, fetch, drills: () => drills };
}

/** So much later, what is due then. */
async function later({ lab }: DrillRoom, ms = 60_000): Promise<BackupRun | undefined> {
  lab.clock.forward(ms);
  return lab.turn();
}

async function entries({ lab }: DrillRoom, run: BackupRun): Promise<readonly string[]> {
  return (await lab.notices(run.id)).flatMap((each) => (each.kind === 'thread' ? [each.entry.type] : []));
}

async function manifestDrill(run: BackupRun) {
  const [copy] = run.success?.copies ?? [];
  const beside = path.dirname(copy?.location ?? assert.fail());
  return parseManifest(await readFile(path.join(beside, 'manifest.json'), 'utf8')).drill;
}

describe('the drill of a run that finds another one being made', { timeout: 400_000, concurrency: 2 }, () => {
  it('says so once and lets the run end: its cluster is free, and the drill is made when the other is over', async (t) => {
    const queue = await openQueue(t);
    const run = await queue.done();
    assert.equal(run.success?.drill, undefined);
    const said = (await queue.lab.notices(run.id)).flatMap((each) =>
      each.kind === 'thread' ? [each.entry] : [],
    );
    const waits = said.filter((each) => each.type === 'drill-waits');
    assert.deepEqual(
      waits.map(({ ofRun, cluster }) => [ofRun, cluster]),
      [[other.runId, other.cluster]],
    );
    assert.equal(said.filter(({ type }) => type === 'restore-files').length, 1);
    assert.equal(await queue.lab.turn(), undefined, 'it is not asked for without pause');

    const next = await queue.lab.waiting();
    assert.equal(next.status, 'waiting', 'the cluster takes the next backup');
    await queue.lab.tidy();
    assert.equal((await later(queue))?.id, run.id);
    assert.equal((await later(queue))?.id, run.id);
    assert.deepEqual(await entries(queue, run), [], 'it waits in silence');
    assert.equal(queue.drills(), 0);

    queue.leave();
    const drilled = (await later(queue)) ?? assert.fail();
    assert.ok(drilled.success?.drill?.ok);
    assert.equal(drilled.success.drillWait, undefined);
    assert.equal(drilled.success.drillBegunAt, undefined);
    assert.equal((await manifestDrill(drilled))?.ok, true);
    assert.deepEqual(await entries(queue, run), ['drill']);
    assert.ok((await queue.lab.actions(run.id)).includes('drilled'));
    assert.equal(await later(queue), undefined);
    assert.equal(queue.drills(), 1);
    assert.equal(seatOf(queue.off.drill).holder(), undefined);
  });

  it('removes no old backup before it is known whether this one restores', async (t) => {
    const rules = { newest: 1, daily: 0, weekly: 0, newestOfEachZStream: 0 };
    const queue = await openQueue(t, { policy: { retention: { snapshot: rules } as never } });
    const run = await queue.done();
    assert.equal(run.success?.retention, undefined);
    queue.leave();
    const drilled = await later(queue);
    assert.deepEqual([drilled?.success?.drill?.ok, drilled?.success?.retention?.dueAt], [true, 0]);
  });

  it('whose snapshot only the node has fetches it when its turn has come: the directory stays until then', async (t) => {
    const queue = await openQueue(t, { encrypted: true, policy: { keepOnNode: 0 } });
    const run = await queue.done();
    assert.equal(queue.lab.sessionPods().length, 0);
    assert.equal(run.success?.onNode, 'kept');
    assert.equal(run.success?.drill, undefined);
    queue.leave();
    const drilled = await later(queue);
    assert.ok(drilled?.success?.drill?.ok, JSON.stringify(drilled?.success?.drill));
    assert.equal(queue.lab.sessionPods().length, 0);
    assert.deepEqual(await entries(queue, run).then((all) => all.filter((each) => /drill/.test(each))), [
      'drill-waits',
      'drill',
    ]);
  });

  it('and whose node cannot be reached then is tried again in rarer rounds, and in the end not made', async (t) => {
    const queue = await openQueue(t, { encrypted: true });
    const run = await queue.done();
    queue.leave();
    queue.lab.lab.cluster.faults.add({
      match: ({ resource, verb }) => resource === 'pods' && verb === 'create',
      kind: 'status',
      code: 403,
    });
    let rounds = 0;
    for (let now = await later(queue); now; now = await later(queue, 24 * hourMs)) rounds += 1;
    const { success } = await queue.lab.run(run.id);
    assert.ok(rounds > 2, String(rounds));
    assert.ok(success?.drill && !success.drill.ok);
    assert.deepEqual([success.drill.failure?.kind, verdictOf(success.drill)], ['not-fetched', 'not-made']);
    assert.equal(success.drillWait, undefined);
  });

  it('and does not come whole from the node is tried again: the next backup may have taken the session', async (t) => {
    const queue = await openQueue(t, { encrypted: true });
    const run = await queue.done();
    queue.leave();
    const { drill } = queue.off;
    let fetches = 0;
    queue.off.drill = {
      ...drill,
      async fetch(...given) {
        fetches += 1;
        if (fetches > 1) return drill.fetch(...given);
        return { ok: false, failure: { kind: 'not-fetched', detail: 'the session pod is gone' } };
      },
    };
    const first = await later(queue);
    assert.equal(first?.success?.drill, undefined);
    assert.deepEqual([first?.success?.drillWait?.tries, first?.success?.drillBegunAt], [1, undefined]);
    assert.equal(queue.lab.sessionPods().length, 0);
    assert.equal(seatOf(queue.off.drill).holder(), undefined);
    const drilled = await later(queue, hourMs);
    assert.equal(drilled?.id, run.id);
    assert.ok(drilled.success?.drill?.ok, JSON.stringify(drilled.success?.drill));
  });

  it('is not made again when its process was killed over it', async (t) => {
    const queue = await openQueue(t, {}, () => {
      throw new Error('as if the process was killed here');
    });
    await queue.done();
    queue.leave();
    await assert.rejects(later(queue), /as if the process was killed/);
    // A lease runs out for those who watch it, in two looks.
    const taken = [await later(queue, 700_000), await later(queue, 700_000), await later(queue, 700_000)];
    const run = taken.find((each) => each !== undefined);
    assert.ok(run?.success?.drill && !run.success.drill.ok);
    assert.deepEqual([run.success.drill.failure?.kind, run.success.drillWait], ['process-ended', undefined]);
    assert.equal(queue.drills(), 1);
  });

  it('ends as not made after an unexpected error, so that it is not due for ever', async (t) => {
    const queue = await openQueue(t);
    const run = await queue.done();
    const { lab } = queue;
    lab.clock.forward(60_000);
    const times = { now: lab.clock.now(), monotonic: lab.clock.monotonic() };
    const claim = (await lab.records.claim({ owner: 'x', ...times, leaseMs: 1_000 })) ?? assert.fail();
    await failUnexpectedly(lab.deps, claim, undefined, new Error('its cluster left the configuration'));
    const { success } = await lab.run(run.id);
    assert.ok(success?.drill && !success.drill.ok);
    assert.deepEqual([success.drill.failure?.kind, success.drillWait], ['not-run', undefined]);
  });

  it('ends so, too, where a clock that was set back since makes it due', async (t) => {
    const queue = await openQueue(t);
    const run = await queue.done();
    const { lab } = queue;
    lab.clock.jump(-24 * hourMs);
    const times = { now: lab.clock.now(), monotonic: lab.clock.monotonic() };
    const claim = (await lab.records.claim({ owner: 'x', ...times, leaseMs: 1_000 })) ?? assert.fail();
    await failUnexpectedly(lab.deps, claim, undefined, new Error('its cluster left the configuration'));
    assert.equal((await lab.run(run.id)).success?.drillWait, undefined);
  });

  it('is not made any more when a person had it made meanwhile', async (t) => {
    const queue = await openQueue(t);
    const run = await queue.done();
    queue.leave();
    const asked = queue.lab.asked(who.requester);
    assert.equal((await queue.lab.backups.drill(asked, { runId: run.id })).outcome, 'drilled');
    const drilled = await later(queue);
    assert.deepEqual([drilled?.success?.drill?.ok, drilled?.success?.drillWait], [true, undefined]);
    assert.equal(queue.drills(), 1);
  });
});

describe('the drill of a run that waited', { timeout: 400_000, concurrency: 2 }, () => {
  it('and whose copy’s mount hangs now gives its turn back, says why, and is tried again in rarer rounds', async (t) => {
    const rules = { newest: 1, daily: 0, weekly: 0, newestOfEachZStream: 0 };
    const queue = await openQueue(t, { policy: { retention: { snapshot: rules } as never } });
    const run = await queue.done();
    queue.leave();
    const mount = hungMount(t);
    const { destinations } = queue.off;
    const hung = placeOnMount(mount, destinations.get('snapshot').label, 'snapshot');
    queue.off.destinations = { get: (name) => (name === 'snapshot' ? hung : destinations.get(name)) };
    queue.off.drill = { ...queue.off.drill, fetch: queue.fetch };
    mount.hang();
    const waits = await later(queue);
    const { drill, drillWait, drillBegunAt } = waits?.success ?? {};
    assert.deepEqual([drill, drillBegunAt, drillWait?.tries], [undefined, undefined, 1]);
    assert.equal(drillWait?.away?.destination, 'snapshot');
    assert.match(drillWait.away.detail, /did not answer|does not answer/);
    assert.equal(seatOf(queue.off.drill).holder(), undefined, 'other drills have their turn');
    const copy = waits?.success?.copies?.find(({ file }) => file === 'snapshot');
    assert.ok(copy?.provenAt && !copy.failure, 'nothing was learned of the copy');

    await mount.letGo();
    const drilled = await later(queue, hourMs);
    assert.equal(drilled?.id, run.id);
    assert.ok(drilled.success?.drill?.ok, JSON.stringify(drilled.success?.drill));
    assert.equal(drilled.success.retention?.dueAt, 0);
  });

  it('and whose place stays away is in the end not made, so that old backups are removed again', async (t) => {
    const queue = await openQueue(t);
    const run = await queue.done();
    queue.leave();
    const mount = queue.off.destinations.get('snapshot').label;
    await rename(mount, `${mount}.volume`);
    await mkdir(mount);
    let rounds = 0;
    for (let now = await later(queue); now; now = await later(queue, 24 * hourMs)) rounds += 1;
    const { success } = await queue.lab.run(run.id);
    assert.ok(rounds > 2, String(rounds));
    assert.ok(success?.drill && !success.drill.ok);
    assert.deepEqual(
      [success.drill.failure?.kind, verdictOf(success.drill)],
      ['not-known-place', 'not-made'],
    );
    assert.equal(success.drillWait, undefined);
  });

  it('keeps its session while the bot, just started, looks for pods of runs that are over', async (t) => {
    const queue = await openQueue(t, { encrypted: true });
    await queue.done();
    queue.leave();
    const { drill } = queue.off;
    queue.off.drill = {
      ...drill,
      async fetch(...given) {
        await removeDeadSessions(queue.lab.deps, new AbortController().signal);
        assert.equal(queue.lab.sessionPods().length, 1, 'its pod is no leftover');
        return drill.fetch(...given);
      },
    };
    const drilled = await later(queue);
    assert.ok(drilled?.success?.drill?.ok, JSON.stringify(drilled?.success));
    assert.equal(queue.lab.sessionPods().length, 0);
  });

  it('removes the pod that a process which was killed over it had opened', async (t) => {
    const queue = await openQueue(t, { encrypted: true });
    const run = await queue.done();
    queue.leave();
    const { lab } = queue;
    const request = { runId: run.id, node: run.plan?.node ?? '', image: run.plan?.sessionImage ?? '' };
    const cluster = lab.deps.fleet.cluster(run.cluster) ?? assert.fail();
    await lab.deps.sessions.open(cluster, request, new AbortController().signal);
    assert.equal(lab.sessionPods().length, 1);
    await lab.records.decide({
      runId: run.id,
      deliveryId: 'begun',
      now: lab.clock.now(),
      decision: ({ success }) => ({
        set: { success: success && { ...success, drillBegunAt: lab.clock.now() } },
        audit: [],
        notices: [],
      }),
    });
    const ended = await later(queue);
    assert.ok(ended?.success?.drill && !ended.success.drill.ok);
    assert.equal(ended.success.drill.failure?.kind, 'process-ended');
    assert.equal(lab.sessionPods().length, 0);
  });

  it('goes on waiting after an error in copies that are due together with it', async (t) => {
    const queue = await openQueue(t);
    const run = await queue.done();
    const { lab } = queue;
    const now = lab.clock.now();
    await lab.records.decide({
      runId: run.id,
      deliveryId: 'due',
      now,
      decision: ({ success }) => ({
        set: {
          success: success && {
            ...success,
            copies: success.copies?.map((copy) => ({ ...copy, provenAt: undefined, nextTryAt: now })) ?? [],
          },
        },
        audit: [],
        notices: [],
      }),
    });
    lab.clock.forward(60_000);
    const times = { now: lab.clock.now(), monotonic: lab.clock.monotonic() };
    const claim = (await lab.records.claim({ owner: 'x', ...times, leaseMs: 1_000 })) ?? assert.fail();
    await failUnexpectedly(lab.deps, claim, lab.deps.fleet.cluster(run.cluster), new Error('a mistake'));
    const { success } = await lab.run(run.id);
    assert.equal(success?.drill, undefined, 'nothing was tried of the drill');
    assert.ok(success?.drillWait);
    assert.deepEqual([...new Set(success?.copies?.map(({ failure }) => failure?.kind))], ['internal']);
  });
});

describe('the drill that a person asks for while another one is made', {
  timeout: 120_000,
  concurrency: 2,
}, () => {
  it('waits, says for which one, and is made when that is over; asked for again, it waits already', async (t) => {
    const queue = await openQueue(t, { policy: { drill: false } });
    const run = await queue.done();
    const heard: unknown[] = [];
    const ask = () =>
      queue.lab.backups.drill(queue.lab.asked(who.requester), {
        runId: run.id,
        waitsFor: (holder) => heard.push(holder),
      });
    const first = ask();
    await until(async () => heard.length > 0);
    assert.deepEqual(heard, [other]);
    const second = await ask();
    assert.deepEqual([second.outcome, 'holder' in second && second.holder], ['drill-waits-already', other]);
    assert.equal(queue.drills(), 0);
    queue.leave();
    const answer = await first;
    assert.ok(answer.outcome === 'drilled' && answer.drill.ok, answer.outcome);
    assert.equal(heard.length, 1);
    assert.deepEqual(await entries(queue, run).then((all) => all.filter((each) => each === 'drill')), [
      'drill',
    ]);
    assert.equal(queue.drills(), 1);
  });

  it('waits already where the run’s own drill does', async (t) => {
    const queue = await openQueue(t);
    const run = await queue.done();
    const answer = await queue.lab.backups.drill(queue.lab.asked(who.requester), { runId: run.id });
    assert.equal(answer.outcome, 'drill-waits-already');
  });

  it('is looked at again when its turn has come', async (t) => {
    const queue = await openQueue(t, { policy: { drill: false } });
    const run = await queue.done();
    const heard = Promise.withResolvers<void>();
    const asked = queue.lab.asked(who.requester);
    const waiting = queue.lab.backups.drill(asked, { runId: run.id, waitsFor: () => heard.resolve() });
    await heard.promise;
    queue.off.drill = { ...queue.off.drill, tools: { sets: [], problems: [] } };
    queue.leave();
    const answer = await waiting;
    assert.equal(answer.outcome, 'no-etcd-tools');
    assert.equal(queue.drills(), 0);
  });

  it('is not made when its turn does not come within an hour, and takes no turn later', async (t) => {
    const queue = await openQueue(t, { policy: { drill: false } });
    const run = await queue.done();
    const { deps, clock } = queue.lab;
    const hour = Promise.withResolvers<void>();
    const backups = createBackups({
      ...deps,
      clock: {
        ...clock,
        sleep: (ms, signal) => (ms === hourMs ? hour.promise : clock.sleep(ms, signal)),
      },
    });
    const asked = queue.lab.asked(who.requester);
    const answer = await backups.drill(asked, { runId: run.id, waitsFor: () => hour.resolve() });
    assert.deepEqual([answer.outcome, 'holder' in answer && answer.holder], ['drill-waited-in-vain', other]);
    const seat = seatOf(queue.off.drill);
    assert.equal(seat.isAwaitedFor(run.id), false);
    queue.leave();
    assert.equal(seat.holder(), undefined);
    assert.equal(queue.drills(), 0);
  });
});
