import { nearest } from '../../domain/text/nearest.ts';
import type { CommandProblem } from '../command-problem.ts';
import { CommandScanner, trimSpaces, UnclosedQuoteError, type Word } from './command-scanner.ts';

/** What a person asked for behind the slash command. Names are as typed: whether they exist is decided elsewhere. */
export type Command =
  | { readonly kind: 'fleet' }
  | {
      readonly kind: 'run';
      readonly cluster: string | undefined;
      readonly node: string | undefined;
      readonly reason: string | undefined;
      /** Why no second person is to be asked. */
      readonly emergency: string | undefined;
    }
  | { readonly kind: 'check'; readonly cluster: string | undefined; readonly node: string | undefined }
  /** `what`: a cluster's name or a run's id. */
  | { readonly kind: 'status'; readonly what: string | undefined }
  | { readonly kind: 'doctor' | 'ready-to-update'; readonly cluster: string | undefined }
  | { readonly kind: 'list' | 'resume'; readonly cluster: string | undefined }
  /** `until`: as typed: a span or a moment on the cluster's clock. */
  | {
      readonly kind: 'pause';
      readonly cluster: string | undefined;
      readonly until: string | undefined;
      readonly reason: string | undefined;
    }
  /** `undo`: what was said of a restore is taken back. `at`: as typed: a moment on the cluster's clock. */
  | {
      readonly kind: 'restored';
      readonly cluster: string | undefined;
      readonly from: string | undefined;
      readonly at: string | undefined;
      readonly undo: boolean;
    }
  /** `adopt`: the destination's name; undefined: the status of all of them. */
  | { readonly kind: 'destination'; readonly adopt: string | undefined }
  | { readonly kind: 'show' | 'audit' | 'verify' | 'drill'; readonly run: string }
  /** `what`: a cluster's name or a run's id. `zStream`: what the cluster ran last. */
  | {
      readonly kind: 'restore-plan';
      readonly what: string | undefined;
      readonly zStream: string | undefined;
      /** As typed: a moment on the cluster's clock. */
      readonly before: string | undefined;
    }
  | {
      readonly kind: 'approve' | 'reject' | 'cancel';
      readonly run: string;
      readonly reason: string | undefined;
    }
  | { readonly kind: 'help'; readonly topic: string | undefined };

export type CommandWord = Exclude<Command['kind'], 'fleet'>;

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly problem: CommandProblem };

/** Of the decoded text, in UTF-16 units. */
export const maxCommandLength = 4_000;

/** The first option is also what a word without `key=` means. */
const options: Readonly<Record<CommandWord, readonly string[]>> = {
  run: ['cluster', 'node', 'reason', 'emergency'],
  check: ['cluster', 'node'],
  status: ['what'],
  list: ['cluster'],
  show: ['run'],
  audit: ['run'],
  approve: ['run', 'reason'],
  reject: ['run', 'reason'],
  cancel: ['run', 'reason'],
  verify: ['run'],
  drill: ['run'],
  'restore-plan': ['what', 'z-stream', 'before'],
  'ready-to-update': ['cluster'],
  pause: ['cluster', 'until', 'reason'],
  resume: ['cluster'],
  doctor: ['cluster'],
  destination: ['what', 'name'],
  restored: ['cluster', 'from', 'at'],
  help: ['topic'],
};
export const commandWords = Object.keys(options) as readonly CommandWord[];

/** A word quoted back to the person who typed it. */
const maxQuotedBack = 80;

class ProblemError extends Error {
  readonly problem: CommandProblem;
  constructor(problem: CommandProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

/** Reads the text of the slash command as Slack delivers it. Never throws, whatever the text. */
export function parseCommand(text: string): ParsedCommand {
  try {
    return { ok: true, command: read(decodeEntities(text)) };
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem };
    if (error instanceof UnclosedQuoteError) return { ok: false, problem: { kind: 'unclosed-quote' } };
    throw error;
  }
}

/** Slack escapes exactly these three; one pass, so that `&amp;lt;` stays the text `&lt;`. */
function decodeEntities(text: string): string {
  const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => characters[entity] ?? entity);
}

function read(text: string): Command {
  if (text.length > maxCommandLength) {
    throw new ProblemError({ kind: 'too-long', length: text.length, max: maxCommandLength });
  }
  const scanner = new CommandScanner(text);
  const first = scanner.next();
  if (first === undefined) return { kind: 'fleet' };
  const kind = commandWord(first);
  const given = optionsOf(kind, scanner);
  const value = (option: string) => presence(given.get(option));
  switch (kind) {
    case 'run':
      return {
        kind,
        cluster: value('cluster'),
        node: value('node'),
        reason: value('reason'),
        emergency: value('emergency'),
      };
    case 'check':
      return { kind, cluster: value('cluster'), node: value('node') };
    case 'pause':
      return { kind, cluster: value('cluster'), until: value('until'), reason: value('reason') };
    case 'status':
      return { kind, what: value('what') };
    case 'doctor':
    case 'ready-to-update':
    case 'list':
    case 'resume':
      return { kind, cluster: value('cluster') };
    case 'destination':
      return { kind, adopt: adoptedName(value('what'), value('name')) };
    case 'restored':
      return restored(value);
    case 'help':
      return { kind, topic: value('topic') };
    case 'restore-plan':
      return { kind, what: value('what'), zStream: value('z-stream'), before: value('before') };
    case 'show':
    case 'audit':
    case 'verify':
    case 'drill':
      return { kind, run: needed(value('run'), kind) };
    default:
      return { kind, run: needed(value('run'), kind), reason: value('reason') };
  }
}

