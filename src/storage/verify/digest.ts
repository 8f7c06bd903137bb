import { createHash } from 'node:crypto';
import { CopyMismatchError } from '../../workflow/ports/destination.ts';

/** Digest in lower-case hex, as everywhere. */
export interface ExpectedFile {
  /** Bytes, as the node says. */
  readonly size: number;
  /** The node's own `sha256sum`. */
  readonly sha256: string;
}

export interface Measured {
  readonly size: number;
  readonly sha256: string;
}

/** The same chunks, counted and digested on the way. */
export interface MeasuredBody extends AsyncIterable<Uint8Array> {
  /** Bytes that have passed so far: progress. */
  readonly passed: number;
  /** Of the whole body. Throws before its end: a torn stream has no digest. */
  measured(): Measured;
}

/** May be iterated once. */
export function measured(body: AsyncIterable<Uint8Array>): MeasuredBody {
  const hash = createHash('sha256');
  let passed = 0;
  let result: Measured | undefined;
  return {
    get passed() {
      return passed;
    },
    measured() {
      if (!result) throw new Error(`the body has not ended: ${passed} bytes have passed`);
      return result;
    },
    async *[Symbol.asyncIterator]() {
      for await (const chunk of body) {
        hash.update(chunk);
        passed += chunk.byteLength;
        yield chunk;
      }
      result = { size: passed, sha256: hash.digest('hex') };
    },
  };
}

/** The same chunks; throws CopyMismatchError at the end unless they are the expected file, and at once when there are more. */
export async function* verified(
  body: AsyncIterable<Uint8Array>,
  expected: ExpectedFile,
): AsyncGenerator<Uint8Array, void> {
  const counted = measured(body);
  for await (const chunk of counted) {
    refuseExcess(counted.passed, expected);
    yield chunk;
  }
  compare(counted.measured(), expected);
}

/** More than the node said can only be wrong; why fill the place first. */
export function refuseExcess(passed: number, expected: ExpectedFile): void {
  if (passed > expected.size) {
    throw new CopyMismatchError(
      'size',
      `expected ${expected.size} bytes as on the node, more than that came`,
    );
  }
}

export function compare(found: Measured, expected: ExpectedFile): void {
  if (found.size !== expected.size) {
    throw new CopyMismatchError(
      'size',
      `expected ${expected.size} bytes as on the node, the stream ended after ${found.size}`,
    );
  }
  if (found.sha256 !== expected.sha256) {
    throw new CopyMismatchError(
      'sha256',
      `expected SHA-256 ${expected.sha256} as on the node, what came has ${found.sha256}`,
    );
  }
}
