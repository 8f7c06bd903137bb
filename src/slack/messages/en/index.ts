import type { Wording } from '../wording.ts';
import { answers } from './answers.ts';
import { card } from './card.ts';
import { copies } from './copies.ts';
import { doctor } from './doctor.ts';
import { failures } from './failures.ts';
import { findings } from './findings.ts';
import { help } from './help.ts';
import { modal } from './modal.ts';
import { terms, units } from './terms.ts';
import { thread } from './thread.ts';

export const en: Wording = {
  units,
  terms,
  findings,
  failures,
  card,
  thread,
  copies,
  answers,
  doctor,
  modal,
  help,
};
