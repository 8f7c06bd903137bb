import type { Acted, Outcome } from './acted.ts';
import type { FaultStage } from './stage.ts';

/** What may be on the node when the run is over. Whatever it is, a message must name it. */
export type Left =
  | 'nothing'
  /** The two files of the backup, and no more. */
  | 'backup'
  /** Also those of a run before it in the same scenario. */
  | 'backups'
  /** Files that are not a proven backup, or that could not be reached to be removed. */
  | 'files'
  /** The session pod, which could not be reached to be removed. */
  | 'session pod'
  | 'files and session pod'
  | 'backup and session pod';

/** One thing that goes wrong, and what people must get to know of it. */
export interface Scenario {
  readonly name: string;
  /** What was broken, in one line. */
  readonly broken: string;
  /** The program that it needs and that is not on this machine; undefined: it can be played. */
  readonly lacks?: () => string | undefined;
  /** Before anybody asks for a backup. */
  readonly arrange?: (stage: FaultStage) => Promise<void> | void;
  /** When the card is in the channel, before anyone approves. */
  readonly beforeApproval?: (stage: FaultStage, runId: string) => Promise<void> | void;
  /** Instead of a request, an approval and the end of the run. */
  readonly act?: (stage: FaultStage) => Promise<Acted>;
  readonly expected: {
    readonly outcome: Outcome;
    /** Matches one line of what people read: card, thread or private. */
    readonly says: RegExp;
    /** From the command to the outcome. */
    readonly withinS: number;
    /** By default: `backup` where it succeeds, else `nothing`. */
    readonly left?: Left;
  };
}
