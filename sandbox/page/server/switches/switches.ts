import type { Behaviour, World } from '../../../world.ts';
import type { PageSwitch } from '../../protocol.ts';
import { type Moment, type SwitchName, switchGroups, switchNames } from '../../switch-names.ts';
import type { BotKeeper } from '../bot-keeper.ts';
import { apiPlays } from './api-plays.ts';
import { botPlays } from './bot-plays.ts';
import { whenRunIsAt } from './moments.ts';
import { nodePlays } from './node-plays.ts';
import { placePlays } from './place-plays.ts';
import type { Play, SwitchStage, Undo } from './play.ts';
import { slackPlays } from './slack-plays.ts';

const plays: Readonly<Record<SwitchName, Play>> = {
  ...apiPlays,
  ...nodePlays,
  ...placePlays,
  ...botPlays,
  ...slackPlays,
};

/** Of these only one can be: the next one takes the place of the one before. */
const exclusive: readonly (readonly SwitchName[])[] = [
  switchGroups.script,
  switchGroups.places,
  ['api-refused', 'api-401'],
  ['slow', 'too-slow'],
  ['posting-limited', 'read-only', 'threads-only', 'no-threads'],
  ['short-texts', 'short-blocks', 'few-blocks', 'any-length'],
  ['records-locked', 'records-replaced', 'bot-clock-ahead', 'token-revoked'],
];

export interface Switches {
  /** Resolves when it is so, or when it waits for its moment. */
  set(name: SwitchName, on: boolean, moment?: Moment): Promise<void>;
  state(): Readonly<Record<SwitchName, PageSwitch>>;
}

interface Active {
  readonly undo: Undo;
  /** undefined: it is broken now. */
  readonly waitsFor?: Exclude<Moment, 'now'>;
}

export function createSwitches(world: World, bot: BotKeeper, onChange: () => void): Switches {
  const stage = createStage(world, bot);
  const active = new Map<SwitchName, Active>();
  // One after the other: two windows may click at once.
  let last: Promise<unknown> = Promise.resolve();

  function inTurn(work: () => Promise<void>): Promise<void> {
    const next = last.then(work);
    last = next.catch(() => undefined).then(onChange);
    return next;
  }

  async function turnOff(name: SwitchName): Promise<void> {
    const was = active.get(name);
    active.delete(name);
    await was?.undo();
  }

  async function breakNow(name: SwitchName): Promise<void> {
    const off = () => void inTurn(() => turnOff(name)).catch(() => undefined);
    active.set(name, { undo: await plays[name](stage, off) });
  }

  async function turnOn(name: SwitchName, moment: Moment): Promise<void> {
    if (active.has(name)) return;
    const others = exclusive.filter((group) => group.includes(name)).flat();
    for (const other of others) await turnOff(other);
    if (moment === 'now') return breakNow(name);
    const come = () => {
      void inTurn(async () => {
        if (active.get(name)?.waitsFor !== moment) return;
        active.delete(name);
        await breakNow(name);
      }).catch(() => undefined);
    };
    // On before it waits: its moment may be there.
    let undo: Undo = () => undefined;
    active.set(name, { undo: () => undo(), waitsFor: moment });
    undo = whenRunIsAt(moment, world, come);
  }

  return {
    set: (name, on, moment = 'now') => inTurn(() => (on ? turnOn(name, moment) : turnOff(name))),
    state: () =>
      Object.fromEntries(
        switchNames.map((name) => {
          const is = active.get(name);
          return [name, { on: is !== undefined, waitsFor: is?.waitsFor }];
        }),
      ) as ReturnType<Switches['state']>,
  };
}

function createStage(world: World, bot: BotKeeper): SwitchStage {
  const behaviours = new Set<Partial<Behaviour>>();
  const apply = () => world.inject({ nodes: Object.assign({}, ...behaviours) });
  return {
    world,
    bot,
    strike: (match, fault) => world.cluster.faults.add({ ...fault, match }),
    async behave(behaviour) {
      const own = { ...behaviour };
      behaviours.add(own);
      await apply();
      return async () => {
        behaviours.delete(own);
        await apply();
      };
    },
  };
}
