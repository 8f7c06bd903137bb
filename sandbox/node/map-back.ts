import { Transform } from 'node:stream';

const SLASH = 0x2f;

/**
 * A stream that turns paths of the node's tree into paths of the node: `<root>/x` becomes `/x`, `<root>` alone `/`,
 * a longer name that only begins like the root stays. Works across chunk borders and holds back at most the
 * root's length in bytes.
 */
export function mapBack(root: string): Transform {
  const needle = Buffer.from(root);
  let held: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const { out, rest } = replaceWhole(bytes, needle);
      held = rest;
      done(null, out);
    },
    flush(done) {
      done(null, held.equals(needle) ? Buffer.from('/') : held);
    },
  });
}

/** Replaces every decided match; `rest` is the end that may still become one (its next byte decides). */
function replaceWhole(bytes: Buffer, needle: Buffer): { out: Buffer; rest: Buffer } {
  const parts: Buffer[] = [];
  let from = 0;
  for (;;) {
    const at = bytes.indexOf(needle, from);
    if (at < 0) break;
    const next = bytes[at + needle.length];
    if (next === undefined) break;
    const stays = isNameByte(next);
    parts.push(bytes.subarray(from, at), stays ? needle : Buffer.from('/'));
    from = at + needle.length + (next === SLASH ? 1 : 0);
  }
  const keep = possibleStart(bytes.subarray(from), needle);
  parts.push(bytes.subarray(from, bytes.length - keep));
  return { out: Buffer.concat(parts), rest: Buffer.from(bytes.subarray(bytes.length - keep)) };
}

/** How many bytes at the end equal the beginning of the needle. */
function possibleStart(bytes: Buffer, needle: Buffer): number {
  for (let length = Math.min(bytes.length, needle.length); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(needle.subarray(0, length))) return length;
  }
  return 0;
}

/** `master-1` must not match within `master-10`. */
function isNameByte(byte: number): boolean {
  return /[A-Za-z0-9._-]/.test(String.fromCharCode(byte)) || byte >= 0x80;
}
