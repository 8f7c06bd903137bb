import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { startPlayground } from '../playground.ts';
import { labelOf } from '../slack/elements.ts';
import { asText, type JsonObject, objectsIn } from '../slack/json.ts';
import type { Message } from '../slack/model.ts';
import type { World } from '../world.ts';
import { homeHelp, playHome } from './play-home.ts';
import { createUpgrades, type Upgrades } from './play-upgrades.ts';

export interface PlayOptions {
  readonly dir: string;
  readonly language: 'en' | 'ko';
  /** A scheduled backup two minutes after the start, taken without approval. */
  readonly schedule: boolean;
  readonly input: Readable;
  readonly print: (text: string) => void;
}

const help = `You are in #platform-prod of a Slack workspace that exists only here.
  /etcd-backup …        types the command (try: /etcd-backup help, /etcd-backup run)
  as PERSON             who you are from now on: requester, approver, viewer (owns the cluster), newcomer
  click LABEL           clicks a button of the newest message that has it, private ones too, e.g. click Approve
${homeHelp}
  upgrade VERSION       updates the cluster as its version operator would, e.g. upgrade 4.16.9
  rollout on|off        the operator of etcd rolls out a change, and is quiet again: no backup can run meanwhile
  help                  this text
  quit                  ends`;

/** The sandbox for a person at a terminal: what happens in the workspace is printed as it happens. */
export async function play(options: PlayOptions): Promise<number> {
  const { dir, language } = options;
  const { world, bot } = await startPlayground({ dir, language, schedule: options.schedule });
  let printed = 0;
  const follow = () => {
    const length = world.workspace.transcriptLength();
    if (length === printed) return;
    const from = printed;
    printed = length;
    options.print(world.workspace.transcript({ from }));
  };
  options.print(help);
  const unfollow = world.workspace.onChange(follow);
  follow();
  const lines = createInterface({ input: options.input });
  void bot.exited.then(() => lines.close());
  const upgrades = createUpgrades(world, options.print);
  try {
    await readLines(world, upgrades, lines, options.print);
    return 0;
  } finally {
    unfollow();
    upgrades.stop();
    lines.close();
    await world.stop();
    options.print(`Everything is still in ${dir}`);
  }
}

async function readLines(
  world: World,
  upgrades: Upgrades,
  lines: AsyncIterable<string>,
  print: PlayOptions['print'],
): Promise<void> {
  let person = world.people.requester;
  for await (const raw of lines) {
    const line = raw.trim();
    const [word = '', ...rest] = line.split(/\s+/);
    const name = rest[0] ?? '';
    if (word === 'quit' || word === 'exit') return;
    try {
      if (word === 'as') person = personNamed(world, name);
      else if (word === 'click') await click(world, person, rest.join(' '));
      else if (word === 'upgrade') upgrades.start(name);
      else if (word === 'rollout') rollOut(world, name);
      else if (word.startsWith('/')) await type(world, person, word, line.slice(word.length).trim());
      else if (line !== '' && !(await playHome(world.workspace, person, line))) print(help);
    } catch (error) {
      print(error instanceof Error ? error.message : String(error));
    }
  }
}

function rollOut({ cluster }: World, state: string): void {
  if (state !== 'on' && state !== 'off') throw new Error('Which? rollout on, or rollout off.');
  const status = state === 'on' ? 'True' : 'False';
  cluster.objects.setCondition('clusteroperators', 'etcd', { type: 'Progressing', status });
}

function personNamed(world: World, name: string): string {
  const known: Record<string, string> = { ...world.people, newcomer: world.people.stranger };
  const found = known[name];
  if (found === undefined)
    throw new Error(`There is no person “${name}”. Try: requester, approver, viewer, newcomer.`);
  return found;
}

async function type(world: World, user: string, command: string, text: string): Promise<void> {
  await world.workspace.slash({ user, channel: world.channels.platform, command, text });
}

async function click(world: World, user: string, label: string): Promise<void> {
  const { workspace, channels } = world;
  // Private answers have buttons, too: what this person saw last is what they mean.
  const seen = [...workspace.messages(channels.platform), ...workspace.private(user)];
  for (const message of seen.toSorted((a, b) => Number(b.ts) - Number(a.ts))) {
    const button = buttonsOf(message).find((each) => labelOf(each).toLowerCase() === label.toLowerCase());
    if (!button) continue;
    await workspace.click({
      user,
      channel: message.channel,
      ts: message.ts,
      actionId: asText(button.action_id),
    });
    return;
  }
  throw new Error(`No message that you see has a button “${label}”.`);
}

function buttonsOf(message: Message): readonly JsonObject[] {
  return message.blocks
    .filter((block) => block.type === 'actions')
    .flatMap((block) => objectsIn(block.elements))
    .filter((element) => element.type === 'button');
}
