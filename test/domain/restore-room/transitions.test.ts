import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openRoom } from '../../../src/domain/restore-room/open-room.ts';
import { clusterOfRoom, isStepOpen, type RestoreRoom } from '../../../src/domain/restore-room/room.ts';
import type { RoomCheck } from '../../../src/domain/restore-room/room-checks.ts';
import {
  doneStep,
  failStep,
  helpAlong,
  sawApi,
  sawChecks,
  skipStep,
  stopRoom,
  takeStep,
} from '../../../src/domain/restore-room/transitions.ts';
import { anotherManifest, startedAt } from '../../support/manifests.ts';
import {
  anna,
  aRoom,
  bora,
  changed,
  doneUntil,
  numberOf,
  openedAt,
  opening,
  planFor,
  refusal,
} from '../../support/rooms.ts';

const now = openedAt + 60_000;
const said = { by: anna, now };
const openSteps = ({ steps }: RestoreRoom) =>
  steps.flatMap((step, index) => (isStepOpen(step) ? [index + 1] : []));
const kinds = (change: { readonly notices: readonly { readonly kind: string }[] }) =>
  change.notices.map((notice) => ('step' in notice ? `${notice.kind} ${notice.step}` : notice.kind));
const allDone = () => {
  const room = aRoom();
  return doneUntil(room, room.steps.length + 1);
};
const well: readonly RoomCheck[] = [
  { of: 'api', state: 'well' },
  { of: 'nodes', state: 'well', count: 3 },
];

