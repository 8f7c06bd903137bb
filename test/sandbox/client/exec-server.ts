import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { generate } from 'selfsigned';
import { type WebSocket, WebSocketServer } from 'ws';

const TOKEN = 'let-me-in';
const NAMESPACE = 'backup';

export interface ExecServer {
  /** Kubeconfigs: one with a good token, one with a bad one, one for a port where no process listens. */
  good: string;
  unauthorized: string;
  refused: string;
}

/**
 * As little of an API server as a client needs for `exec`: discovery, the pod `session`, and the exec channel, behind
 * which the command runs on this machine. `pods/no-exec` may be read but not entered.
 */
export async function startExecServer(t: TestContext): Promise<ExecServer> {
  const dir = await mkdtemp(path.join(tmpdir(), 'exec-server-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const altNames = [{ type: 7 as const, ip: '127.0.0.1' }];
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const server = createServer({ key: pems.private, cert: pems.cert });
  server.on('request', (request, response) => {
    const [code, body] = answer(request.url ?? '', request.headers.authorization);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  acceptExec(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const write = async (name: string, at: string, token: string) => {
    const file = path.join(dir, name);
    await writeFile(file, kubeconfig(at, pems.cert, token));
    return file;
  };
  return {
    good: await write('good', url, TOKEN),
    unauthorized: await write('unauthorized', url, 'wrong'),
    refused: await write('refused', await closedPort(), TOKEN),
  };
}

async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `https://127.0.0.1:${port}`;
}

function kubeconfig(server: string, ca: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}

function failure(code: number, reason: string, message: string): [number, object] {
  return [code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }];
}

function answer(url: string, authorization: string | undefined): [number, object] {
  if (authorization !== `Bearer ${TOKEN}`) return failure(401, 'Unauthorized', 'Unauthorized');
  const { pathname } = new URL(url, 'https://127.0.0.1');
  if (pathname === '/api') return [200, { kind: 'APIVersions', versions: ['v1'] }];
  if (pathname === '/apis') return [200, { kind: 'APIGroupList', apiVersion: 'v1', groups: [] }];
  if (pathname === '/api/v1') {
    const pods = { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get'] };
    const exec = {
      name: 'pods/exec',
      singularName: '',
      namespaced: true,
      kind: 'PodExecOptions',
      verbs: ['create'],
    };
    return [200, { kind: 'APIResourceList', groupVersion: 'v1', resources: [pods, exec] }];
  }
  // kubectl asks for the namespace when the pod was not found, to say which of the two is missing.
  if (pathname === `/api/v1/namespaces/${NAMESPACE}`) {
    return [200, { kind: 'Namespace', apiVersion: 'v1', metadata: { name: NAMESPACE } }];
  }
  const name = pathname.match(`^/api/v1/namespaces/${NAMESPACE}/pods/([^/]+)$`)?.[1];
  if (name === 'session' || name === 'no-exec') {
    const spec = { containers: [{ name: 'container-00' }] };
    return [
      200,
      {
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { name, namespace: NAMESPACE },
        spec,
        status: { phase: 'Running' },
      },
    ];
  }
  return failure(404, 'NotFound', `pods "${name}" not found`);
}

function acceptExec(server: Server): void {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'https://127.0.0.1');
    if (!url.pathname.endsWith('/pods/session/exec')) {
      const [code, body] = failure(
        403,
        'Forbidden',
        'pods "no-exec" is forbidden: cannot create resource "pods/exec"',
      );
      const text = JSON.stringify(body);
      const head = `HTTP/1.1 ${code} Forbidden\r\ncontent-type: application/json\r\ncontent-length: ${text.length}`;
      socket.end(`${head}\r\nconnection: close\r\n\r\n${text}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      execute(client, url.searchParams.getAll('command')),
    );
  });
}

function execute(client: WebSocket, [program = '', ...args]: string[]): void {
  const child = spawn(program, args);
  const send = (channel: number, data: Buffer) => client.send(Buffer.concat([Buffer.from([channel]), data]));
  for (const [channel, source] of [
    [1, child.stdout],
    [2, child.stderr],
  ] as const) {
    source.on('data', (data: Buffer) => {
      send(channel, data);
      if (client.bufferedAmount < 1 << 20) return;
      source.pause();
      const timer = setInterval(() => {
        if (client.bufferedAmount > 1 << 20) return;
        clearInterval(timer);
        source.resume();
      }, 5);
    });
  }
  client.on('message', (data: Buffer) => {
    if (data[0] === 0) child.stdin.write(data.subarray(1));
    if (data[0] === 255) child.stdin.end();
  });
  child.on('close', (code, signal) => {
    send(3, Buffer.from(JSON.stringify(statusOf(code, signal))));
    client.close(1000);
  });
}

function statusOf(code: number | null, signal: string | null): object {
  const base = { metadata: {}, status: 'Failure' };
  if (code === 0) return { metadata: {}, status: 'Success' };
  if (signal) {
    const message = `Internal error occurred: error executing command in container: signal: ${signal}`;
    return { ...base, reason: 'InternalError', message, code: 500 };
  }
  const causes = [{ reason: 'ExitCode', message: String(code) }];
  return {
    ...base,
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code`,
    details: { causes },
  };
}
