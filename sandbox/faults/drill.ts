import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { etcd35, etcd35Dir, etcd35Name } from '../etcd-3.5.ts';
import { withDamagedPage } from '../node/damaged-page.ts';
import type { World } from '../world.ts';
import { backUp, wrongIn } from './kept.ts';
import type { Scenario } from './scenario.ts';
import type { FaultStage } from './stage.ts';

/** The nodes hand out a damaged snapshot until the answer is called. */
async function damageSnapshots({ plane }: World): Promise<() => Promise<void>> {
  const files = plane.nodes.map(({ dir }) => path.join(dir, '.sandbox', 'snapshot.db.gz'));
  const before = await Promise.all(files.map((file) => readFile(file)));
  const replace = (change: (bytes: Buffer) => Uint8Array) =>
    Promise.all(files.map((file, index) => writeFile(file, change(before[index] ?? Buffer.alloc(0)))));
  await replace((bytes) => gzipSync(withDamagedPage(gunzipSync(bytes))));
  return async () => void (await replace((bytes) => bytes));
}

async function ask(stage: FaultStage, text: string): Promise<string> {
  const asked = await stage.type(text);
  return stage.world.workspace.renderMessage(await asked.nextPrivate());
}

async function restartWithDrills(stage: FaultStage): Promise<() => Promise<void>> {
  const configured = await stage.world.reconfigure((config) => {
    config.drillTools = { '3.5': etcd35Dir };
    for (const cluster of config.clusters) cluster.drill = true;
  });
  const restart = async () => {
    await stage.bot.stop();
    await stage.restart();
  };
  await restart();
  return async () => {
    await configured();
    await restart();
  };
}

export const drillScenarios: readonly Scenario[] = [
  {
    name: 'damaged-snapshot-drilled',
    broken: 'a page of the snapshot is damaged, and its trailer is right all the same',
    lacks: () => (etcd35() ? undefined : etcd35Name),
    async act(stage) {
      const whole = await damageSnapshots(stage.world);
      const without = await restartWithDrills(stage);
      try {
        const { id, success } = await backUp(stage);
        const ready = await ask(stage, 'ready-to-update');
        const { drill } = success ?? {};
        return {
          runId: id,
          ...wrongIn([
            ...(drill?.ok === false ? [] : ['the drill did not fail']),
            ...(ready.includes(id) ? [`ready-to-update counts it: ${ready}`] : []),
          ]),
        };
      } finally {
        await whole();
        await without();
      }
    },
    expected: {
      outcome: 'succeeded',
      says: /Restore drill: this backup does not restore/,
      withinS: 120,
    },
  },
];
