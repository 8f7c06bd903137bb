import { connect, createServer, type Socket } from 'node:net';

/** Bytes of one direction of one connection. Return what goes on; `cut` ends the connection at once, `hold` keeps all back. */
export type Tamper = (data: Buffer) => Buffer | 'cut' | 'hold';

export interface TcpProxy {
  readonly endpoint: string;
  /** On the way to the server; created for each connection. */
  up: () => Tamper;
  /** On the way back. */
  down: () => Tamper;
  /** As if the server were gone: cuts all connections and takes no new one. */
  die(): Promise<void>;
}

const untouched = (): Tamper => (data) => data;

/** Sits between a client and a real server, and lets a test break the line at a chosen byte. */
export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    relay(client, upstream, proxy.up());
    relay(upstream, client, proxy.down());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const proxy: TcpProxy = {
    endpoint: `http://127.0.0.1:${address.port}`,
    up: untouched,
    down: untouched,
    async die() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

function relay(from: Socket, to: Socket, tamper: Tamper): void {
  from.on('data', (data) => {
    const onward = tamper(data);
    if (onward === 'cut') from.destroy();
    else if (onward !== 'hold' && !to.write(onward)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  });
}
