import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Exec, KubeConfig, V1Status } from '@kubernetes/client-node';
import WebSocket from 'ws';

type WebSocketInterface = Exec['handler'];

/** The server's answer in place of an upgrade, with the Status in its body. */
export class UpgradeRefusedError extends Error {
  override readonly name = 'UpgradeRefusedError';
  readonly status: V1Status;
  constructor(status: V1Status) {
    super(status.message ?? 'unable to upgrade connection');
    this.status = status;
  }
}

export interface ExecSocket extends WebSocketInterface {
  /** Stops and goes on reading from the socket: the back-pressure that client-node's own handler lacks. */
  pause(): void;
  resume(): void;
  /** Rejects when the connection ends; the exit code must have come before. */
  readonly closed: Promise<never>;
}

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const CLOSE_CHANNEL = 255;

/** The socket under client-node's `Exec`: keeps the server's refusal and can be paused. */
export function execSocket(config: KubeConfig): ExecSocket {
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => {});
  let socket: WebSocket | undefined;
  return {
    closed: closed.promise,
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),
    async connect(path, _onText, onBinary) {
      const options = {};
      await config.applyToHTTPSOptions(options);
      const server = config.getCurrentCluster()?.server ?? '';
      const opening = new WebSocket(
        server.replace(/^http/, 'ws').replace(/\/$/, '') + path,
        PROTOCOLS,
        options,
      );
      socket = opening;
      opening.on('message', (data: Buffer) => {
        const channel = data[0];
        if (channel === undefined || channel === CLOSE_CHANNEL) return;
        if (onBinary?.(channel, data.subarray(1)) === false) opening.close();
      });
      opening.once('close', (code) => {
        closed.reject(new Error(`websocket: close ${code} before the command's exit code arrived`));
      });
      await opened(opening);
      return opening;
    },
  };
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.on('error', reject);
    socket.once('unexpected-response', (_request, response) => readRefusal(response).then(reject, reject));
  });
}

async function readRefusal(response: IncomingMessage): Promise<Error> {
  const body = await text(response);
  try {
    return new UpgradeRefusedError(JSON.parse(body) as V1Status);
  } catch {
    return new Error(`unable to upgrade connection: ${body.trim() || `HTTP ${response.statusCode}`}`);
  }
}
