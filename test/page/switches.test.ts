import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, test } from 'node:test';
import { everyScenario } from '../../sandbox/faults/every-scenario.ts';
import { scenarioSwitches } from '../../sandbox/page/scenario-switches.ts';
import { createBotKeeper } from '../../sandbox/page/server/bot-keeper.ts';
import { createSwitches, type Switches } from '../../sandbox/page/server/switches/switches.ts';
import { type SwitchName, switchNames } from '../../sandbox/page/switch-names.ts';
import { pageTimes, timetableOf } from '../../sandbox/page/timetable.ts';
import { startPlayground } from '../../sandbox/playground.ts';
import { until, type World } from '../../sandbox/world.ts';

const patient = { timeoutMs: 60_000 };

test('every fault that the sandbox knows has its switches in the page, or a reason', () => {
  const names = everyScenario.map(({ name }) => name);
  assert.deepEqual(Object.keys(scenarioSwitches).toSorted(), names.toSorted());
  const known = new Set<string>(switchNames);
  for (const [name, byHand] of Object.entries(scenarioSwitches))
    if ('switches' in byHand)
      assert.ok(
        byHand.switches.every((each) => known.has(each)),
        name,
      );
});

describe('the switches of the page', { timeout: 300_000, concurrency: false }, () => {
  let dir: string;
  let world: World;
  let switches: Switches;

  before(
    async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-switches-'));
      const timetable = timetableOf(Date.now());
      const started = await startPlayground({
        dir,
        language: 'en',
        schedule: false,
        configure: (config, made) => pageTimes(config, made, timetable),
      });
      world = started.world;
      switches = createSwitches(
        world,
        createBotKeeper(world, started.bot, () => undefined),
        () => undefined,
      );
    },
    { timeout: 120_000 },
  );
  after(async () => {
    await world?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const isOn = (name: SwitchName) => switches.state()[name].on;
  const off = (name: SwitchName) => until(`${name} to go off`, () => !isOn(name), patient);

  async function backUp(outcome: RegExp): Promise<void> {
    const { ts: last = '0' } = world.cards().at(-1) ?? {};
    await world.type('requester', 'run prod-east');
    await until('the card', () => world.cards().some((card) => Number(card.ts) > Number(last)), patient);
    await world.click('approver', 'approve');
    const newest = () => world.workspace.renderMessage(world.cards().at(-1) ?? assert.fail('no card'));
    await until(`a card that says ${outcome}`, () => outcome.test(newest()), patient);
  }

  it('breaks the running session at the moment that was chosen, and says that it waits until then', async () => {
    await assert.rejects(switches.set('pod-evicted', true), /No session is open/);
    assert.ok(!isOn('pod-evicted'));
    await switches.set('slow', true);
    await switches.set('pod-evicted', true, 'script');
    assert.equal(switches.state()['pod-evicted'].waitsFor, 'script');
    await backUp(/its pod was ended: Evicted/);
    await off('pod-evicted');
    await switches.set('slow', false);
  });

  it('lets one outcome of the script take the place of the other', async () => {
    await switches.set('half-pair', true);
    await switches.set('disk-full', true);
    assert.ok(!isOn('half-pair') && isOn('disk-full'));
    await backUp(/disk became full/);
    await switches.set('disk-full', false);
  });

  it('plays Slack’s own limits as a person sees them', async () => {
    await switches.set('edit-window', true);
    await switches.set('posting-rate', true);
    await backUp(/Backed up in/);
    const outcomes = world.workspace.calls().map(({ outcome }) => outcome);
    assert.ok(outcomes.includes('edit_window_closed') && outcomes.includes('ratelimited'), outcomes.join());
    await switches.set('posting-rate', false);
    await switches.set('edit-window', false);

    await switches.set('short-blocks', true);
    await world.type('viewer', 'list prod-east');
    const said = () => world.workspace.calls().some(({ outcome }) => outcome === 'msg_blocks_too_long');
    await until('Slack to refuse a long answer', said, patient);
    await switches.set('short-blocks', false);
  });

  it('can put on every switch and take it off again, and a backup succeeds after all of them', async () => {
    for (const name of switchNames) {
      if (['pod-deleted', 'pod-evicted', 'pod-deadline'].includes(name)) continue;
      await switches.set(name, true);
      await switches.set(name, false);
      assert.ok(!isOn(name), name);
    }
    await until('the bot to be there', () => world.workspace.sockets.count > 0, patient);
    await backUp(/Backed up in/);
  });
});
