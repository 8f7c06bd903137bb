import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { spdyDictionary } from './spdy-dictionary.ts';

/** Types of control frames that matter for exec. What is missing (SETTINGS, WINDOW_UPDATE, GOAWAY) is taken and ignored. */
const type = { synStream: 1, synReply: 2, reset: 3, ping: 6, headers: 8 } as const;
const flagFin = 1;
const largestData = 64 * 1024;

export interface SpdyEvents {
  /** The client opened a stream; header names are in small letters. */
  stream: [id: number, headers: ReadonlyMap<string, string>];
  data: [id: number, data: Buffer];
  /** The client ended its half of a stream, or reset it. */
  end: [id: number];
  close: [];
}

/**
 * The server's half of SPDY/3.1, as far as Kubernetes uses it: streams that the client opens, data both ways, pings. Like the
 * library on the other side it knows no flow control of its own: TCP slows down who writes.
 */
export class SpdyConnection extends EventEmitter<SpdyEvents> {
  readonly #socket: Duplex;
  readonly #inflate = createInflate({ dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH });
  readonly #deflate = createDeflate({ dictionary: spdyDictionary });
  #buffered: Buffer = Buffer.alloc(0);
  #frozen = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(socket: Duplex, head: Buffer) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.once('close', () => this.emit('close'));
    socket.once('end', () => socket.end());
    if (head.length > 0) this.#take(head);
  }

  /** Accepts a stream that the client opened. */
  async reply(id: number): Promise<void> {
    const block = await compressed(this.#deflate, Buffer.alloc(4));
    this.#send(control(type.synReply, 0, Buffer.concat([uint32(id), block])));
  }

  /** `done` is called when the socket has taken the bytes. */
  write(id: number, data: Buffer, done: (error?: Error | null) => void): void {
    if (data.length === 0) {
      done();
      return;
    }
    const parts: Buffer[] = [];
    for (let at = 0; at < data.length; at += largestData) {
      const part = data.subarray(at, at + largestData);
      parts.push(dataHead(id, 0, part.length), part);
    }
    this.#send(Buffer.concat(parts), done);
  }

  /** Ends the server's half of a stream. */
  end(id: number): void {
    this.#send(dataHead(id, flagFin, 0));
  }

  /** From now on nothing of the client is read any more, its pings included. */
  freeze(): void {
    this.#frozen = true;
    this.#socket.pause();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#frozen) this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void = () => {}): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) done();
    else this.#socket.write(bytes, done);
  }

  #take(chunk: Buffer): void {
    this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    for (let frame = this.#next(); frame; frame = this.#next()) {
      const { head, body } = frame;
      // One after the other: header blocks are one stream of compressed bytes.
      this.#reading = this.#reading
        .then(() => this.#handle(head, body))
        .catch(() => void this.#socket.destroy());
    }
  }

  #next(): { head: Buffer; body: Buffer } | undefined {
    if (this.#buffered.length < 8) return undefined;
    const length = this.#buffered.readUIntBE(5, 3);
    if (this.#buffered.length < 8 + length) return undefined;
    const head = this.#buffered.subarray(0, 8);
    const body = this.#buffered.subarray(8, 8 + length);
    this.#buffered = this.#buffered.subarray(8 + length);
    return { head, body };
  }

  async #handle(head: Buffer, body: Buffer): Promise<void> {
    const flags = head.readUInt8(4);
    const isControl = head.readUInt8(0) >= 0x80;
    const id = isControl ? (body.length >= 4 ? body.readUInt32BE(0) & 0x7fffffff : 0) : head.readUInt32BE(0);
    if (!isControl) {
      if (body.length > 0) this.emit('data', id, body);
    } else if (head.readUInt16BE(2) === type.synStream) {
      this.emit('stream', id, await this.#headers(body.subarray(10)));
    } else if (head.readUInt16BE(2) === type.headers) {
      await this.#headers(body.subarray(4));
    } else if (head.readUInt16BE(2) === type.ping) {
      if (!this.#frozen) this.#send(control(type.ping, 0, body));
      return;
    } else if (head.readUInt16BE(2) === type.reset) {
      this.emit('end', id);
      return;
    } else return;
    if (flags & flagFin) this.emit('end', id);
  }

  async #headers(block: Buffer): Promise<ReadonlyMap<string, string>> {
    const plain = await compressed(this.#inflate, block);
    const headers = new Map<string, string>();
    let at = 4;
    const text = () => {
      const length = plain.readUInt32BE(at);
      at += 4 + length;
      return plain.toString('utf8', at - length, at);
    };
    for (let left = plain.readUInt32BE(0); left > 0; left--) headers.set(text().toLowerCase(), text());
    return headers;
  }
}

/** Passes one block through a compression that goes on from block to block. */
function compressed(
  through: ReturnType<typeof createInflate> | ReturnType<typeof createDeflate>,
  block: Buffer,
): Promise<Buffer> {
  const out: Buffer[] = [];
  const collect = (chunk: Buffer) => void out.push(chunk);
  through.on('data', collect);
  return new Promise((resolve, reject) => {
    through.once('error', reject);
    through.write(block);
    through.flush(constants.Z_SYNC_FLUSH, () => {
      through.off('data', collect);
      through.off('error', reject);
      resolve(Buffer.concat(out));
    });
  });
}

function control(kind: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8003, 0);
  head.writeUInt16BE(kind, 2);
  head.writeUInt32BE(body.length, 4);
  head.writeUInt8(flags, 4);
  return Buffer.concat([head, body]);
}

function dataHead(id: number, flags: number, length: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head.writeUInt32BE(length, 4);
  head.writeUInt8(flags, 4);
  return head;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
