import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { compileCache } from '../compile-cache.ts';
import type { Workspace } from '../slack/workspace.ts';

export interface BotProcess {
  readonly pid: number;
  /** Everything that the bot wrote so far, stdout and stderr together. */
  log(): string;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  signal(name: NodeJS.Signals): void;
  /** Sets the clock of this bot alone, ms ahead of this machine's; resolves when the bot lives by it, or has ended. */
  setClock(offsetMs: number): Promise<void>;
  /** SIGTERM, and SIGKILL when that has not ended it in time. */
  stop(): Promise<void>;
}

/** What a bot needs to live in a world. */
export interface BotHome {
  /** Its home directory; its log goes there. */
  readonly dir: string;
  readonly workspace: Workspace;
  readonly configFile: string;
  /** Its request URL; undefined: Socket Mode. */
  readonly requestUrl?: string | undefined;
  /** How far its clock is ahead of this machine's at the start; 0 by default. */
  readonly clockOffsetMs?: number;
  /** Aborted while it starts: it is ended, and the start fails. */
  readonly signal?: AbortSignal;
}

const project = fileURLToPath(new URL('../..', import.meta.url));
/** Node's own flags, as `npm start` gives them. */
const startFlags = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));
const shiftClock = new URL('shift-clock.ts', import.meta.url).href;
const startDeadlineMs = 120_000;
const stopDeadlineMs = 20_000;
const keptLog = 4 * 1024 * 1024;

/** Starts the real bot as a process of its own and waits until Slack sees its connection, or an answer at its address. */
export async function startBot(home: BotHome): Promise<BotProcess> {
  const temporary = path.join(home.dir, 'tmp');
  await mkdir(temporary, { recursive: true });
  home.signal?.throwIfAborted();
  const main = path.join(project, 'src', 'main.ts');
  const connections = home.workspace.sockets.accepted;
  const child = spawn(process.execPath, [...startFlags, '--import', shiftClock, main, home.configFile], {
    env: {
      SANDBOX_CLOCK_OFFSET_MS: String(home.clockOffsetMs ?? 0),
      ...compileCache,
      PATH: process.env.PATH ?? '',
      HOME: home.dir,
      TMPDIR: temporary,
      SLACK_BOT_TOKEN: home.workspace.botToken,
      SLACK_APP_TOKEN: home.workspace.appToken,
      SLACK_SIGNING_SECRET: home.workspace.signingSecret,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const bot = botOf(child, path.join(home.dir, 'bot.log'));
  const over = new AbortController();
  const reached = home.requestUrl
    ? answering(home, home.requestUrl, over.signal)
    : connected(home, connections);
  const late = reached.catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}:\n${bot.log().slice(-3000)}`, { cause: error });
  });
  try {
    await Promise.race([late, diedAtStart(bot), cutOff(over.signal, home.signal)]);
    return bot;
  } catch (error) {
    // A bot that is left running keeps the records, and its pipes keep the test's process, for ever.
    child.kill('SIGKILL');
    await bot.exited;
    throw error;
  } finally {
    over.abort();
  }
}

/** Rejects when the start is cut off; forgotten when the start is over. */
function cutOff(over: AbortSignal, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: over });
  });
}

/** Until the bot passes Slack's check of its address. */
async function answering({ workspace }: BotHome, url: string, over: AbortSignal): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (!over.aborted) {
    try {
      return await workspace.useHttp(url);
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
function connected({ workspace }: BotHome, before: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error(`the bot did not connect to Slack within ${startDeadlineMs / 1000} s`)),
    startDeadlineMs,
  );
  timer.unref();
  const stop = workspace.onChange(look);
  function look(): void {
    if (workspace.sockets.accepted <= before) return;
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
    async setClock(offsetMs) {
      if (!child.connected) return;
      const set = new Promise<void>((resolve) => {
        const hear = (answer: unknown) => {
          if (answer !== offsetMs) return;
          child.off('message', hear);
          resolve();
        };
        child.on('message', hear);
      });
      // A bot that ends meanwhile has no clock any more.
      child.send(offsetMs, () => undefined);
      await Promise.race([set, exited]);
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
