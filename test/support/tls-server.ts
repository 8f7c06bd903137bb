import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { serverCertificates } from '../../sandbox/cluster/certificates.ts';

export interface TlsServer {
  readonly url: string;
  readonly caPem: string;
  /** TLS connections that were opened so far. */
  connections(): number;
}

/** An API server that says what the test says; closed with the test. `http2`: offers HTTP/2 as well and prefers it, as a real one. */
export async function startTlsServer(
  t: Pick<TestContext, 'after'>,
  answer: (path: string, response: ServerResponse) => void,
  { http2 = false } = {},
): Promise<TlsServer> {
  const { ca, server: pair } = await serverCertificates();
  const server = http2 ? createSecureServer({ ...pair, allowHTTP1: true }) : createServer(pair);
  server.on('request', (request, response) => {
    answer((request as unknown as IncomingMessage).url ?? '', response as unknown as ServerResponse);
  });
  const sockets = new Set<Socket>();
  let opened = 0;
  server.on('secureConnection', (socket: Socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, caPem: ca, connections: () => opened };
}

export function json(response: ServerResponse, body: object, code = 200): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
