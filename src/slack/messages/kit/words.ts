import { refusals as en } from './en/refusals.ts';
import { inLanguage } from './in-language.ts';
import { refusals as ko } from './ko/refusals.ts';

export const refusalWords = inLanguage(en, ko);
