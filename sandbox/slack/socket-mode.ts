import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Envelope, Transport } from './delivery.ts';
import type { Ids } from './ids.ts';
import type { JsonObject } from './json.ts';
import { createSocketAcks } from './socket-acks.ts';
import { SocketConnections, type SocketControls } from './socket-connections.ts';

export interface SocketMode extends Transport {
  /** A fresh WebSocket address, good for one connection. */
  url(): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly controls: SocketControls;
  close(): Promise<void>;
}

interface Options {
  readonly ids: Ids;
  readonly appId: string;
  readonly baseUrl: string;
  readonly ackTimeoutMs: number;
  readonly onChange: () => void;
}

export function createSocketMode({ ids, appId, baseUrl, ackTimeoutMs, onChange }: Options): SocketMode {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const acks = createSocketAcks(ackTimeoutMs);
  const connections = new SocketConnections(appId, acks, onChange);
  return {
    controls: connections,
    url() {
      const ticket = ids.token('ticket', 40);
      tickets.add(ticket);
      return `${baseUrl.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'http://slack.invalid').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (client) => connections.accept(client));
    },
    async deliver(envelope, attempt) {
      const sent = connections.send(frameOf(envelope, attempt));
      return sent ? acks.waitFor(envelope.id) : { status: 'unreachable' };
    },
    async close() {
      await connections.close();
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
