import type { DoctorCode, DoctorParams, DoctorState } from '../../domain/doctor.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** One line of the doctor: what was looked at, how it is, and how to mend it where something is to be mended. */
export interface DoctorText {
  readonly looked: Markup;
  readonly found: Markup;
  readonly mend?: Markup;
}

export interface DoctorWording {
  title(cluster: string | undefined): Markup;
  verdict(counts: Readonly<Record<DoctorState, number>>): Markup;
  more(count: number): Markup;
  mend(text: Markup): Markup;
  readonly lines: { readonly [Code in DoctorCode]: (params: DoctorParams[Code], tools: Tools) => DoctorText };
}
