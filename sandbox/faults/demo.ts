import path from 'node:path';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { keepHint } from '../demos/demo.ts';
import type { World } from '../world.ts';
import { type Part, parts } from './every-scenario.ts';
import { type Played, playScenario } from './play-scenario.ts';
import type { Scenario } from './scenario.ts';
import { openFaultStage } from './stage.ts';

export interface FaultsOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly print: (text: string) => void;
  /** Plays only scenarios whose name begins so; all by default. */
  readonly only?: string | undefined;
  /** Multiplies what a scenario may take and, up to a limit, the bot's deadlines for the API: for a busy machine. 1 by default. */
  readonly patience?: number | undefined;
  /** False: the directory is gone after the demo. */
  readonly isKept?: boolean;
  /** Ends each world with the sandbox, whatever ends that. */
  readonly hold?: (starting: Promise<World>) => Promise<World>;
}

/** More of them take each other's time on two cores, and the deadlines of the world are short. */
const sideBySide = 2;

/** Not played on this machine. */
interface Skipped {
  readonly name: string;
  readonly broken: string;
  readonly lacks: string;
}

/** Plays every fault by name, each part against one world and one bot. Returns the exit code: 0 only if all is as it must be. */
export async function runFaults(options: FaultsOptions): Promise<number> {
  const { json, print, only = '' } = options;
  const chosen = parts.map((part) => ({
    ...part,
    scenarios: part.scenarios.filter(({ name }) => name.startsWith(only)),
  }));
  const skipped = chosen.flatMap(({ scenarios }) => scenarios.flatMap(whatLacks));
  const possible = chosen
    .map((part) => ({ ...part, scenarios: part.scenarios.filter((each) => whatLacks(each).length === 0) }))
    .filter(({ scenarios }) => scenarios.length > 0);
  const played: Played[] = [];
  const waiting = possible.values();
  const playOn = async () => {
    for (const part of waiting) played.push(...(await playPart(part, options)));
  };
  await Promise.all(Array.from({ length: sideBySide }, playOn));
  if (!json)
    for (const { name, broken, lacks } of skipped)
      print(`– ${name} · ${broken}\n    skipped   ${lacks} is not on this machine`);
  const right = played.filter(({ wrong }) => wrong.length === 0).length;
  const all = right === played.length && right > 0;
  const count = played.length;
  if (json) print(JSON.stringify({ faults: played, skipped, count, asTheyMustBe: right }, undefined, 2));
  else {
    const { dir, isKept = true } = options;
    const where = isKept ? `Everything is in ${dir}` : keepHint;
    const not = skipped.length === 0 ? '' : `, ${skipped.length} skipped`;
    print(`${count} faults: ${right} as they must be${not}${all ? '' : `. ${where}`}`);
  }
  return all ? 0 : 1;
}

function whatLacks({ name, broken, lacks }: Scenario): readonly Skipped[] {
  const missing = lacks?.();
  return missing === undefined ? [] : [{ name, broken, lacks: missing }];
}

async function playPart(part: Part, options: FaultsOptions): Promise<readonly Played[]> {
  const { dir, json, print, patience = 1, hold } = options;
  const played: Played[] = [];
  await using opened = new AsyncDisposableStack();
  const starting = part.open(path.join(dir, part.name), patience);
  const world = opened.adopt(await (hold?.(starting) ?? starting), (each) => each.stop());
  const records = opened.adopt(await openSqliteRecords({ file: world.recordsFile }), (each) => each.close());
  const stage = opened.adopt(await openFaultStage(world, records, patience), (each) => each.close());
  for (const scenario of part.scenarios) {
    const one = await playScenario(stage, scenario);
    played.push(one);
    if (!json) print(lineOf(one));
  }
  return played;
}

function lineOf({ name, broken, message, outcome, seconds, left, wrong }: Played): string {
  return [
    `${wrong.length === 0 ? '✔' : '✘'} ${name} · ${broken}`,
    `    message   ${message}`,
    `    outcome   ${outcome} after ${seconds.toFixed(1)} s`,
    `    left      ${left}`,
    ...wrong.map((each) => `    WRONG     ${each}`),
  ].join('\n');
}
