import { type Markup, md } from './markup.ts';

/** A drill's reason in words where it is one that has a name (`no-room: 12 bytes free`), else as it is. */
export function drillWhy(why: string, words: Readonly<Record<string, Markup>>): Markup {
  const [, kind = '', detail] = /^([a-z-]{1,40})(?:: (.*))?$/su.exec(why) ?? [];
  const said = Object.hasOwn(words, kind) ? words[kind] : undefined;
  if (said === undefined) return md`${why}`;
  return detail === undefined ? said : md`${said} (${detail})`;
}
