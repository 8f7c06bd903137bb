import type { FileKind, ManifestDrill, ManifestMember } from '../domain/copies/manifest-document.ts';
import type { Edition } from '../domain/restore/edition.ts';
import type { RestoreWarning, Unfit } from '../domain/restore/restore-choice.ts';
import type { RestorePlan } from '../domain/restore/restore-plan.ts';
import type { AbsentPhase, Phase, StepKind, StepParams } from '../domain/restore/restore-steps.ts';

/** What one step says, as Markdown: title and paragraphs above its commands, the two others below them. */
export interface StepWords {
  readonly title: string;
  readonly text: readonly string[];
  /** What must be seen. */
  readonly expect?: string;
  /** What to do if it is not. */
  readonly otherwise?: string;
}

export type StepWording = { readonly [Kind in StepKind]: (params: StepParams[Kind]) => StepWords };

/** All words of the restore text in one language. Functions return Markdown; values from outside come in as code spans. */
export interface RestoreWording {
  readonly file: Readonly<Record<FileKind, string>>;
  readonly title: (cluster: string, zStream: string) => string;
  readonly intro: (p: {
    runId: string;
    takenAt: string;
    node: string;
    age: string;
    written: string | undefined;
    edition: Edition;
    /** Version of the bot that writes. */
    bot: string;
  }) => readonly string[];
  readonly age: (days: number, hours: number) => string;
  readonly beforeTitle: string;
  readonly before: (plan: RestorePlan) => readonly string[];
  readonly warningsTitle: string;
  readonly warning: (warning: RestoreWarning) => string;
  readonly filesTitle: string;
  readonly fileLines: (p: FileWords) => readonly string[];
  readonly copyLine: (p: CopyWords) => string;
  readonly stepsTitle: string;
  readonly steps: StepWording;
  readonly expect: (text: string) => string;
  readonly otherwise: (text: string) => string;
  readonly sourcesTitle: string;
  readonly sourceLine: (source: string, numbers: string) => string;
  readonly absentLine: (phase: Phase, because: AbsentPhase['because'], source: string) => string;
  readonly factsTitle: string;
  readonly fact: Readonly<Record<FactName, string>>;
  readonly member: (member: ManifestMember, asked: boolean) => string;
  readonly notKnown: string;
  readonly yesNo: (value: boolean) => string;
  readonly drill: (drill: ManifestDrill | undefined) => string;
  readonly othersTitle: string;
  readonly other: (p: { runId: string; takenAt: string; zStream: string; because: Unfit }) => string;
  readonly noneTitle: (cluster: string) => string;
  readonly none: (p: NoneWords) => readonly string[];
}

interface NoneWords {
  readonly zStream: string | undefined;
  readonly count: number;
  /** `2026-11-23 14:05:00 Asia/Seoul`; undefined: no moment was named. */
  readonly before: string | undefined;
  /** Id of the run that comes nearest, and why it is not proposed. */
  readonly nearest: { readonly runId: string; readonly because: Unfit['kind'] } | undefined;
}

interface FileWords {
  readonly file: string;
  readonly name: string;
  readonly size: string;
  readonly sha256: string;
}

interface CopyWords {
  readonly destination: string;
  readonly location: string;
  /** How people reach the place; undefined: the configuration did not say. */
  readonly where: string | undefined;
  readonly custodians: readonly string[];
  /** Names of those who can decrypt; empty: in the clear. */
  readonly recipients: readonly string[];
  /** Undefined: never read back. */
  readonly provenAt: string | undefined;
  readonly lockedUntil: string | undefined;
}

export const factNames = [
  'clusterId',
  'infrastructureName',
  'apiUrl',
  'releaseImage',
  'topology',
  'node',
  'members',
  'membersRead',
  'revision',
  'keys',
  'hash',
  'drill',
  'etcdctl',
  'staticPods',
  'encryption',
  'proxy',
  'signers',
  'requester',
  'approvers',
  'emergency',
  'thread',
] as const;
export type FactName = (typeof factNames)[number];
