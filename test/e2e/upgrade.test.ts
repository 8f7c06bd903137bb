import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { coverageOf, waitForCoverage } from '../../sandbox/demos/bot-coverage.ts';
import { approveAndWait } from '../../sandbox/demos/take-backup.ts';
import { clusterName, hasButton, until } from '../../sandbox/world.ts';
import { actionIds } from '../../src/slack/messages/kit/action-ids.ts';
import { backup } from '../support/backups.ts';
import {
  alarms,
  eventKinds,
  oneReminder,
  openWatchedStage,
  reminders,
  untilSettled,
  untilWatch,
  type WatchedStage,
} from '../support/watching.ts';

const timeout = 600_000;
const project = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What `--demo=upgrade --json` promises to print. */
const demoOutput = z.strictObject({
  events: z.array(
    z.strictObject({ at: z.iso.datetime(), kind: z.string(), text: z.string().min(20).max(300) }),
  ),
  coverage: z.strictObject({
    before: z.literal('stale'),
    during: z.literal('updating'),
    after: z.literal('uncovered'),
    end: z.literal('covered'),
  }),
});

async function demo(t: TestContext, ...words: readonly string[]): Promise<z.output<typeof demoOutput>> {
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-upgrade-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const args = ['sandbox/main.ts', '--demo=upgrade', '--json', `--dir=${dir}`, ...words];
  const { stdout } = await run(process.execPath, args, { cwd: project, timeout });
  return demoOutput.parse(JSON.parse(stdout));
}

/** The cluster on its new release, without the way there. */
function update({ world }: WatchedStage, version: string): void {
  world.cluster.upgrade.request(version);
  world.cluster.upgrade.begin();
  world.cluster.upgrade.finish();
}

describe('an update of the cluster', { timeout }, () => {
  for (const [lang, words] of [
    ['en', [/about to be updated/, /is over/, /was updated/, /asked for a backup/, /complete/, /is covered/]],
    ['ko', Array(6).fill(/[가-힣]{2}/)],
  ] as const)
    it(`comes true as the demo prints it (${lang})`, async (t) => {
      const { events } = await demo(t, `--lang=${lang}`);
      assert.deepEqual(
        events.map(({ kind }) => kind),
        [
          'update-alarm',
          'upgrade-finished',
          'reminder',
          'run-requested',
          'backup-proven',
          'reminder-resolved',
        ],
      );
      for (const [index, { text }] of events.entries()) assert.match(text, words[index] as RegExp);
      const times = events.map(({ at }) => at);
      assert.deepEqual(times, times.toSorted());
    });
});

/** Each goes on from the release at which the one before left the cluster. */
describe('an update of a cluster that has a backup', { timeout }, () => {
  let stage: WatchedStage;

  before(
    async () => {
      stage = await openWatchedStage();
    },
    { timeout },
  );
  after(() => stage?.[Symbol.asyncDispose]());

  it('while the bot is down: one reminder with both releases, and no alarm that comes too late', async () => {
    await backup(stage);
    await untilSettled(stage, '4.16.8');

    await stage.restart(() => update(stage, '4.16.9'));

    const reminder = await oneReminder(stage, '4.16.9', /4\.16\.8 → 4\.16\.9/);
    const said = stage.world.workspace.renderMessage(reminder);
    assert.match(said, /Node pools are still being updated: worker/);
    assert.match(said, /A backup can run/);
    assert.deepEqual(alarms(stage), []);
    assert.equal(await coverageOf(stage.metrics), 'uncovered');
    const kinds = await eventKinds(stage);
    assert.equal(kinds.filter((kind) => kind === 'upgrade-finished').length, 1);
    // The next look, and the next bot, have nothing to add.
    await stage.restart();
    await untilSettled(stage, '4.16.9');
    assert.equal(reminders(stage, '4.16.9').length, 1);
  });

  it('with an API server that restarts again and again: updating all the while, and no word of an unreachable cluster', async () => {
    const { upgrade } = stage.world.cluster;
    await backup(stage);
    await waitForCoverage(stage.metrics, 'covered');
    const before = (await eventKinds(stage)).length;

    upgrade.request('4.16.10');
    upgrade.begin();
    await waitForCoverage(stage.metrics, 'updating');
    for (let times = 0; times < 3; times += 1) {
      const back = upgrade.restartApi(2_500);
      await untilWatch(stage, 'a look that was refused', ({ silent }) => silent !== undefined);
      assert.equal(await coverageOf(stage.metrics), 'updating');
      await back;
      await untilWatch(stage, 'an answer', ({ silent }) => silent === undefined);
    }
    upgrade.finish();

    await oneReminder(stage, '4.16.10');
    assert.deepEqual(
      (await eventKinds(stage))
        .slice(before)
        .filter((kind) => kind === 'unreachable' || kind === 'upgrade-finished'),
      ['upgrade-finished'],
    );
  });

  it('that goes straight on to the next, fails, and is rolled back: the reminder names the current release', async () => {
    const { upgrade } = stage.world.cluster;
    await backup(stage);
    await waitForCoverage(stage.metrics, 'covered');

    upgrade.request('4.16.11');
    upgrade.begin();
    await waitForCoverage(stage.metrics, 'updating');
    upgrade.fail('etcd');
    upgrade.request('4.16.12');
    upgrade.begin();
    upgrade.finish();
    await oneReminder(stage, '4.16.12', /4\.16\.10 → 4\.16\.12/);
    assert.deepEqual(reminders(stage, '4.16.11'), []);

    update(stage, '4.16.10');
    await untilSettled(stage, '4.16.10');
    // The backup from before the update restores what runs now.
    await waitForCoverage(stage.metrics, 'covered');
    await oneReminder(stage, '4.16.12', /left 4\.16\.12 for 4\.16\.10/);
    assert.equal(reminders(stage, '4.16.10').length, 1, 'the one of its first arrival');
  });
});

