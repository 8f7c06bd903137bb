import { inLanguage } from '../kit/in-language.ts';
import { board as boardEn } from './en/board.ts';
import { summary as summaryEn } from './en/summary.ts';
import { board as boardKo } from './ko/board.ts';
import { summary as summaryKo } from './ko/summary.ts';

export const boardWords = inLanguage(boardEn, boardKo);
export const summaryWords = inLanguage(summaryEn, summaryKo);
