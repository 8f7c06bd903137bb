import { inLanguage } from '../kit/in-language.ts';
import { copies as copiesEn } from './en/copies.ts';
import { copyAnswers as copyAnswersEn } from './en/copy-answers.ts';
import { copyFailures as copyFailuresEn } from './en/copy-failures.ts';
import { places as placesEn } from './en/places.ts';
import { restored as restoredEn } from './en/restored.ts';
import { retentionStopped as retentionStoppedEn } from './en/retention.ts';
import { copies as copiesKo } from './ko/copies.ts';
import { copyAnswers as copyAnswersKo } from './ko/copy-answers.ts';
import { copyFailures as copyFailuresKo } from './ko/copy-failures.ts';
import { places as placesKo } from './ko/places.ts';
import { restored as restoredKo } from './ko/restored.ts';
import { retentionStopped as retentionStoppedKo } from './ko/retention.ts';

export const copyWords = inLanguage(copiesEn, copiesKo);
export const copyAnswerWords = inLanguage(copyAnswersEn, copyAnswersKo);
export const restoredWords = inLanguage(restoredEn, restoredKo);
export const placeWords = inLanguage(placesEn, placesKo);
export const retentionWords = inLanguage(retentionStoppedEn, retentionStoppedKo);
export const copyFailureWords = inLanguage(
  () => copyFailuresEn,
  () => copyFailuresKo,
);
