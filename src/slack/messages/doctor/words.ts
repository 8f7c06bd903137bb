import { inLanguage } from '../kit/in-language.ts';
import { doctor as doctorEn } from './en/doctor.ts';
import { doctorLines as linesEn } from './en/lines.ts';
import { doctor as doctorKo } from './ko/doctor.ts';
import { doctorLines as linesKo } from './ko/lines.ts';

export const doctorWords = inLanguage(doctorEn, doctorKo);
export const doctorLineWords = inLanguage(linesEn, linesKo);
