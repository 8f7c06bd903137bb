import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, rename } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, until } from '../../sandbox/world.ts';
import { lockRecords } from '../../src/records/engine/sqlite-lock.ts';
import { openStage, type Stage } from '../support/e2e.ts';

const timeout = 900_000;
const project = fileURLToPath(new URL('../../', import.meta.url));
let stage: Stage;
let port: number;

before(
  async () => {
    port = await freePort();
    stage = await openStage({ config: { health: { port } } });
  },
  { timeout },
);
after(() => stage?.[Symbol.asyncDispose]());

/** The process that has the records; undefined: none has. */
async function holderOf(file: string): Promise<number | undefined> {
  try {
    (await lockRecords({ file, now: Date.now() })).release();
    return undefined;
  } catch (error) {
    return Number(/process (\d+) on/.exec(String(error))?.[1] ?? assert.fail(String(error)));
  }
}

/** What the bot answers at its health port. */
async function health(at: 'readyz' | 'healthz'): Promise<{ status: number; body: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/${at}`);
  return { status: answer.status, body: await answer.text() };
}

describe('one bot for one file of records', { timeout }, () => {
  it('a second bot refuses to start and says who has the records; one that was killed leaves nothing behind', async () => {
    const { world } = stage;
    await assert.rejects(
      world.startBot(),
      new RegExp(
        `exit 1[^]*etcd-backup cannot start: records in .*: another bot uses them: process ${stage.bot.pid} on `,
      ),
    );
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    await stage.restart();
    await stage.bot.stop();
    assert.equal((await stage.bot.exited).code, 0);
  });

  it('a TERM to npm alone, as a supervisor sends it, ends the bot in order and frees the records', async () => {
    const { world } = stage;
    const { workspace } = world;
    const npm = spawn('npm', ['start', '--', world.configFile], {
      cwd: project,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: world.dir,
        SLACK_BOT_TOKEN: workspace.botToken,
        SLACK_APP_TOKEN: workspace.appToken,
        SLACK_SIGNING_SECRET: workspace.signingSecret,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    // Its output ends with the last process that writes to it: the bot.
    const closed = once(npm, 'close');
    let bot: number | undefined;
    try {
      await until('the bot to be ready', async () => said.includes('"msg":"ready"'));
      bot = await holderOf(world.recordsFile);
      assert.notEqual(bot, npm.pid);
      npm.kill('SIGTERM');
      await Promise.race([closed, delay(45_000).then(() => assert.fail(`the bot lives on\n${said}`))]);
      assert.match(said, /"msg":"stopping"/);
      assert.equal(await holderOf(world.recordsFile), undefined);
    } finally {
      npm.kill('SIGKILL');
      if (bot !== undefined && isAlive(bot)) process.kill(bot, 'SIGKILL');
    }
  });

  it('records that were moved away or replaced: people get the answer that nothing is on record, and the bot is not ready', async () => {
    await stage.restart();
    const { recordsFile: file, people } = stage.world;
    const request = await stage.request('prod-east');
    assert.equal((await health('readyz')).status, 200);
    const files = ['', '-wal', '-shm'].map((suffix) => `${file}${suffix}`);

    for (const what of ['removed', 'replaced'] as const) {
      if (what === 'removed') for (const each of files) await rename(each, `${each}.away`);
      else for (const each of files) await copyFile(`${each}.away`, each);
      const typed = await stage.ask(people.requester, `cancel ${request.runId}`);
      assert.match(typed, /could not be put on record, so nothing was run/, what);
      assert.match(
        await stage.click(people.approver, request, 'approve'),
        /could not be put on record/,
        what,
      );
      const ready = await health('readyz');
      assert.equal(ready.status, 503, ready.body);
      assert.match(ready.body, new RegExp(`records: records in .*was ${what} while it was open.*restart`));
      await until('the line in the log', async () =>
        stage.bot.log().includes(`was ${what} while it was open`),
      );
    }
    const asked = stage.bot.log().match(/records did not give out work/g) ?? [];
    assert.ok(asked.length <= 4, `${asked.length} lines: once for each trouble, not once for each look`);

    for (const each of files) await rename(`${each}.away`, each);
    assert.doesNotMatch(await stage.click(people.approver, request, 'approve'), /could not be put on record/);
    await stage.waitForCard(request, /Backed up/);
  });
});

describe('a bot that was stopped, and clocks that are set', { timeout }, () => {
  it('SIGSTOP for longer than the lease in the middle of the script: the same bot goes on, and says nothing of a restart', async () => {
    const { world } = stage;
    await world.plane.nodes[0]?.behave({ slowSeconds: 8 });
    const request = await stage.request('prod-east');
    await stage.click(world.people.approver, request, 'approve');
    await inScript(request.runId);
    stage.bot.signal('SIGSTOP');
    // The sandbox's lease is 2 s.
    await delay(6_000);
    stage.bot.signal('SIGCONT');

    await stage.waitForCard(request, /Backed up/);
    const thread = await stage.waitForThread(request, /Snapshot|snapshot/);
    assert.doesNotMatch(thread, /restarted/);
    const actions = (await stage.records.auditLines(request.runId)).map(({ action }) => action);
    assert.deepEqual(
      actions.filter((action) => ['started', 'resumed', 'succeeded', 'failed'].includes(action)),
      ['started', 'succeeded'],
    );
    assert.doesNotMatch(stage.bot.log(), /claim lost|unexpected error/);
    assert.deepEqual(stage.sessionPods(), []);
  });

  for (const hours of [-2, 3]) {
    it(`a clock that is set by ${hours} h in the middle of a run stops neither the run nor its messages`, async () => {
      const { world } = stage;
      await world.plane.nodes[0]?.behave({ slowSeconds: 3 });
      const request = await stage.request('prod-east');
      await stage.click(world.people.approver, request, 'approve');
      await inScript(request.runId);
      // What Slack does not take now is tried again after a pause, across the jump.
      world.workspace.faults.add({ method: 'chat.update', kind: 'http', times: 2 });
      world.workspace.faults.add({ method: 'chat.postMessage', kind: 'ratelimited', retryAfterS: 2 });
      await stage.bot.setClock(hours * 3_600_000);

      await stage.waitForCard(request, /Backed up/);
      assert.doesNotMatch(await stage.waitForThread(request, /copied|complete/), /restarted/);
      assert.deepEqual(
        (await stage.records.auditLines(request.runId))
          .map(({ action }) => action)
          .filter((action) => action === 'resumed' || action === 'failed'),
        [],
      );
      await until('an empty outbox', async () => (await stage.records.outboxStatus()).unsent === 0);
      await stage.bot.setClock(0);
    });
  }

  it('a run that was claimed and a message that was put off with a clock 3 h ahead do not wait for 3 h', async () => {
    const { world } = stage;
    await stage.bot.setClock(3 * 3_600_000);
    await world.plane.nodes[0]?.behave({ slowSeconds: 3 });
    const request = await stage.request('prod-east');
    await stage.click(world.people.approver, request, 'approve');
    await inScript(request.runId);
    world.workspace.faults.add({ method: 'chat.update', kind: 'http', times: 1_000 });
    world.workspace.faults.add({ method: 'chat.postMessage', kind: 'http', times: 1_000 });
    await until('messages that wait', async () => (await stage.records.outboxStatus()).unsent > 1);
    stage.bot.signal('SIGKILL');
    await stage.bot.exited;
    world.workspace.faults.clear();

    await stage.restart();
    await stage.waitForCard(request, /Backed up/);
    await until('an empty outbox', async () => (await stage.records.outboxStatus()).unsent === 0);
  });
});

async function inScript(runId: string): Promise<void> {
  await until('the script to run', async () => (await stage.records.run(runId))?.step === 'running-script');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
