import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecPeer, stdinOf } from './exec-peer.ts';
import { SpdyConnection } from './spdy.ts';

const protocol = 'v4.channel.k8s.io';

/** Whether the client asks for SPDY, as all usual clients do up to OpenShift 4.16, and later ones that are configured to. */
export function asksForSpdy(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'spdy/3.1';
}

export function speaksSpdyExec(request: IncomingMessage): boolean {
  const offered = String(request.headers['x-stream-protocol-version'] ?? '');
  return offered.split(',').some((name) => name.trim() === protocol);
}

interface Wanted {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/**
 * Switches the connection to SPDY/3.1 and resolves when the client has opened all streams that it asked for: `error`, and of
 * stdin, stdout and stderr those that are wanted. Never resolves for a client that goes before.
 */
export function spdyPeer(socket: Duplex, head: Buffer, wanted: Wanted): Promise<ExecPeer> {
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nConnection: Upgrade\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
  );
  const connection = new SpdyConnection(socket, head);
  const streams = new Map<string, number>();
  const names = ['error', ...(['stdin', 'stdout', 'stderr'] as const).filter((name) => wanted[name])];
  const { stdin, feed } = stdinOf(connection);
  if (!wanted.stdin) stdin.end();
  connection.on('data', (id, data) => {
    if (id === streams.get('stdin')) feed(data);
  });
  connection.on('end', (id) => {
    if (id === streams.get('stdin')) stdin.end();
  });
  connection.once('close', () => stdin.end());
  return new Promise((resolve) => {
    connection.on('stream', (id, headers) => {
      streams.set(headers.get('streamtype') ?? '', id);
      void connection.reply(id);
      if (names.every((name) => streams.has(name))) resolve(peerOf(connection, streams, stdin));
    });
  });
}

function peerOf(
  connection: SpdyConnection,
  streams: ReadonlyMap<string, number>,
  stdin: ExecPeer['stdin'],
): ExecPeer {
  const id = (name: string) => streams.get(name) ?? 0;
  return {
    stdin,
    write: (to, data, done) => connection.write(id(to), data, done),
    finish(status) {
      connection.write(id('error'), Buffer.from(JSON.stringify(status)), () => {
        for (const each of streams.values()) connection.end(each);
      });
    },
    cut: () => connection.destroy(),
    freeze: () => connection.freeze(),
    onClose: (gone) => void connection.once('close', gone),
  };
}
