import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import { Args, argsOf } from './args.ts';
import type { ApiCall, Core } from './core.ts';
import type { Fault } from './faults.ts';
import type { JsonObject } from './json.ts';
import { allMethods } from './methods/all.ts';
import { RateLimited } from './rate-limited.ts';
import { postToResponseUrl } from './response-post.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface Tokens {
  readonly bot: string;
  readonly app: string;
  /** From now on every token is refused with invalid_auth. */
  revoked: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface Incoming {
  readonly name: string;
  readonly args: Args;
  readonly answer: () => Answer | Promise<Answer>;
}

/** Answers everything under `/api/`, `/upload/v1/` and `/response/`. */
export async function handleRequest(
  core: Core,
  tokens: Tokens,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const incoming = route(core, tokens, request, body);
  if (!incoming) {
    send(response, { status: 404, headers: {}, body: 'no such address in the simulated Slack' });
    return;
  }
  const { token: _secret, ...args } = incoming.args.values;
  const call: ApiCall = { at: core.now(), method: incoming.name, args, outcome: 'pending' };
  core.calls.push(call);
  const fault = core.faults.take(incoming.name, args);
  if (fault) call.outcome = fault.kind;
  const doesIt = fault?.kind === 'lost-response' || fault?.kind === 'no-response';
  if (fault && !doesIt) {
    misbehave(fault, request, response);
    core.state.changed();
    return;
  }
  const answer = await incoming.answer();
  if (fault?.kind === 'lost-response') request.socket.destroy();
  else if (!fault) {
    call.outcome = outcomeOf(answer);
    send(response, answer);
  }
  core.state.changed();
}

function route(core: Core, tokens: Tokens, request: IncomingMessage, body: Buffer): Incoming | undefined {
  const url = new URL(request.url ?? '/', 'http://slack.invalid');
  const contentType = request.headers['content-type'] ?? '';
  const [, first = '', second = '', third = ''] = url.pathname.split('/');
  if (first === 'api' && second !== '') {
    const args = readArgs(contentType, body, url.searchParams);
    const token = bearerOf(request) ?? args?.text('token');
    const answer = () =>
      args ? callMethod(core, tokens, second, args, token) : failed(core, 'invalid_json');
    return { name: second, args: args ?? new Args({}), answer };
  }
  if (first === 'response' && request.method === 'POST') {
    const args = readArgs(contentType, body, url.searchParams);
    const answer = () => (args ? respond(core, second, args) : failed(core, 'invalid_payload', 400));
    return { name: 'response_url', args: args ?? new Args({}), answer };
  }
  if (first === 'upload' && second === 'v1' && request.method === 'POST') {
    return { name: 'upload', args: new Args({}), answer: () => upload(core, third, contentType, body) };
  }
  return undefined;
}

function readArgs(contentType: string, body: Buffer, query: URLSearchParams): Args | undefined {
  try {
    return argsOf(contentType, body, query);
  } catch {
    return undefined;
  }
}

function bearerOf(request: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
}

function callMethod(core: Core, tokens: Tokens, name: string, args: Args, token: string | undefined): Answer {
  try {
    const method = Object.hasOwn(allMethods, name) ? allMethods[name] : undefined;
    if (!method) throw new ApiError('unknown_method', { req_method: name });
    checkToken(tokens, name, token);
    return json(core, 200, { ok: true, ...method(core, args) });
  } catch (error) {
    if (error instanceof RateLimited) {
      return limited(error.retryAfterS);
    }
    if (error instanceof ApiError) return failed(core, error.code, 200, error.details);
    throw error;
  }
}

function checkToken(tokens: Tokens, method: string, token: string | undefined): void {
  if (token === undefined || token === '') throw new ApiError('not_authed');
  const wanted = method === 'apps.connections.open' ? tokens.app : tokens.bot;
  const known = token === tokens.bot || token === tokens.app;
  if (!known || tokens.revoked) throw new ApiError('invalid_auth');
  if (token !== wanted) throw new ApiError('not_allowed_token_type');
}

function respond(core: Core, key: string, args: Args): Answer {
  try {
    postToResponseUrl(core, key, args);
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const status = error.code.endsWith('_url') ? 404 : 400;
    return failed(core, error.code, status, error.details);
  }
}

async function upload(core: Core, key: string, contentType: string, body: Buffer): Promise<Answer> {
  const bytes = contentType.startsWith('multipart/form-data') ? await fileInForm(contentType, body) : body;
  const taken = bytes !== undefined && core.uploads.receive(key, bytes);
  const headers = { 'content-type': 'text/plain' };
  if (!taken)
    return { status: 400, headers, body: 'the address is unknown or the length is not as announced' };
  return { status: 200, headers, body: `OK - ${bytes.length}` };
}

async function fileInForm(contentType: string, body: Buffer): Promise<Buffer | undefined> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  for (const value of form.values()) {
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer());
  }
  return undefined;
}

function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.kind === 'reset') request.socket.resetAndDestroy();
  else if (fault.kind === 'ratelimited') send(response, limited(fault.retryAfterS ?? 1));
  else if (fault.kind === 'http')
    send(response, { status: fault.status ?? 503, headers: {}, body: fault.page ?? 'upstream error' });
  else if (fault.kind === 'error') {
    const body = JSON.stringify({ ok: false, error: fault.error ?? 'internal_error' });
    send(response, { status: 200, headers: { 'content-type': 'application/json' }, body });
  }
  // `freeze`: the connection stays open and nothing is ever said.
}

function limited(retryAfterS: number): Answer {
  const headers = { 'content-type': 'application/json', 'retry-after': String(retryAfterS) };
  return { status: 429, headers, body: JSON.stringify({ ok: false, error: 'ratelimited' }) };
}

function failed(core: Core, error: string, status = 200, details: JsonObject = {}): Answer {
  return json(core, status, { ok: false, error, ...details });
}

function json(core: Core, status: number, body: JsonObject): Answer {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-oauth-scopes': core.scopes.join(','),
  };
  return { status, headers, body: JSON.stringify(body) };
}

function outcomeOf(answer: Answer): string {
  const error = /^\{"ok":false,"error":"([^"]+)"/.exec(answer.body)?.[1];
  return error ?? (answer.status === 200 ? 'ok' : `http ${answer.status}`);
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new Error(`request body over ${MAX_BODY_BYTES} bytes`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
