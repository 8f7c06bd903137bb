import { access } from 'node:fs/promises';
import path from 'node:path';
import { type BackupRun, isActive } from '../../src/domain/run/run.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { type Outcome as Delivered, hasButton, type Message, until, type World } from '../world.ts';
import type { Acted } from './acted.ts';

/** What people do with a run, step by step. */
export interface RunSteps {
  type(text: string): Promise<Delivered>;
  /** Types `run`; the run's id as soon as it is on record. */
  request(text?: string): Promise<string>;
  /** Waits for the card's button and clicks; resolves when the click is answered or on record. */
  approve(runId: string): Promise<void>;
  /** Waits until the run is as `fits` says. */
  reaches(
    runId: string,
    what: string,
    fits: (run: BackupRun) => Promise<boolean> | boolean,
  ): Promise<BackupRun>;
  /** The run when it is over, or when it waits for people and nothing of them is left to look at. */
  settled(runId: string): Promise<BackupRun>;
  /** Requests and approves, waits until the script runs on the node for `slowSeconds`, breaks something, waits for the end. */
  inMidScript(slowSeconds: number, breakIt: (runId: string) => Promise<void> | void): Promise<Acted>;
}

const stepDeadlineMs = 60_000;

export function createRunSteps(world: World, records: Records, patience: number): RunSteps {
  const { people, plane } = world;
  const waitFor = <T>(what: string, look: Parameters<typeof until<T>>[1]) =>
    until<T>(what, look, { timeoutMs: stepDeadlineMs * patience });
  const steps: RunSteps = {
    type: (text) => world.type(people.requester, text),
    async request(text = 'run') {
      const known = (await records.runs({ limit: 1 }))[0]?.id;
      await steps.type(text);
      const run = await waitFor<BackupRun>('the run on record', async () => {
        const newest = (await records.runs({ limit: 1 }))[0];
        return newest?.id !== known && newest;
      });
      return run.id;
    },
    async approve(runId) {
      const card = await waitFor<Message>('the card with its buttons', () =>
        world.cards(runId).find((each) => hasButton(each, 'approve')),
      );
      await world.click(people.approver, 'approve', card);
    },
    reaches: (runId, what, fits) =>
      waitFor(what, async () => {
        const run = await records.run(runId);
        return run && (await fits(run)) && run;
      }),
    settled: (runId) =>
      steps.reaches(runId, 'the end of the run', (run) => {
        if (!isActive(run.status)) return true;
        return run.status === 'waiting' && !run.votes.some((vote) => vote.status === 'pending');
      }),
    async inMidScript(slowSeconds, breakIt) {
      await Promise.all(plane.nodes.map((node) => node.behave({ slowSeconds })));
      const runId = await steps.request();
      await steps.approve(runId);
      await steps.reaches(runId, 'the script to run', (run) => scriptRuns(world, run));
      await breakIt(runId);
      await steps.settled(runId);
      return { runId };
    },
  };
  return steps;
}

/** Whether the backup script of this run was started on its node. */
async function scriptRuns(world: World, run: BackupRun): Promise<boolean> {
  const { plan } = run;
  const node = world.plane.nodes.find((each) => each.name === plan?.node);
  if (!plan || !node || run.step !== 'running-script') return false;
  return access(path.join(node.dir, plan.directory, '.run', 'stdout')).then(
    () => true,
    () => false,
  );
}
