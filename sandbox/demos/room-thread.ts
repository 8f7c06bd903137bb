import type { StepKind } from '../../src/domain/restore/restore-steps.ts';
import { clusterOfRoom } from '../../src/domain/restore-room/room.ts';
import { asObject, asText, objectsIn } from '../slack/json.ts';
import { unescapeText } from '../slack/mrkdwn.ts';
import { hasButton, type Message, type World } from '../world.ts';

/** A message in the thread of a restore room that asks for one step. */
export interface ShownStep {
  readonly number: number;
  readonly kind: StepKind;
  readonly message: Message;
}

/** The commands of a step, and where the person took them from. */
interface GivenCommands {
  readonly from: 'message' | 'file' | 'none';
  readonly block: string | undefined;
}

/** A restore room as people see it: nothing is read but messages and the files beside them. */
export interface RoomThread {
  /** The first message, as it is now. */
  head(): Message;
  /** Its thread, as it is now. */
  replies(): readonly Message[];
  /** The first step that waits for a person's word, once it is shown; undefined: the bot's own checks are shown, no step waits. */
  nextStep(): Promise<ShownStep | undefined>;
  commandsOf(step: ShownStep): Promise<GivenCommands>;
  /** Waits for a message of the thread that fits. */
  shown(what: string, fits: (message: Message) => boolean): Promise<Message>;
  /** The message with the bot's own checks; undefined: not shown yet. */
  checks(): Message | undefined;
}

const timeoutMs = 60_000;

/** Waits until the room is open in the cluster's channel. */
export async function findRoom(world: Pick<World, 'workspace' | 'channels'>): Promise<RoomThread> {
  const { workspace, channels } = world;
  const channel = channels.platform;
  const heads = () =>
    workspace.messages(channel).filter((each) => clusterOfRoom(idIn(each)) !== undefined && hasThread(each));
  const hasThread = ({ ts }: Message) => workspace.thread(channel, ts).length > 1;
  const { ts } = await workspace.waitFor(() => heads().at(-1), { timeoutMs, what: 'the restore room' });
  const replies = () => workspace.thread(channel, ts).slice(1);
  const head = () => workspace.thread(channel, ts)[0] as Message;
  const checks = () => replies().find((each) => idIn(each) === `${idIn(head())} checks`);
  const shown: RoomThread['shown'] = (what, fits) =>
    workspace.waitFor(() => replies().find(fits), { timeoutMs, what });
  const waiting = () => replies().find((each) => hasButton(each, 'restoreDone'));
  return {
    head,
    replies,
    checks,
    shown,
    async nextStep() {
      const message = await workspace.waitFor(() => waiting() ?? checks(), {
        timeoutMs,
        what: 'the next step',
      });
      const [, number, kind] = / step (\d+) (\S+)$/.exec(idIn(message)) ?? [];
      return number === undefined ? undefined : { number: Number(number), kind: kind as StepKind, message };
    },
    async commandsOf({ message }) {
      const block = inBlocks(message);
      if (block !== undefined) return { from: 'message', block };
      const [name] = /\bstep-\d+\.txt\b/.exec(JSON.stringify(message.blocks)) ?? [];
      if (name === undefined) return { from: 'none', block: undefined };
      const { files } = await shown(`the file ${name}`, (each) =>
        each.files.some((file) => file.name === name),
      );
      const text = files.find((file) => file.name === name)?.bytes.toString('utf8') ?? '';
      return { from: 'file', block: text.trimEnd() };
    },
  };
}

/** What the bot itself knows the message by. */
function idIn({ metadata }: Message): string {
  return asText(asObject(asObject(metadata).event_payload).message);
}

/** All blocks of code, as a person copies them. */
function inBlocks({ blocks }: Message): string | undefined {
  const fenced = objectsIn(blocks).flatMap((block) => {
    const { type, text } = asObject(block.text);
    return type === 'mrkdwn' ? (/^```\n([\s\S]*)\n```$/.exec(asText(text))?.[1] ?? []) : [];
  });
  return fenced.length === 0 ? undefined : fenced.map(unescapeText).join('\n');
}
