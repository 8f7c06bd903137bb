import type { BackupRun } from '../../src/domain/run/run.ts';
import type { EtcdTools } from '../../src/drill/find-etcd.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import type { EtcdState } from '../restore-host/etcd-state.ts';
import { verdict } from '../restore-host/verdict.ts';
import { clusterName, hasButton, type World } from '../world.ts';
import { followRoom, type RestoreStage, type StepTaken } from './follow-room.ts';
import { liveState, loseCluster } from './lost-cluster.ts';
import { findRoom, type RoomThread } from './room-thread.ts';
import { StoryError } from './story.ts';
import { approveAndWait } from './take-backup.ts';

/** What the restore came to. */
export interface RestoreEnd {
  readonly run: BackupRun;
  readonly steps: readonly StepTaken[];
  /** What the bot saw itself at the end, line by line. */
  readonly checks: readonly string[];
  /** What the person reads who said from which backup the cluster was restored. */
  readonly restored: string;
  readonly state: {
    /** As the backup was taken. */
    readonly backup: EtcdState;
    /** As the cluster was lost. */
    readonly lost: EtcdState;
    readonly restored: EtcdState;
  };
  /** By how much the revision was to be raised. */
  readonly bump: number;
  /** Root of the recovery host's files. */
  readonly host: string;
}

export interface RestorePlot extends Pick<RestoreStage, 'meanwhile'> {
  readonly world: World;
  readonly records: Records;
  readonly tools: EtcdTools;
}

const timeoutMs = 60_000;

/**
 * A backup, more data, the loss of the cluster, and the way back by the steps in the thread alone. Throws StoryError at the first
 * thing that did not come true, a restored etcd that is not the backup's among them.
 */
export async function playRestore(plot: RestorePlot): Promise<RestoreEnd> {
  const { world, tools, meanwhile } = plot;
  const { people, workspace } = world;
  const { run, state: backup } = await takeBackup(plot);
  await writeOn(world);
  const before = await liveState(world);
  if (before.revision <= backup.revision) throw new StoryError('no data was written after the backup');

  workspace.note('The API goes down, and etcd has lost its data on more hosts than its quorum can spare');
  const lost = await loseCluster(world, run, tools);
  await world.type(people.requester, `restore-plan ${clusterName} start`);
  const thread = await findRoom(world);
  const steps = await followRoom({ world, lost, thread, meanwhile });
  const wrong = await verdict(lost.hosts, run.plan?.zStream ?? '');
  if (wrong !== undefined) throw new StoryError(`the cluster is not as it must be: ${wrong}`);

  const restored = await lost.hosts.etcdState(lost.host);
  mustBe(restored, { ...backup, revision: backup.revision + lost.bump });
  const checks = await readChecks(world, thread);
  return {
    run,
    steps,
    checks,
    restored: await sayRestored(plot, run.id),
    state: { backup, lost: before, restored },
    bump: lost.bump,
    host: lost.hosts.root(lost.host),
  };
}

/** Also the state of etcd that the backup is of: it does not change while the run goes on. */
async function takeBackup({
  world,
  records,
}: RestorePlot): Promise<{ readonly run: BackupRun; readonly state: EtcdState }> {
  const state = await liveState(world);
  await world.type(world.people.requester, `run ${clusterName} reason="before the network change"`);
  const { run } = await approveAndWait(world, records);
  mustBe(await liveState(world), state);
  return { run, state };
}

/** Life goes on after the backup: what is written now a restore takes back. */
async function writeOn(world: World): Promise<void> {
  world.workspace.note('People go on working: the cluster gets data that the backup does not have');
  for (const name of ['shop', 'shop-db', 'shop-web'])
    await world.plane.etcd?.put(`/kubernetes.io/deployments/made-later/${name}`, 'made after the backup');
}

function mustBe(found: EtcdState, expected: EtcdState): void {
  if (found.revision !== expected.revision)
    throw new StoryError(
      `etcd has revision ${found.revision}, and ${expected.revision} was expected of the backup`,
    );
  const [more, less] = [missingIn(expected, found), missingIn(found, expected)];
  if (more.length + less.length > 0)
    throw new StoryError(
      `etcd has ${more.length} live keys that the backup lacks, and lacks ${less.length} of the backup: ${[...more, ...less].slice(0, 3).join(', ')}`,
    );
}

function missingIn({ keys }: EtcdState, other: EtcdState): readonly string[] {
  const known = new Set(keys);
  return other.keys.filter((key) => !known.has(key));
}

/** Waits until the bot closes the room, because all is well; what it saw, and a new backup is offered there. */
async function readChecks({ workspace }: World, thread: RoomThread): Promise<readonly string[]> {
  await workspace.waitFor(() => !hasButton(thread.head(), 'restoreStop'), {
    timeoutMs,
    what: 'the end of the room',
  });
  const message = await thread.shown(
    'what the bot saw, with a new backup offered',
    (each) => each.ts === thread.checks()?.ts && hasButton(each, 'restoreBackUp'),
  );
  const lines = workspace.renderMessage(message).split('\n');
  return lines.filter((line) => /^[✅⏳❌❔]/u.test(line.trim())).map((line) => line.trim());
}

async function sayRestored({ world, records }: RestorePlot, runId: string): Promise<string> {
  const { approver } = world.people;
  const asked = await world.type(approver, `restored ${clusterName} from=${runId}`);
  const question = await asked.nextPrivate(timeoutMs);
  if (!hasButton(question, 'restoredConfirm'))
    throw new StoryError(`nothing is to be confirmed: ${world.workspace.renderMessage(question)}`);
  const said = await world.click(approver, 'restoredConfirm', question);
  const answer = world.workspace.renderMessage(await said.nextPrivate(timeoutMs));
  const [restore] = await records.restores(clusterName);
  if (restore?.from !== runId) throw new StoryError(`the restore is not on record: ${answer}`);
  return answer.split('\n')[0] ?? '';
}
