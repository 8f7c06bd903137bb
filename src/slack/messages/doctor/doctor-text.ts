import type { DoctorParams } from '../../../domain/doctor/doctor.ts';
import type { Markup } from '../kit/markup.ts';
import type { TextsOf } from '../kit/texts-by.ts';

/** One line of the doctor: what was looked at, how it is, and how to fix it where a fix is needed. */
interface DoctorText {
  readonly looked: Markup;
  readonly found: Markup;
  readonly fix?: Markup;
}

export type DoctorTexts = TextsOf<DoctorParams, DoctorText>;
