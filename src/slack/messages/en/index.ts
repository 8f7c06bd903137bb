import type { Wording } from '../wording.ts';
import { alarm } from './alarm.ts';
import { answers } from './answers.ts';
import { board } from './board.ts';
import { card } from './card.ts';
import { copies } from './copies.ts';
import { coverage } from './coverage.ts';
import { doctor } from './doctor.ts';
import { failures } from './failures.ts';
import { findings } from './findings.ts';
import { help } from './help.ts';
import { modal } from './modal.ts';
import { owners } from './owners.ts';
import { ready } from './ready.ts';
import { reminder } from './reminder.ts';
import { summary } from './summary.ts';
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
  coverage,
  reminder,
  alarm,
  owners,
  ready,
  answers,
  board,
  summary,
  doctor,
  modal,
  help,
};
