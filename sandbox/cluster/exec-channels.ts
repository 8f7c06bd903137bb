import { PassThrough, type Readable, Writable } from 'node:stream';
import type { WebSocket } from 'ws';

/** The first byte of each frame of the exec protocol. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** What may still pass to the client: a fault closes it after so many bytes of stdout. */
export interface Valve {
  bytesLeft: number;
  isClosed: boolean;
  /** Closes it, once. */
  close(): void;
}

export function frame(channelNumber: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(channelNumber), data]);
}

/**
 * A stream whose chunks go to the client on one channel. A write ends when the socket has taken it, so a slow client
 * slows the command down. It is destroyed when the client goes, which breaks the command's pipe.
 */
export function channelWriter(socket: WebSocket, channelNumber: number, valve: Valve): Writable {
  const writer = new Writable({
    highWaterMark: 256 * 1024,
    write(chunk: Buffer, _encoding, done) {
      const counts = channelNumber === channel.stdout;
      const part = counts ? chunk.subarray(0, valve.bytesLeft) : chunk;
      // Behind a closed valve `done` is never called: the command's output backs up, as behind a dead peer.
      if (valve.isClosed) return;
      if (counts) valve.bytesLeft -= part.length;
      socket.send(frame(channelNumber, part), valve.bytesLeft > 0 ? done : () => valve.close());
    },
  });
  writer.on('error', () => {});
  socket.once('close', () => writer.destroy());
  return writer;
}

/** The client's stdin; ends with the channel's close frame (v5), with the connection, or at once if none was asked for. */
export function stdinReader(socket: WebSocket, isWanted: boolean, valve: Valve): Readable {
  const stdin = new PassThrough();
  const resume = () => valve.isClosed || socket.resume();
  if (!isWanted) stdin.end();
  socket.on('message', (data: Buffer) => {
    const number = data[0];
    if (number === channel.close && data[1] === channel.stdin) stdin.end();
    if (number !== channel.stdin || stdin.writableEnded || data.length === 1) return;
    if (stdin.write(data.subarray(1)) || stdin.destroyed) return;
    socket.pause();
    stdin.once('drain', resume);
  });
  stdin.on('error', () => {});
  // A command that ends without reading its input must not leave the socket paused: no pong would be read.
  stdin.once('close', resume);
  socket.once('close', () => stdin.end());
  return stdin;
}
