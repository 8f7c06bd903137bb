import type { OffCluster } from './copy-ports.ts';
import type {
  ClientTool,
  Clock,
  ClusterReader,
  Fleet,
  Ids,
  Log,
  NodeSessions,
  SlackPeople,
  SlackSelf,
} from './ports.ts';
import type { Records } from './records.ts';

/** Everything the workflow reaches the world through. */
export interface WorkflowDeps {
  /** Absent: nothing leaves the cluster, the files stay on the node. */
  readonly offCluster?: OffCluster;
  readonly records: Records;
  readonly fleet: Fleet;
  readonly clusters: ClusterReader;
  readonly sessions: NodeSessions;
  readonly people: SlackPeople;
  readonly self: SlackSelf;
  readonly client: ClientTool;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Something was written that a worker or the sender should look at now. */
  readonly wake: () => void;
  readonly sha256: (text: string) => string;
}
