import type { NetworkWay } from '../../domain/network/network-way.ts';
import type { ChangingFleet, ConfigStatus } from './configuration.ts';
import type { OffCluster } from './copy-ports.ts';
import type {
  ClientTool,
  Clock,
  ClusterReader,
  Ids,
  Log,
  NodeSessions,
  SlackPeople,
  SlackSelf,
} from './ports.ts';
import type { Records } from './records.ts';
import type { RestoreWords } from './restore-words.ts';

/** Everything the workflow reaches the world through. */
export interface WorkflowDeps {
  /** Absent: nothing leaves the cluster, the files stay on the node. */
  readonly offCluster?: OffCluster;
  readonly records: Records;
  readonly restoreWords: RestoreWords;
  readonly fleet: ChangingFleet;
  /** What runs beside what the files say; absent: nothing reads them again. */
  readonly configuration?: () => ConfigStatus;
  readonly clusters: ClusterReader;
  readonly sessions: NodeSessions;
  readonly people: SlackPeople;
  readonly self: SlackSelf;
  /** The network way to each peer that the bot connects to; absent: not provided. */
  readonly ways?: () => Promise<readonly NetworkWay[]>;
  readonly client: ClientTool;
  /** Where the weekly summary is posted; absent: none is. */
  readonly summaryChannel?: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Something was written that a worker or the sender should look at now. */
  readonly wake: () => void;
  readonly sha256: (text: string) => string;
}
