import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

/** The pixels of an 8-bit PNG without interlacing, as rows of red, green, blue, alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 0 to 255, dark to light; what is transparent counts as white. */
  grey(x: number, y: number): number;
}

/** Reads what a PNG holds by the format's own rules (RFC 2083), independent of what drew it. */
export function readPng(bytes: Uint8Array): Pixels {
  const data = Buffer.from(bytes);
  assert.equal(data.subarray(0, 8).toString('hex'), '89504e470d0a1a0a', 'PNG signature');
  const chunks: { readonly type: string; readonly body: Buffer }[] = [];
  for (let at = 8; at < data.length; ) {
    const length = data.readUInt32BE(at);
    const type = data.toString('latin1', at + 4, at + 8);
    chunks.push({ type, body: data.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  const header = chunks[0]?.body ?? assert.fail('no IHDR');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  assert.deepEqual([...header.subarray(8)], [8, 6, 0, 0, 0], '8 bits, RGBA, not interlaced');
  assert.equal(chunks.at(-1)?.type, 'IEND');
  const body = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ body }) => body));
  const rows = unfiltered(inflateSync(body), width * 4, height);
  return {
    width,
    height,
    grey(x, y) {
      const at = y * width * 4 + x * 4;
      const [red = 0, green = 0, blue = 0, alpha = 0] = rows.subarray(at, at + 4);
      return 255 - ((255 - (red + green + blue) / 3) * alpha) / 255;
    },
  };
}

const bpp = 4;

function unfiltered(raw: Buffer, stride: number, height: number): Uint8Array {
  assert.equal(raw.length, (stride + 1) * height, 'one filter byte and one row of pixels for each row');
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const value = raw[y * (stride + 1) + 1 + x] ?? 0;
      const left = x >= bpp ? (out[y * stride + x - bpp] ?? 0) : 0;
      const up = y > 0 ? (out[(y - 1) * stride + x] ?? 0) : 0;
      const corner = x >= bpp && y > 0 ? (out[(y - 1) * stride + x - bpp] ?? 0) : 0;
      out[y * stride + x] = value + predicted(filter ?? 0, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Share of the pixels in a part of the picture that are not white. */
export function inkShare(
  { grey }: Pixels,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): number {
  let dark = 0;
  for (let row = y; row < y + height; row += 1) {
    for (let column = x; column < x + width; column += 1) if (grey(column, row) < 200) dark += 1;
  }
  return dark / (width * height);
}

/** How many pixels of two pictures differ visibly; pictures of other sizes differ everywhere. */
export function differing(a: Pixels, b: Pixels): number {
  if (a.width !== b.width || a.height !== b.height) return Math.max(a.width * a.height, b.width * b.height);
  let count = 0;
  for (let y = 0; y < a.height; y += 1) {
    for (let x = 0; x < a.width; x += 1) if (Math.abs(a.grey(x, y) - b.grey(x, y)) > 40) count += 1;
  }
  return count;
}
