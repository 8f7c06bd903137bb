import type { SnapshotStatus } from '../domain/artifacts.ts';
import type { FileKind } from '../domain/manifest-document.ts';
import type { Language } from '../domain/policy.ts';
import type { RestoreAnswer } from '../domain/restore-plan.ts';
import type { DrillOutcome } from '../domain/run.ts';
import type { Destination } from './destination.ts';
import type { Clock } from './ports.ts';

/** The places of the configuration. Throws StorageError for a name that left it: records remember longer. */
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

/** Restores a snapshot into an etcd that nobody else can reach, reads it and takes everything away again. Never throws. */
export type Drill = (input: {
  readonly open: () => Promise<AsyncIterable<Uint8Array>>;
  readonly expected: SnapshotStatus | undefined;
  readonly scriptEtcdVersion: string | undefined;
  readonly signal: AbortSignal;
}) => Promise<DrillOutcome>;

/** Everything that is needed for backups to leave the cluster and to be found again. */
export interface OffCluster {
  readonly destinations: Destinations;
  readonly tools: CopyTools;
  /** RESTORE.md */
  readonly restoreText: (answer: RestoreAnswer, cluster: string, language: Language) => string;
  /** undefined: neither etcdutl nor etcdctl is at hand. */
  readonly drill: Drill | undefined;
}

/** What copying and reading back need. */
export interface CopyDeps {
  readonly destinations: Destinations;
  readonly tools: CopyTools;
  readonly clock: Clock;
}
