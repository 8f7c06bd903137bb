import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BackupArtifacts } from '../src/domain/artifacts.ts';
import { openSqliteRecords } from '../src/records/sqlite.ts';
import { startBot } from './bot-process.ts';
import { playStory, type StoryEnd, StoryError } from './story.ts';
import { startWorld, type World } from './world.ts';

export interface DemoOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly language: 'en' | 'ko';
  readonly print: (text: string) => void;
}

/** Plays the story without questions. Returns the exit code: 0 only if all of it came true. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { dir, language, json, print } = options;
  const world = await startWorld({ dir, language });
  try {
    const bot = await startBot(world);
    try {
      const records = await openSqliteRecords({ file: world.recordsFile });
      const end = await playStory(world, records).finally(() => records.close());
      await checkFiles(world, end);
      print(json ? JSON.stringify(summary(world, end), undefined, 2) : transcript(world, end));
      return 0;
    } finally {
      await bot.stop();
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const known = error instanceof StoryError ? error.message : (error.stack ?? error.message);
    process.stderr.write(
      `${world.workspace.transcript()}\n\nThe demo failed: ${known}\nEverything is in ${dir}\n`,
    );
    return 1;
  } finally {
    await world.close();
  }
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

/** Looks at the files on disk with nothing of the bot's own: size and digest must be what the thread says. */
async function checkFiles(world: World, end: StoryEnd): Promise<void> {
  const root = nodeDir(world, end.run.plan?.node ?? '');
  const { snapshot, resources } = artifactsOf(end);
  for (const file of [snapshot, resources]) {
    const place = path.join(root, file.path);
    const { size } = await stat(place);
    if (size !== file.size)
      throw new StoryError(`${file.path} has ${size} bytes, the thread says ${file.size}`);
    const hash = createHash('sha256');
    await pipeline(createReadStream(place), hash);
    const found = hash.digest('hex');
    if (found !== file.sha256)
      throw new StoryError(`${file.path} has sha256 ${found}, the thread says ${file.sha256}`);
  }
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

function transcript(world: World, end: StoryEnd): string {
  const { etcd, client } = real(world);
  const { snapshot, resources } = artifactsOf(end);
  const root = nodeDir(world, end.run.plan?.node ?? '');
  const etcdText = etcd
    ? `a real etcd (${world.plane.etcd?.version ?? ''})`
    : 'no etcd installed here: the recorded snapshot of a real one';
  return [
    world.workspace.transcript(),
    '',
    `Played with ${client}${world.client.kind === 'stand-in' ? ' (no oc or kubectl here)' : ''}; ${etcdText}.`,
    'Both files, as they lie on this disk:',
    `  ${path.join(root, snapshot.path)}`,
    `  ${path.join(root, resources.path)}`,
  ].join('\n');
}
