import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Acknowledgement, Envelope, Transport } from './delivery.ts';
import type { Ids } from './ids.ts';
import { asText, isObject, type Json, type JsonObject } from './json.ts';

const MAX_CONNECTIONS = 10;
const PING_EVERY_MS = 10_000;

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** One acknowledgement as it came over a socket; late and repeated ones too. */
export interface SocketAck {
  readonly envelopeId: string;
  readonly payload: Json | undefined;
}

export interface SocketMode extends Transport {
  /** A fresh WebSocket address, good for one connection. */
  url(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
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
  close(): Promise<void>;
}

interface Options {
  readonly ids: Ids;
  readonly appId: string;
  readonly baseUrl: string;
  readonly ackTimeoutMs: number;
  readonly onChange: () => void;
}

export function createSocketMode(options: Options): SocketMode {
  const { ids, appId, ackTimeoutMs, onChange } = options;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: WebSocket[] = [];
  const frozen = new Set<WebSocket>();
  const acks: SocketAck[] = [];
  const waiting = new Map<string, ((body: Json | undefined) => void)[]>();
  let turn = 0;
  let turnedAway = 0;
  let accepted = 0;

  const pings = setInterval(() => {
    for (const socket of open) if (!frozen.has(socket)) socket.ping();
  }, PING_EVERY_MS);
  pings.unref();

  function accept(socket: WebSocket): void {
    const crowded = open.length >= MAX_CONNECTIONS;
    open.push(socket);
    accepted += 1;
    socket.on('message', (data) => take(data.toString()));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      open.splice(open.indexOf(socket), 1);
      frozen.delete(socket);
      onChange();
    });
    say(socket, {
      type: 'hello',
      num_connections: open.length,
      connection_info: { app_id: appId },
      debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 },
    });
    if (turnedAway > 0) {
      turnedAway -= 1;
      say(socket, { type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'sandbox' } });
      socket.close(1000);
    }
    if (crowded)
      say(socket, { type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'sandbox' } });
    onChange();
  }

  function take(text: string): void {
    const frame: unknown = JSON.parse(text);
    if (!isObject(frame)) return;
    const envelopeId = asText(frame.envelope_id);
    acks.push({ envelopeId, payload: frame.payload });
    waiting.get(envelopeId)?.shift()?.(frame.payload);
    onChange();
  }

  function nextConnection(): WebSocket | undefined {
    const alive = open.filter((socket) => socket.readyState === socket.OPEN);
    const reading = alive.filter((socket) => !frozen.has(socket));
    const usable = reading.length > 0 ? reading : alive;
    turn += 1;
    return usable[turn % Math.max(1, usable.length)];
  }

  return {
    acks,
    get count() {
      return open.length;
    },
    get accepted() {
      return accepted;
    },
    url() {
      const ticket = ids.token('ticket', 40);
      tickets.add(ticket);
      return `${options.baseUrl.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://slack.invalid').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, accept);
    },
    deliver(envelope, attempt) {
      const socket = nextConnection();
      if (!socket) return Promise.resolve({ status: 'unreachable' });
      const { promise, resolve } = Promise.withResolvers<Acknowledgement>();
      const queue = waiting.get(envelope.id) ?? [];
      const onAck = (body: Json | undefined): void => {
        clearTimeout(timer);
        resolve({ status: 'acked', ...(body === undefined ? {} : { body }) });
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(onAck), 1);
        resolve({ status: 'timeout' });
      }, ackTimeoutMs);
      queue.push(onAck);
      waiting.set(envelope.id, queue);
      if (!frozen.has(socket)) say(socket, frameOf(envelope, attempt));
      return promise;
    },
    disconnect(reason) {
      for (const socket of [...open]) {
        say(socket, { type: 'disconnect', reason, debug_info: { host: 'sandbox' } });
        if (reason !== 'warning') socket.close(1000);
      }
    },
    turnAway(times) {
      turnedAway = times;
    },
    drop() {
      for (const socket of [...open]) socket.terminate();
    },
    freeze() {
      for (const socket of open) {
        frozen.add(socket);
        socket.pause();
      }
    },
    async close() {
      clearInterval(pings);
      await Promise.all([...open].map(closePolitely));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function frameOf(envelope: Envelope, attempt: number): JsonObject {
  const retry = { retry_attempt: attempt, retry_reason: attempt > 0 ? 'timeout' : '' };
  return {
    envelope_id: envelope.id,
    type: envelope.type,
    payload: envelope.payload,
    accepts_response_payload: envelope.type !== 'events_api',
    ...(envelope.type === 'events_api' ? retry : {}),
  };
}

function say(socket: WebSocket, frame: JsonObject): void {
  socket.send(JSON.stringify(frame));
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
