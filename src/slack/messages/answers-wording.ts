import type { Standing } from '../../domain/person.ts';
import type { Plan } from '../../domain/plan.ts';
import type { PrivateSay } from '../../domain/private-say.ts';
import type {
  CancelAnswer,
  ClusterQuestion,
  NoSuchRun,
  NotAllowed,
  RequestAnswer,
  VoteAnswer,
} from '../../workflow/backups.ts';
import type { CommandProblem } from '../command-problem.ts';
import type { Counts } from './card-wording.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** One sentence for each outcome of an answer. */
export type Says<Union extends { outcome: string }, Skip extends string = never> = {
  readonly [Outcome in Exclude<Union['outcome'], Skip>]: (
    answer: Extract<Union, { outcome: Outcome }>,
    tools: Tools,
    links: Links,
  ) => Markup;
};
/** `card` is a label that links to the run's card where its address is known. */
export interface Links {
  readonly card: (label: Markup) => Markup;
}

/** What is known of why Slack did not say who somebody is. */
export type UnreadableProfile = Pick<
  Extract<PrivateSay, { type: 'profile-unreadable' }>,
  'reason' | 'detail'
>;

export type NotAllowedWording = Says<NotAllowed>;
export type ClusterQuestionWording = Says<ClusterQuestion>;

export interface AnswersWording {
  readonly notAllowed: NotAllowedWording;
  readonly cluster: ClusterQuestionWording;
  readonly request: Says<RequestAnswer, NotAllowed['outcome'] | ClusterQuestion['outcome']>;
  readonly vote: Says<VoteAnswer, NotAllowed['outcome']>;
  readonly cancel: Says<CancelAnswer, NotAllowed['outcome']>;
  readonly noSuchRun: (p: Pick<NoSuchRun, 'runId' | 'nearest'>, t: Tools) => Markup;
  readonly audit: {
    readonly whole: (p: { runId: string; lines: number; lastHash: string }, t: Tools) => Markup;
    readonly broken: (p: { runId: string; line: number }, t: Tools) => Markup;
    readonly cutOff: (p: { runId: string }, t: Tools) => Markup;
    /** The file could not be brought to the person. */
    readonly notDelivered: (p: { runId: string; why: string }, t: Tools) => Markup;
  };
  readonly standing: Readonly<Record<Exclude<Standing, 'member'>, Markup>>;
  readonly say: {
    readonly [Type in PrivateSay['type']]: (
      say: Extract<PrivateSay, { type: Type }>,
      tools: Tools,
      links: Links,
    ) => Markup;
  };
  readonly problem: {
    readonly [Kind in CommandProblem['kind']]: (
      problem: Extract<CommandProblem, { kind: Kind }>,
      tools: Tools,
    ) => Markup;
  };
  notRecorded(t: Tools): Markup;
  checkTitle(p: { cluster: string; version: string | undefined; node: string | undefined }, t: Tools): Markup;
  checkVerdict(p: { cluster: string; counts: Counts; planned: boolean }, t: Tools): Markup;
  runsTitle(p: { kind: 'status' | 'list'; cluster: string | undefined; count: number }, t: Tools): Markup;
  noRuns(p: { kind: 'status' | 'list'; cluster: string | undefined }, t: Tools): Markup;
  runLine(
    p: {
      id: string;
      cluster: string;
      zStream: string | undefined;
      status: Markup;
      slackUser: string;
      at: number;
    },
    t: Tools,
  ): Markup;
  moreRuns(count: number): Markup;
  runTitle(p: { id: string; cluster: string; status: Markup }, t: Tools): Markup;
  runTimes(
    p: { requestedAt: number; startedAt: number | undefined; finishedAt: number | undefined },
    t: Tools,
  ): Markup;
  runPlan(plan: Plan, t: Tools): Markup;
  fleetEmpty(t: Tools): Markup;
  /** The button that opens the form. */
  readonly askButton: string;
}
