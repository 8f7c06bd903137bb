import * as z from 'zod';
import { nearestName } from '../file/findings.ts';
import type { Mistake, Path } from '../file/mistake.ts';
import { homeHint, referenceHint } from '../file/not-replaced.ts';
import { type Source, valueAt } from '../file/source.ts';
import { cronProblem } from './cron-text.ts';
import { recipientHint } from './destination-schema.ts';

type Issue = z.core.$ZodIssue;

/** What the schema finds wrong with the file, in the words of the person who wrote it. */
export function schemaMistakes(
  schema: z.ZodType,
  source: Source,
  issues: readonly Issue[],
): readonly Mistake[] {
  return issues.flatMap((issue) => {
    const path = asPath(issue);
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, path);
      return issue.keys.map((key) => unknownKey(source, [...path, key], key, known));
    }
    const inner = issue.code === 'invalid_union' ? innerIssues(source, path, issue.errors) : undefined;
    if (inner) return schemaMistakes(schema, source, inner);
    return [source.mistake(path, issue.message, undefined, hintFor(source, path, issue.message))];
  });
}

/** Keys or a word: where the keys are the right ones, it is their values that are wrong, and they are named. */
function innerIssues(
  source: Source,
  path: Path,
  options: readonly (readonly Issue[])[],
): readonly Issue[] | undefined {
  const meant = options.find((issues) =>
    issues.every((each) => each.path.length > 0 && valueAt(source.at(path), asPath(each)) !== undefined),
  );
  return meant?.map((each) => ({ ...each, path: [...path, ...each.path] }));
}

function asPath(issue: Issue): Path {
  return issue.path.filter((part) => typeof part !== 'symbol');
}

function unknownKey(source: Source, path: Path, key: string, known: readonly string[]): Mistake {
  if (key === '<<') {
    const hint =
      'repeat the keys; what all clusters share goes under defaults, and an alias (*name) repeats a whole value';
    return source.mistake(path, 'each key by itself', 'a merge key (<<), which is not supported', hint);
  }
  const meant = nearestName(key, known);
  const hint = meant === undefined ? undefined : `did you mean "${meant}"?`;
  const expected = `one of the known keys (${known.join(', ')})`;
  return source.mistake(path, meant === undefined ? expected : 'a known key', 'an unknown one', hint);
}

/** The keys that the schema knows at `path`. */
function knownKeys(schema: z.ZodType, path: Path): readonly string[] {
  const place = path.reduce<unknown>((outer, part) => {
    const here = bare(outer);
    if (here instanceof z.ZodArray) return here.element;
    return here instanceof z.ZodObject ? here.shape[part] : undefined;
  }, schema);
  const here = bare(place);
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** The schema inside what is wrapped around it; of alternatives, the one with keys. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bare(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return bare(schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.find((each) => each instanceof z.ZodObject);
  return schema;
}

/** Why a value that looks right to its writer is refused. */
function hintFor(source: Source, path: Path, expected: string): string | undefined {
  const value = source.at(path);
  const key = path.at(-1);
  if (path[0] === 'recipients' && key === 'key' && typeof value === 'string') return recipientHint(value);
  const anywhere = typeof value === 'string' ? textHint(value) : undefined;
  if (anywhere !== undefined) return anywhere;
  if (['slack', 'credentials'].includes(String(path.at(-2))) || typeof value === 'number')
    return tokenHint(key, value) ?? numberHint(value, expected);
  if (typeof value !== 'string') return undefined;
  if (key === 'cron') return cronProblem(value);
  const isChannel = key === 'channel' || path.at(-2) === 'allowedChannels';
  if (isChannel && /^[#\p{L}]/u.test(value) && !/^[A-Z0-9]+$/.test(value)) {
    return 'a name will not do: files can only be uploaded to ids, and names change. In Slack: the name of the channel, About, at the bottom';
  }
  if ((key === 'slack' || ['approvers', 'owners'].includes(String(path.at(-2)))) && value.startsWith('@')) {
    return 'a name will not do: anyone can change theirs. In Slack: the profile, ⋮, Copy member ID';
  }
  if (expected.startsWith('a duration') && /^\d+$/.test(value)) return 'the unit is missing';
  if (expected.startsWith('a whole number') && /^\d+$/.test(value)) return 'without quotes it is a number';
  return undefined;
}

/** A hint for a text that is wrong at any key: a port out of range, a variable or home directory that is not replaced. */
function textHint(value: string): string | undefined {
  const [, port] = /^(?:https?:\/\/)?[^/]*:(\d+)\/?$/.exec(value) ?? [];
  return Number(port) > 65_535 ? 'ports end at 65535' : (referenceHint(value) ?? homeHint(value));
}

const credentialNames = ['accessKeyId', 'secretAccessKey', 'sessionToken'];

function tokenHint(key: unknown, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const isSwapped =
    (key === 'botToken' && value.startsWith('xapp-')) || (key === 'appToken' && value.startsWith('xoxb-'));
  if (isSwapped) return 'botToken and appToken may be swapped';
  const isSecret = ['botToken', 'appToken', 'signingSecret', ...credentialNames].includes(String(key));
  if (isSecret && value === '') return 'it is empty';
  return isSecret && /\s/.test(value) ? 'it holds spaces or line breaks' : undefined;
}

function numberHint(value: unknown, expected: string): string | undefined {
  // Where keys are expected (`port: NUMBER`), quotes would not help.
  if (typeof value !== 'number' || /\bnumber\b|: [A-Z]{2}/.test(expected)) return undefined;
  return expected.startsWith('a duration') ? 'the unit is missing' : 'a text needs quotes';
}
