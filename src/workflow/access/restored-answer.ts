import type { DeclaredRestore } from '../../domain/copies/restore-mark.ts';
import type { RestoreTimeDoubt } from '../../domain/run/time-line.ts';
import type { ClusterQuestion, NoRestoreRight, NoSuchRun, NotAllowed } from './backups.ts';

/** A backup as it is named where people decide on a restore. Times are ms UTC. */
export interface NamedBackup {
  readonly runId: string;
  readonly zStream: string;
  readonly takenAt: number;
}

/** What a restore makes of the backups that are on record. All newest first. */
export interface RestoreEffect {
  /** These are of a time line that the cluster left. */
  readonly marked: readonly NamedBackup[];
  /** An earlier restore had left these; they are on the line again. */
  readonly back: readonly NamedBackup[];
  /** Taken after the restore. */
  readonly staying: readonly NamedBackup[];
}

/** What became of a person's word that a cluster was restored. */
export type RestoredAnswer =
  /** Nothing is on record yet: the person has to say it once more. `changed`: the backups are others than a moment ago. */
  | ({
      readonly outcome: 'confirm-needed';
      readonly cluster: string;
      readonly from: NamedBackup;
      readonly at: number;
      readonly fingerprint: string;
      readonly changed: boolean;
    } & RestoreEffect)
  | ({
      readonly outcome: 'declared';
      readonly cluster: string;
      readonly restore: DeclaredRestore;
    } & RestoreEffect)
  /** `back`: on the line again. `marked`: of a line that an earlier restore had left. */
  | ({
      readonly outcome: 'revoked';
      readonly cluster: string;
      readonly restore: DeclaredRestore;
    } & RestoreEffect)
  /** The same is on record, and would mark nothing more. */
  | { readonly outcome: 'declared-already'; readonly cluster: string; readonly restore: DeclaredRestore }
  /** Nothing to take back; `revoked`: that very one was taken back already. */
  | { readonly outcome: 'not-restored'; readonly cluster: string; readonly revoked?: DeclaredRestore }
  /** `inForce`: what is on record already. */
  | {
      readonly outcome: 'from-missing';
      readonly cluster: string;
      readonly backups: readonly NamedBackup[];
      readonly inForce: DeclaredRestore | undefined;
    }
  | {
      readonly outcome: 'of-another-cluster';
      readonly cluster: string;
      readonly runId: string;
      readonly of: string;
    }
  /** The run has made no verified backup. */
  | { readonly outcome: 'nothing-verified'; readonly cluster: string; readonly runId: string }
  | { readonly outcome: 'at-unreadable'; readonly cluster: string; readonly typed: string }
  | { readonly outcome: 'at-ahead'; readonly cluster: string; readonly at: number }
  /** `takenAt`: when the backup's script had ended. */
  | {
      readonly outcome: 'at-before-backup';
      readonly cluster: string;
      readonly runId: string;
      readonly at: number;
      readonly takenAt: number;
    }
  /** A backup may have been taken after the restore. */
  | {
      readonly outcome: 'at-missing';
      readonly cluster: string;
      readonly runId: string;
      readonly doubt: RestoreTimeDoubt;
      /** Backups after it, newest first. */
      readonly after: readonly NamedBackup[];
    }
  | { readonly outcome: 'duplicate' }
  | NoSuchRun
  | NoRestoreRight
  | NotAllowed
  | ClusterQuestion;
