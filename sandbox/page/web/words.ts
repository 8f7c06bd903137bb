import { en } from './words-en.ts';
import { ko } from './words-ko.ts';

/** The page's own words. What the bot says comes from the bot. */
export type Words = typeof en;

export function wordsIn(language: 'en' | 'ko'): Words {
  return language === 'ko' ? ko : en;
}
