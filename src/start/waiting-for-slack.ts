import type { SlackOptions } from '../slack/app/app.ts';

/** The start's waiting for a Slack that cannot be reached: why it waits, and how to end it. */
export interface WaitingForSlack {
  readonly options: Required<Pick<SlackOptions, 'signal' | 'onWait'>>;
  /** Undefined: nothing went wrong so far. */
  trouble(): string | undefined;
  end(): void;
}

export function waitingForSlack(): WaitingForSlack {
  const ended = new AbortController();
  let trouble: string | undefined;
  const onWait = (detail: string) => {
    trouble = detail;
  };
  return { options: { signal: ended.signal, onWait }, trouble: () => trouble, end: () => ended.abort() };
}
