import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Identity } from './accounts.ts';
import { discovery } from './discovery.ts';
import { refuseExec, serveExec } from './exec.ts';
import { webSocketPeer } from './exec-channels.ts';
import { checkExec } from './exec-check.ts';
import type { ExecPeer } from './exec-peer.ts';
import { asksForSpdy, spdyPeer, speaksSpdyExec } from './exec-spdy.ts';
import type { Faults, RequestFault } from './faults.ts';
import { goAway, takeUp } from './going-away.ts';
import { readBody } from './http-body.ts';
import type { ResourceKind } from './kinds.ts';
import type { Kubelet } from './kubelet.ts';
import { openApi } from './openapi.ts';
import { authorize } from './rbac.ts';
import { attributesOf, isTrue, parseRequest, type RequestInfo } from './request-info.ts';
import type { RequestLog } from './request-log.ts';
import { answerResource, selection } from './resources.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { ApiError, badRequest, forbidden, unauthorized } from './status.ts';
import type { ObjectStore } from './store.ts';
import type { Timers } from './timers.ts';
import { serveWatch } from './watch.ts';

export interface ApiServerParts {
  store: ObjectStore;
  /** Who an Authorization header is of; undefined: 401. */
  identify: (authorization: string | undefined) => Identity | undefined;
  tokens: ServiceAccountTokens;
  kubelet: Kubelet;
  faults: Faults;
  requests: RequestLog;
  timers: Timers;
  /** The server's clock: each answer has it in its Date header. */
  now: () => Date;
  served: readonly ResourceKind[];
  /** What `/version` answers now. */
  version: () => object;
  /** `spdy`: an API server that knows no exec over WebSocket, as of the releases up to 4.16. */
  execOver: () => 'any' | 'spdy';
}

const health = ['/healthz', '/livez', '/readyz'];

