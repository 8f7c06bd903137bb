import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
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

export async function listen(api: Pick<ApiServer, 'handle' | 'upgrade'>): Promise<Listening> {
  const { ca, server: pair } = await serverCertificates();
  const server = createServer(
    { key: pair.key, cert: pair.cert },
    (request, response) => void api.handle(request, response),
  );
  server.on('upgrade', (request, socket, head) => void api.upgrade(request, socket, head));
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
