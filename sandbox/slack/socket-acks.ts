import type { Acknowledgement } from './delivery.ts';
import { asText, isObject, type Json } from './json.ts';

/** One acknowledgement as it came over a socket; late and repeated ones too. */
export interface SocketAck {
  readonly envelopeId: string;
  readonly payload: Json | undefined;
}

export interface SocketAcks {
  readonly all: readonly SocketAck[];
  /** A frame from the app, as text. */
  take(text: string): void;
  /** Resolves with the next acknowledgement of this envelope, or as timeout. */
  waitFor(envelopeId: string): Promise<Acknowledgement>;
}

export function createSocketAcks(timeoutMs: number): SocketAcks {
  const all: SocketAck[] = [];
  const waiting = new Map<string, ((body: Json | undefined) => void)[]>();
  return {
    all,
    take(text) {
      const frame: unknown = JSON.parse(text);
      if (!isObject(frame)) return;
      const envelopeId = asText(frame.envelope_id);
      all.push({ envelopeId, payload: frame.payload });
      waiting.get(envelopeId)?.shift()?.(frame.payload);
    },
    waitFor(envelopeId) {
      const { promise, resolve } = Promise.withResolvers<Acknowledgement>();
      const queue = waiting.get(envelopeId) ?? [];
      const onAck = (body: Json | undefined): void => {
        clearTimeout(timer);
        resolve({ status: 'acked', ...(body === undefined ? {} : { body }) });
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(onAck), 1);
        resolve({ status: 'timeout' });
      }, timeoutMs);
      queue.push(onAck);
      waiting.set(envelopeId, queue);
      return promise;
    },
  };
}