/** The handlers of one API server: HTTP requests, and upgrades to WebSocket or SPDY. */
export class ApiServer {
  readonly #parts: ApiServerParts;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => supportedProtocol(offered) ?? false,
  });

  readonly #spdySockets = new Set<Duplex>();
  readonly #bodies = new WeakMap<IncomingMessage, Promise<unknown>>();

  constructor(parts: ApiServerParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!takeUp(request, response)) return;
    const info = parseRequest(request.method ?? 'GET', request.url ?? '/');
    const who = this.#parts.identify(request.headers.authorization);
    response.setHeader('date', this.#parts.now().toUTCString());
    response.once('close', () =>
      this.#parts.requests.add(info, who, response.headersSent ? response.statusCode : 0),
    );
    const fault = this.#parts.faults.takeForRequest(info);
    if (fault?.kind === 'lost-response') loseAnswer(response);
    else if (fault?.kind === 'frozen-answer') holdAnswer(response);
    else if (fault?.kind === 'late') await this.#late(request, response, fault.ms);
    else if (fault?.kind === 'goaway') {
      if (goAway(request, response, fault.when)) return;
    } else if (
      fault &&
      (await this.#strike(fault, request.socket, (code, body) => respond(response, code, body)))
    )
      return;
    try {
      await this.#answer(request, response, info, this.#admit(info, who));
    } catch (error) {
      const refusal = asApiError(error);
      respond(response, refusal.code, refusal.status);
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const info = parseRequest(request.method ?? 'GET', request.url ?? '/');
    const who = this.#parts.identify(request.headers.authorization);
    const refuse = (code: number, body: object | string) => {
      this.#parts.requests.add(info, who, code);
      respondRaw(socket, code, body);
    };
    const fault = this.#parts.faults.takeForRequest(info);
    if (fault && (await this.#strike(fault, socket, refuse))) return;
    try {
      const identity = this.#admit(info, who);
      const exec = checkExec(this.#parts.store, info, identity);
      const wanted = streamsOf(info);
      if (asksForSpdy(request)) {
        if (!speaksSpdyExec(request))
          throw badRequest('the sandbox speaks exec over SPDY as v4.channel.k8s.io only');
        this.#parts.requests.add(info, who, 101);
        void this.#serve(await this.#spdy(socket, head, wanted), info, exec);
        return;
      }
      if (this.#parts.execOver() === 'spdy')
        throw badRequest('unable to upgrade: only SPDY/3.1 is supported');
      requireWebSocket(request);
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        this.#parts.requests.add(info, who, 101);
        client.on('error', () => client.terminate());
        void this.#serve(webSocketPeer(client, wanted), info, exec);
      });
    } catch (error) {
      const refusal = asApiError(error);
      refuse(refusal.code, refusal.status);
    }
  }

  #spdy(socket: Duplex, head: Buffer, wanted: ReturnType<typeof streamsOf>): Promise<ExecPeer> {
    this.#spdySockets.add(socket);
    socket.once('close', () => this.#spdySockets.delete(socket));
    return spdyPeer(socket, head, wanted);
  }

  close(): void {
    for (const socket of this.#spdySockets) socket.destroy();
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
  }

  async #serve(
    client: ExecPeer,
    info: RequestInfo,
    { pod, container }: ReturnType<typeof checkExec>,
  ): Promise<void> {
    const faults = this.#parts.faults.takeForExec(info);
    const run = this.#parts.kubelet.running(pod);
    if (run === undefined) {
      const where = `${pod.metadata.name}_${pod.metadata.namespace}`;
      refuseExec(client, `unable to upgrade connection: container ${container} not found in pod ${where}`);
      return;
    }
    await serveExec(client, run, { argv: info.command, ...streamsOf(info), faults });
  }

  /** Authentication, then authorization. */
  #admit(info: RequestInfo, who: Identity | undefined): Identity {
    if (who === undefined) throw unauthorized();
    requireRight(this.#parts.store, info, who);
    return who;
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    info: RequestInfo,
    who: Identity,
  ): Promise<void> {
    const { store, served, timers } = this.#parts;
    if (info.resource === undefined) return this.#answerPath(response, info);
    const kind = served.find(
      (entry) =>
        entry.group === info.group && entry.version === info.version && entry.resource === info.resource,
    );
    if (kind === undefined) return respond(response, 404, '404 page not found\n');
    const body = await (this.#bodies.get(request) ?? readBody(request));
    if (info.verb === 'watch') {
      return serveWatch(store, timers, response, {
        kind,
        namespace: info.namespace,
        query: info.query,
        matches: selection(info.query),
      });
    }
    const contentType = request.headers['content-type'] ?? '';
    const answer = answerResource(this.#parts, { info, kind, who, body, contentType });
    respond(response, answer.code, answer.body);
  }

  #answerPath(response: ServerResponse, info: RequestInfo): void {
    const document = this.#document(info.path.replace(/(.)\/$/, '$1'));
    respond(response, document === undefined ? 404 : 200, document ?? '404 page not found\n');
  }

  #document(path: string): object | string | undefined {
    if (health.includes(path)) return 'ok';
    if (path === '/version') return this.#parts.version();
    return discovery(path, this.#parts.served) ?? openApi(path, this.#parts.served);
  }

  /** Reads the whole request now: its client may be gone when it is dealt with. */
  async #late(request: IncomingMessage, response: ServerResponse, ms: number): Promise<void> {
    const body = readBody(request);
    this.#bodies.set(request, body);
    holdAnswer(response);
    await body.catch(() => undefined);
    await new Promise<void>((resolve) => this.#parts.timers.after(ms, resolve));
  }

  /** True if the fault has dealt with the request. */
  async #strike(
    fault: RequestFault,
    socket: Duplex,
    answer: (code: number, body: object | string) => void,
  ): Promise<boolean> {
    if (fault.kind === 'freeze' || fault.kind === 'frozen-answer' || fault.kind === 'late') return true;
    if (fault.kind === 'delay') {
      await new Promise<void>((resolve) => this.#parts.timers.after(fault.ms, resolve));
      return false;
    }
    if (fault.kind === 'reset' || fault.kind === 'lost-response' || fault.kind === 'goaway') socket.destroy();
    else {
      const { code, reason = 'InternalError', message = 'injected fault' } = fault;
      answer(code, fault.body ?? new ApiError(code, reason, message).status);
    }
    return true;
  }
}

function streamsOf(info: RequestInfo) {
  const flag = (name: string) => isTrue(info.query.get(name));
  return { stdin: flag('stdin'), stdout: flag('stdout'), stderr: flag('stderr') };
}

function requireRight(store: ObjectStore, info: RequestInfo, who: Identity): void {
  const what = attributesOf(info);
  if (authorize(store, who, what).allowed) return;
  if ('path' in what) {
    throw new ApiError(
      403,
      'Forbidden',
      `forbidden: User "${who.username}" cannot ${what.verb} path "${what.path}"`,
      {},
    );
  }
  const resource = what.subresource ? `${what.resource}/${what.subresource}` : what.resource;
  const where = what.namespace ? `in the namespace "${what.namespace}"` : 'at the cluster scope';
  const text = `User "${who.username}" cannot ${what.verb} resource "${resource}" in API group "${what.group}" ${where}`;
  throw forbidden({ group: what.group, resource: what.resource, name: what.name }, text);
}

function supportedProtocol(offered: Iterable<string>): string | undefined {
  const names = [...offered];
  return ['v5.channel.k8s.io', 'v4.channel.k8s.io'].find((name) => names.includes(name));
}

function requireWebSocket(request: IncomingMessage): void {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (request.headers.upgrade?.toLowerCase() === 'websocket' && supportedProtocol(offered)) return;
  throw badRequest(
    'the sandbox speaks exec over WebSocket only, subprotocol v5.channel.k8s.io or v4.channel.k8s.io',
  );
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(500, 'InternalError', `Internal error occurred: ${(error as Error).stack ?? error}`);
}

function encode(body: object | string): { type: string; text: string } {
  if (typeof body === 'string') return { type: 'text/plain; charset=utf-8', text: body };
  return { type: 'application/json', text: JSON.stringify(body) };
}

function respond(response: ServerResponse, code: number, body: object | string): void {
  const { type, text } = encode(body);
  if (!response.headersSent)
    response.writeHead(code, { 'content-type': type, 'cache-control': 'no-cache, private' });
  response.end(text);
}

/** What would be the answer never comes; the connection stays open. */
function holdAnswer(response: ServerResponse): void {
  response.writeHead = () => response;
  response.end = () => response;
}

/** What would be the answer breaks the connection instead. */
function loseAnswer(response: ServerResponse): void {
  response.end = () => {
    response.socket?.destroy();
    return response;
  };
}

function respondRaw(socket: Duplex, code: number, body: object | string): void {
  const { type, text } = encode(body);
  const head = `HTTP/1.1 ${code} Refused\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close`;
  socket.end(`${head}\r\n\r\n${text}`);
}
