import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type BotProcess,
  type ButtonName,
  type Message,
  startWorld,
  type World,
  type WorldOptions,
} from '../../sandbox/world.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import type { Records } from '../../src/workflow/ports/records.ts';

export type StageOptions = Omit<WorldOptions, 'dir'>;

/** The sandbox world with the real bot in it, and the records as a second reader sees them. */
export interface Stage extends AsyncDisposable {
  readonly world: World;
  /** The bot of now: another one after `restart`. */
  readonly bot: BotProcess;
  /** Ends the bot, if it runs, and starts the next one. `between`: while there is none. */
  restart(between?: () => unknown, options?: Parameters<World['startBot']>[0]): Promise<void>;
  readonly records: Records;
  /** What the bot answers to a typed command, to this person alone. */
  ask(user: string, text: string, channel?: string): Promise<string>;
  /** Likewise, but not the first answer: the one that fits. */
  answer(user: string, text: string, fits: RegExp): Promise<string>;
  /** Types `run …` and waits until its card is in the cluster's channel with the words that `fits` looks for. */
  request(text: string, fits?: RegExp, user?: string): Promise<Request>;
  click(user: string, request: Request, button: ButtonName): Promise<string>;
  /** The current card, in plain text. */
  card(request: Request): string;
  waitForCard(request: Request, fits: RegExp): Promise<string>;
  /** Waits for these words in the run's thread; all of the thread in plain text. */
  waitForThread(request: Request, fits: RegExp): Promise<string>;
  waitForPrivate(user: string, fits: RegExp): Promise<string>;
  run(request: Request): Promise<BackupRun>;
  /** Everything that anybody in the workspace could read: every form of every message. */
  everythingSaid(): string;
  sessionPods(): readonly string[];
}

export interface Request {
  readonly runId: string;
  readonly channel: string;
  readonly ts: string;
}

const patientMs = 45_000;
const approvable = /Needs \d/;

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  await using opening = new AsyncDisposableStack();
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-e2e-'));
  opening.defer(() => rm(dir, { recursive: true, force: true }));
  // A loaded machine answers late.
  const clusterConfig = { requestDeadline: '30s', ...options.clusterConfig };
  const world = opening.use(await startWorld({ etcd: false, ...options, clusterConfig, dir }));
  const bot = await world.startBot();
  const records = opening.adopt(await openSqliteRecords({ file: world.recordsFile }), (each) => each.close());
  const all = opening.move();
  return stageOf(world, bot, records, () => all.disposeAsync());
}

function stageOf(world: World, first: BotProcess, records: Records, close: () => Promise<void>): Stage {
  const { workspace, people, channels } = world;
  let bot = first;
  const render = (message: Message) => workspace.renderMessage(message);
  const messageOf = (request: Request) => {
    const found = workspace.messages(request.channel).find((each) => each.ts === request.ts);
    assert.ok(found, `the card of ${request.runId} is gone`);
    return found;
  };
  const threadOf = (request: Request) =>
    workspace.thread(request.channel, request.ts).slice(1).map(render).join('\n');

  const ask: Stage['ask'] = async (user, text, channel = channels.platform) => {
    const outcome = await world.type(user, text, channel);
    assert.equal(outcome.status, 'acked', `${text.slice(0, 80)}: ${outcome.failure}`);
    return render(await outcome.nextPrivate(patientMs));
  };

  return {
    world,
    get bot() {
      return bot;
    },
    records,
    async restart(between = () => undefined, options = {}) {
      await bot.stop();
      await between();
      bot = await world.startBot(options);
    },
    ask,
    async answer(user, text, fits) {
      const outcome = await world.type(user, text);
      return workspace.waitFor(
        () =>
          outcome
            .privately()
            .map(render)
            .find((each) => fits.test(each)),
        {
          timeoutMs: patientMs,
          what: `${text} to be answered with ${fits}`,
        },
      );
    },
    async request(text, fits = approvable, user = people.requester) {
      const answer = await ask(user, `run ${text}`);
      const [runId] = /r-[a-z0-9]{8}/.exec(answer) ?? assert.fail(`no run was put on record: ${answer}`);
      const card = await workspace.waitFor(() => world.cards(runId).find((each) => fits.test(render(each))), {
        timeoutMs: patientMs,
        what: `the card of ${runId} with ${fits}`,
      });
      return { runId, channel: channels.platform, ts: card.ts };
    },
    async click(user, request, button) {
      const outcome = await world.click(user, button, request);
      assert.equal(outcome.status, 'acked');
      return render(await outcome.nextPrivate(patientMs));
    },
    card: (request) => render(messageOf(request)),
    waitForCard: (request, fits) =>
      workspace.waitFor(() => matching(render(messageOf(request)), fits), {
        timeoutMs: patientMs,
        what: `the card of ${request.runId} to say ${fits}`,
      }),
    waitForThread: (request, fits) =>
      workspace.waitFor(() => matching(threadOf(request), fits), {
        timeoutMs: patientMs,
        what: `the thread of ${request.runId} to say ${fits}`,
      }),
    waitForPrivate: (user, fits) =>
      workspace.waitFor(
        () =>
          workspace
            .private(user)
            .map(render)
            .find((text) => fits.test(text)),
        { timeoutMs: patientMs, what: `a private message that says ${fits}` },
      ),
    async run(request) {
      const run = await records.run(request.runId);
      assert.ok(run, `${request.runId} is not on record`);
      return run;
    },
    everythingSaid: () => `${world.transcript()}\n${JSON.stringify(workspace.calls())}\n${bot.log()}`,
    sessionPods: () =>
      world.cluster.objects.list('pods', 'etcd-backup-sessions').map((pod) => pod.metadata.name),
    [Symbol.asyncDispose]: close,
  };
}

function matching(text: string, fits: RegExp): string | undefined {
  return fits.test(text) ? text : undefined;
}
