import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Outcome } from '../../../sandbox/slack/dispatch.ts';
import type { JsonObject } from '../../../sandbox/slack/json.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { actionIds } from '../../../src/slack/messages/kit/action-ids.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import { createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { aPlan } from '../../support/runs.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { aPolicy, fleetOf, type Installed, install } from '../installed-app.ts';

/** Two of them have a run that waits; the third is free. */
const clusters = ['prod-east', 'prod-west', 'prod-north'] as const;
/** `twin` is a second Slack account of the approver. */
const members = ['requester', 'approver', 'twin', 'viewer'] as const;
/**
 * `newcomer` is unknown to the configuration. `guest` and `foreign` are in it by mistake: whether Slack vouches for them is
 * asked after the delivery is on record, so that what they ask for may be there, unexamined and without effect.
 */
const strangers = ['foreign', 'guest', 'newcomer'] as const;
const buttons = ['approve', 'reject', 'cancel'] as const;

type Step =
  | { readonly do: 'type'; readonly who: string; readonly text: string }
  | {
      readonly do: 'click';
      readonly who: string;
      readonly button: (typeof buttons)[number];
      readonly run: number;
    }
  /** The requester takes back what was asked for last. */
  | { readonly do: 'take-back' }
  /** Slack delivers an envelope of before once more, as it was. */
  | { readonly do: 'redeliver'; readonly which: number; readonly times: number }
  /** A client shows an old message and its person clicks: a new delivery of an old interaction. */
  | { readonly do: 'stale'; readonly which: number; readonly forge: Forgery };

/** What somebody changed in an old interaction; Slack would not let most of it pass. */
type Forgery =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'action'; readonly actionId: string }
  | { readonly kind: 'team'; readonly team: string }
  | { readonly kind: 'user-team' }
  | { readonly kind: 'message'; readonly ts: string };

const who = fc.constantFrom(...members, ...strangers);
const index = fc.nat({ max: 20 });
const typed = fc.oneof(
  fc.constantFrom(...clusters, 'prod-eats', '').map((cluster) => `run ${cluster}`),
  fc
    .tuple(
      fc.constantFrom('approve', 'reject', 'cancel', 'show', 'audit'),
      fc.constantFrom('r-22222222', 'r-prop2345', ''),
    )
    .map((words) => words.join(' ')),
  fc.constantFrom('', 'help', 'status', 'list', 'run prod-east emergency="now"'),
  fc.string({ maxLength: 20 }),
);
const forgery: fc.Arbitrary<Forgery> = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.record({
    kind: fc.constant('value' as const),
    value: fc.oneof(
      fc.constantFrom(
        '',
        'r-prop2345',
        'r-prop2345.0',
        'r-prop2345.2',
        'r-prop2345.1',
        'r-west2345.1',
        'r-22222222.1',
      ),
      fc.string({ maxLength: 30 }),
    ),
  }),
  fc.record({
    kind: fc.constant('action' as const),
    actionId: fc.oneof(
      fc.constantFrom(...Object.values(actionIds), 'run-extend', '__proto__'),
      fc.string({ minLength: 1 }),
    ),
  }),
  fc.record({ kind: fc.constant('team' as const), team: fc.constantFrom('T0OTHER', '') }),
  fc.constant({ kind: 'user-team' } as const),
  fc.record({ kind: fc.constant('message' as const), ts: fc.constantFrom('', '1700000000.000100') }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ do: 'take-back' } as const) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('type' as const), who, text: typed }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      who,
      button: fc.constantFrom(...buttons),
      run: index,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('redeliver' as const),
      which: index,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stale' as const), which: index, forge: forgery }) },
);

/** What somebody's delivery may change. */
type May = 'anything' | 'nothing-that-counts' | 'nothing';

function mayDo(name: string): May {
  if ((members as readonly string[]).includes(name)) return 'anything';
  return name === 'newcomer' ? 'nothing' : 'nothing-that-counts';
}

/** The parts of a run that an interaction can change. */
const effectsOf = ({ id, status, votes, endedBy, endReason }: BackupRun) =>
  JSON.stringify({ id, status, votes, endedBy, endReason });

interface Scene extends AsyncDisposable {
  readonly app: Installed;
  readonly cards: readonly { readonly ts: string; readonly channel: string }[];
  play(step: Step): Promise<void>;
  settle(): Promise<void>;
}

