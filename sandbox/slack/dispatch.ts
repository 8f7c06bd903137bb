import type { Core } from './core.ts';
import type { Acknowledgement, Envelope, EnvelopeType, Transport } from './delivery.ts';
import { privateMessages } from './directory.ts';
import type { Json, JsonObject } from './json.ts';
import type { Message } from './model.ts';
import { waitFor } from './wait.ts';

/** What came of something a person did. */
export interface Outcome {
  readonly envelopeId: string;
  /** What was sent to the app; feed it to `clickStale` to send it again later. */
  readonly payload: JsonObject;
  readonly status: Acknowledgement['status'];
  /** What the app acknowledged with, if anything. */
  readonly ack: Json | undefined;
  /** What Slack itself shows the person when it went wrong. */
  readonly failure: string | undefined;
  /** Private messages the person got since, oldest first; asks again at each call. */
  privately(): Message[];
  /** The first private message since, waiting for it if need be. */
  nextPrivate(timeoutMs?: number): Promise<Message>;
}

/** Sends envelopes over whatever transport the app uses now, and remembers them for redelivery. */
export class Dispatcher {
  readonly #core: Core;
  readonly sent: Envelope[] = [];
  readonly #attempts = new Map<string, number>();
  transport: Transport;

  constructor(core: Core, transport: Transport) {
    this.#core = core;
    this.transport = transport;
  }

  async send(
    type: EnvelopeType,
    payload: JsonObject,
  ): Promise<{ envelope: Envelope; result: Acknowledgement }> {
    const envelope = { id: this.#core.ids.uuid('envelope'), type, payload };
    this.sent.push(envelope);
    return { envelope, result: await this.transport.deliver(envelope, 0) };
  }

  /** Sends a past envelope again, the last one by default, under its own id. */
  async redeliver(envelopeId?: string): Promise<Acknowledgement> {
    const envelope =
      envelopeId === undefined ? this.sent.at(-1) : this.sent.find((entry) => entry.id === envelopeId);
    if (!envelope) throw new Error(`No envelope ${envelopeId ?? ''} was sent that could be delivered again.`);
    const attempt = (this.#attempts.get(envelope.id) ?? 0) + 1;
    this.#attempts.set(envelope.id, attempt);
    return this.transport.deliver(envelope, attempt);
  }

  outcome(
    user: string,
    envelope: Envelope,
    result: Acknowledgement,
    failure: string | undefined,
    firstMessage: number,
  ): Outcome {
    const core = this.#core;
    const privately = () => {
      const since = new Set(core.state.messages.slice(firstMessage));
      return privateMessages(core, user).filter((message) => since.has(message));
    };
    return {
      envelopeId: envelope.id,
      payload: envelope.payload,
      status: result.status,
      ack: result.body,
      failure,
      privately,
      nextPrivate: (timeoutMs = 10_000) =>
        waitFor(
          core.state,
          () => privately()[0],
          { timeoutMs, what: `a private message to ${user}` },
          () => 'no private message since',
        ),
    };
  }
}
