import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { Acted, Outcome } from './acted.ts';
import { type LeftBehind, leftBehind, leftText, lookBefore } from './left-behind.ts';
import type { Left, Scenario } from './scenario.ts';
import type { FaultStage } from './stage.ts';

/** One line of the table. */
export interface Played {
  readonly name: string;
  readonly broken: string;
  /** The sentence that informs the person. */
  readonly message: string;
  readonly outcome: Outcome | 'unknown';
  readonly seconds: number;
  readonly left: string;
  /** What is not as it must be; empty: all is. */
  readonly wrong: readonly string[];
}

const messageDeadlineMs = 30_000;

export async function playScenario(stage: FaultStage, scenario: Scenario): Promise<Played> {
  const { name, broken, expected } = scenario;
  const withinS = expected.withinS * stage.patience;
  const unready = await stage.begin().catch(failed);
  const before = await lookBefore(stage.world);
  await scenario.arrange?.(stage);
  const startedAt = Date.now();
  const acted =
    unready ?? (await (scenario.act ?? ((on) => askAndApprove(on, scenario)))(stage).catch(failed));
  const seconds = (Date.now() - startedAt) / 1000;
  const { runId, logged } = acted;
  const run = runId === undefined ? undefined : await stage.records.run(runId);
  const outcome = acted.outcome ?? run?.status ?? 'unknown';
  const allowed = expected.left ?? (outcome === 'succeeded' ? 'backup' : 'nothing');
  const find = () =>
    [...(logged ? [logged] : []), ...stage.messages(runId)]
      .flatMap((text) => text.split('\n'))
      .find((line) => expected.says.test(line));
  const look = async () => {
    const left = await leftBehind(stage, before);
    const message = find();
    const said = stage.messages(runId).join('\n');
    return { left, message, said, wrong: wronglyLeft(left, allowed, { run, said }) };
  };
  // Messages are on their way still: the run itself never waits for Slack.
  let seen = await look();
  for (
    const until = Date.now() + messageDeadlineMs * stage.patience;
    Date.now() < until;
    seen = await look()
  ) {
    if (seen.message !== undefined && seen.wrong.length === 0) break;
    await delay(50);
  }
  const wrong = [
    ...(unready?.wrong === undefined ? [] : [`it began wrongly: ${unready.wrong}`]),
    ...(acted.wrong === undefined ? [] : [acted.wrong]),
    ...(outcome === expected.outcome ? [] : [`it ended as ${outcome}, not as ${expected.outcome}`]),
    ...(seen.message === undefined ? [`no message says ${expected.says}`] : []),
    ...(seconds <= withinS ? [] : [`it took longer than ${withinS} s`]),
    ...seen.wrong,
  ];
  const message = seen.message ?? seen.said.split('\n').at(-1) ?? '';
  return { name, broken, message, outcome, seconds, left: leftText(seen.left), wrong };
}

async function askAndApprove(stage: FaultStage, scenario: Scenario): Promise<Acted> {
  const runId = await stage.request();
  const run = await stage.settled(runId);
  if (run.status !== 'waiting') return { runId };
  await scenario.beforeApproval?.(stage, runId);
  await stage.approve(runId);
  await stage.settled(runId);
  return { runId };
}

function failed(error: unknown): Acted {
  return { runId: undefined, wrong: error instanceof Error ? error.message : String(error) };
}

/** The rule of every run: what it leaves is what its message names, and no process of it goes on. */
function wronglyLeft(
  left: LeftBehind,
  allowed: Left,
  { run, said }: { run: BackupRun | undefined; said: string },
): readonly string[] {
  const mayFiles = allowed.startsWith('files');
  const mayPod = allowed.endsWith('session pod');
  const isNamed = (file: string) =>
    said.includes(file) || said.includes(path.posix.dirname(file)) || inNamedDirectory(file, run, said);
  return [
    ...(allowed.startsWith('backup') && allowed !== 'backups' ? notThePair(left, run) : []),
    ...(allowed === 'nothing' || allowed === 'session pod'
      ? left.files.map((file) => `${file} was left`)
      : []),
    ...(mayFiles
      ? left.files.filter((file) => !isNamed(file)).map((file) => `no message names ${file}`)
      : []),
    ...left.pods
      .filter((pod) => !mayPod || !said.includes(pod))
      .map((pod) => `the session pod ${pod} was left${mayPod ? ' and no message names it' : ''}`),
    ...(mayPod ? [] : left.commands.map((command) => `still runs on the node: ${command}`)),
    ...left.clients.map((client) => `${client} was not ended`),
  ];
}

function inNamedDirectory(file: string, run: BackupRun | undefined, said: string): boolean {
  const directory = run?.plan?.directory;
  return directory !== undefined && file.startsWith(`${directory}/`) && said.includes(directory);
}

function notThePair(left: LeftBehind, run: BackupRun | undefined): readonly string[] {
  const { snapshot, resources } = run?.success?.artifacts ?? {};
  const wanted = [snapshot?.path, resources?.path].toSorted();
  const found = left.files.toSorted();
  const same = JSON.stringify(wanted) === JSON.stringify(found);
  return same ? [] : [`the node holds ${found.join(', ') || 'nothing'}, not exactly the two files`];
}