describe('a restore room', () => {
  it('has the steps of the plan with their commands and words, and shows the first one', () => {
    const { room, audit, notices } = openRoom(opening());
    const plan = planFor();
    assert.deepEqual(
      room.steps.map(({ kind, commands }) => [kind, commands]),
      plan.steps.map(({ kind, commands }) => [kind, commands]),
    );
    assert(room.steps.every(({ text }) => text.title !== '' && text.wayBack !== ''));
    assert.deepEqual(openSteps(room), [1]);
    assert.deepEqual(kinds({ notices }), ['restore-room', 'restore-step 1', 'restore-commands 1']);
    assert.deepEqual(
      audit.map(({ action, detail }) => [action, detail.what, detail.room]),
      [['restore-room', 'opened', room.id]],
    );
    assert.equal(clusterOfRoom(room.id), 'prod-east');
    assert.deepEqual(room.paper.locations, [
      {
        path: '/srv/backups/etcd/prod-east/2026-11-23T061444Z-4.16.8-r-abcdefgh/RESTORE.md',
        where: 'NFS export nas-1.example.com:/srv/etcd-backups',
      },
      { path: 's3://etcd-keys/prod-east/2026-11-23T061444Z-4.16.8-r-abcdefgh/RESTORE.md' },
    ]);
  });

  it('refuses a plan whose words are missing', () => {
    assert.throws(() => openRoom({ ...opening(), texts: [] }), /has no words/);
  });

  it('shows the next step when the one before is done or skipped, and each only once', () => {
    const one = changed(doneStep(aRoom(), 1, said));
    assert.deepEqual(openSteps(one.room), [2]);
    assert.deepEqual(one.room.steps[0]?.end, { kind: 'done', by: anna, at: now });
    assert.deepEqual(kinds(one), ['restore-room', 'restore-step 1', 'restore-step 2', 'restore-commands 2']);
    const two = changed(skipStep(one.room, 2, { ...said, reason: 'is there already' }));
    assert.deepEqual(openSteps(two.room), [3]);
    assert.equal(two.audit[0]?.detail.reason, 'is there already');
    assert.deepEqual(two.audit[0]?.actor, { kind: 'person', ...anna });
  });

  it('takes a double click, and two people who click at once, for one', () => {
    const { room } = changed(doneStep(aRoom(), 1, said));
    assert.equal(refusal(doneStep(room, 1, said)), 'step-settled');
    assert.equal(refusal(doneStep(room, 1, { by: bora, now })), 'step-settled');
    assert.equal(refusal(skipStep(room, 1, { by: bora, now, reason: 'x' })), 'step-settled');
    assert.equal(refusal(failStep(room, 1, said)), 'step-settled');
    assert.equal(refusal(takeStep(room, 1, said)), 'step-settled');
  });

  it('knows no step that was not shown', () => {
    for (const step of [0, 2, 99, 1.5, -1])
      assert.equal(refusal(doneStep(aRoom(), step, said)), 'no-such-step');
  });

  it('lets only the person who does a step speak for it, until another one takes it over', () => {
    const held = changed(takeStep(aRoom(), 1, said)).room;
    assert.deepEqual(held.steps[0]?.holder, { by: anna, at: now });
    assert.equal(refusal(takeStep(held, 1, said)), 'step-yours');
    const others = { by: bora, now: now + 1 };
    for (const decision of [
      doneStep(held, 1, others),
      failStep(held, 1, others),
      skipStep(held, 1, { ...others, reason: 'x' }),
    ])
      assert.equal(refusal(decision), 'step-held');
    const over = changed(takeStep(held, 1, others));
    assert.equal(over.audit[0]?.detail.from, 'anna');
    assert.equal(refusal(doneStep(over.room, 1, said)), 'step-held');
    changed(doneStep(over.room, 1, others));
  });

  it('takes two Slack accounts of one cluster user for one person', () => {
    const held = changed(takeStep(aRoom(), 1, said)).room;
    changed(doneStep(held, 1, { by: { ...anna, slackUser: 'U0OTHER' }, now }));
  });

  it('keeps a step open that failed, with every time that it did; it can be done afterwards', () => {
    const once = changed(failStep(aRoom(), 1, said));
    assert.deepEqual(openSteps(once.room), [1]);
    assert.deepEqual(once.room.steps[0]?.holder, { by: anna, at: now });
    const twice = changed(failStep(once.room, 1, { ...said, now: now + 5 }));
    assert.deepEqual(
      twice.room.steps[0]?.failures.map(({ at }) => at),
      [now, now + 5],
    );
    assert.equal(twice.audit[0]?.detail.times, '2');
    assert.deepEqual(openSteps(changed(doneStep(twice.room, 1, said)).room), [2]);
  });

  it('opens for a second person the next step that needs none of the open ones', () => {
    const room = aRoom();
    const host = numberOf(room, 'recovery-host');
    const helped = changed(helpAlong(room, { by: bora, now }));
    assert.deepEqual(openSteps(helped.room), [1, host]);
    assert.deepEqual(helped.room.steps[host - 1]?.holder, { by: bora, at: now });
    assert(kinds(helped).includes('restore-step 1'), 'the button on the open step may have to go');
    assert.equal(refusal(helpAlong(helped.room, { by: bora, now })), 'nothing-meanwhile');
    // With the directory there, both files can be fetched side by side.
    const fetching = changed(doneStep(helped.room, 1, said)).room;
    assert.deepEqual(openSteps(fetching), [2, host]);
    assert.deepEqual(openSteps(changed(helpAlong(fetching, said)).room), [2, 3, host]);
    // A step that was done out of turn is not shown again.
    const ahead = changed(doneStep(fetching, host, { by: bora, now })).room;
    assert.deepEqual(openSteps(doneRest(ahead, host)), [host + 1]);
  });

  it('lets nothing that changes the cluster begin out of turn', () => {
    for (const [zStream, topology] of [
      ['4.9.5', 'HighlyAvailable'],
      ['4.16.8', 'HighlyAvailable'],
      ['4.16.8', 'SingleReplica'],
      ['4.20.5', 'HighlyAvailable'],
      ['4.22.1', 'DualReplica'],
    ] as const) {
      let room = aRoom(anotherManifest({ runId: 'r-abcdefgh', zStream, topology }));
      for (;;) {
        const help = helpAlong(room, { by: bora, now });
        if ('refusal' in help) {
          const next = openSteps(room)[0];
          if (next === undefined) break;
          room = changed(doneStep(room, next, { by: room.steps[next - 1]?.holder?.by ?? anna, now })).room;
          continue;
        }
        const opened = openSteps(help.room).filter((step) => !openSteps(room).includes(step));
        for (const step of opened)
          assert(['fetch', 'check'].includes(help.room.steps[step - 1]?.phase ?? ''), `${zStream} ${step}`);
        room = help.room;
      }
      assert(room.steps.every(({ end }) => end?.kind === 'done'));
    }
  });

  it('can be stopped at any time, once; then nothing in it can be changed', () => {
    const over = changed(stopRoom(doneUntil(aRoom(), 4), { by: bora, now }));
    assert.deepEqual(over.room.end, { kind: 'stopped', by: bora, at: now });
    assert.deepEqual(kinds(over), ['restore-room', 'restore-step 4'], 'no button outlasts it');
    assert.equal(over.audit[0]?.detail.unsettled, String(over.room.steps.length - 3));
    const { room } = over;
    for (const decision of [
      stopRoom(room, said),
      doneStep(room, 4, said),
      failStep(room, 4, said),
      takeStep(room, 4, said),
      skipStep(room, 4, { ...said, reason: 'x' }),
      helpAlong(room, said),
    ])
      assert.equal(refusal(decision), 'room-over');
    assert.equal(sawApi(room, true, now), undefined);
    assert.equal(sawChecks(room, well, now), undefined);
  });
});

