import type { Readable, Writable } from 'node:stream';
import { startPlayground } from '../playground.ts';
import type { BotProcess, World } from '../world.ts';
import { completions } from './complete.ts';
import { createPlayForm, formHelp, type PlayForm } from './play-form.ts';
import { homeHelp, homeLabels, playHome } from './play-home.ts';
import { clickMessage, messageLabels } from './play-messages.ts';
import { createUpgrades, type Upgrades } from './play-upgrades.ts';
import { openPrompt, type Prompt } from './prompt.ts';

export interface PlayOptions {
  readonly dir: string;
  readonly language: 'en' | 'ko';
  /** A scheduled backup two minutes after the start, taken without approval. */
  readonly schedule: boolean;
  readonly input: Readable;
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly print: (text: string) => void;
  /** Ends the world with the sandbox, whatever ends that. */
  readonly hold: (starting: Promise<World>) => Promise<World>;
  /** Aborted: it is being ended. */
  readonly signal: AbortSignal;
}

const command = '/etcd-backup';
const personNames = ['requester', 'approver', 'viewer', 'newcomer'] as const;

const help = (timeZone: string) => `You are in #platform-prod of a Slack workspace that exists only here.
  ${command} …        types the command (try: ${command} help, ${command} run)
  as PERSON             who you are from now on: requester, approver, viewer (owns the cluster), newcomer
  click LABEL           clicks a button of the newest message that has it, private ones too, e.g. click Approve
  click                 lists all that you can click
${homeHelp}
${formHelp}
  upgrade VERSION       updates the cluster as its version operator would, e.g. upgrade 4.16.9
  rollout on|off        the operator of etcd rolls out a change, and is quiet again: no backup can run meanwhile
  help                  this text
  quit                  ends
The Tab key completes words, people and labels. All clocks show the time of ${timeZone}.`;

/** The sandbox for a person at a terminal: what happens in the workspace is printed as it happens. */
export async function play(options: PlayOptions): Promise<number> {
  const { dir, language, schedule, hold, signal } = options;
  // This machine's, as the clock on the wall: the cluster is here.
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  options.print('Starting a Slack workspace, a cluster and the bot …');
  let bot: BotProcess | undefined;
  const starting = startPlayground({ dir, language, schedule, timeZone, signal });
  const world = await hold(
    starting.then((playground) => {
      bot = playground.bot;
      return playground.world;
    }),
  );
  const seat = takeSeat(world, options, timeZone);
  let printed = 0;
  const follow = () => {
    const length = world.workspace.transcriptLength();
    if (length === printed) return;
    const from = printed;
    printed = length;
    seat.prompt.print(world.workspace.transcript({ from }));
  };
  seat.prompt.print(seat.help);
  const unfollow = world.workspace.onChange(follow);
  follow();
  void bot?.exited.then(() => seat.prompt.close());
  try {
    await readLines(world, seat);
    return 0;
  } finally {
    unfollow();
    seat.upgrades.stop();
    seat.prompt.close();
    await world.stop();
  }
}

/** Where the person sits: who they are, and what they act with. */
interface Seat {
  person: string;
  readonly help: string;
  readonly prompt: Prompt;
  readonly form: PlayForm;
  readonly upgrades: Upgrades;
}

function takeSeat(world: World, { input, output, print }: PlayOptions, timeZone: string): Seat {
  const { workspace, people } = world;
  const form = createPlayForm(workspace);
  const choices = {
    people: personNames,
    command,
    click: () => messageLabels(workspace, seat.person),
    home: () => homeLabels(workspace, seat.person),
    choose: () => form.labels(seat.person),
  };
  const prompt = openPrompt({ input, output, print, complete: (line) => completions(line, choices) });
  const upgrades = createUpgrades(world, prompt.print);
  const seat: Seat = { person: people.requester, help: help(timeZone), prompt, form, upgrades };
  return seat;
}

async function readLines(world: World, seat: Seat): Promise<void> {
  seat.prompt.show('@requester');
  for await (const raw of seat.prompt.lines) {
    const line = raw.trim();
    if (line === 'quit' || line === 'exit') return;
    try {
      await playLine(world, seat, line);
    } catch (error) {
      seat.prompt.print(error instanceof Error ? error.message : String(error));
    }
    seat.prompt.show(nameOf(world, seat.person));
  }
}

async function playLine(world: World, seat: Seat, line: string): Promise<void> {
  const { workspace } = world;
  const { person, prompt, form, upgrades } = seat;
  const [word = ''] = line.split(/\s+/, 1);
  const text = line.slice(word.length).trim();
  if (word === 'as') seat.person = personNamed(world, text);
  else if (word === 'click') await clickMessage(workspace, person, text, prompt.print);
  else if (word === 'home') await playHome(workspace, person, text);
  else if (word === 'upgrade') upgrades.start(text);
  else if (word === 'rollout') rollOut(world, text);
  else if (word.startsWith('/'))
    await workspace.slash({ user: person, channel: world.channels.platform, command: word, text });
  else if (line !== '' && !(await form.play(person, word, text, prompt.print))) prompt.print(seat.help);
}

function rollOut({ cluster }: World, state: string): void {
  if (state !== 'on' && state !== 'off') throw new Error('Which? rollout on, or rollout off.');
  const status = state === 'on' ? 'True' : 'False';
  cluster.objects.setCondition('clusteroperators', 'etcd', { type: 'Progressing', status });
}

function idOf({ people }: World, name: (typeof personNames)[number]): string {
  return name === 'newcomer' ? people.stranger : people[name];
}

function personNamed(world: World, name: string): string {
  const known = personNames.find((each) => each === name);
  if (known === undefined)
    throw new Error(`There is no person “${name}”. There are: ${personNames.join(', ')}.`);
  return idOf(world, known);
}

function nameOf(world: World, id: string): string {
  return `@${personNames.find((name) => idOf(world, name) === id)}`;
}
