import type { RunStatus } from '../../src/domain/run/run.ts';

/** How it came out, in the words of the table: the run's status, or what happened instead of a run. */
export type Outcome = RunStatus | 'no run' | 'bot ended';

export interface Acted {
  /** undefined: nothing came on record. */
  readonly runId: string | undefined;
  /** Where it is not the run's status. */
  readonly outcome?: Outcome;
  /** The words of somebody who cannot speak in Slack any more: a line of the bot's log. */
  readonly logged?: string | undefined;
  /** A promise that did not come true beside those that every scenario must keep. */
  readonly wrong?: string;
}
