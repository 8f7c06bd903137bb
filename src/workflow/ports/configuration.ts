import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import type { ClusterPolicy, Fleet, PersonMapping } from '../../domain/policy/policy.ts';

export interface ConfiguredCluster {
  readonly policy: ClusterPolicy;
  readonly connection: ClusterConnection;
}

/** What of a configuration takes effect without a restart. */
export interface FleetConfiguration {
  readonly clusters: readonly ConfiguredCluster[];
  readonly people: readonly PersonMapping[];
}

/** One thing that is wrong in a file, for people. Holds no secret. */
export interface FileMistake {
  readonly file: string;
  /** Counts from 1; undefined: the file as a whole. */
  readonly line: number | undefined;
  /** Key, what was expected, what was found. */
  readonly text: string;
}

/** What one reading of the files gave. `digest`: the same for the same bytes. */
export type ConfigReading =
  | ({
      readonly ok: true;
      readonly digest: string;
      /** Keys of the main file whose change takes effect at the next start. */
      readonly atNextStart: readonly string[];
    } & FleetConfiguration)
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

/** The files of the configuration: the main one and those of `clusters.d`. */
export interface ConfigurationFiles {
  /** Another text when any of the files may have changed; looks at none of their contents. Never rejects. */
  state(): Promise<string>;
  /** Never rejects for what the files hold. */
  read(): Promise<ConfigReading>;
}

/** The configuration that runs, beside the one in the files. */
export interface ConfigStatus {
  /** Of what runs. */
  readonly digest: string;
  /** When it was last read without a mistake, ms UTC; at the start at the latest. */
  readonly readAt: number;
  /** Of the files as they are now; empty: what runs is what they say. */
  readonly mistakes: readonly FileMistake[];
  readonly atNextStart: readonly string[];
  /** Clusters that left the files and stay until what is under way has ended. */
  readonly leaving: readonly string[];
  /** Clusters whose changed policy waits for the end of a run. */
  readonly waiting: readonly string[];
}

/** Names that joined and left. */
export interface FleetChange {
  readonly joined: readonly string[];
  readonly left: readonly string[];
}

/** A fleet whose clusters may come and go; without `subscribe` it stays as it is. */
export interface ChangingFleet extends Fleet {
  /** Called after each change; the answer ends that. */
  subscribe?(listener: (change: FleetChange) => void): () => void;
  /** Also of a cluster that left since the start: its last messages still go to its channel. */
  lastKnown?(cluster: string): ClusterPolicy | undefined;
}
