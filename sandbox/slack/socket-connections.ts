import type { WebSocket } from 'ws';
import type { JsonObject } from './json.ts';
import type { SocketAck, SocketAcks } from './socket-acks.ts';

const MAX_CONNECTIONS = 10;
const PING_EVERY_MS = 10_000;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** What tests and scenarios see of the connections, and do to them. */
export interface SocketControls {
  /** Connections that are open now. */
  readonly count: number;
  /** Connections accepted so far; never goes down. */
  readonly accepted: number;
  readonly acks: readonly SocketAck[];
  /** Tells every connection to go, as Slack does from time to time. A refresh also closes it from this side. */
  disconnect(reason: DisconnectReason): void;
  /** Greets the next so many connections and sends them away in the same breath, as Slack was seen to do in its outages. */
  turnAway(times: number): void;
  /** Cuts every connection without a word. */
  drop(): void;
  /**
   * Leaves the connections open but reads and says nothing more on them, pongs included. What is delivered goes to
   * connections made later; while there is none it is lost.
   */
  freeze(): void;
}

/** The app's WebSocket connections; deliveries take turns on them. */
export class SocketConnections implements SocketControls {
  readonly #appId: string;
  readonly #acks: SocketAcks;
  readonly #onChange: () => void;
  readonly #open: WebSocket[] = [];
  readonly #frozen = new Set<WebSocket>();
  readonly #pings: NodeJS.Timeout;
  #accepted = 0;
  #turn = 0;
  #turnAwayNext = 0;

  constructor(appId: string, acks: SocketAcks, onChange: () => void) {
    this.#appId = appId;
    this.#acks = acks;
    this.#onChange = onChange;
    this.#pings = setInterval(() => {
      for (const socket of this.#open) if (!this.#frozen.has(socket)) socket.ping();
    }, PING_EVERY_MS);
    this.#pings.unref();
  }

  get count(): number {
    return this.#open.length;
  }

  get accepted(): number {
    return this.#accepted;
  }

  get acks(): readonly SocketAck[] {
    return this.#acks.all;
  }

  accept(socket: WebSocket): void {
    const crowded = this.#open.length >= MAX_CONNECTIONS;
    this.#open.push(socket);
    this.#accepted += 1;
    socket.on('message', (data) => {
      this.#acks.take(data.toString());
      this.#onChange();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#open.splice(this.#open.indexOf(socket), 1);
      this.#frozen.delete(socket);
      this.#onChange();
    });
    say(socket, {
      type: 'hello',
      num_connections: this.#open.length,
      connection_info: { app_id: this.#appId },
      debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
    });
    if (this.#turnAwayNext > 0) {
      this.#turnAwayNext -= 1;
      sayDisconnect(socket, 'refresh_requested');
      socket.close(1000);
    }
    if (crowded) sayDisconnect(socket, 'too_many_websockets');
    this.#onChange();
  }

  /** On the connection whose turn it is; false: there is none. */
  send(frame: JsonObject): boolean {
    const alive = this.#open.filter((socket) => socket.readyState === socket.OPEN);
    const reading = alive.filter((socket) => !this.#frozen.has(socket));
    const usable = reading.length > 0 ? reading : alive;
    this.#turn += 1;
    const socket = usable[this.#turn % Math.max(1, usable.length)];
    if (socket && !this.#frozen.has(socket)) say(socket, frame);
    return socket !== undefined;
  }

  disconnect(reason: DisconnectReason): void {
    for (const socket of [...this.#open]) {
      sayDisconnect(socket, reason);
      if (reason !== 'warning') socket.close(1000);
    }
  }

  turnAway(times: number): void {
    this.#turnAwayNext = times;
  }

  drop(): void {
    for (const socket of [...this.#open]) socket.terminate();
  }

  freeze(): void {
    for (const socket of this.#open) {
      this.#frozen.add(socket);
      socket.pause();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pings);
    await Promise.all([...this.#open].map(closePolitely));
  }
}

function say(socket: WebSocket, frame: JsonObject): void {
  socket.send(JSON.stringify(frame));
}

function sayDisconnect(socket: WebSocket, reason: DisconnectReason): void {
  say(socket, { type: 'disconnect', reason, debug_info: { host: 'sandbox' } });
}

/** With a close frame: the client library waits 30 s for one when the connection just ends. */
function closePolitely(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), 1_000);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
    socket.close(1001);
  });
}
