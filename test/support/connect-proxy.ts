import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface ConnectProxy {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, without user and password. */
  readonly url: string;
  /** Every tunnel and forwarded request that was asked for, as `host:port`, in order; refused ones too. */
  readonly asked: readonly string[];
  /** How many tunnels were opened to this host so far; all without a name. */
  tunnels(host?: string): number;
  /** How many of them are open at this moment. */
  open(): number;
  /** Answers every further request so; undefined: as usual again. */
  refuse(status: number | undefined): void;
  /** Leaves the next so many CONNECTs without an answer, their connections open. */
  mute(times: number): void;
  /** Ends every tunnel without a word. */
  cut(): void;
}

interface Options {
  /** Who may use it; everyone by default. */
  readonly credentials?: { readonly user: string; readonly password: string };
  /** Where names lead, `host` to a port of this machine: names that do not resolve elsewhere can be reached through here alone. */
  readonly hosts?: Readonly<Record<string, number>>;
}

/** A real HTTP proxy on loopback: tunnels with CONNECT, forwards plain requests, counts both. Closed with the test. */
export async function startConnectProxy(
  t: Pick<TestContext, 'after'>,
  options: Options = {},
): Promise<ConnectProxy> {
  const { credentials, hosts = {} } = options;
  const asked: string[] = [];
  const opened: string[] = [];
  const sockets = new Set<Socket>();
  let refusing: number | undefined;
  let muted = 0;
  const server = createServer();

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  }

  function refusalOf(request: IncomingMessage): number | undefined {
    if (refusing !== undefined || !credentials) return refusing;
    const { user, password } = credentials;
    const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    return request.headers['proxy-authorization'] === wanted ? undefined : 407;
  }

  server.on('connection', keep);
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const [host = '', port = '443'] = (request.url ?? '').split(':');
    asked.push(`${host}:${port}`);
    if (muted > 0) {
      muted -= 1;
      // Reads on, or the end of the connection would go unseen.
      client.once('end', () => client.destroy());
      return void client.resume();
    }
    const refusal = refusalOf(request);
    if (refusal !== undefined)
      return void client.end(`HTTP/1.1 ${refusal} Refused\r\ncontent-length: 0\r\n\r\n`);
    const upstream = connect(hosts[host] ?? Number(port), '127.0.0.1');
    keep(upstream);
    upstream.once('connect', () => {
      opened.push(host);
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      client.pipe(upstream).pipe(client);
    });
    upstream.once('close', () => client.destroy());
    client.once('close', () => upstream.destroy());
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '', 'http://proxy.test');
    asked.push(`${url.hostname}:${url.port || '80'}`);
    const refusal = refusalOf(request);
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = request.headers;
    const port = hosts[url.hostname] ?? Number(url.port || '80');
    const onward = httpRequest({
      port,
      host: '127.0.0.1',
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers,
    });
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    cut();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    asked,
    tunnels: (host) => opened.filter((each) => host === undefined || each === host).length,
    open: () =>
      [...sockets].filter((each) => each.remotePort !== undefined && each.localPort === port).length,
    refuse(status) {
      refusing = status;
    },
    mute(times) {
      muted = times;
    },
    cut,
  };
}
