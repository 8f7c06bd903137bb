import type { Core } from './core.ts';
import { channelName, userName } from './directory.ts';
import type { LogEntry, Message } from './model.ts';
import type { Names } from './mrkdwn.ts';
import { renderContent, renderView } from './render.ts';
import { displayWidth, wrap } from './terminal-width.ts';

const GUTTER = '          │ ';

export interface TranscriptOptions {
  /** Columns of the terminal, 100 by default. */
  readonly columns?: number;
  /** Log entries to leave out at the start, for following a running workspace. */
  readonly from?: number;
  /** Of an edited message: the whole of it (by default), or only the lines that it did not have before. */
  readonly edits?: 'whole' | 'changes';
}

export function namesOf(core: Core): Names {
  return {
    user: (id) => userName(core, id),
    channel: (id) => channelName(core, id),
    group: (id) => `@${core.state.groups.get(id)?.handle ?? id}`,
  };
}

/** Everything that people wrote, saw and clicked, in order; times are of the workspace's zone. */
export function transcriptOf(core: Core, options: TranscriptOptions = {}): string {
  return core.state.log
    .slice(options.from ?? 0)
    .map((entry) => entryText(core, entry, options))
    .join('\n');
}

function entryText(core: Core, entry: LogEntry, { columns = 100, edits }: TranscriptOptions): string {
  const time = timeOfDay(entry.at, core.timeZone);
  const room = Math.max(20, columns - displayWidth(GUTTER));
  const head = wrap(`${headline(core, entry)}`, room);
  const lines = [`${time}  ${head[0] ?? ''}`, ...head.slice(1).map((line) => `${' '.repeat(10)}${line}`)];
  const body = bodyOf(core, entry);
  const before = edits === 'changes' && entry.kind === 'edit' ? bodyOf(core, entry, 1) : '';
  const shown = before === '' ? wrap(body, room) : newLines(wrap(before, room), wrap(body, room));
  if (body !== '') lines.push(...shown.map((line) => `${GUTTER}${line}`.trimEnd()));
  return lines.join('\n');
}

function timeOfDay(at: number, timeZone: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { timeZone, hourCycle: 'h23' });
}

/** Lines that were there before give way to one `…` a run. */
function newLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const known = new Set(before);
  return after
    .map((line) => (known.has(line) ? '…' : line))
    .filter((line, index, all) => line !== '…' || all[index - 1] !== '…');
}

function headline(core: Core, entry: LogEntry): string {
  const who = userName(core, entry.who);
  const place = entry.channel === undefined ? '' : channelName(core, entry.channel);
  const inPlace = place === '' ? '' : ` in ${place}`;
  switch (entry.kind) {
    case 'command':
      return `${who}${inPlace} types: ${entry.text}`;
    case 'click':
      return `${who}${inPlace} clicks ${entry.text}`;
    case 'confirm':
      return `${who} is asked: ${entry.text}`;
    case 'post':
      return `${who}${where(core, entry.message, place)}:`;
    case 'edit':
      return `${who} edits its message${where(core, entry.message, place)}:`;
    case 'delete':
      return `${who} deletes a message${inPlace}`;
    case 'view':
      return entry.text === 'closed' ? `${who}: the modal closed` : `${who}: a modal ${entry.text}`;
    case 'submit':
      return `${who} submits the modal ${entry.text}`;
    case 'home':
      return `${who}: the Home tab shows`;
    case 'tab':
      return `${who} opens the app's ${entry.text} tab`;
    case 'failure':
      return `Slack${inPlace}, only to ${who}: ${entry.text}`;
    case 'change':
      return entry.text;
  }
}

function where(core: Core, message: Message | undefined, place: string): string {
  const direct = core.state.channels.get(message?.channel ?? '')?.kind === 'direct';
  const thread = message?.threadTs === undefined ? '' : ', in the thread';
  const privately = message?.visibleTo === undefined ? '' : `, only to ${userName(core, message.visibleTo)}`;
  return `${direct ? ` in the ${place}` : ` in ${place}`}${thread}${privately}`;
}

/** `back`: how many editions before that of the entry; empty where there is none. */
function bodyOf(core: Core, entry: LogEntry, back = 0): string {
  const names = namesOf(core);
  const shows = entry.kind === 'post' || entry.kind === 'edit';
  const revision = shows ? entry.message?.revisions[(entry.revision ?? 0) - back] : undefined;
  if (revision && entry.message) return renderContent({ ...revision, files: entry.message.files }, names);
  const viewShows = entry.kind === 'home' || (entry.kind === 'view' && entry.text !== 'closed');
  return viewShows && entry.view ? renderView(entry.view, names) : '';
}
