import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { hasButton, type Message, until } from '../../sandbox/world.ts';
import { activePause } from '../../src/domain/policy/pause.ts';
import type { RestoreRoom } from '../../src/domain/restore-room/room.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { backup } from '../support/backups.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 600_000;
const cluster = 'prod-east';

let stage: Stage;
let run: BackupRun;

before(
  async () => {
    stage = await openStage({ config: { watch: { every: '1s' } } });
    ({ run } = await backup(stage));
  },
  { timeout },
);
after(() => stage[Symbol.asyncDispose]());

const render = (message: Message) => stage.world.workspace.renderMessage(message);

function head(): Message {
  const { workspace, channels } = stage.world;
  const found = workspace
    .messages(channels.platform)
    .filter((each) => /Restore of prod-east/.test(each.text));
  assert.equal(found.length, 1, 'one room, one message in the channel');
  return found[0] ?? assert.fail();
}

function thread(): readonly Message[] {
  const { workspace, channels } = stage.world;
  return workspace.thread(channels.platform, head().ts).slice(1);
}

/** Messages of this step; its number is the one in RESTORE.md. */
function messagesOf(step: number): readonly Message[] {
  return thread().filter((each) => each.text.includes(`Step ${step} of `));
}

function openStep(step: number): Promise<Message> {
  return until(`step ${step}`, () => messagesOf(step).find((each) => hasButton(each, 'restoreDone')));
}

function says(step: number, fits: RegExp): Promise<Message> {
  return until(`step ${step} to say ${fits}`, () => messagesOf(step).find((each) => fits.test(render(each))));
}

async function room(): Promise<RestoreRoom> {
  const [open] = await stage.records.openRooms();
  return open ?? assert.fail('no restore room is open');
}

describe('a cluster that is lost', { timeout }, () => {
  it('is restored step by step in a thread, by two people, through a kill of the bot', async () => {
    const { world, records } = stage;
    const { requester, approver, viewer } = world.people;
    const back = await world.inject({ api: { kind: 'reset', match: () => true } });

    assert.match(await stage.ask(requester, `restore-plan ${cluster} start`), /restore room .* is open/);
    await world.reads(requester, /Restore of prod-east to/);
    await openStep(1);
    assert.match(
      await stage.ask(approver, `restore-plan ${cluster} start`),
      /has an open restore room already/,
    );
    const steps = (await room()).steps;
    assert(steps.length > 15, `${steps.length} steps`);
    assert(
      activePause(await records.watch(cluster), Date.now()),
      'nothing is reminded of or scheduled meanwhile',
    );
    await until('the silence of the API', () => /the API does not answer/.test(render(head())));

    // A second person: what needs no other step.
    await world.click(approver, 'restoreMeanwhile', await openStep(1));
    const host = steps.findIndex(({ kind }) => kind === 'recovery-host') + 1;
    await says(host, /@approver does it/);
    const refused = await world.click(requester, 'restoreDone', await openStep(host));
    assert.match(render(await refused.nextPrivate()), /@approver does step/);
    await world.click(approver, 'restoreDone', await openStep(host));
    await says(host, /Done, said by @approver/);

    // A double click.
    const first = await openStep(1);
    await Promise.all([1, 2].map(() => world.click(requester, 'restoreDone', first)));
    await says(1, /Done, said by @requester/);

    // A step that fails, is tried again, and one that is skipped.
    await world.click(requester, 'restoreFailed', await openStep(2));
    await says(2, /Failed, said by @requester[\s\S]*Known causes[\s\S]*Where the cluster is now/);
    await world.click(requester, 'restoreDone', await openStep(2));
    await world.click(requester, 'restoreSkip', await openStep(3));
    await until('the form', () => world.workspace.modals(requester).length > 0);
    await world.fill(requester, { reason: 'fetched by a colleague' });
    await says(3, /Skipped by @requester[\s\S]*fetched by a colleague/);

    // kill -9 as soon as the click is on record: the next step comes once.
    await world.click(viewer, 'restoreDone', await openStep(4));
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    await stage.restart();
    for (let step = 5; step <= steps.length; step += 1) {
      if (step === host) continue;
      await world.click(requester, 'restoreDone', await openStep(step));
    }
    const numbers = steps.map((_, index) => index + 1);
    assert.deepEqual(
      numbers.filter((step) => messagesOf(step).length !== 1),
      [],
      'one message a step',
    );

    const looks = () => thread().find((each) => /the bot (looks )?itself/.test(each.text));
    await until('the API that cannot be read', () =>
      /The API cannot be read/.test(render(looks() ?? head())),
    );
    assert.equal((await records.openRooms()).length, 1);
    await back();
    await until('the end of the room', async () => (await records.openRooms()).length === 0);
    await until('what the bot saw', () =>
      /All 4 nodes are Ready[\s\S]*Finished/.test(render(looks() ?? head())),
    );
    await until('the answer of the API', () =>
      thread().some((each) => /the API of prod-east answers/.test(each.text)),
    );
    await until('the end', () =>
      /Finished[\s\S]*\/etcd-backup restored prod-east from=r-/.test(render(head())),
    );
    assert.doesNotMatch(JSON.stringify(head().blocks), /"button"/);
    assert.equal(activePause(await records.watch(cluster), Date.now()), undefined);

    const { lines, chain } = await records.auditTrail(run.id);
    assert.deepEqual(chain, { ok: true });
    const said = lines.filter(({ action }) => action === 'restore-room').map(({ detail }) => detail.what);
    assert.equal(
      said.filter((what) => what === 'done').length,
      steps.length - 1,
      'a double click counts once',
    );
    assert.deepEqual(
      ['opened', 'taken', 'failed', 'skipped', 'finished'].filter((what) => !said.includes(what)),
      [],
    );

    await world.click(requester, 'restoreBackUp');
    await until('a new backup asked for', async () => (await records.runs({ active: true }))[0]?.reason);
    const [again] = await records.runs({ active: true });
    assert.equal(again?.reason, 'after the restore of the cluster');
  });
});
