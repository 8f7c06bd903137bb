import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HTTPModuleFunctions as bolt, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { redact } from '../../domain/redaction/redact.ts';
import { oneLine } from '../../domain/text/one-line.ts';
import { withDeadline } from '../../workflow/ports/deadline.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import type { Refusals } from './http-refusals.ts';

export interface HttpReceiverOptions {
  /** SECRET. Never empty: without it Slack's requests could not be distinguished from forged ones. */
  readonly signingSecret: string;
  /** TCP port; on all addresses of this machine. */
  readonly port: number;
  /** Path of the request URL. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: Refusals;
}

/** Slack waits 3 s for the acknowledgement. */
const ackDeadlineMs = 3_000;
/** A click carries the whole message that it was made on: 50 blocks of 3,000 letters, percent-encoded. */
export const maxBodyBytes = 2 * 1024 * 1024;
const timestampWindowS = 5 * 60;
const closeDeadlineMs = 2_000;

/**
 * Takes what Slack sends to the request URL. Bolt's own receiver would do but for three things: a signed body that is no
 * object ends the process, slow clients may hold a connection for minutes, and its stop() waits for idle connections.
 * The signature, the reading of the body and the answers are Bolt's.
 */
export class HttpReceiver implements Receiver {
  readonly #options: HttpReceiverOptions;
  readonly #server: Server;
  readonly #open = new Set<ServerResponse>();
  #process: (event: ReceiverEvent) => Promise<void> = () => Promise.reject(new Error('no app yet'));

  constructor(options: HttpReceiverOptions) {
    if (options.signingSecret.trim() === '') {
      throw new Error('the signing secret is empty: anyone could speak as Slack (slack.signingSecret)');
    }
    this.#options = options;
    const timeouts = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 2_000 };
    this.#server = createServer(timeouts, (request, response) => {
      this.#open.add(response);
      response.once('close', () => this.#open.delete(response));
      this.#take(request, response).catch((error: unknown) => {
        options.log.error({ error: reasonOf(error) }, 'a request could not be answered');
        answer(response, 500);
      });
    });
  }

  init(app: Parameters<Receiver['init']>[0]): void {
    this.#process = (event) => app.processEvent(event);
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  /** Rejects, saying what to do, when the port cannot be had. */
  async start(): Promise<void> {
    const { port, path, log } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Kept for later errors too: one without a listener would end the process.
    this.#server.on('error', (error) => {
      reject(error);
      if (this.#server.listening) log.error({ error: reasonOf(error) }, 'trouble with listening for Slack');
    });
    this.#server.listen(port, resolve);
    await promise.catch((cause: unknown) => {
      throw new Error(
        `cannot listen for Slack on port ${port} (${reasonOf(cause)}): free it, or choose another with slack.http.port`,
        { cause },
      );
    });
    log.info({ port, path }, 'listening for Slack (HTTP)');
  }

  /** Takes no new requests, lets those under way be answered (2 s at most), then closes every connection. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    // Else the client keeps the connection for its next request, and close() waits for that.
    for (const response of this.#open) response.shouldKeepAlive = false;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    await withDeadline(this.#options.clock, closeDeadlineMs, closed);
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path } = this.#options;
    if (request.url?.split('?', 1)[0] !== path) return this.#refuse(response, 404, 'another path');
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      return this.#refuse(response, 405, `the method ${request.method}`);
    }
    const read = await this.#read(request);
    if ('refused' in read) return this.#refuse(response, read.refused, read.why);
    const { body } = read;
    if (body.ssl_check === '1') return bolt.buildSSLCheckResponse(response);
    if (body.type === 'url_verification') return bolt.buildUrlVerificationResponse(response, body);
    await this.#deliver(request, response, body);
  }

  /** Nothing of the body is looked at before its signature is found right. */
  async #read(request: IncomingMessage): Promise<{ body: Body } | { refused: number; why: string }> {
    const { signingSecret, clock } = this.#options;
    const limits = { signingSecret, bodyLimit: maxBodyBytes };
    let verified: Awaited<ReturnType<typeof bolt.parseAndVerifyHTTPRequest>>;
    try {
      verified = await bolt.parseAndVerifyHTTPRequest(limits, request);
    } catch (error) {
      if (bolt.isRawBodyError(error)) return { refused: error.statusCode, why: error.type };
      return { refused: 401, why: reasonOf(error) };
    }
    // Bolt looks at requests that are too old only.
    const timestampS = Number(request.headers['x-slack-request-timestamp'] ?? 0);
    if (timestampS > clock.now() / 1000 + timestampWindowS) return { refused: 401, why: 'a time to come' };
    try {
      const body: unknown = bolt.parseHTTPRequestBody(verified);
      if (isBody(body)) return { body };
    } catch {
      // Answered below, as every body that is no object.
    }
    return { refused: 400, why: 'a body that cannot be read' };
  }

  async #deliver(request: IncomingMessage, response: ServerResponse, body: Body): Promise<void> {
    const { clock, log } = this.#options;
    const answered = new AbortController();
    const late = clock.sleep(ackDeadlineMs, answered.signal).then(() => {
      if (answered.signal.aborted) return;
      log.error({}, 'a delivery of Slack was not acknowledged within 3 s');
      answer(response, 503);
    });
    const retryNum = bolt.extractRetryNumFromHTTPRequest(request);
    try {
      await this.#process({
        body,
        ...(retryNum === undefined ? {} : { retryNum }),
        ack: async (message: unknown) => {
          if (response.headersSent || response.destroyed)
            throw new Error('Slack was answered already or hung up');
          bolt.buildContentResponse(response, message);
          answered.abort();
        },
      });
      // Kinds of deliveries without a listener here.
      if (!response.headersSent) answer(response, 404);
    } catch (error) {
      log.error({ error: reasonOf(error) }, 'a delivery of Slack could not be handled');
      answer(response, 500);
    } finally {
      answered.abort();
      await late;
    }
  }

  #refuse(response: ServerResponse, status: number, why: string): void {
    this.#options.refusals.note(status, why);
    // What is left of a body that is too long is not waited for.
    if (status === 413) response.setHeader('connection', 'close');
    answer(response, status);
  }
}

type Body = Record<string, unknown>;

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function answer(response: ServerResponse, status: number): void {
  if (!response.headersSent && !response.destroyed) bolt.buildNoBodyResponse(response, status);
}

function reasonOf(error: unknown): string {
  return oneLine(redact(error instanceof Error ? error.message : String(error)), 300);
}
