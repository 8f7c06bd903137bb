import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markerKey, markerText } from '../../../../src/domain/copies/place-marker.ts';
import type { World } from '../../../world.ts';
import type { switchGroups } from '../../switch-names.ts';
import type { Play, Undo } from './play.ts';

/** The destination nas-1: away, or another one than the records know. */
export const placePlays: Readonly<Record<(typeof switchGroups)['places'][number], Play>> = {
  'nas-gone': ({ world }) => takeAway(nasOf(world)),
  'nas-not-mounted': ({ world }) => replace(nasOf(world)),
  'nas-another': ({ world }) =>
    replace(nasOf(world), (directory) =>
      writeFile(
        path.join(directory, markerKey),
        markerText({ id: 'p-0therinstal1', createdAt: world.clock.now(), by: 'other' }),
      ),
    ),
  async 'marker-removed'({ world }) {
    const marker = path.join(nasOf(world), markerKey);
    const text = await readFile(marker, 'utf8').catch(() => {
      throw new Error('nas-1 has no marker yet: the bot writes it before the first copy.');
    });
    await rm(marker);
    // Unless the place was adopted in the meantime.
    return () => writeFile(marker, text, { flag: 'wx' }).catch(() => undefined);
  },
};

function nasOf({ offCluster }: World): string {
  const nas = offCluster?.destinations['nas-1'];
  if (nas === undefined) throw new Error('This world has no destination nas-1.');
  return nas;
}

async function takeAway(nas: string): Promise<Undo> {
  await rename(nas, `${nas}.away`);
  return () => rename(`${nas}.away`, nas);
}

/** Another directory in its place. What was written there meanwhile is removed with it. */
async function replace(
  nas: string,
  fill: (directory: string) => Promise<void> = async () => undefined,
): Promise<Undo> {
  const putBack = await takeAway(nas);
  await mkdir(nas, { mode: 0o700 });
  await fill(nas);
  return async () => {
    await rm(nas, { recursive: true });
    await putBack();
  };
}
