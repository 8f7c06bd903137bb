import type { FileKind } from '../../domain/copies/manifest-document.ts';
import type { Language } from '../../domain/policy/policy.ts';
import type { RestoreAnswer } from '../../domain/restore/restore-plan.ts';
import type { Destination } from './destination.ts';
import type { Drill } from './drill-ports.ts';
import type { Places } from './place-status.ts';
import type { Clock } from './ports.ts';

/** The places of the configuration. Throws StorageError for a name that left it: records remember longer. */
export interface Destinations {
  get(name: string): Destination;
}

interface MeasuredBytes extends AsyncIterable<Uint8Array> {
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

/** Everything that is needed for backups to leave the cluster and to be found again. */
export interface OffCluster {
  readonly destinations: Destinations;
  /** Of every destination in the configuration; absent: those that clusters use. */
  readonly names?: readonly string[];
  /** Slack ids by destination: who decides about it and is informed of its trouble. Absent: the owners of its clusters. */
  readonly owners?: Readonly<Record<string, readonly string[]>>;
  readonly tools: CopyTools;
  /** RESTORE.md */
  readonly restoreText: (answer: RestoreAnswer, cluster: string, language: Language) => string;
  /** undefined: nothing was looked for, as where no drill can be asked for. */
  readonly drill: Drill | undefined;
}

/** What copying and reading back need. */
export interface CopyDeps {
  readonly destinations: Destinations;
  readonly places: Places;
  readonly tools: CopyTools;
  readonly clock: Clock;
}
