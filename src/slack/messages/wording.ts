import type { AuditAction } from '../../domain/audit.ts';
import type { FailureKind, FailureParams, LeftOnNode } from '../../domain/failure.ts';
import type { FindingCode, FindingParams, NodeUnfit } from '../../domain/finding.ts';
import type { Standing } from '../../domain/person.ts';
import type { Plan, PlanChange } from '../../domain/plan.ts';
import type { PrivateSay } from '../../domain/private-say.ts';
import type { Unreadable } from '../../domain/reading.ts';
import type { RunStatus, RunStep, Vote } from '../../domain/run.ts';
import type {
  CancelAnswer,
  ClusterQuestion,
  NoSuchRun,
  NotAllowed,
  RequestAnswer,
  VoteAnswer,
} from '../../workflow/backups.ts';
import type { CommandProblem } from '../command-problem.ts';
import type { CopiesWording } from './copies-wording.ts';
import type { DoctorWording } from './doctor-wording.ts';
import type { Markup } from './markup.ts';
import type { ModalWording } from './modal-wording.ts';
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
  readonly answers: AnswersWording;
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

/** How many checks came out how. */
export interface Counts {
  readonly passed: number;
  readonly warnings: number;
  readonly blockers: number;
  readonly later: number;
}

/** Why a vote does not count; `other`: not said, or said by a word of another release. */
export type VoteRefusal =
  | Extract<
      PrivateSay['type'],
      'refused-person' | 'profile-unreadable' | 'not-cluster-admin' | 'rights-unreadable' | 'blocked-now'
    >
  | 'other';

export interface CardWording {
  title(p: { cluster: string; zStream: string | undefined; status: RunStatus }, t: Tools): Markup;
  requestedBy(p: { slackUser: string; reason: string | undefined; scheduled: boolean }, t: Tools): Markup;
  /** `alone`: certainly nobody else was asked. */
  emergency(p: { slackUser: string; why: string; alone: boolean }, t: Tools): Markup;
  /** `emergency`: nobody had approved the plan before this one. */
  planChanged(p: { changes: readonly PlanChange[]; emergency: boolean }, t: Tools): Markup;
  checking(nodeWanted: string | undefined, t: Tools): Markup;
  planNode(plan: Plan, t: Tools): Markup;
  offPeak(inside: boolean): Markup;
  proxy(inUse: boolean): Markup;
  encryption(type: string, t: Tools): Markup;
  directory(plan: Plan, t: Tools): Markup;
  counts(counts: Counts, t: Tools): Markup;
  needs(p: { needed: number; approvers: readonly string[]; selfApproval: boolean }, t: Tools): Markup;
  expires(at: number, t: Tools): Markup;
  vote(vote: Vote, t: Tools): Markup;
  readonly voteRefused: Readonly<Record<VoteRefusal, Markup>>;
  byText(runId: string, t: Tools): Markup;
  approved(p: { alone: boolean }, t: Tools): Markup;
  running(p: { step: RunStep | undefined; since: number | undefined }, t: Tools): Markup;
  succeeded(p: { durationMs: number | undefined; approvers: readonly string[] }, t: Tools): Markup;
  result(
    p: {
      snapshotBytes: number;
      snapshotSha: string;
      resourcesBytes: number;
      resourcesSha: string;
      revision: number | undefined;
    },
    t: Tools,
  ): Markup;
  where(p: { node: string; directory: string }, t: Tools): Markup;
  restoresOnly(zStream: string, t: Tools): Markup;
  copyOff(): Markup;
  failed(): Markup;
  blocked(): Markup;
  tryAgainAt(at: number, t: Tools): Markup;
  tryAgain(cluster: string, t: Tools): Markup;
  refused(): Markup;
  ended(
    p: {
      how: 'rejected' | 'cancelled';
      by: string | undefined;
      at: number | undefined;
      reason: string | undefined;
    },
    t: Tools,
  ): Markup;
  expired(at: number | undefined, t: Tools): Markup;
  nothingWasRun(): Markup;
  inThread(): Markup;
  moreInThread(count: number): Markup;
  footer(p: { runId: string }, t: Tools): Markup;
  readonly buttons: { readonly approve: string; readonly reject: string; readonly cancel: string };
  confirm(p: { cluster: string; node: string }): {
    title: string;
    text: string;
    confirm: string;
    deny: string;
  };
  /** One line for the notification. */
  summary(p: { cluster: string; status: Markup; emergency: boolean }, t: Tools): Markup;
}

