import { access } from 'node:fs/promises';
import path from 'node:path';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { backUp, keptCopies, keptOf, lostOf, wrongIn } from './kept.ts';
import type { Scenario } from './scenario.ts';
import type { FaultStage } from './stage.ts';

const hourMs = 3_600_000;

async function restartWith(stage: FaultStage, aheadMs: number): Promise<void> {
  await stage.bot.stop();
  await stage.restart({ aheadMs });
}

/** The run's two files on its node. */
async function goneFromNode({ world }: FaultStage, run: BackupRun): Promise<readonly string[]> {
  const node = world.plane.nodes.find(({ name }) => name === run.plan?.node);
  const { snapshot, resources } = run.success?.artifacts ?? {};
  const files = [snapshot, resources].flatMap((each) => (each ? [each.path] : []));
  const gone = await Promise.all(
    files.map((file) =>
      access(path.join(node?.dir ?? '', file)).then(
        () => [],
        () => [`${file} is gone from the node`],
      ),
    ),
  );
  return files.length === 2 ? gone.flat() : ['the run has no two files'];
}

export const clockScenarios: readonly Scenario[] = [
  {
    name: 'clock-ahead',
    broken: 'the bot’s clock is 3 h ahead for one backup, and right again for the next one',
    async act(stage) {
      await backUp(stage);
      const before = await keptCopies(stage);
      await restartWith(stage, 3 * hourMs);
      const ahead = await backUp(stage);
      const lost = await lostOf(stage, [...before, ...keptOf(ahead)]);
      await restartWith(stage, 0);
      const fresh = await backUp(stage);
      return {
        runId: ahead.id,
        ...wrongIn([
          ...(keptOf(ahead).length === 2 && keptOf(fresh).length === 2 ? [] : ['not both were copied']),
          ...lost,
          ...(await lostOf(stage, [...keptOf(ahead), ...keptOf(fresh)])),
          ...(await goneFromNode(stage, fresh)),
        ]),
      };
    },
    expected: {
      outcome: 'succeeded',
      says: /Old backups of prod-east stay where they are for now.* (3 h|2 h 59 min) apart/,
      withinS: 120,
      left: 'backups',
    },
  },
];
