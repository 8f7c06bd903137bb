import { PassThrough, type Readable, Writable } from 'node:stream';

/** The client of one exec, over whichever protocol it came. */
export interface ExecPeer {
  readonly stdin: Readable;
  /** `done` is called when the connection has taken the bytes. */
  write(to: 'stdout' | 'stderr', data: Buffer, done: (error?: Error | null) => void): void;
  /** Sends the end of the command, and closes in order. */
  finish(status: object): void;
  /** Breaks the connection. */
  cut(): void;
  /** Reads nothing more of the client, its pings included. */
  freeze(): void;
  /** Calls `gone` when the connection is over. */
  onClose(gone: () => void): void;
}

/** What may still pass to the client: a fault closes it after so many bytes of stdout. */
export interface Valve {
  bytesLeft: number;
  isClosed: boolean;
  /** Closes it, once. */
  close(): void;
}

/**
 * A stream whose chunks go to the client. A write ends when the connection has taken it, so a slow client slows the command
 * down. It is destroyed when the client goes, which breaks the command's pipe.
 */
export function peerWriter(peer: ExecPeer, to: 'stdout' | 'stderr', valve: Valve): Writable {
  const writer = new Writable({
    highWaterMark: 256 * 1024,
    write(chunk: Buffer, _encoding, done) {
      const counts = to === 'stdout';
      const part = counts ? chunk.subarray(0, valve.bytesLeft) : chunk;
      // Behind a closed valve `done` is never called: the command's output backs up, as behind a dead peer.
      if (valve.isClosed) return;
      if (counts) valve.bytesLeft -= part.length;
      peer.write(to, part, valve.bytesLeft > 0 ? done : () => valve.close());
    },
  });
  writer.on('error', () => {});
  peer.onClose(() => writer.destroy());
  return writer;
}

interface StdinSource {
  pause(): void;
  resume(): void;
}

/** The command's input: `feed` its chunks, `end` it. The source is paused while the command does not read. */
export function stdinOf(source: StdinSource): { stdin: PassThrough; feed(data: Buffer): void } {
  const stdin = new PassThrough();
  const resume = () => source.resume();
  stdin.on('error', () => {});
  // A command that ends without reading its input must not leave the connection paused: no pong would be read.
  stdin.once('close', resume);
  return {
    stdin,
    feed(data) {
      if (stdin.writableEnded || stdin.destroyed || data.length === 0) return;
      if (stdin.write(data) || stdin.destroyed) return;
      source.pause();
      stdin.once('drain', resume);
    },
  };
}
