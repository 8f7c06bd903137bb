import type { Json, JsonObject } from './json.ts';

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

export interface Envelope {
  readonly id: string;
  readonly type: EnvelopeType;
  readonly payload: JsonObject;
}

/** How the app took a delivery. `unreachable`: no connection; `refused`: an HTTP status other than 200. */
export interface Acknowledgement {
  readonly status: 'acked' | 'timeout' | 'unreachable' | 'refused';
  readonly body?: Json;
}

/** Brings an envelope to the app and waits for the acknowledgement, at most the 3 s that Slack gives. */
export interface Transport {
  deliver(envelope: Envelope, attempt: number): Promise<Acknowledgement>;
}
