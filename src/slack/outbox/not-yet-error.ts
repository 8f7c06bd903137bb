/** The message is to be tried again in a moment, though Slack refused nothing. */
export class NotYetError extends Error {
  readonly afterMs: number;
  /** Whether it waits for an earlier try, which may have arrived. */
  readonly mayHaveArrived: boolean;

  constructor(why: string, { afterMs, mayHaveArrived }: { afterMs: number; mayHaveArrived: boolean }) {
    super(why);
    this.name = 'NotYetError';
    this.afterMs = afterMs;
    this.mayHaveArrived = mayHaveArrived;
  }
}
