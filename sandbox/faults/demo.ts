import { openSqliteRecords } from '../../src/records/sqlite.ts';
import { startWorld } from '../world.ts';
import { everyScenario } from './every-scenario.ts';
import { type Played, playScenario } from './play-scenario.ts';
import { openFaultStage } from './stage.ts';

export interface FaultsOptions {
  readonly dir: string;
  readonly json: boolean;
  readonly print: (text: string) => void;
  /** Plays only scenarios whose name begins so; all unless told. */
  readonly only?: string | undefined;
}

/** Short, so that a fault that lasts until a deadline is over in seconds. */
const deadlines = {
  session: { startDeadline: '5s', scriptDeadline: '6s', commandDeadline: '5s' },
  requestDeadline: '2s',
};

/** Plays every fault by name against one world and one bot. Returns the exit code: 0 only if all is as it must be. */
export async function runFaults(options: FaultsOptions): Promise<number> {
  const { dir, json, print, only = '' } = options;
  const scenarios = everyScenario.filter(({ name }) => name.startsWith(only));
  // Copies have faults of their own; here nothing but the run itself may take time.
  const world = await startWorld({ dir, etcd: false, copies: false, clusterConfig: deadlines });
  const played: Played[] = [];
  try {
    const records = await openSqliteRecords({ file: world.recordsFile });
    try {
      const stage = await openFaultStage(world, records);
      try {
        for (const scenario of scenarios) {
          const one = await playScenario(stage, scenario);
          played.push(one);
          if (!json) print(lineOf(one));
        }
      } finally {
        await stage.close();
      }
    } finally {
      await records.close();
    }
  } finally {
    await world.close();
  }
  const right = played.filter(({ wrong }) => wrong.length === 0).length;
  const all = right === scenarios.length && right > 0;
  if (json)
    print(JSON.stringify({ faults: played, count: played.length, asTheyMustBe: right }, undefined, 2));
  else print(`${played.length} faults: ${right} as they must be${all ? '' : `. Everything is in ${dir}`}`);
  return all ? 0 : 1;
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
