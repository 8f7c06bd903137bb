import { en, type Words } from './words-en.ts';
import { ko } from './words-ko.ts';

export function wordsIn(language: 'en' | 'ko'): Words {
  return language === 'ko' ? ko : en;
}
