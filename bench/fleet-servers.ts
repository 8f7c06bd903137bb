import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { serverCertificates } from '../sandbox/cluster/certificates.ts';

// The API servers of a fleet, in a process of their own: each listens at its own port and answers with the recorded ClusterVersion.

/** `slow` answers late, `frozen` takes connections and says nothing, `gone` refuses them. */
export type ServerKind = 'well' | 'slow' | 'frozen' | 'gone';

export interface FleetTask {
  readonly kinds: readonly ServerKind[];
}

export interface FleetListening {
  readonly urls: readonly string[];
  readonly caPem: string;
  /** Of the recorded cluster: all of them say that they are this one. */
  readonly clusterId: string;
}

/** When each server was asked, ms UTC, in the order of `kinds`; for `frozen` ones: when they were connected to. */
export type FleetAsked = readonly (readonly number[])[];

const slowMs = 9_000;
const fixture = new URL('../test/fixtures/api/clusterversion.json', import.meta.url);
const path = '/apis/config.openshift.io/v1/clusterversions/version';

async function serve({ kinds }: FleetTask): Promise<{ listening: FleetListening; asked: FleetAsked }> {
  const version = await readFile(fixture, 'utf8');
  const { ca, server: pair } = await serverCertificates();
  const asked = kinds.map((): number[] => []);
  const urls = await Promise.all(
    kinds.map(async (kind, index) => {
      const note = () => void asked[index]?.push(Date.now());
      const server = kind === 'frozen' || kind === 'gone' ? createServer(note) : answering(kind, note);
      // Clients that gave up are no fault of a server.
      server.on('connection', (socket) => socket.on('error', () => undefined));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      if (kind === 'gone') await new Promise((resolve) => server.close(resolve));
      return `https://127.0.0.1:${port}`;
    }),
  );
  return { listening: { urls, caPem: ca, clusterId: JSON.parse(version).spec.clusterID }, asked };

  function answering(kind: ServerKind, note: () => void): Server {
    return createTlsServer({ key: pair.key, cert: pair.cert }, (request, response) => {
      note();
      if (kind === 'slow') setTimeout(() => answer(request, response, version), slowMs);
      else answer(request, response, version);
    });
  }
}

function answer(request: IncomingMessage, response: ServerResponse, version: string): void {
  const found = request.url === path;
  const missing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
  response.end(found ? version : JSON.stringify(missing));
}

process.once('message', async (task: FleetTask) => {
  const { listening, asked } = await serve(task);
  process.on('message', () => process.send?.(asked));
  process.send?.(listening);
});
