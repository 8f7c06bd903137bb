import { inLanguage } from '../kit/in-language.ts';
import { answers as answersEn } from './en/answers.ts';
import { help as helpEn } from './en/help.ts';
import { answers as answersKo } from './ko/answers.ts';
import { help as helpKo } from './ko/help.ts';

export const answerWords = inLanguage(answersEn, answersKo);
export const helpWords = inLanguage(helpEn, helpKo);