/** Each goes on from the release at which the one before left the cluster. */
describe('an update of a cluster that has no backup', { timeout }, () => {
  let stage: WatchedStage;

  before(
    async () => {
      stage = await openWatchedStage({ clusterConfig: { coverage: { beforeUpdateMaxAge: '5m' } } });
    },
    { timeout },
  );
  after(() => stage?.[Symbol.asyncDispose]());

  it('whose backup is not needed, with a reason: on record, shown, and not repeated', async () => {
    const { world } = stage;
    const { workspace, people } = world;
    const reminded = await oneReminder(stage, '4.16.8');
    await world.click(people.approver, 'reminderDismiss', reminded);
    await workspace.waitFor(() => workspace.modals(people.approver).at(-1), { what: 'the form' });

    await world.fill(people.approver, { reason: 'the cluster is scrapped on Friday' });

    await oneReminder(stage, '4.16.8', /no backup needed.*@approver.*the cluster is scrapped on Friday/s);
    const { reminder } = await untilWatch(stage, 'the end', (watch) => watch.reminder?.end !== undefined);
    assert.equal(reminder?.nextRepeatAt, undefined);
    assert.ok((await eventKinds(stage)).includes('reminder-dismissed'));
    assert.equal(await coverageOf(stage.metrics), 'uncovered', 'a reason restores nothing');
  });

  it('raises the alarm once, with a button only as long as a backup may run', async () => {
    const { cluster, workspace, people, channels } = stage.world;
    cluster.upgrade.request('4.16.9');
    const [first] = await until('the alarm', () => alarms(stage).length > 0 && alarms(stage));
    assert.ok(first);
    assert.match(workspace.renderMessage(first), /about to be updated without a fresh backup/);
    assert.ok(!hasButton(first, 'alarmBackUp'), 'no backup may run while the update can begin at any moment');
    cluster.upgrade.hold();
    await workspace.waitFor(() => hasButton(first, 'alarmBackUp'), { what: 'the button', timeoutMs: 30_000 });
    const click = {
      user: people.requester,
      channel: channels.platform,
      ts: first.ts,
      actionId: actionIds.alarmBackUp,
    };
    const early = workspace.clickPayload(click);

    cluster.upgrade.begin();
    await workspace.waitFor(() => !hasButton(first, 'alarmBackUp'), {
      what: 'the button to go',
      timeoutMs: 30_000,
    });
    assert.match(workspace.renderMessage(first), /is being updated without a fresh backup/);
    const late = await workspace.clickStale({ payload: early });
    assert.match(workspace.renderMessage(await late.nextPrivate(30_000)), /Too late/);
    assert.deepEqual(await stage.records.runs({ cluster: clusterName, limit: 5 }), []);

    cluster.upgrade.finish();
    await untilSettled(stage, '4.16.9');
    await until('its end', () => /is over/.test(workspace.renderMessage(first)));
    assert.equal(alarms(stage).length, 1);
  });

  it('that is held back: the alarm’s own button takes the backup that resolves it', async () => {
    const { cluster, workspace, people } = stage.world;
    await oneReminder(stage, '4.16.9');
    cluster.upgrade.request('4.16.10');
    cluster.upgrade.hold();
    const alarm = await until('the alarm', () => alarms(stage)[1]);
    assert.ok(alarm);
    await workspace.waitFor(() => hasButton(alarm, 'alarmBackUp'), { what: 'the button', timeoutMs: 30_000 });
    await stage.world.click(people.requester, 'alarmBackUp', alarm);

    const { run } = await approveAndWait(stage.world, stage.records);
    assert.match(run.reason ?? '', /before the update to 4\.16\.10/);
    await until('the ✅', () => /✅.*verified backup of 4\.16\.9/s.test(workspace.renderMessage(alarm)));
    await oneReminder(stage, '4.16.9', /✅.*is covered/);
    assert.equal(alarms(stage).length, 2);
    assert.ok((await eventKinds(stage)).includes('alarm-resolved'));
  });
});
