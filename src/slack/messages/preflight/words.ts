import { inLanguage } from '../kit/in-language.ts';
import { check as checkEn } from './en/check.ts';
import { findings as findingsEn } from './en/findings.ts';
import { check as checkKo } from './ko/check.ts';
import { findings as findingsKo } from './ko/findings.ts';

export const findingWords = inLanguage(findingsEn, findingsKo);
export const checkWords = inLanguage(checkEn, checkKo);
