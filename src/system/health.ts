import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Probe {
  readonly name: string;
  /** Says what is wrong, or undefined when all is well. Must end by itself. */
  readonly problem: () => Promise<string | undefined> | string | undefined;
}

export interface Health {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * `/healthz`: the process answers and its loop turns. `/readyz`: 200 when every probe is content, else 503;
 * the body names each. Nothing in it is secret. Listens on all addresses: the kubelet asks from outside.
 */
export async function serveHealth(port: number, probes: readonly Probe[]): Promise<Health> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://health');
    if (pathname === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    } else if (pathname === '/readyz') {
      void ready(probes).then(({ ok, text }) =>
        response.writeHead(ok ? 200 : 503, { 'content-type': 'text/plain' }).end(text),
      );
    } else {
      response.writeHead(404).end();
    }
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function ready(probes: readonly Probe[]): Promise<{ ok: boolean; text: string }> {
  const lines = await Promise.all(
    probes.map(async ({ name, problem }) => {
      const found = await Promise.resolve()
        .then(problem)
        .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      return { ok: found === undefined, line: `${name}: ${found ?? 'ok'}` };
    }),
  );
  return { ok: lines.every((each) => each.ok), text: `${lines.map((each) => each.line).join('\n')}\n` };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve());
  });
}
