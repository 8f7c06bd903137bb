import type { BackupRun } from '../../src/domain/run/run.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import type { Message, World } from '../world.ts';
import { isWaiting, StoryError, waitForCard, waitForEnd, waitForReport } from './story.ts';

/** The approver clicks on the card that waits; the run at its end, with its thread. Throws StoryError unless it is a proven backup. */
export async function approveAndWait(
  world: World,
  records: Records,
): Promise<{ readonly run: BackupRun; readonly thread: readonly Message[] }> {
  const card = await waitForCard(world, isWaiting, 'the card with its buttons');
  const [waiting] = await records.runs({ active: true, limit: 1 });
  if (!waiting) throw new StoryError('no run waits on record');
  await world.click(world.people.approver, 'approve', card);
  const run = await waitForEnd(world, records, waiting.id);
  if (run.status !== 'succeeded')
    throw new StoryError(`the run ended as ${run.status}: ${JSON.stringify(run.failed?.failure ?? {})}`);
  const final = await waitForCard(world, (each) => each.ts === card.ts && !isWaiting(each), 'the final card');
  return { run, thread: await waitForReport(world, final, run) };
}
