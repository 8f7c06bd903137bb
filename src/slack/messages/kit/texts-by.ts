import type { ClusterQuestion, NotAllowed } from '../../../workflow/access/backups.ts';
import { link, type Markup } from './markup.ts';

/** One text for each kind of a union; the property `Key` says which kind a value is. */
export type TextsBy<
  Key extends string,
  Union extends Readonly<Record<Key, string>>,
  Rest extends readonly unknown[] = [],
  Text = Markup,
> = {
  readonly [Kind in Union[Key]]: (value: Extract<Union, Readonly<Record<Key, Kind>>>, ...rest: Rest) => Text;
};

/** One text for each code, made of that code's own params. */
export type TextsOf<Params, Text, Rest extends readonly unknown[] = []> = {
  readonly [Code in keyof Params]: (params: Params[Code], ...rest: Rest) => Text;
};

/** `card` is a label that links to the run's card where its address is known. */
export interface Links {
  readonly card: (label: Markup) => Markup;
}

/** One text for each outcome of an answer. */
export type Says<Union extends { readonly outcome: string }, Skip extends string = never> = TextsBy<
  'outcome',
  Exclude<Union, { readonly outcome: Skip }>,
  [links: Links]
>;

/** What is answered in the same words whatever was asked. */
export type Refused =
  | NotAllowed
  | ClusterQuestion
  | { readonly outcome: 'no-such-run'; readonly runId: string; readonly nearest?: string | undefined };

export function linksTo(card: string | undefined): Links {
  return { card: (label) => link(card, label) };
}

/** The code selects the function that takes its own params; TypeScript cannot follow one union through the table. */
export function sayOf<Params, Text, Rest extends readonly unknown[]>(
  table: TextsOf<Params, Text, Rest>,
  code: keyof Params,
  params: Params[keyof Params],
  ...rest: Rest
): Text {
  return table[code](params, ...rest);
}

/** The same for a union whose property `key` is the code. */
export function sayBy<
  Key extends string,
  Union extends Readonly<Record<Key, string>>,
  Rest extends readonly unknown[],
  Text = Markup,
>(table: TextsBy<Key, Union, Rest, Text>, key: Key, value: Union, ...rest: Rest): Text {
  const say = table[value[key] as Union[Key]] as (value: Union, ...rest: Rest) => Text;
  return say(value, ...rest);
}
