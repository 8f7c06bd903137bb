import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Buffer;
}

/**
 * Decides over one request: an answer of its own (the server never sees the request), a change of the server's answer, or
 * undefined: as if there were no proxy.
 */
export type Script = (
  asked: Asked,
) => Answer | undefined | Promise<Answer> | ((answer: Required<Answer>) => Answer);

export interface S3Front {
  readonly endpoint: string;
  script: Script;
  /** `METHOD /path?query` of all requests, in order. */
  readonly seen: Asked[];
  close(): Promise<void>;
}

/** Sits between a client and a real server and answers like other servers do. Without an upstream it answers everything. */
export async function s3Front(upstream?: { readonly host: string; readonly port: number }): Promise<S3Front> {
  const server = createServer((incoming, outgoing) => {
    const asked = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers };
    front.seen.push(asked);
    void (async () => {
      const body = await gathered(incoming);
      const decision = await front.script(asked);
      if (decision !== undefined && typeof decision !== 'function') return decision;
      if (!upstream) return refusal(500, 'InternalError', 'no upstream');
      const answer = await forward(upstream, asked, body);
      return decision ? decision(answer) : answer;
    })()
      .catch((error: unknown) => refusal(502, 'BadGateway', String(error)))
      .then((answer: Answer) => {
        const headers = Object.entries(answer.headers ?? {}).filter(([, value]) => value !== undefined);
        const length = answer.headers?.['content-length'] ?? Buffer.byteLength(answer.body ?? '');
        outgoing.sendDate = answer.headers?.date === undefined;
        outgoing.writeHead(answer.status, { ...Object.fromEntries(headers), 'content-length': `${length}` });
        outgoing.end(asked.method === 'HEAD' ? undefined : answer.body);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: S3Front = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script: () => undefined,
    seen: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return front;
}

/** An error as S3 servers word it. HEAD carries no body. */
export function refusal(status: number, code: string, message = ''): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

async function forward(
  { host, port }: { readonly host: string; readonly port: number },
  { method, url, headers }: Asked,
  body: Buffer,
): Promise<Required<Answer>> {
  const { expect: _, 'transfer-encoding': __, ...sent } = headers;
  const asking = httpRequest({ host, port, method, path: url, headers: sent, agent: false });
  const answered = new Promise<Required<Answer>>((resolve, reject) => {
    asking.on('error', reject);
    asking.on('response', (response) => {
      gathered(response).then((bytes) => {
        const { 'transfer-encoding': ___, connection: ____, ...kept } = response.headers;
        resolve({ status: response.statusCode ?? 0, headers: kept, body: bytes });
      }, reject);
    });
  });
  asking.end(body);
  return answered;
}

async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