/** `destination`, `destination list`, `destination adopt NAME` */
function adoptedName(what: string | undefined, name: string | undefined): string | undefined {
  const verb = what?.toLowerCase() ?? 'list';
  if (verb === 'adopt' && name !== undefined) return name;
  if (verb === 'adopt')
    throw new ProblemError({ kind: 'missing', what: 'destination', command: 'destination' });
  if (verb === 'list' && name === undefined) return undefined;
  const word = verb === 'list' ? name : what;
  throw new ProblemError({ kind: 'too-many-words', command: 'destination', word: clip(word ?? '') });
}

/** `restored CLUSTER from=RUN at=…`, `restored CLUSTER undo` */
function restored(value: (option: string) => string | undefined): Command {
  const [cluster, from, at] = [value('cluster'), value('from'), value('at')];
  const undo = from?.toLowerCase() === 'undo';
  if (undo && at !== undefined)
    throw new ProblemError({ kind: 'too-many-words', command: 'restored', word: clip(at) });
  return { kind: 'restored', cluster, from: undo ? undefined : from, at, undo };
}

/** Of a command that takes a second word without its key. */
const secondWords: Readonly<Partial<Record<CommandWord, string>>> = { destination: 'name', restored: 'from' };

function commandWord(word: Word): CommandWord {
  const typed = word.option ?? word.text;
  const known = commandWords.find((each) => each === typed.toLowerCase());
  if (known !== undefined && word.option === undefined) return known;
  // `restore` is what a person types first; and `ready-to-upgrade` means what we call an update.
  const whole = `${typed.toLowerCase()}-`;
  const stem = /^\p{L}+-\p{L}+-/u.exec(typed.toLowerCase())?.[0] ?? whole;
  const begun = commandWords.find((each) => each.startsWith(whole) || each.startsWith(stem));
  const near = begun ?? nearest(typed, commandWords);
  throw new ProblemError({
    kind: 'unknown-word',
    word: clip(typed),
    ...(near === undefined ? {} : { nearest: near }),
  });
}

function optionsOf(kind: CommandWord, scanner: CommandScanner): ReadonlyMap<string, string> {
  const known = options[kind];
  const [main = ''] = known;
  const given = new Map<string, string>();
  const takesRest = known.includes('reason') && main === 'run';
  for (let word = scanner.next(); word !== undefined; word = scanner.next()) {
    const option = word.option !== undefined && known.includes(word.option) ? word.option : undefined;
    // `cpu=90% is fine` is a reason, `reasn="…"` a mistyped option.
    const mistyped = word.option !== undefined && nearest(word.option, known) !== undefined;
    if (option === undefined && !mistyped && takesRest && given.has('run') && !given.has('reason')) {
      given.set('reason', scanner.atEnd && word.option === undefined ? word.text : scanner.from(word));
      return given;
    }
    const second = given.has(main) ? secondWords[kind] : undefined;
    const target = option ?? positional(kind, word, second ?? main);
    if (given.has(target)) {
      throw new ProblemError({ kind: 'too-many-words', command: kind, word: clip(word.text) });
    }
    given.set(target, word.text);
  }
  return given;
}

/** A word without a known key: what the command is about, unless it looks like an option. */
function positional(kind: CommandWord, word: Word, main: string): string {
  const option = word.option ?? /^(?:--|[–—])(\p{L}[\p{L}\d_-]*)$/u.exec(word.text)?.[1];
  if (option === undefined) return main;
  const near = nearest(option, options[kind]);
  throw new ProblemError({
    kind: 'unknown-option',
    option: clip(option),
    command: kind,
    ...(near === undefined ? {} : { nearest: near }),
  });
}

function needed(run: string | undefined, command: CommandWord): string {
  if (run === undefined) throw new ProblemError({ kind: 'missing', what: 'run', command });
  return run;
}

function presence(text: string | undefined): string | undefined {
  const trimmed = trimSpaces(text ?? '');
  return trimmed === '' ? undefined : trimmed;
}

function clip(text: string): string {
  return text.length <= maxQuotedBack ? text : `${text.slice(0, maxQuotedBack).toWellFormed()}…`;
}
