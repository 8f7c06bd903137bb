import { inLanguage } from '../kit/in-language.ts';
import { card as cardEn } from './en/card.ts';
import { failures as failuresEn } from './en/failures.ts';
import { show as showEn } from './en/show.ts';
import { thread as threadEn } from './en/thread.ts';
import { worth as worthEn } from './en/worth.ts';
import { card as cardKo } from './ko/card.ts';
import { failures as failuresKo } from './ko/failures.ts';
import { show as showKo } from './ko/show.ts';
import { thread as threadKo } from './ko/thread.ts';
import { worth as worthKo } from './ko/worth.ts';

export const cardWords = inLanguage(cardEn, cardKo);
export const threadWords = inLanguage(threadEn, threadKo);
export const showWords = inLanguage(showEn, showKo);
export const failureWords = inLanguage(failuresEn, failuresKo);
export const worthWords = inLanguage(worthEn, worthKo);
