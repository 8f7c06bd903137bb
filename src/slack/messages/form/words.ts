import { inLanguage } from '../kit/in-language.ts';
import * as en from './en.ts';
import * as ko from './ko.ts';

export const backupFormWords = inLanguage(en.backupForm, ko.backupForm);
export const dismissFormWords = inLanguage(en.dismissForm, ko.dismissForm);
