import { inLanguage } from '../kit/in-language.ts';
import { answers as answersEn } from './en/answers.ts';
import { checks as checksEn } from './en/checks.ts';
import { room as roomEn } from './en/room.ts';
import { step as stepEn } from './en/step.ts';
import { answers as answersKo } from './ko/answers.ts';
import { checks as checksKo } from './ko/checks.ts';
import { room as roomKo } from './ko/room.ts';
import { step as stepKo } from './ko/step.ts';

export const roomWords = inLanguage(roomEn, roomKo);
export const roomStepWords = inLanguage(stepEn, stepKo);
export const roomCheckWords = inLanguage(checksEn, checksKo);
export const roomAnswerWords = inLanguage(answersEn, answersKo);
