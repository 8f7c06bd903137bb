import { keyText, type Path } from './mistake.ts';
import { isSecret, type Resolved, secretPaths } from './references.ts';
import { valueAt } from './source.ts';
import { isMapping } from './with-defaults.ts';

/** What a program does not read: Slack's secrets, the client's variables, the keys of the destinations. */
export type Unread = 'slack' | 'client' | 'destinations';

const notRead = 'not-read-by-this-program';
const slackStandIns = {
  botToken: `xoxb-${notRead}`,
  appToken: `xapp-${notRead}`,
  signingSecret: notRead,
};

/** The document with something in place of secrets that this program does not use, so that their references are not followed. */
export function withoutUnread(value: unknown, unread: readonly Unread[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const path of secretPaths(copy)) {
    if (path[0] !== 'slack' && unread.some((each) => each === path[0])) put(copy, path, notRead);
  }
  if (unread.includes('destinations')) {
    const places = valueAt(copy, ['destinations']);
    for (const index of Array.isArray(places) ? places.keys() : [])
      put(copy, ['destinations', index, 's3', 'ca'], undefined);
  }
  if (unread.includes('slack') && isMapping(copy)) {
    const { slack } = copy;
    // Before there is a Slack app, its section may be left out.
    if (slack === undefined || slack === null) Object.assign(copy, { slack: slackStandIns });
    else if (isMapping(slack)) Object.assign(slack, slackStandIns);
  }
  return copy;
}

/** A value that was to come from outside the file and is not there. */
export interface NotSet {
  readonly key: string;
  readonly line: number | undefined;
  /** `the environment variable NAME`, `the file PATH` */
  readonly what: string;
}

/** The values with something that has the right form in place of secrets that are not there; `stood`: where it was put. */
export function withStandIns(resolved: Resolved): {
  readonly value: unknown;
  readonly stood: readonly Path[];
} {
  const value: unknown = structuredClone(resolved.value);
  const stood = resolved.faulty.filter((path, index) => {
    if (resolved.absent[index] === undefined) return false;
    const at = placeOf(path);
    const text = standInAt(at);
    if (text === undefined) return false;
    put(value, at, text === 'nothing' ? undefined : text);
    return true;
  });
  return { value, stood };
}

/** Public keys may come from outside, too. The secret half of this one was thrown away. */
const recipient = 'age1yr3uxe5y4qq4e7g7gjn5545e72pz0amgjle0uazu9ulfure0qd9qq3m080';

function standInAt(path: Path): string | undefined {
  const key = path.at(-1);
  if (key === 'ca') return 'nothing';
  if (path[0] === 'recipients' && key === 'key') return recipient;
  if (!isSecret(path)) return undefined;
  if (key === 'botToken' || key === 'appToken') return `${key === 'botToken' ? 'xoxb' : 'xapp'}-not-set-here`;
  return path[0] === 'proxy' ? 'http://not-set-here.invalid' : 'not-set-here-but-needed';
}

function put(value: unknown, path: Path, text: string | undefined): void {
  const key = path.at(-1);
  const around = path
    .slice(0, -1)
    .reduce<unknown>((outer, part) => (outer as Record<string | number, unknown> | undefined)?.[part], value);
  if (key !== undefined && around !== null && typeof around === 'object') {
    (around as Record<string | number, unknown>)[key] = text;
  }
}

export function isStandIn(stood: readonly Path[], key: string): boolean {
  return stood.some((path) => key === keyText(placeOf(path)));
}

/** Of `{file: ${NAME}}` the reference is one level below the secret. */
function placeOf(path: Path): Path {
  return path.at(-1) === 'file' ? path.slice(0, -1) : path;
}
