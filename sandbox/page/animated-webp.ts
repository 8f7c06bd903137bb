/**
 * One animation of pictures that a browser made. Browsers write WebP, but only single pictures; an animated one is the same pictures
 * in a longer list of chunks (RFC 9649).
 */
export interface Frame {
  /** A WebP file. */
  readonly picture: Buffer;
  readonly ms: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const animated = 0x02;
const forEver = 0;

export function animatedWebp(frames: readonly Frame[], { width, height }: Size): Buffer {
  const header = Buffer.concat([uint(animated, 1), uint(0, 3), uint(width - 1, 3), uint(height - 1, 3)]);
  const behaviour = Buffer.concat([Buffer.from([255, 255, 255, 255]), uint(forEver, 2)]);
  const chunks = [
    chunk('VP8X', header),
    chunk('ANIM', behaviour),
    ...frames.map(({ picture, ms }) =>
      chunk(
        'ANMF',
        Buffer.concat([
          // At the corner, as large as the whole, drawn over the frame before and left there.
          uint(0, 3),
          uint(0, 3),
          uint(width - 1, 3),
          uint(height - 1, 3),
          uint(ms, 3),
          uint(0, 1),
          pixelsOf(picture),
        ]),
      ),
    ),
  ];
  return chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
}

/** The chunk with the pixels of a still picture. */
function pixelsOf(picture: Buffer): Buffer {
  for (let at = 12; at + 8 <= picture.length; ) {
    const name = picture.toString('latin1', at, at + 4);
    const length = picture.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (name === 'VP8 ' || name === 'VP8L') return picture.subarray(at, end);
    at = end;
  }
  throw new Error('The picture is no WebP, or holds no pixels.');
}

function chunk(name: string, payload: Buffer): Buffer {
  const padding = Buffer.alloc(payload.length % 2);
  return Buffer.concat([Buffer.from(name), uint(payload.length, 4), payload, padding]);
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
}
