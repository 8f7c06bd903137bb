import type { BackupRun } from '../../src/domain/run/run.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { clusterName, hasButton, type Message, until, type World } from '../world.ts';

/** What the demo's story came to, as the workspace and the records hold it. */
export interface StoryEnd {
  readonly run: BackupRun;
  readonly card: Message;
  readonly thread: readonly Message[];
}

/** A promise of the story that did not come true. */
export class StoryError extends Error {}

/**
 * The main job as people do it: a look, a request, a refused self-approval, a refused stranger to the cluster,
 * an approval by a second person, the run, the report. Throws StoryError at the first thing that did not come true.
 */
export async function playStory(world: World, records: Records): Promise<StoryEnd> {
  const { people } = world;

  const look = await world.type(people.requester, `check ${clusterName}`);
  must(/master-/.test(render(world, await look.nextPrivate(20_000))), 'check answers privately with a node');

  const text = `run ${clusterName} reason="before the network change"`;
  const asked = await world.type(people.requester, text);
  must(asked.status === 'acked', 'the request is acknowledged');
  const card = await waitForCard(world, isWaiting, 'the card with its buttons');

  const own = await world.click(people.requester, 'approve', card);
  must(render(world, await own.nextPrivate()) !== '', 'the requester’s own approval is refused privately');

  const foreign = await world.click(people.viewer, 'approve', card);
  must(
    render(world, await foreign.nextPrivate()) !== '',
    'an approval without cluster-admin rights is refused',
  );
  await waitForPrivate(world, people.viewer, 'cluster-admin');

  await world.click(people.approver, 'approve', card);
  const runId = await runOf(records);
  const run = await waitForEnd(world, records, runId);
  if (run.status !== 'succeeded') {
    throw new StoryError(`the run ended as ${run.status}: ${JSON.stringify(run.failed?.failure ?? {})}`);
  }
  const last = await waitForCard(
    world,
    (found) => found.ts === card.ts && !isWaiting(found),
    'the final card',
  );
  const thread = await waitForReport(world, last, run);

  const listed = await world.type(people.requester, `list ${clusterName}`);
  must(render(world, await listed.nextPrivate()).includes(run.id), 'list shows the backup');
  return { run, card: last, thread };
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new StoryError(`it did not come true that ${what}`);
}

function render(world: World, message: Message): string {
  return world.workspace.renderMessage(message);
}

export function isWaiting(message: Message): boolean {
  return hasButton(message, 'approve');
}

export function waitForCard(
  world: World,
  fits: (message: Message) => boolean,
  what: string,
): Promise<Message> {
  const { workspace, channels } = world;
  return workspace.waitFor(
    () => workspace.messages(channels.platform).find((each) => each.byApp && fits(each)),
    {
      timeoutMs: 30_000,
      what,
    },
  );
}

function waitForPrivate(world: World, user: string, text: string): Promise<Message> {
  const { workspace } = world;
  return workspace.waitFor(() => workspace.private(user).find((each) => render(world, each).includes(text)), {
    timeoutMs: 15_000,
    what: `a private message that says “${text}”`,
  });
}

async function runOf(records: Records): Promise<string> {
  const [newest] = await records.runs({ cluster: clusterName, limit: 1 });
  if (!newest) throw new StoryError('no run is on record');
  return newest.id;
}

const runDeadlineMs = 120_000;

export function waitForEnd(world: World, records: Records, runId: string): Promise<BackupRun> {
  const ended = async () => {
    const run = await records.run(runId);
    return run?.finishedAt !== undefined && run;
  };
  return until('the end of the run', ended, { timeoutMs: runDeadlineMs, whatIsThere: world.transcript });
}

export function waitForReport(world: World, card: Message, run: BackupRun): Promise<readonly Message[]> {
  const { workspace, channels } = world;
  const { snapshot, resources } = run.success?.artifacts ?? {};
  // The closing report is the one message with the paths on the node; receipts of the copies have their own places.
  const words = [snapshot?.path, snapshot?.sha256, resources?.path, resources?.sha256];
  return workspace.waitFor(
    () => {
      const thread = workspace.thread(channels.platform, card.ts).slice(1);
      const texts = thread.map((each) => render(world, each)).join('\n');
      return words.every((word) => word !== undefined && texts.includes(word)) && thread;
    },
    { timeoutMs: 15_000, what: 'the report with both digests in the thread' },
  );
}
