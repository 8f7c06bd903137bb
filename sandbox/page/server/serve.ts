import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Answer } from './page-files.ts';
import { whyNoSocket, whyNotOurs } from './same-page.ts';
import { placeFile, sharedFile } from './shared-files.ts';
import { openWindow, type Shared } from './window.ts';

export interface PageServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/`. */
  readonly address: string;
  close(): Promise<void>;
}

export interface ServeOptions extends Shared {
  /** 0: a free one. */
  readonly port: number;
  /** Who acts in a window that names no one. */
  readonly firstPerson: string;
  /** The built page's files by their address. */
  readonly files: ReadonlyMap<string, Answer>;
  /** Every message of the product, as JSON for `/gallery`. */
  readonly gallery: () => Promise<string>;
}

const maxOrderBytes = 64 * 1024;
const plain = 'text/plain; charset=utf-8';

/** Nothing is loaded from outside, and no other page may show this one inside itself. */
const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Serves the page on loopback only, and only to itself. */
export async function servePage(options: ServeOptions): Promise<PageServer> {
  const server = createServer();
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  server.on('request', (request, response) => {
    void answerTo(request, port, options)
      .catch((error: unknown): Answer => ({ status: 500, type: plain, body: String(error) }))
      .then((answer) => send(request, response, answer));
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxOrderBytes });
  server.on('upgrade', (request, socket, head) => {
    const why = whyNoSocket(request.headers, port);
    if (why !== undefined) return refuse(socket, why);
    const user = addressOf(request).pathname === '/live' ? personIn(request, options) : undefined;
    if (user === undefined)
      return refuse(socket, 'There is no such person in this world, or no WebSocket at this address.');
    sockets.handleUpgrade(request, socket, head, (opened) => openWindow(opened, options, user));
  });
  const close = async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { address: `http://127.0.0.1:${port}/`, close, [Symbol.asyncDispose]: close };
}

async function answerTo(request: IncomingMessage, port: number, options: ServeOptions): Promise<Answer> {
  const why = whyNotOurs(request.headers, port);
  if (why !== undefined) return { status: 403, type: plain, body: why };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, type: plain, body: 'Only GET and HEAD.', headers: { allow: 'GET, HEAD' } };
  const url = addressOf(request);
  if (url.pathname.startsWith('/files/')) return sharedFile(options.world.workspace, url);
  if (url.pathname.startsWith('/places/')) return placeFile(options.world, options.panel.state().places, url);
  if (url.pathname === '/gallery.json')
    return { status: 200, type: 'application/json', body: await options.gallery() };
  return (
    options.files.get(url.pathname) ?? { status: 404, type: plain, body: 'There is no such page. Try /' }
  );
}

/** `as`: a person's name. The bot is none that people act as. */
function personIn(request: IncomingMessage, { world, firstPerson }: ServeOptions): string | undefined {
  const name = addressOf(request).searchParams.get('as');
  if (name === null) return firstPerson;
  return world.workspace.everyone().find((each) => each.name === name && !each.isBot)?.id;
}

function addressOf({ url }: IncomingMessage): URL {
  return new URL(url ?? '/', 'http://sandbox.invalid');
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { ...headers, 'content-type': answer.type, ...answer.headers });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

function refuse(socket: Duplex, why: string): void {
  const body = Buffer.from(why);
  socket.end(
    `HTTP/1.1 403 Forbidden\r\ncontent-type: ${plain}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${why}`,
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
