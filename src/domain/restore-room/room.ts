import type { FileKind } from '../copies/manifest-document.ts';
import type { MessagePlace } from '../people/message-place.ts';
import type { Person } from '../people/person.ts';
import type { Language } from '../policy/policy.ts';
import type { Chapter } from '../restore/restore-procedure.ts';
import type { Phase, StepKind, StepPlace } from '../restore/restore-steps.ts';
import type { RoomChecks } from './room-checks.ts';

/**
 * A thread in which people follow one restore plan, step by step. The plan is fixed when the room opens: its steps, their
 * commands and their words are in this record, whatever a later version of the bot would write. Times are ms UTC.
 */
export interface RestoreRoom {
  /** `cluster/restore@time` */
  readonly id: string;
  readonly cluster: string;
  readonly openedAt: number;
  readonly openedBy: Person;
  readonly paper: RoomPaper;
  readonly steps: readonly RoomStep[];
  /** Whether the cluster's API answered the bot when it looked last; undefined: it has not looked yet. */
  readonly api: { readonly answers: boolean; readonly at: number } | undefined;
  /** What the bot saw itself after the last step; undefined: not yet. */
  readonly checks: RoomChecks | undefined;
  /** Id of the pause that the room began and ends; undefined: the cluster was paused already. */
  readonly pause: string | undefined;
  readonly end: RoomEnd | undefined;
  readonly message: MessagePlace | undefined;
  /** Of the message with the bot's own checks. */
  readonly checksMessage: MessagePlace | undefined;
}

/** The edition of RESTORE.md that the room follows, and where it lies. */
export interface RoomPaper {
  readonly runId: string;
  readonly zStream: string;
  readonly clusterId: string;
  /** When the backup's run began. */
  readonly takenAt: number;
  /** Names of the control-plane nodes with an etcd member. */
  readonly members: readonly string[];
  readonly language: Language;
  /** The chapter of the documentation from which the cluster's own steps come. */
  readonly chapter: Chapter;
  /** When RESTORE.md was written beside the files last; undefined: that is not known. */
  readonly writtenAt: number | undefined;
  /** Where RESTORE.md lies, as its copies' locations. `where`: how people reach that place, as the configuration says. */
  readonly locations: readonly { readonly path: string; readonly where?: string }[];
  /** What has to be known before the first step, and what speaks against this backup, as Markdown in the room's language. */
  readonly before: readonly string[];
  readonly warnings: readonly string[];
  /** `export RECOVERY_HOST=…`: what another shell needs first. */
  readonly hostCommand: string | undefined;
}

/** What one step says, as Markdown in the room's language. */
export interface StepText {
  readonly title: string;
  readonly text: readonly string[];
  /** What must be seen. */
  readonly expect?: string | undefined;
  /** What to do if it is not. */
  readonly otherwise?: string | undefined;
  /** Known causes of a failure, each with what to do. */
  readonly causes: readonly string[];
  /** What the cluster is like in the middle of this step, and how to get back. */
  readonly wayBack: string;
}

export interface RoomStep {
  readonly kind: StepKind;
  readonly phase: Phase;
  readonly where: StepPlace;
  /** The one of the two files that it is about; undefined: both, or none. */
  readonly file: FileKind | undefined;
  readonly commands: readonly string[];
  readonly text: StepText;
  /** When it was shown to people; undefined: not yet. */
  readonly openedAt: number | undefined;
  /** Who does it now. */
  readonly holder: { readonly by: Person; readonly at: number } | undefined;
  /** Each time that a person said that it failed, oldest first. */
  readonly failures: readonly { readonly by: Person; readonly at: number }[];
  readonly end: StepEnd | undefined;
  readonly message: MessagePlace | undefined;
}

/** A person's word, which the bot has not checked. */
export type StepEnd =
  | { readonly kind: 'done'; readonly by: Person; readonly at: number }
  | { readonly kind: 'skipped'; readonly by: Person; readonly at: number; readonly reason: string };

export type RoomEnd =
  /** A person closed it, whatever was left to do. */
  | { readonly kind: 'stopped'; readonly by: Person; readonly at: number }
  /** Every step was settled, and all that the bot checks itself is well. */
  | { readonly kind: 'finished'; readonly at: number };

const marker = '/restore@';

export function roomId(cluster: string, openedAt: number): string {
  return `${cluster}${marker}${openedAt}`;
}

/** The cluster in a room's id; undefined: no id of a room. */
export function clusterOfRoom(id: string): string | undefined {
  const at = id.lastIndexOf(marker);
  const time = id.slice(at + marker.length);
  return at > 0 && time !== '' && time === String(Number(time)) ? id.slice(0, at) : undefined;
}

/** Open steps and those that are to come. */
export function unsettled(room: Pick<RestoreRoom, 'steps'>): readonly RoomStep[] {
  return room.steps.filter(({ end }) => end === undefined);
}

export function isStepOpen({ openedAt, end }: RoomStep): boolean {
  return openedAt !== undefined && end === undefined;
}
