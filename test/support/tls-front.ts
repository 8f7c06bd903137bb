import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import { serverCertificates } from '../../sandbox/cluster/certificates.ts';

export interface TlsFront {
  readonly port: number;
  /** PEM of the authority that signed its certificate, which no client trusts by default. */
  readonly ca: string;
}

/** TLS for these names before a server of this machine that speaks without. Closed with the test. */
export async function startTlsFront(
  t: Pick<TestContext, 'after'>,
  names: readonly string[],
  target: number,
): Promise<TlsFront> {
  const { ca, server: pair } = await serverCertificates(names, 'corporate-root');
  const open = new Set<TLSSocket>();
  const server = createServer({ ...pair, ALPNProtocols: ['http/1.1'] }, (socket) => {
    open.add(socket);
    const upstream = connect(target, '127.0.0.1');
    for (const each of [socket, upstream]) each.on('error', () => undefined);
    socket.once('close', () => {
      open.delete(socket);
      upstream.destroy();
    });
    upstream.once('close', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, ca };
}
