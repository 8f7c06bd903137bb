import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { clusterName, freePort, startWorld, type World } from '../world.ts';
import { type DemoOptions, playDemo } from './demo.ts';
import { approveAndWait } from './take-backup.ts';
import { playUpgradeStory, type UpgradeEnd, untilWatch } from './upgrade-story.ts';

const dayMs = 86_400_000;
const agoMs = 9 * dayMs;
const to = '4.16.9';

/** Plays an update without questions. Returns the exit code: 0 only if all of it came true. */
export async function runUpgradeDemo(options: DemoOptions): Promise<number> {
  const { dir, language, json } = options;
  const port = await freePort();
  const starting = startWorld({
    dir,
    language,
    clockOffsetMs: -agoMs,
    clusterConfig: { coverage: { maxAge: '7d' } },
    config: { health: { port }, watch: { every: '1s' } },
  });
  return playDemo(options, starting, async (world) => {
    await takeOldBackup(world);
    await world.startBot();
    const end = await withRecords(world, (records) =>
      playUpgradeStory({ world, records, metrics: { port, cluster: clusterName }, to, stepMs: 150 }),
    );
    return json ? JSON.stringify(end, undefined, 2) : summary(world, end);
  });
}

/**
 * A real backup by the real bot, on a day long past: the clocks of the cluster, its nodes, Slack and the bot all say so.
 * Then the clocks come back to the present, and that bot is gone.
 */
async function takeOldBackup(world: World): Promise<void> {
  const bot = await world.startBot();
  try {
    await withRecords(world, async (records) => {
      await world.type(world.people.requester, `run ${clusterName}`);
      await approveAndWait(world, records);
      // That bot reminded of the cluster as it met it; the backup ends that.
      await untilWatch(
        { world, records },
        'the end of its reminder',
        ({ reminder }) => reminder?.end !== undefined,
      );
    });
  } finally {
    await bot.stop();
  }
  await world.setClock(0);
  world.workspace.note(`${agoMs / dayMs} days later`);
}

async function withRecords<T>(world: World, work: (records: Records) => Promise<T>): Promise<T> {
  const records = await openSqliteRecords({ file: world.recordsFile });
  try {
    return await work(records);
  } finally {
    await records.close();
  }
}

function summary(world: World, { coverage }: UpgradeEnd): string {
  const { before, during, after, end } = coverage;
  return [
    world.transcript(),
    '',
    `What the bot said of ${clusterName}: ${before} before the update, ${during} during it, ${after} after it, ${end} at the end.`,
  ].join('\n');
}
