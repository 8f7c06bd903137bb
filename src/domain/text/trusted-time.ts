/** Clocks that are further apart than this, and dates so far ahead of ours, decide nothing. */
export const clocksApartMs = 5 * 60_000;

/** Written by a clock that went ahead: such a date is never newest, fresh or covering. Both ms UTC. */
export function isAhead(at: number, now: number): boolean {
  return at > now + clocksApartMs;
}

/** Other clocks by ours: positive, they are ahead. */
export interface ClockReadings {
  /** Of the API server, by its Date header. */
  readonly apiAheadMs: number;
  /** Of the node, as the run measured it. */
  readonly nodeAheadMs: number;
}

/** Two that are too far apart, the bot's before others; undefined: the clocks agree. */
export function clocksApart({ apiAheadMs, nodeAheadMs }: ClockReadings): ClocksApart | undefined {
  const pairs: readonly ClocksApart[] = [
    { between: 'bot-api', apartMs: Math.abs(apiAheadMs) },
    { between: 'bot-node', apartMs: Math.abs(nodeAheadMs) },
    { between: 'api-node', apartMs: Math.abs(apiAheadMs - nodeAheadMs) },
  ];
  return pairs.find(({ apartMs }) => apartMs > clocksApartMs);
}

export interface ClocksApart {
  readonly between: 'bot-api' | 'bot-node' | 'api-node';
  readonly apartMs: number;
}
