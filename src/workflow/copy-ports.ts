import type { FileKind } from '../domain/manifest.ts';
import type { Destination } from './destination.ts';

/** The places of the configuration; throws for a name that is not there, which is a mistake in our own wiring. */
export interface Destinations {
  get(name: string): Destination;
}

export interface MeasuredBytes extends AsyncIterable<Uint8Array> {
  readonly passed: number;
  /** Of the whole; throws before its end. */
  measured(): { readonly size: number; readonly sha256: string };
}

/** What happens to bytes on their way. All stream; none holds a file. */
export interface CopyTools {
  measured(body: AsyncIterable<Uint8Array>): MeasuredBytes;
  /** Throws CopyMismatchError at the end unless the bytes are exactly the file on the node, and whole by its own format. */
  verified(
    file: FileKind,
    body: AsyncIterable<Uint8Array>,
    expected: { readonly size: number; readonly sha256: string },
  ): AsyncIterable<Uint8Array>;
  /** For each of these age public keys. */
  encrypted(body: AsyncIterable<Uint8Array>, publicKeys: readonly string[]): AsyncIterable<Uint8Array>;
}
