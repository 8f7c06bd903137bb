import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BackupArtifacts } from '../../src/domain/backup/artifacts.ts';
import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import type { DrillOutcome } from '../../src/domain/run/run.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { startWorld, type World } from '../world.ts';
import { type DemoOptions, keepHint, playDemo } from './demo.ts';
import { playStory, type StoryEnd, StoryError } from './story.ts';

/** Plays the story without questions. Returns the exit code: 0 only if all of it came true. */
export function runDemo(options: DemoOptions): Promise<number> {
  const { dir, language, json, isKept = true } = options;
  return playDemo(options, startWorld({ dir, language }), async (world) => {
    await world.startBot();
    const records = await openSqliteRecords({ file: world.recordsFile });
    const end = await playStory(world, records).finally(() => records.close());
    await checkFiles(world, end);
    return json ? JSON.stringify(summary(world, end), undefined, 2) : transcript(world, end, isKept);
  });
}

function nodeDir(world: World, node: string): string {
  const found = world.plane.nodes.find((each) => each.name === node);
  if (!found) throw new StoryError(`there is no node ${node}`);
  return found.dir;
}

function artifactsOf(end: StoryEnd): BackupArtifacts {
  const artifacts = end.run.success?.artifacts;
  if (!artifacts) throw new StoryError('the run holds no artifacts');
  return artifacts;
}

/** Looks at the files on disk with nothing of the bot's own: size and digest must be what the thread says, at every place. */
async function checkFiles(world: World, end: StoryEnd): Promise<void> {
  const root = nodeDir(world, end.run.plan?.node ?? '');
  const { snapshot, resources } = artifactsOf(end);
  await checkFile(path.join(root, snapshot.path), snapshot);
  await checkFile(path.join(root, resources.path), resources);
  if (copiesOf(end).length !== 2) throw new StoryError('both files were to leave the cluster');
  for (const copy of copiesOf(end)) {
    if (!copy.stored || copy.provenAt === undefined) throw new StoryError(`${copy.location} is not proven`);
    await checkFile(copy.location, copy.stored);
  }
}

async function checkFile(
  place: string,
  said: { readonly size: number; readonly sha256: string },
): Promise<void> {
  const { size } = await stat(place);
  if (size !== said.size) throw new StoryError(`${place} has ${size} bytes, the thread says ${said.size}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(place), hash);
  const found = hash.digest('hex');
  if (found !== said.sha256)
    throw new StoryError(`${place} has sha256 ${found}, the thread says ${said.sha256}`);
}

function copiesOf(end: StoryEnd): readonly FileCopy[] {
  return end.run.success?.copies ?? [];
}

function drillOf({ revision, keys, ok }: Extract<DrillOutcome, { ok: true }>): object {
  return { revision, keys, ok };
}

function summary(world: World, end: StoryEnd): object {
  const { snapshot, resources } = artifactsOf(end);
  const { run } = end;
  return {
    run: { id: run.id, status: run.status, zStream: run.plan?.zStream, node: run.plan?.node },
    artifacts: {
      snapshot: {
        path: snapshot.path,
        size: snapshot.size,
        sha256: snapshot.sha256,
        revision: snapshot.status?.revision,
        keys: snapshot.status?.totalKey,
      },
      resources: { path: resources.path, size: resources.size, sha256: resources.sha256 },
    },
    copies: copiesOf(end).map((copy) => ({
      file: copy.file,
      destination: copy.destination,
      location: copy.location,
      size: artifactsOf(end)[copy.file].size,
      sha256: artifactsOf(end)[copy.file].sha256,
      storedSha256: copy.stored?.sha256,
      proven: copy.provenAt !== undefined,
    })),
    ...(run.success?.drill?.ok ? { drill: drillOf(run.success.drill) } : {}),
    thread: end.thread.map((message) => world.workspace.renderMessage(message)),
    card: end.card.blocks,
    dir: nodeDir(world, run.plan?.node ?? ''),
    real: real(world),
  };
}

function real(world: World): { etcd: boolean; client: string } {
  const { kind, version } = world.client;
  return { etcd: world.plane.etcd !== undefined, client: `${kind} ${version}` };
}

function transcript(world: World, end: StoryEnd, isKept: boolean): string {
  const { etcd, client } = real(world);
  const { snapshot, resources } = artifactsOf(end);
  const root = nodeDir(world, end.run.plan?.node ?? '');
  const etcdText = etcd
    ? `a real etcd (${world.plane.etcd?.version ?? ''})`
    : 'no etcd installed here: the recorded snapshot of a real one';
  return [
    world.transcript(),
    '',
    `Played with ${client}${world.client.kind === 'stand-in' ? ' (no oc or kubectl here)' : ''}; ${etcdText}.`,
    ...(isKept
      ? [
          'Both files, as they lie on this disk:',
          `  ${path.join(root, snapshot.path)}`,
          `  ${path.join(root, resources.path)}`,
        ]
      : [keepHint]),
  ].join('\n');
}
