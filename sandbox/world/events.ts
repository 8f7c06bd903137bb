import type { LoggedRequest } from '../cluster/request-log.ts';
import type { NodeEvent } from '../node/port.ts';
import type { LogEntry } from '../slack/model.ts';

/** What happens in the world, as it happens. `at`: ms UTC by the world's clock. */
export type WorldEvent = { readonly at: number } & (
  | {
      readonly kind: 'slack';
      /** Its own `kind`: a message posted, edited or deleted, a command typed, a button clicked, a form opened or sent. */
      readonly entry: LogEntry;
    }
  | {
      readonly kind: 'api';
      /** A request to the cluster's API, once it is answered. */
      readonly request: LoggedRequest;
    }
  | NodeEvent
);

export type WorldListener = (event: WorldEvent) => void;

export interface WorldEvents {
  emit: WorldListener;
  /** The answer ends the subscription. */
  subscribe(listener: WorldListener): () => void;
}

export function createWorldEvents(): WorldEvents {
  const listeners = new Set<WorldListener>();
  return {
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      // The same function may be subscribed twice: each subscription ends by itself.
      const own: WorldListener = (event) => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
