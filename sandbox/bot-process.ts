import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
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

const startDeadlineMs = 30_000;
const stopDeadlineMs = 20_000;
const keptLog = 4 * 1024 * 1024;

/** Starts the real bot as a process of its own and waits until Slack sees its connection. */
export async function startBot(world: World): Promise<BotProcess> {
  const main = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts');
  const connections = world.workspace.sockets.count;
  const child = spawn(process.execPath, [main, world.configFile], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: world.dir,
      SLACK_BOT_TOKEN: world.workspace.botToken,
      SLACK_APP_TOKEN: world.workspace.appToken,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const bot = botOf(child, path.join(world.dir, 'bot.log'));
  const connected = world.workspace.waitFor(() => world.workspace.sockets.count > connections, {
    timeoutMs: startDeadlineMs,
    what: 'the bot to connect to Slack',
  });
  const died = bot.exited.then(({ code, signal }) => {
    throw new Error(`the bot ended at its start (${signal ?? `exit ${code}`}):\n${bot.log().slice(-3000)}`);
  });
  died.catch(() => undefined);
  connected.catch(() => undefined);
  await Promise.race([connected, died]);
  return bot;
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
