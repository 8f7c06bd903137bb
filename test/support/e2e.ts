import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { type BotProcess, startBot } from '../../sandbox/bot-process.ts';
import { asObject } from '../../sandbox/slack/json.ts';
import type { Message } from '../../sandbox/slack/model.ts';
import { startWorld, type World, type WorldOptions } from '../../sandbox/world.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { type ActionId, actionIds } from '../../src/slack/messages/kit/action-ids.ts';
import type { Records } from '../../src/workflow/ports/records.ts';

/** The parts of the bot's configuration file that tests change. */
export interface ConfigFile {
  people: { slack: string; user: string; groups?: string[] }[];
  clusters: Record<string, unknown>[];
  [key: string]: unknown;
}

export interface StageOptions extends Omit<WorldOptions, 'dir'> {
  /** Changes the configuration before the bot reads it; ids of people and channels are known by then. */
  readonly configure?: (config: ConfigFile, world: World) => void | Promise<void>;
}

/** The sandbox world with the real bot in it, and the records as a second reader sees them. */
export interface Stage extends AsyncDisposable {
  readonly world: World;
  readonly bot: BotProcess;
  readonly records: Records;
  /** What the bot answers to a typed command, to this person alone. */
  ask(user: string, text: string, channel?: string): Promise<string>;
  /** Types `run …` and waits until its card stands in the cluster's channel with the words that `fits` looks for. */
  request(text: string, fits?: RegExp, user?: string): Promise<Request>;
  click(user: string, request: Request, button: keyof typeof actionIds): Promise<string>;
  /** The card as it stands, in plain text. */
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
  const world = await startWorld({ etcd: false, ...options, dir });
  opening.defer(() => world.close());
  await configure(world, options.configure);
  const bot = await startBot(world);
  opening.defer(() => bot.stop());
  const records = await openSqliteRecords({ file: world.recordsFile });
  opening.defer(() => records.close());
  const all = opening.move();
  return stageOf(world, bot, records, () => all.disposeAsync());
}

async function configure(world: World, change: StageOptions['configure']): Promise<void> {
  if (!change) return;
  const config = parse(await readFile(world.configFile, 'utf8')) as ConfigFile;
  await change(config, world);
  await writeFile(world.configFile, stringify(config), { mode: 0o600 });
}

function stageOf(world: World, bot: BotProcess, records: Records, close: () => Promise<void>): Stage {
  const { workspace, people, channels } = world;
  const render = (message: Message) => workspace.renderMessage(message);
  const messageOf = (request: Request) => {
    const found = workspace.messages(request.channel).find((each) => each.ts === request.ts);
    assert.ok(found, `the card of ${request.runId} is gone`);
    return found;
  };
  const threadOf = (request: Request) =>
    workspace.thread(request.channel, request.ts).slice(1).map(render).join('\n');

  const ask: Stage['ask'] = async (user, text, channel = channels.platform) => {
    const outcome = await workspace.slash({ user, channel, command: '/etcd-backup', text });
    assert.equal(outcome.status, 'acked', `${text.slice(0, 80)}: ${outcome.failure}`);
    return render(await outcome.nextPrivate(patientMs));
  };

  return {
    world,
    bot,
    records,
    ask,
    async request(text, fits = approvable, user = people.requester) {
      const answer = await ask(user, `run ${text}`);
      const [runId] = /r-[a-z0-9]{8}/.exec(answer) ?? assert.fail(`no run was put on record: ${answer}`);
      const card = await workspace.waitFor(
        () => cardsIn(world).find((each) => runOfCard(each) === runId && fits.test(render(each))),
        { timeoutMs: patientMs, what: `the card of ${runId} with ${fits}` },
      );
      return { runId, channel: channels.platform, ts: card.ts };
    },
    async click(user, request, button) {
      const actionId: ActionId = actionIds[button];
      const outcome = await workspace.click({ user, channel: request.channel, ts: request.ts, actionId });
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
    everythingSaid: () => `${workspace.transcript()}\n${JSON.stringify(workspace.calls())}\n${bot.log()}`,
    sessionPods: () =>
      world.cluster.objects.list('pods', 'etcd-backup-sessions').map((pod) => pod.metadata.name),
    [Symbol.asyncDispose]: close,
  };
}

function matching(text: string, fits: RegExp): string | undefined {
  return fits.test(text) ? text : undefined;
}

/** The runs' cards in the cluster's channel; the bot also reminds there of what no backup restores. */
export function cardsIn({ workspace, channels }: World): readonly Message[] {
  return workspace.messages(channels.platform).filter((each) => runOfCard(each) !== undefined);
}

function runOfCard(message: Message): string | undefined {
  const id = asObject(asObject(message.metadata).event_payload).run_id;
  return message.byApp && typeof id === 'string' ? id : undefined;
}
