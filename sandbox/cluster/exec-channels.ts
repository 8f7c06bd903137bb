import type { WebSocket } from 'ws';
import { type ExecPeer, stdinOf } from './exec-peer.ts';

/** The first byte of each frame of the exec protocol over WebSocket. */
const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

function frame(channelNumber: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(channelNumber), data]);
}

/**
 * A client over WebSocket, `v4.channel.k8s.io` or `v5`. Its stdin ends with the channel's close frame (v5), with the
 * connection, or at once if none was asked for.
 */
export function webSocketPeer(socket: WebSocket, options: { stdin: boolean }): ExecPeer {
  let frozen = false;
  const { stdin, feed } = stdinOf({
    pause: () => socket.pause(),
    resume: () => {
      if (!frozen) socket.resume();
    },
  });
  if (!options.stdin) stdin.end();
  socket.on('message', (data: Buffer) => {
    const number = data[0];
    if (number === channel.close && data[1] === channel.stdin) stdin.end();
    if (number === channel.stdin) feed(data.subarray(1));
  });
  socket.once('close', () => stdin.end());
  return {
    stdin,
    write: (to, data, done) => socket.send(frame(channel[to], data), done),
    finish(status) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(frame(channel.error, Buffer.from(JSON.stringify(status))));
      socket.close(1000);
    },
    cut: () => socket.terminate(),
    freeze() {
      frozen = true;
      // A paused socket reads no pings, so it answers none.
      socket.pause();
    },
    onClose: (gone) => void socket.once('close', gone),
  };
}