export interface ThreadWording {
  auditLine(
    p: { at: number; who: Markup; what: Markup; reason: string | undefined; rest: Markup | undefined },
    t: Tools,
  ): Markup;
  person(p: { slackUser: string; clusterUser: string }, t: Tools): Markup;
  breakGlass(p: { at: number; who: Markup; why: string; told: readonly string[] }, t: Tools): Markup;
  /** A request that nobody else is asked about. */
  emergency(why: string, t: Tools): Markup;
  planVoid(p: { at: number; changes: readonly PlanChange[]; voided: readonly string[] }, t: Tools): Markup;
  handedOver(p: { at: number; step: string | undefined }, t: Tools): Markup;
  /** `scriptBegun`: the step it had come to is at or behind the start of the script. */
  resumed(p: { at: number; step: string | undefined; scriptBegun: boolean }, t: Tools): Markup;
  leftoverRemoved(p: { at: number; path: string; ofRun: string }, t: Tools): Markup;
  warning(text: FindingText): Markup;
  stepLine(p: { at: number; step: RunStep; detail: string | undefined }, t: Tools): Markup;
  detailsTitle(cluster: string): Markup;
  /** `canRun`: nothing else stands against the backup. */
  group(p: { outcome: 'blocker' | 'warning' | 'later' | 'passed'; count: number; canRun: boolean }): Markup;
  findingLong(text: FindingText): Markup;
  findingShort(text: FindingText): Markup;
  moreFindings(count: number): Markup;
  nothingChecked(): Markup;
  reportTitle(cluster: string, t: Tools): Markup;
  noReport(): Markup;
  reportPlace(p: { node: string; directory: string }, t: Tools): Markup;
  reportFile(
    p: { which: 'snapshot' | 'resources'; path: string; size: number; sha256: string },
    t: Tools,
  ): Markup;
  reportNumbers(
    p: {
      revision: number | undefined;
      keys: number | undefined;
      durationMs: number | undefined;
      scriptMs: number;
    },
    t: Tools,
  ): Markup;
  reportProven(): Markup;
  adviceTitle(): Markup;
  adviceRestore(p: { zStream: string; node: string }, t: Tools): Markup;
  adviceApart(p: { encryption: 'on' | 'off' | 'unknown' }): Markup;
  adviceEncryption(p: { encryption: 'on' | 'off' | 'unknown'; type: string }, t: Tools): Markup;
  adviceCopy(p: { node: string; directory: string }, t: Tools): Markup;
  adviceDualReplica(): Markup;
  failureTitle(p: { cluster: string; step: RunStep | undefined; at: number | undefined }, t: Tools): Markup;
  noFailure(): Markup;
  means(text: Markup): Markup;
  next(text: Markup): Markup;
  outputTitle(): Markup;
  left(left: LeftOnNode, t: Tools): Markup;
  podLeft(pod: string, t: Tools): Markup;
  /** The run ended before anything was done on the node. */
  nothingLeft(): Markup;
  /** The run had begun on the node, and nobody looked there afterwards. */
  leftUnknown(p: { node: string; directory: string } | undefined, t: Tools): Markup;
  planChange(p: { field: keyof Plan; approved: string; now: string }, t: Tools): Markup;
}

type Says<Union extends { outcome: string }, Skip extends string = never> = {
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
  fleetTitle(count: number, t: Tools): Markup;
  fleetEmpty(t: Tools): Markup;
  fleetRow(
    p: {
      cluster: string;
      newest:
        | {
            zStream: string | undefined;
            at: number;
            node: string | undefined;
            directory: string | undefined;
            runId: string;
            /** How well it is proven off the cluster; undefined: nothing was to leave it. */
            proof: Markup | undefined;
          }
        | undefined;
      active: { runId: string; status: RunStatus } | undefined;
    },
    t: Tools,
  ): Markup;
  moreClusters(count: number, t: Tools): Markup;
  fleetHint(t: Tools): Markup;
  /** The button that opens the form. */
  readonly askButton: string;
}

export const helpTopics = [
  'run',
  'check',
  'status',
  'list',
  'show',
  'approve',
  'reject',
  'cancel',
  'verify',
  'drill',
  'restore-plan',
  'doctor',
  'files',
  'restore',
] as const;
export type HelpTopic = (typeof helpTopics)[number];

export interface HelpWording {
  overview(t: Tools): readonly Markup[];
  readonly topics: Readonly<Record<HelpTopic, (t: Tools) => readonly Markup[]>>;
  unknownTopic(p: { topic: string; nearest: string | undefined }, t: Tools): Markup;
}
