import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };
import type { World } from './world.ts';

export interface BotProcess {
  readonly pid: number;
  /** Everything that the bot wrote so far, stdout and stderr together. */
  log(): string;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when that has not ended it in time. */
  stop(): Promise<void>;
}

/** What of the world a bot needs to live in it. */
export type BotsWorld = Pick<World, 'dir' | 'workspace' | 'configFile' | 'clock' | 'requestUrl'>;

const project = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Node's own flags, as `npm start` gives them. */
const startFlags = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));
const shiftClock = new URL('shift-clock.ts', import.meta.url).href;
const startDeadlineMs = 120_000;
const stopDeadlineMs = 20_000;
const keptLog = 4 * 1024 * 1024;

/**
 * Starts the real bot as a process of its own and waits until Slack sees its connection, or an answer at its address.
 * `clockFile`: a number (ms) that is written there sets its clock, and its alone, so far ahead while it runs.
 */
export async function startBot(world: BotsWorld, options: { clockFile?: string } = {}): Promise<BotProcess> {
  const main = path.join(project, 'src', 'main.ts');
  const connections = world.workspace.sockets.accepted;
  const { offsetMs } = world.clock;
  const { clockFile } = options;
  const shifted = offsetMs !== 0 || clockFile !== undefined;
  const words = [...startFlags, ...(shifted ? ['--import', shiftClock] : [])];
  const child = spawn(process.execPath, [...words, main, world.configFile], {
    env: {
      ...(offsetMs === 0 ? {} : { SANDBOX_CLOCK_OFFSET_MS: String(offsetMs) }),
      ...(clockFile === undefined ? {} : { SANDBOX_CLOCK_FILE: clockFile }),
      PATH: process.env.PATH ?? '',
      HOME: world.dir,
      SLACK_BOT_TOKEN: world.workspace.botToken,
      SLACK_APP_TOKEN: world.workspace.appToken,
      SLACK_SIGNING_SECRET: world.workspace.signingSecret,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const bot = botOf(child, path.join(world.dir, 'bot.log'));
  const over = new AbortController();
  const reached = world.requestUrl
    ? answering(world, world.requestUrl, over.signal)
    : connected(world, connections);
  const late = reached.catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}:\n${bot.log().slice(-3000)}`, { cause: error });
  });
  try {
    await Promise.race([late, diedAtStart(bot)]);
    return bot;
  } catch (error) {
    // A bot that is left running keeps the records, and its pipes keep the test's process, for ever.
    child.kill('SIGKILL');
    throw error;
  } finally {
    over.abort();
  }
}

/** Until the bot passes Slack's check of its address. */
async function answering(world: BotsWorld, url: string, over: AbortSignal): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (!over.aborted) {
    try {
      return await world.workspace.useHttp(url);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

/**
 * Resolves when Slack has accepted one more connection. It compares the connections ever accepted, not those open: the
 * connection of a bot that was just killed may close only after the count was read. No timer outlives a failed start.
 */
function connected(world: BotsWorld, before: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error(`the bot did not connect to Slack within ${startDeadlineMs / 1000} s`)),
    startDeadlineMs,
  );
  timer.unref();
  const stop = world.workspace.onChange(look);
  function look(): void {
    if (world.workspace.sockets.accepted <= before) return;
    clearTimeout(timer);
    stop();
    resolve();
  }
  look();
  return promise;
}

async function diedAtStart(bot: BotProcess): Promise<never> {
  const { code, signal } = await bot.exited;
  throw new Error(`the bot ended at its start (${signal ?? `exit ${code}`}):\n${bot.log().slice(-3000)}`);
}

function botOf(child: ChildProcess, logFile: string): BotProcess {
  let text = '';
  const file = createWriteStream(logFile, { flags: 'a' });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = `${text}${chunk}`.slice(-keptLog);
      file.write(chunk);
    });
  }
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => {
      file.end();
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid ?? -1,
    log: () => text,
    exited,
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
