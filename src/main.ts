import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import type { Config } from './config/build/config.ts';
import { loadConfigOfProcess } from './config/build/process.ts';
import { secretsOf } from './config/build/secrets-of.ts';
import { errorLines } from './config/file/mistake.ts';
import { createStartMetrics } from './metrics/bot-metrics.ts';
import { lockRecords } from './records/engine/sqlite-lock.ts';
import { openSqliteRecords } from './records/store/sqlite.ts';
import { openSlack } from './slack/app/app.ts';
import { createBot } from './start/bot.ts';
import { slackOptions } from './start/secrets.ts';
import { createShutdown, onHangUp, onSignals } from './start/shutdown.ts';
import { waitingForSlack } from './start/waiting-for-slack.ts';
import { startingHealth } from './system/bot-health.ts';
import { systemClock } from './system/clock.ts';
import { type Health, type HealthParts, serveHealth } from './system/health.ts';
import { openLog } from './system/log.ts';
import type { Clock, Log } from './workflow/ports/ports.ts';

// Kubernetes kills 30 s after SIGTERM; what has not ended by then is handed over to the next process.
const shutdownGraceMs = 20_000;

async function start(config: Config, configFile: string): Promise<void> {
  const log = openLog({ level: config.logLevel, secrets: secretsOf(config), out: process.stdout });
  const clock = systemClock();
  for (const warning of config.warnings) log.warn({ key: warning.key }, warning.text);
  const shutdown = createShutdown(log, shutdownGraceMs);
  const { records, lock } = await openRecords(config, clock, log);
  const { version } = packageJson;
  const waiting = waitingForSlack();
  const health = await openHealth(config, {
    ...startingHealth(waiting.trouble),
    metrics: createStartMetrics({ version }).scrape,
  });
  shutdown.stopLater(async () => waiting.end());
  shutdown.stopLast(
    async () => health?.close(),
    records.close,
    async () => lock.release(),
  );
  let handOver: () => void = () => undefined;
  onSignals((times) => {
    void shutdown.stop(0);
    if (times > 1) handOver();
  });
  let reload: () => void = () => undefined;
  // Before the bot is there, it has just read them.
  onHangUp(() => reload());
  const onFatal = () => void shutdown.stop(1);
  const opening = openSlack({ ...slackOptions(config), ...waiting.options, clock, log, onFatal });
  if (!(await shutdown.startGoesOn(opening))) return;
  const slack = await opening;
  const opened = { slack, records, clock, log, version, shutdown, onFatal };
  const bot = await createBot(config, { ...opened, configFile });
  ({ handOver, reload } = bot);
  health?.show(bot.health);
  bot.start();
  if (!(await shutdown.startGoesOn(slack.start()))) return;
  log.info({ clusters: bot.clusters, team: slack.identity.teamId }, 'ready');
  bot.afterStart();
}

async function openRecords(config: Config, clock: Clock, log: Log) {
  const file = config.recordsFile;
  await mkdir(dirname(file), { recursive: true });
  const lock = await lockRecords({ file, now: clock.now() });
  const records = await openSqliteRecords({
    file,
    lock,
    onUnreadable: (err) =>
      log.error({ err }, 'a cluster is listed without its watch: the record could not be read'),
  });
  await records.recover();
  return { records, lock };
}

async function openHealth({ healthPort }: Config, parts: HealthParts): Promise<Health | undefined> {
  return healthPort === undefined ? undefined : serveHealth(healthPort, parts);
}

/** Says in plain lines why the bot cannot start, and ends with exit 1. */
function refuse(error: unknown): void {
  for (const line of errorLines(error)) process.stderr.write(`etcd-backup cannot start: ${line}\n`);
  process.exit(1);
}

const configFile = process.argv[2] ?? 'config.yaml';
await loadConfigOfProcess(configFile)
  .then((config) => start(config, configFile))
  .catch(refuse);
