import { readdir } from 'node:fs/promises';
import type { StepKind } from '../../src/domain/restore/restore-steps.ts';
import { followStep, type StepOutcome } from '../restore-host/follow-step.ts';
import type { RestoreHosts } from '../restore-host/hosts.ts';
import { hasButton, until, type World } from '../world.ts';
import type { LostCluster } from './lost-cluster.ts';
import type { RoomThread, ShownStep } from './room-thread.ts';
import { StoryError } from './story.ts';

/** What became of one step, as people said in the thread. */
export interface StepTaken {
  readonly number: number;
  readonly kind: StepKind;
  readonly end: 'done' | 'skipped';
  /** How often a person clicked that it failed. */
  readonly failures: number;
  readonly commands: 'message' | 'file' | 'none';
  /** The first line of its message. */
  readonly text: string;
}

export interface RestoreStage {
  readonly world: World;
  readonly lost: LostCluster;
  readonly thread: RoomThread;
  /** Something that happens before a person does this step. */
  readonly meanwhile?: ((kind: StepKind, hosts: RestoreHosts) => Promise<void>) | undefined;
}

const timeoutMs = 30_000;

/** Every step that the thread shows, one after the other, until none waits. */
export async function followRoom(stage: RestoreStage): Promise<readonly StepTaken[]> {
  const taken: StepTaken[] = [];
  const api = apiOf(stage);
  for (;;) {
    const step = await stage.thread.nextStep();
    if (!step) return taken;
    if (step.number !== taken.length + 1) fail(step, `is shown, and ${taken.length} are settled`);
    await stage.meanwhile?.(step.kind, stage.lost.hosts);
    taken.push(await takeStep(stage, step));
    await api.look(step.kind);
  }
}

async function takeStep(stage: RestoreStage, step: ShownStep): Promise<StepTaken> {
  const { world, thread } = stage;
  const { number, kind } = step;
  const { from, block } = await thread.commandsOf(step);
  const [first = ''] = world.workspace.renderMessage(step.message).split('\n');
  const taken = { number, kind, commands: from, text: first.trim() };
  if (await doesNotApply(stage, kind)) {
    await skip(stage, step);
    return { ...taken, end: 'skipped', failures: 0 };
  }
  // The person with the key decrypts: first without having said where it lies, as the text asks for.
  const failures = kind === 'decrypt' ? 1 : 0;
  const person = kind === 'decrypt' ? world.people.approver : world.people.requester;
  if (kind === 'decrypt') await say(stage, step, person, 'restoreTake');
  for (let failed = 0; failed < failures; failed += 1) {
    const { stopped } = await run(stage, step, block, undefined);
    if (stopped === undefined) fail(step, 'was to fail without the key');
    await say(stage, step, person, 'restoreFailed');
  }
  const { stopped, output } = await run(stage, step, block, world.offCluster?.recipients[0]?.keyFile);
  if (stopped !== undefined) fail(step, `stopped the person: ${stopped}\n${output}`);
  await say(stage, step, person, 'restoreDone');
  return { ...taken, end: 'done', failures };
}

async function run(
  { world, lost }: RestoreStage,
  { number, kind }: ShownStep,
  block: string | undefined,
  ageKeyFile: string | undefined,
): Promise<StepOutcome> {
  const outcome = await followStep(lost.hosts, { kind, block }, { ageKeyFile });
  const last = outcome.output.trimEnd().split('\n').at(-1) ?? '';
  const said = last === '' ? '' : `; the last line: ${last}`;
  if (block !== undefined)
    world.workspace.note(`In the terminal, the commands of step ${number}: exit code ${outcome.code}${said}`);
  return outcome;
}

/** “If you changed none, skip this step.” */
async function doesNotApply({ lost }: RestoreStage, kind: StepKind): Promise<boolean> {
  if (kind !== 'webhooks-back') return false;
  const names = await readdir(lost.hosts.home, { recursive: true });
  return !names.some((name) => /(^|\/)webhook-[^/]+\.yaml$/.test(name));
}

async function skip(stage: RestoreStage, step: ShownStep): Promise<void> {
  const { workspace, people } = stage.world;
  await stage.world.click(people.requester, 'restoreSkip', step.message);
  await until('the form that asks why', () => workspace.modals(people.requester).length > 0);
  await stage.world.fill(people.requester, { reason: 'no webhook was changed' });
  await settled(stage, step);
}

/** Clicks, and waits until the message shows what was said. */
async function say(
  stage: RestoreStage,
  step: ShownStep,
  person: string,
  button: 'restoreTake' | 'restoreFailed' | 'restoreDone',
): Promise<void> {
  const { workspace } = stage.world;
  const forms = () => workspace.history(step.message.channel, step.message.ts).length;
  const before = forms();
  await stage.world.click(person, button, step.message);
  if (button === 'restoreDone') return settled(stage, step);
  await workspace.waitFor(() => forms() > before, {
    timeoutMs,
    what: `step ${step.number} to show ${button}`,
  });
}

async function settled({ thread }: RestoreStage, { number, message }: ShownStep): Promise<void> {
  await thread.shown(
    `the end of step ${number}`,
    (each) => each.ts === message.ts && !hasButton(each, 'restoreDone'),
  );
}

/** The bot reaches the API again as soon as a person does. */
function apiOf({ world, lost }: RestoreStage): { look(kind: StepKind): Promise<void> } {
  let state: 'down' | 'restored' | 'up' = 'down';
  return {
    async look(kind) {
      if (kind === 'restore') state = 'restored';
      if (state !== 'restored' || (await lost.hosts.run('oc get nodes')).code !== 0) return;
      state = 'up';
      world.workspace.note('The API of the cluster answers again');
      await lost.bringApiBack();
    },
  };
}

function fail({ number, kind }: ShownStep, what: string): never {
  throw new StoryError(`step ${number} (${kind}) ${what}`);
}
