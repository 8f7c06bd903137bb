/** The one clock of cluster, nodes and Slack, and of a bot that is started while it is set. */
export interface WorldClock {
  /** ms UTC. */
  now(): number;
  /** How far it is ahead of this machine's clock; negative: behind. A bot keeps what was set at its start. */
  readonly offsetMs: number;
}

export interface SettableClock extends WorldClock {
  set(offsetMs: number): void;
}

export function settableClock(offsetMs = 0): SettableClock {
  let offset = offsetMs;
  return {
    now: () => Date.now() + offset,
    get offsetMs() {
      return offset;
    },
    set(next) {
      offset = next;
    },
  };
}
