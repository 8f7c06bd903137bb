import type { AuditAction } from '../../domain/audit.ts';
import type { FailureKind, FailureParams } from '../../domain/failure.ts';
import type { FindingCode, FindingParams, NodeUnfit } from '../../domain/finding.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Unreadable } from '../../domain/reading.ts';
import type { RunStatus, RunStep } from '../../domain/run.ts';
import type { AlarmWording } from './alarm-wording.ts';
import type { AnswersWording } from './answers-wording.ts';
import type { BoardWording } from './board-wording.ts';
import type { CardWording } from './card-wording.ts';
import type { CopiesWording } from './copies-wording.ts';
import type { CoverageWording } from './coverage-wording.ts';
import type { DoctorWording } from './doctor-wording.ts';
import type { HelpWording } from './help-wording.ts';
import type { Markup } from './markup.ts';
import type { ModalWording } from './modal-wording.ts';
import type { OwnersWording } from './owners-wording.ts';
import type { ReadyWording } from './ready-wording.ts';
import type { ReminderWording } from './reminder-wording.ts';
import type { SummaryWording } from './summary-wording.ts';
import type { ThreadWording } from './thread-wording.ts';
import type { FindingText, Tools } from './tools.ts';

/** Everything that the product says, in one language. A missing text does not pass TypeScript. */
export interface Wording {
  readonly units: UnitsWording;
  readonly terms: TermsWording;
  readonly findings: FindingsWording;
  readonly failures: FailuresWording;
  readonly card: CardWording;
  readonly thread: ThreadWording;
  readonly copies: CopiesWording;
  readonly coverage: CoverageWording;
  readonly reminder: ReminderWording;
  readonly alarm: AlarmWording;
  readonly owners: OwnersWording;
  readonly ready: ReadyWording;
  readonly answers: AnswersWording;
  readonly board: BoardWording;
  readonly summary: SummaryWording;
  readonly doctor: DoctorWording;
  readonly modal: ModalWording;
  readonly help: HelpWording;
}

export type FindingsWording = {
  readonly [Code in FindingCode]: (params: FindingParams[Code], tools: Tools) => FindingText;
};

/** One failure: what failed, what it means, the next step. */
export interface FailureText {
  readonly failed: Markup;
  readonly means: Markup;
  readonly next: Markup;
}
export type FailuresWording = {
  readonly [Kind in FailureKind]: (params: FailureParams[Kind], tools: Tools) => FailureText;
};

export interface UnitsWording {
  readonly locale: string;
  readonly unknownTime: string;
  bytes(count: string): string;
  more(count: number): string;
  seconds(count: string): string;
  minutes(count: string): string;
  hours(count: string): string;
  days(count: string): string;
  ago(duration: string): string;
}

export interface TermsWording {
  readonly status: Readonly<Record<RunStatus, Markup>>;
  readonly step: Readonly<Record<RunStep, Markup>>;
  readonly unfit: Readonly<Record<NodeUnfit, Markup>>;
  readonly unreadable: Readonly<Record<Unreadable['reason'], Markup>>;
  readonly planField: Readonly<Record<keyof Plan, Markup>>;
  readonly planValue: Readonly<Record<'yes' | 'no' | 'off' | 'anyClusterAdmin', Markup>>;
  readonly audit: Readonly<Record<AuditAction, Markup>>;
  /** What the keys of an audit line mean; a key that is not here stays as it is. */
  readonly detail: Readonly<Record<string, Markup>>;
  readonly bot: Markup;
}