/** The real Bolt app with the real workflow on real records, and two runs that wait for approval. */
async function openScene(mode: 'socket' | 'http'): Promise<Scene> {
  const app = await install({}, mode);
  const { workspace, records } = app;
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', note);
  const ids = new Map<string, string>([
    ['requester', app.requester],
    ['approver', app.approver],
    ['viewer', app.viewer],
  ]);
  for (const [name, account] of [
    ['twin', {}],
    ['newcomer', {}],
    ['guest', { isRestricted: true }],
    ['foreign', { teamId: 'T0OTHER', isStranger: true }],
  ] as const) {
    ids.set(name, workspace.addUser({ name, ...account }).id);
    workspace.invite(app.channel, name);
  }
  const idOf = (name: string) => ids.get(name) ?? assert.fail(name);
  const mapped = fleetOf(
    clusters.map((name) => aPolicy(app.channel, { name, approval: { ...aPolicy('').approval, needed: 2 } })),
    ['requester', 'approver', 'viewer', 'guest', 'foreign'].map(idOf),
  );
  const twin = { slackUser: idOf('twin'), clusterUser: `user of ${idOf('approver')}`, groups: [] };
  const fleet = {
    ...mapped,
    people: [...mapped.people, twin],
    person: (slackUser: string) => (slackUser === twin.slackUser ? twin : mapped.person(slackUser)),
  };
  const slack = await app.open();
  const backups = createBackups({
    records,
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
  for (const [cluster, id] of [
    ['prod-east', 'r-prop2345'],
    ['prod-west', 'r-west2345'],
  ] as const) {
    const requester = { slackUser: app.requester, clusterUser: `user of ${app.requester}` };
    const run = { id, cluster, requester, status: 'waiting', plan: aPlan, planRevision: 1 } as const;
    await app.put({ ...run, expiresAt: Date.now() + 3_600_000 }, [{ kind: 'card' }]);
  }
  const sender = app.sender(slack, { fleet });
  sender.start();
  await app.outboxEmpty();
  const cards = workspace.messages(app.channel).map(({ ts, channel }) => ({ ts, channel }));

  /** What Slack delivered so far. */
  const deliveries: { outcome: Outcome; may: May; isClick: boolean }[] = [];
  const deliveryIds = new Set<string>();

  function sent(outcome: Outcome, may: May, isClick: boolean): void {
    assert.equal(
      outcome.status,
      'acked',
      `${outcome.failure} ${JSON.stringify(outcome.payload).slice(0, 400)}`,
    );
    deliveries.push({ outcome, may, isClick });
    deliveryIds.add(String(outcome.payload.trigger_id));
  }

  const play = async (each: Step): Promise<void> => {
    switch (each.do) {
      case 'type': {
        const input = { user: each.who, channel: app.channel, command: slashCommand, text: each.text };
        return sent(await workspace.slash(input), mayDo(each.who), false);
      }
      case 'click': {
        const card = cards[each.run % cards.length] ?? assert.fail();
        const actionId = actionIds[each.button];
        // As it was first: cards that are over have no buttons any more.
        const input = { user: each.who, channel: app.channel, ts: card.ts, actionId, revision: 0 };
        // The click itself says that its person is of another workspace.
        const may = each.who === 'foreign' ? 'nothing' : mayDo(each.who);
        return sent(await workspace.click(input), may, true);
      }
      case 'take-back': {
        const [newest] = await records.runs({ active: true, limit: 1 });
        const text = `cancel ${newest?.id ?? 'r-22222222'}`;
        const input = { user: 'requester', channel: app.channel, command: slashCommand, text };
        return sent(await workspace.slash(input), 'anything', false);
      }
      case 'redeliver': {
        const old = deliveries[each.which % Math.max(1, deliveries.length)];
        if (!old) return;
        // All at once: the records must distinguish them, not their order.
        const again = Array.from({ length: each.times }, () => workspace.redeliver(old.outcome.envelopeId));
        for (const result of await Promise.all(again)) assert.equal(result.status, 'acked');
        return;
      }
      case 'stale': {
        const clicks = deliveries.filter((delivery) => delivery.isClick);
        const old = clicks[each.which % Math.max(1, clicks.length)];
        if (!old) return;
        const payload = forged(old.outcome.payload, each.forge);
        const isForeign = each.forge.kind === 'team' || each.forge.kind === 'user-team';
        return sent(await workspace.clickStale({ payload }), isForeign ? 'nothing' : old.may, true);
      }
    }
  };

  return {
    app,
    cards,
    async play(each) {
      const before = await records.runs({ limit: 100 });
      const count = deliveryIds.size;
      await play(each);
      const after = await records.runs({ limit: 100 });
      const last = deliveries.at(-1);
      const isNew = deliveryIds.size > count;
      // A delivery that was here before changes nothing either.
      if (!isNew || last?.may === 'nothing') {
        assert.deepEqual(after.map(effectsOf), before.map(effectsOf), each.do);
      } else if (last?.may === 'nothing-that-counts') {
        assert.deepEqual(countingIn(after, before), countingIn(before, before), each.do);
      }
      assert.ok(after.length - before.length <= 1, 'one run at most');
      checkRuns(after);
    },
    async settle() {
      await app.outboxEmpty();
      assert.deepEqual(rejections, []);
      assert.deepEqual(
        app.lines.filter((line) => line.level === 'error'),
        [],
      );
    },
    async [Symbol.asyncDispose]() {
      process.off('unhandledRejection', note);
      await app.close();
    },
  };
}

/** Status and examined votes of the runs that were there before. */
function countingIn(runs: readonly BackupRun[], before: readonly BackupRun[]): readonly string[] {
  const known = new Set(before.map((run) => run.id));
  return runs
    .filter((run) => known.has(run.id))
    .map((run) => effectsOf({ ...run, votes: run.votes.filter((vote) => vote.status !== 'pending') }));
}

function forged(old: JsonObject, forge: Forgery): JsonObject {
  const payload = structuredClone(old) as JsonObject & {
    actions: JsonObject[];
    team: JsonObject;
    user: JsonObject;
    container: JsonObject;
  };
  if (forge.kind === 'value') for (const action of payload.actions) action.value = forge.value;
  if (forge.kind === 'action') for (const action of payload.actions) action.action_id = forge.actionId;
  if (forge.kind === 'team') payload.team.id = forge.team;
  if (forge.kind === 'user-team') payload.user.team_id = 'T0OTHER';
  if (forge.kind === 'message') payload.container.message_ts = forge.ts;
  return payload;
}

/** What holds of every run at every moment, whatever was sent. */
function checkRuns(runs: readonly BackupRun[]): void {
  const active = runs.filter((run) => ['requested', 'waiting', 'approved', 'running'].includes(run.status));
  assert.equal(new Set(active.map((run) => run.cluster)).size, active.length, 'one active run per cluster');
  for (const run of runs) {
    const voters = run.votes.map((vote) => vote.person.clusterUser);
    assert.equal(new Set(voters).size, voters.length, 'one vote per cluster user');
    for (const vote of run.votes) {
      if (vote.decision === 'approve') assert.notEqual(vote.person.clusterUser, run.requester.clusterUser);
    }
    assert.ok(
      !['approved', 'running', 'succeeded', 'failed'].includes(run.status),
      'no worker, so nothing runs',
    );
  }
}

/** What chance would seldom find: a command that comes again when its run is over, clicks that come again after others. */
const knownStories: Step[][] = [
  [
    { do: 'type', who: 'requester', text: 'run prod-north' },
    { do: 'take-back' },
    { do: 'redeliver', which: 0, times: 3 },
  ],
  [
    { do: 'click', who: 'approver', button: 'approve', run: 0 },
    { do: 'click', who: 'twin', button: 'approve', run: 0 },
    { do: 'click', who: 'twin', button: 'reject', run: 0 },
    { do: 'redeliver', which: 0, times: 3 },
    { do: 'stale', which: 0, forge: { kind: 'value', value: 'r-west2345.1' } },
    { do: 'stale', which: 0, forge: { kind: 'none' } },
  ],
];

for (const mode of ['socket', 'http'] as const) {
  test(
    `whatever is delivered, nothing happens twice and no stranger gets in (${mode})`,
    { timeout: 300_000 },
    () =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
          await using scene = await openScene(mode);
          for (const each of steps) await scene.play(each);
          await scene.settle();
        }),
        { numRuns: 25, endOnFailure: true, examples: knownStories.map((steps): [Step[]] => [steps]) },
      ),
  );
}
