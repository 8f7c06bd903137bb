import type { FileCopy } from '../src/domain/copies/file-copy.ts';
import type { ClusterConnection } from '../src/domain/network/cluster-connection.ts';
import type { ClusterPolicy } from '../src/domain/policy/policy.ts';
import type { DestinationOptions } from '../src/storage/open-destinations.ts';
import type { SessionRequest } from '../src/workflow/ports/ports.ts';

export interface CopyTask {
  /** `node`: through the client and the session pod; `disk`: a local file, where only the destination is measured. */
  readonly from:
    | {
        readonly kind: 'node';
        readonly request: SessionRequest;
        readonly connection: ClusterConnection;
        readonly policy: ClusterPolicy;
        readonly clientPath: string;
        readonly clientEnv: Readonly<Record<string, string>>;
        readonly cacheDir: string;
        readonly path: string;
      }
    | { readonly kind: 'disk'; readonly path: string };
  readonly to: DestinationOptions;
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

export interface CopyTaken {
  readonly putMs: number;
  /** From the first byte that is asked for to the last one that was read back. */
  readonly readbackMs: number;
  readonly peakOverIdleKiB: number | undefined;
  /** Processor time of this process alone, readback included: what other work on the machine does not change much. */
  readonly cpuMs: number;
  readonly copy: FileCopy;
}
