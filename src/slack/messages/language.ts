import type { Language } from '../../domain/policy.ts';
import { en } from './en/index.ts';
import { ko } from './ko/index.ts';
import { makeTools } from './make-tools.ts';
import type { Context, Tools } from './tools.ts';
import type { Wording } from './wording.ts';

export const wordings: Readonly<Record<Language, Wording>> = { en, ko };

/** A reader's words and the values in their language. */
export interface Voice {
  readonly words: Wording;
  readonly tools: Tools;
}

export function voiceFor(context: Context): Voice {
  const words = wordings[context.language];
  return { words, tools: makeTools(words, context) };
}