describe('what the bot sees itself', () => {
  it('is said when the API comes or goes, and once; that it is down at first is no news', () => {
    const down = sawApi(aRoom(), false, now);
    assert(down);
    assert.deepEqual(kinds(down), ['restore-room']);
    assert.equal(sawApi(down.room, false, now + 1), undefined);
    const up = sawApi(down.room, true, now + 2);
    assert(up);
    assert.deepEqual(kinds(up), ['restore-room', 'restore-seen']);
    assert.deepEqual(up.room.api, { answers: true, at: now + 2 });
  });

  it('is looked at only when every step is settled, and ends the room when all is well', () => {
    assert.equal(sawChecks(doneUntil(aRoom(), 5), well, now), undefined);
    const last = doneUntil(aRoom(), aRoom().steps.length);
    const settled = changed(doneStep(last, last.steps.length, said));
    assert(kinds(settled).includes('restore-checks'));
    const over = sawChecks(settled.room, well, now);
    assert(over);
    assert.deepEqual(over.room.end, { kind: 'finished', at: now });
    assert.deepEqual(over.audit[0]?.actor, { kind: 'bot' });
  });

  it('leaves the room open while something is not well, and says the same once', () => {
    const room = allDone();
    const silent: readonly RoomCheck[] = [
      { of: 'api', state: 'unknown', why: { reason: 'unreachable', detail: 'port 41' } },
    ];
    const first = sawChecks(room, silent, now);
    assert(first);
    assert.equal(first.room.end, undefined);
    const again: readonly RoomCheck[] = [
      { of: 'api', state: 'unknown', why: { reason: 'unreachable', detail: 'port 42' } },
    ];
    assert.equal(sawChecks(first.room, again, now + 1), undefined);
    const waiting: readonly RoomCheck[] = [
      { of: 'api', state: 'well' },
      { of: 'nodes', state: 'not-yet', names: ['master-1'], count: 3 },
    ];
    assert.equal(sawChecks(first.room, waiting, now + 2)?.room.end, undefined);
  });
});

/** Every step before `step` that is not settled yet. */
function doneRest(room: RestoreRoom, step: number): RestoreRoom {
  return room.steps.slice(0, step).reduce((last, { end }, index) => {
    if (end) return last;
    return changed(doneStep(last, index + 1, { by: last.steps[index]?.holder?.by ?? anna, now })).room;
  }, room);
}

it('an id of a room names its cluster, and nothing else is one', () => {
  for (const [id, cluster] of [
    [`prod/restore@${startedAt}`, 'prod'],
    ['a/restore@b/restore@7', 'a/restore@b'],
  ] as const)
    assert.equal(clusterOfRoom(id), cluster);
  for (const id of [
    '',
    'prod',
    '/restore@7',
    'prod/restore@',
    'prod/restore@x',
    'prod/restore@07',
    'prod/pause@7',
  ])
    assert.equal(clusterOfRoom(id), undefined, id);
});
