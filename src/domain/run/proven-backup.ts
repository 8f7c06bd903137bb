import { fileKinds } from '../copies/manifest-document.ts';
import { verdictOf } from './drill-outcome.ts';
import { type BackupRun, isOffNode, type RunSuccess, takenAt } from './run.ts';

/** What coverage needs to know of one proven backup. Times are ms UTC. */
export interface ProvenBackup {
  readonly runId: string;
  readonly cluster: string;
  /** Its place in the records' order of this cluster's runs: the higher, the newer, whatever the dates say. */
  readonly seq: number;
  /** `spec.clusterID`: a cluster that was reinstalled under the same name is another one. */
  readonly clusterId: string;
  /** As the cluster called its release when the snapshot was taken. */
  readonly zStream: string;
  /** When the snapshot was begun: nothing that was written to etcd later is in it. */
  readonly takenAt: number;
  /** When everything about it was proven. */
  readonly provenAt: number;
  /** `node`: no destination is configured, so it lies on the control-plane node alone. */
  readonly place: 'off-cluster' | 'node';
  /** The earliest end of a signer certificate that a restore would bring back; undefined: unknown. */
  readonly signersEndAt: number | undefined;
}

/**
 * What a run is worth for coverage; undefined: nothing that could be restored from. It counts when a restore plan would take
 * it: both files proven somewhere and still there, no drill has shown since that they bring back something else, and the
 * cluster was not restored from an earlier one since. Without
 * any destination it lies on the node, until it is removed.
 */
export function provenBackup(run: BackupRun): Omit<ProvenBackup, 'seq'> | undefined {
  const { plan, success } = run;
  if (run.status !== 'succeeded' || !success || !plan || isDisproven(success)) return undefined;
  if (run.abandoned) return undefined;
  const at = takenAt(run);
  const proof = proofOf(success, run.finishedAt ?? at);
  if (!proof) return undefined;
  return {
    runId: run.id,
    cluster: run.cluster,
    clusterId: plan.clusterId,
    zStream: plan.zStream,
    takenAt: at,
    signersEndAt: signersEndAt(success, at),
    ...proof,
  };
}

/** A restore drill has shown that it brings back something else, or nothing. */
export function isDisproven({ drill }: Pick<RunSuccess, 'drill'>): boolean {
  return drill !== undefined && verdictOf(drill) === 'does-not-restore';
}

function proofOf(
  success: RunSuccess,
  finishedAt: number,
): Pick<ProvenBackup, 'place' | 'provenAt'> | undefined {
  const { copies = [] } = success;
  if (copies.length === 0) {
    return isOffNode(success) ? undefined : { place: 'node', provenAt: finishedAt };
  }
  const whole = fileKinds.map((kind) =>
    copies.flatMap(({ file, provenAt, prunedAt }) =>
      file === kind && provenAt !== undefined && prunedAt === undefined ? [provenAt] : [],
    ),
  );
  if (whole.some((times) => times.length === 0)) return undefined;
  return { place: 'off-cluster', provenAt: Math.max(...whole.map((times) => Math.min(...times))) };
}

/** As restore plans see it: a bundle keeps old signers for a while, so what had expired before the backup says nothing. */
function signersEndAt({ manifestFacts }: RunSuccess, at: number): number | undefined {
  const ends = (manifestFacts?.signers ?? [])
    .flatMap(({ certificates }) => certificates.map(({ notAfter }) => Date.parse(notAfter)))
    .filter((notAfter) => notAfter > at);
  return ends.length > 0 ? Math.min(...ends) : undefined;
}
