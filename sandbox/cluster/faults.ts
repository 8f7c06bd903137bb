import type { GoAway } from './going-away.ts';
import type { RequestInfo } from './request-info.ts';

/** What can go wrong with a request before it is looked at. */
export type RequestFault =
  /** Any answer: `body` as it is (a string, or JSON); without one a Status with `message` is made. */
  | { kind: 'status'; code: number; message?: string; reason?: string; body?: string | object }
  /** The connection breaks without an answer. */
  | { kind: 'reset' }
  /** Done, but the connection breaks before the answer. */
  | { kind: 'lost-response' }
  /** The server ends the connection on purpose, as 1 in 1,000 requests sees it on OpenShift; other requests are answered. */
  | { kind: 'goaway'; when: GoAway }
  /** Never answered; the connection stays open. */
  | { kind: 'freeze' }
  /** Done, but never answered; the connection stays open. */
  | { kind: 'frozen-answer' }
  /** Taken, done `ms` later whether or not the client still waits, and never answered. */
  | { kind: 'late'; ms: number }
  /** Answered as usual after `ms`. */
  | { kind: 'delay'; ms: number };

/** What can go wrong in an exec after it was accepted. Byte counts are of the command's stdout. */
export type ExecFault =
  /** `all`: every byte arrives, only the status does not. */
  | { kind: 'exec-cut'; afterBytes: number | 'all' }
  /** After so many bytes nothing more comes, not even the end. `ignorePings` also leaves the client's pings unanswered. */
  | { kind: 'exec-hang'; afterBytes: number; ignorePings?: boolean }
  | { kind: 'exec-exit-code'; code: number }
  /** A text on stderr that the command did not write. */
  | { kind: 'exec-noise'; text: string };

export type Fault = (RequestFault | ExecFault) & {
  match: (request: RequestInfo) => boolean;
  /** How many matching requests it strikes; without it all, until removed. kubectl asks twice after a refused WebSocket. */
  times?: number;
};

type Kind = Fault['kind'];

/** Faults that tests put between client and server; the oldest that matches strikes first. */
export class Faults {
  #faults: { fault: Fault; left: number }[] = [];

  /** The answer removes the fault. */
  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => {
      this.#faults = this.#faults.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#faults = [];
  }

  takeForRequest(request: RequestInfo): RequestFault | undefined {
    return this.#take(request, (kind) => !kind.startsWith('exec-')) as RequestFault | undefined;
  }

  /** At most one of each kind. */
  takeForExec(request: RequestInfo): ExecFault[] {
    const kinds: Kind[] = ['exec-cut', 'exec-hang', 'exec-exit-code', 'exec-noise'];
    return kinds.flatMap(
      (kind) => (this.#take(request, (other) => other === kind) as ExecFault | undefined) ?? [],
    );
  }

  #take(request: RequestInfo, isWanted: (kind: Kind) => boolean): Fault | undefined {
    const entry = this.#faults.find(
      ({ fault, left }) => left > 0 && isWanted(fault.kind) && fault.match(request),
    );
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.fault;
  }
}
