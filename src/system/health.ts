import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Probe {
  readonly name: string;
  /** Says what is wrong, or undefined when all is well. Must end by itself. */
  readonly problem: () => Promise<string | undefined> | string | undefined;
}

/** Reported beside the probes, never judged. */
interface Note {
  readonly name: string;
  readonly text: () => string;
}

/** What `/metrics` answers with. */
interface Exposition {
  readonly contentType: string;
  readonly body: string;
}

export interface HealthParts {
  /** What only a restart fixes. */
  readonly live: readonly Probe[];
  /** What must hold for the bot to be usable. */
  readonly ready: readonly Probe[];
  readonly notes: () => readonly Note[];
  /** For Prometheus; absent: `/metrics` is not there. */
  readonly metrics?: () => Promise<Exposition>;
}

export interface Health {
  readonly port: number;
  /** What is asked from now on. */
  show(parts: HealthParts): void;
  close(): Promise<void>;
}

/**
 * `/healthz` asks the `live` probes, `/readyz` the `ready` ones: 200 when each is content, else 503. The body names each,
 * and `/readyz` adds the notes. `/metrics` is there for Prometheus. Nothing in it is secret. Listens on all addresses: the
 * kubelet asks from outside.
 * Throws when it cannot listen on the port.
 */
export async function serveHealth(port: number, parts: HealthParts): Promise<Health> {
  let shown = parts;
  const server = createServer((request, response) => {
    const { live, ready, notes, metrics } = shown;
    // Not read as a URL: there are paths that are none, and a request with one would end the process.
    const [path] = (request.url ?? '').split(/[?#]/, 1);
    if (path === '/healthz') {
      void answer(response, live, () => []);
    } else if (path === '/readyz') {
      void answer(response, ready, notes);
    } else if (path === '/metrics' && metrics) {
      void expose(response, metrics);
    } else {
      response.writeHead(404).end();
    }
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    show(next) {
      shown = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  response: ServerResponse,
  probes: readonly Probe[],
  notes: () => readonly Note[],
): Promise<void> {
  const { ok, lines } = await askAll(probes);
  const noteLines = notes().map(({ name, text }) => `${name}: ${text()}`);
  const body = [...lines, ...noteLines].map((line) => `${line}\n`).join('') || 'ok\n';
  response.writeHead(ok ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

/** A scrape that fails says so by its status: Prometheus counts it as down. */
async function expose(response: ServerResponse, metrics: () => Promise<Exposition>): Promise<void> {
  try {
    const { contentType, body } = await metrics();
    response.writeHead(200, { 'content-type': contentType }).end(body);
  } catch {
    response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('no metrics: see the log\n');
  }
}

async function askAll(probes: readonly Probe[]): Promise<{ ok: boolean; lines: readonly string[] }> {
  const lines = await Promise.all(
    probes.map(async ({ name, problem }) => {
      const found = await Promise.resolve()
        .then(problem)
        .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      return { ok: found === undefined, line: `${name}: ${found ?? 'ok'}` };
    }),
  );
  return { ok: lines.every((each) => each.ok), lines: lines.map((each) => each.line) };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.message;
      const next = 'end what listens there, or choose another port under health.port';
      reject(
        new Error(`cannot listen on port ${port} for health checks (${why}): ${next}`, { cause: error }),
      );
    });
    server.listen(port, () => resolve());
  });
}
