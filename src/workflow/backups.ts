import type {
  Asked,
  AuditAnswer,
  BoardAnswer,
  CancelAnswer,
  CheckAnswer,
  DoctorAnswer,
  DrillAnswer,
  NodeProposal,
  ReadyAnswer,
  ReminderAnswer,
  RequestAnswer,
  RestorePlanAnswer,
  RunAnswer,
  RunsAnswer,
  VerifyAnswer,
  VoteAnswer,
} from './backup-answers.ts';

export * from './backup-answers.ts';

/**
 * What a person can ask for, without any Slack in it. `request`, `vote` and `cancel` only write to the records
 * (one local transaction, so that the delivery can be acknowledged inside 3 s); a worker does the rest.
 */
export interface Backups {
  request(
    asked: Asked,
    input: {
      cluster: string | undefined;
      node: string | undefined;
      reason: string | undefined;
      emergency: string | undefined;
    },
  ): Promise<RequestAnswer>;
  vote(
    asked: Asked,
    input: {
      runId: string;
      decision: 'approve' | 'reject';
      reason: string | undefined;
      /** The plan that was on the card; undefined: typed, so the present one is meant. */
      planRevision?: number;
    },
  ): Promise<VoteAnswer>;
  cancel(asked: Asked, input: { runId: string; reason: string | undefined }): Promise<CancelAnswer>;
  /** Looks at everything that the bot itself needs: Slack, clusters, client, records. Takes seconds: acknowledge first. */
  doctor(asked: Asked, input: { cluster: string | undefined }): Promise<DoctorAnswer>;
  /** Reads the cluster: takes seconds. Acknowledge first. */
  check(asked: Asked, input: { cluster: string | undefined; node: string | undefined }): Promise<CheckAnswer>;
  /** Reads the cluster for its nodes: takes seconds. Acknowledge first. */
  proposeNode(asked: Asked, input: { cluster: string }): Promise<NodeProposal>;
  /** Runs that are not over, or the newest of one cluster. */
  status(asked: Asked, input: { cluster: string | undefined }): Promise<RunsAnswer>;
  /** Succeeded runs. */
  list(asked: Asked, input: { cluster: string | undefined }): Promise<RunsAnswer>;
  show(asked: Asked, input: { runId: string }): Promise<RunAnswer>;
  /** Reads both copies back from their destinations and compares digests again. Takes as long as the files are large. */
  verify(asked: Asked, input: { runId: string }): Promise<VerifyAnswer>;
  /** Restores the snapshot's copy into a throw-away etcd. */
  drill(asked: Asked, input: { runId: string }): Promise<DrillAnswer>;
  /**
   * Which backup restores the cluster, and how. Asks neither cluster nor destinations: both may be gone.
   * `what`: a cluster, a run, or nothing. `zStream`: what the cluster ran, when it is known to the person.
   */
  restorePlan(
    asked: Asked,
    input: { what: string | undefined; zStream: string | undefined },
  ): Promise<RestorePlanAnswer>;
  /** Repeats the reminder later, not before four hours have passed. `id`: of the reminder that was clicked on. */
  snooze(asked: Asked, input: { cluster: string; id: string }): Promise<ReminderAnswer>;
  /** Ends the reminder without a backup, with a reason, on record. */
  dismiss(asked: Asked, input: { cluster: string; id: string; reason: string }): Promise<ReminderAnswer>;
  /** Whether the cluster may be updated: reads its ClusterVersion, so it takes a second. Acknowledge first. */
  ready(asked: Asked, input: { cluster: string | undefined }): Promise<ReadyAnswer>;
  /**
   * The whole fleet from the records alone, sorted by need. With a channel: the clusters that may be asked about there;
   * `channel: ''` (App Home): all.
   */
  board(asked: Asked): Promise<BoardAnswer>;
  /** The run's whole record, its hash chain checked. */
  audit(asked: Asked, input: { runId: string }): Promise<AuditAnswer>;
}
