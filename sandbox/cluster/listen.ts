import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiServer } from './api-server.ts';
import { serverCertificates } from './certificates.ts';

/** The API server's place on the network. */
export interface Listening {
  readonly url: string;
  readonly caPem: string;
  /** Cuts every connection and refuses new ones; `up` takes them again, at the same address. Both are idempotent. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Down for ever. */
  stop(): Promise<void>;
}

/** Others may have taken the port for a moment: an outgoing connection of this machine, say. */
const comeBackWithinMs = 10_000;

/** `http2`: speaks both, as a real API server does; an exec comes over HTTP/1.1 all the same. */
export async function listen(
  api: Pick<ApiServer, 'handle' | 'upgrade'>,
  { http2 = true } = {},
): Promise<Listening> {
  const { ca, server: pair } = await serverCertificates();
  const keys = { key: pair.key, cert: pair.cert };
  const server: Server = http2 ? createSecureServer({ ...keys, allowHTTP1: true }) : createServer(keys);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void api.handle(request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void api.upgrade(request, socket, head);
  });
  // A client may go while its connection is being used.
  server.on('secureConnection', (socket: Socket) => socket.on('error', () => undefined));
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let stopped = false;

  async function down(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  async function up(): Promise<void> {
    const until = Date.now() + comeBackWithinMs;
    while (!server.listening && !stopped) {
      try {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || Date.now() > until) throw error;
        await pause(50);
      }
    }
  }

  return {
    url: `https://127.0.0.1:${port}`,
    caPem: ca,
    down,
    up,
    stop: () => {
      stopped = true;
      return down();
    },
  };
}
