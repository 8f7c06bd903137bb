import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markerKey, markerText } from '../../src/domain/copies/place-marker.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { until } from '../world.ts';
import type { Acted } from './acted.ts';
import { backUp, keptCopies, lostOf, wrongIn } from './kept.ts';
import type { Scenario } from './scenario.ts';
import { type FaultStage, ScenarioError } from './stage.ts';

/** What is reached under a destination's name is not the place that the records know. */

function nasOf({ world }: FaultStage): string {
  if (!world.offCluster) throw new ScenarioError('this world has no destinations');
  return world.offCluster.destinations['nas-1'];
}

/** nas-1 holds a backup; then another directory takes its place for one run. What the volume holds must not suffer. */
async function withAnotherDirectory(
  stage: FaultStage,
  fill: (directory: string) => Promise<void>,
): Promise<Acted> {
  await backUp(stage);
  const kept = await keptCopies(stage);
  const nas = nasOf(stage);
  const volume = `${nas}.volume`;
  await rename(nas, volume);
  try {
    await mkdir(nas, { mode: 0o700 });
    await fill(nas);
    const before = await filesIn(nas);
    const run = await backUp(stage);
    const after = await filesIn(nas);
    await rm(nas, { recursive: true });
    await rename(volume, nas);
    return {
      runId: run.id,
      ...wrongIn([
        ...(before === after ? [] : [`the wrong directory holds ${after} now`]),
        ...(kept.some(({ copy }) => copy.destination === 'nas-1') ? [] : ['nothing was kept at nas-1']),
        ...notRefused(run),
        ...(await lostOf(stage, kept)),
        ...ownerHeardOnce(stage),
      ]),
    };
  } finally {
    await putBack(volume, nas);
  }
}

/** Only where the scenario was cut off. */
async function putBack(volume: string, nas: string): Promise<void> {
  if (!(await readdir(volume).catch(() => undefined))) return;
  await rm(nas, { recursive: true, force: true });
  await rename(volume, nas);
}

async function filesIn(directory: string): Promise<string> {
  return (await readdir(directory, { recursive: true })).toSorted().join(', ');
}

/** Of the two files only the one that goes to nas-1 is not copied. */
function notRefused({ success }: BackupRun): readonly string[] {
  const found = (success?.copies ?? []).map(({ destination, provenAt, failure }) => {
    return `${destination} ${provenAt === undefined ? (failure?.kind ?? 'not copied') : 'proven'}`;
  });
  const wanted = ['nas-1 not-known-place', 'vault proven'];
  return found.toSorted().join() === wanted.join() ? [] : [`the copies are ${found.join(', ') || 'none'}`];
}

function ownerHeardOnce(stage: FaultStage): readonly string[] {
  const said = stage
    .messages(undefined)
    .filter((text) => /is not the known place of destination nas-1/.test(text));
  return said.length === 1 ? [] : [`the owner heard of it ${said.length} times`];
}

export const placeScenarios: readonly Scenario[] = [
  {
    name: 'volume-not-mounted',
    broken: 'the volume of nas-1 is not mounted: its mount point is an empty directory',
    act: (stage) => withAnotherDirectory(stage, async () => undefined),
    expected: {
      outcome: 'succeeded',
      says: /Mount the right volume.*have it adopted with the command “destination adopt”/,
      withinS: 60,
      left: 'backups',
    },
  },
  {
    name: 'another-volume',
    broken: 'another installation’s volume is mounted at nas-1',
    act: (stage) =>
      withAnotherDirectory(stage, (directory) =>
        writeFile(
          path.join(directory, markerKey),
          markerText({ id: 'p-0therinstal1', createdAt: Date.now(), by: 'other' }),
        ),
      ),
    expected: {
      outcome: 'succeeded',
      says: /expected the marker with id p-\w+, found p-0therinstal1/,
      withinS: 60,
      left: 'backups',
    },
  },
  {
    name: 'marker-removed-then-adopted',
    broken: 'the marker of nas-1 is removed, and a person adopts the place after a backup',
    async act(stage) {
      const nas = nasOf(stage);
      const marker = path.join(nas, markerKey);
      await backUp(stage);
      const [kept, text] = [await keptCopies(stage), await readFile(marker, 'utf8')];
      await rm(marker);
      const refused = await backUp(stage);
      const lost = await lostOf(stage, kept);
      await stage.type('destination adopt nas-1');
      const again = await until<string>('the marker', () => readFile(marker, 'utf8').catch(() => undefined));
      const run = await backUp(stage);
      const proven = run.success?.copies?.every(({ provenAt }) => provenAt !== undefined) ?? false;
      const sameId = idOf(again) === idOf(text);
      return {
        runId: run.id,
        ...wrongIn([
          ...notRefused(refused),
          ...lost,
          ...(sameId ? [] : ['the place got another id, although all of its backups lie there']),
          ...(proven ? [] : ['the backup after the adoption is not proven at both places']),
        ]),
      };
    },
    expected: {
      outcome: 'succeeded',
      says: /is the known place of destination nas-1 now/,
      withinS: 60,
      left: 'backups',
    },
  },
];

function idOf(marker: string): unknown {
  return (JSON.parse(marker) as { id?: unknown }).id;
}
