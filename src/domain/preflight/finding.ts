import type { PodRefusal } from '../cluster/facts.ts';
import type { Unreadable } from '../cluster/reading.ts';
import type { PlaceTrouble } from '../copies/place-state.ts';

/**
 * `blocker` stops the run; `warning` is shown on the card; `passed` is counted;
 * `later` needs the node and is checked at the start, after approval.
 */
export type FindingOutcome = 'blocker' | 'warning' | 'passed' | 'later';

/** Every check's possible results, with what a person needs to read them. Wording lives in slack/messages. Times are ms UTC. */
export interface FindingParams {
  'topology.runs': { topology: string };
  /** `by`: who backs it up, in the configuration's words; absent: not named. */
  'topology.hosted': { by?: string };
  /** The configuration says that another party backs the cluster up, although this bot could. */
  'topology.backed-up-elsewhere': { by: string };
  'topology.dual-replica': Record<never, never>;
  'topology.unknown-kind': { topology: string };
  'topology.unreadable': { why: Unreadable };

  'version.microshift': Record<never, never>;
  'version.settled': { version: string };
  'version.not-a-z-stream': { version: string };
  /** `from` empty: no other release that it comes from. */
  'version.updating': { from: string; to: string; message: string };
  /** An update is asked for that the cluster has not taken up and has not refused. */
  'version.update-to-come': { version: string; to: string };
  /** An update is asked for that the cluster does not accept; `message`: why, in its words. */
  'version.update-refused': { version: string; to: string; message: string };
  'version.spec-unseen': { version: string };
  /** The cluster is at rest and reports `Failing`: operators are unwell. `names`: those that say so themselves. */
  'version.operators-unwell': { version: string; names: readonly string[]; message: string };
  'version.progress-unknown': { version: string };
  /** These two occur in records of earlier versions only. */
  'version.update-requested': { version: string };
  'version.failing': { version: string; message: string };
  'version.unreadable': { why: Unreadable };

  'certificates.rotated': { installedAt: number };
  'certificates.too-young': { installedAt: number; retryAt: number };
  'certificates.installer-signer-in-use': { bundle: string; retryAt: number };
  'certificates.age-only': { installedAt: number; bundle: string; why: Unreadable };
  'certificates.install-time-unknown': Record<never, never>;

  'operators.settled': { names: readonly string[] };
  'operator.progressing': { name: string; message: string };
  'operator.degraded': { name: string; message: string };
  /** The script stops on anything but False. `absent`: the condition, or the whole operator, is not there. */
  'operator.progress-unknown': { name: string; status: 'absent' | 'Unknown' };
  'operator.condition-unknown': { name: string; condition: string };
  'operators.unreadable': { why: Unreadable };

  'etcd.available': { message: string };
  'etcd.no-quorum': { message: string };
  'etcd.member-down': { message: string };
  /** Fewer etcd pods are Ready than there are members; most of them are. `names`: those that are not. */
  'etcd.pods-not-ready': { names: readonly string[]; ready: number; members: number };
  'etcd.degraded': { message: string };
  /** Its operator cannot ask the members any more, so what it says of them may be old; most etcd pods are Ready. */
  'etcd.members-not-asked': { message: string; ready: number; members: number };
  /** The same, and nothing else shows a majority. */
  'etcd.quorum-unknown': { message: string };
  'etcd.unreadable': { why: Unreadable };

  'encryption.settled': { type: string };
  'encryption.off': Record<never, never>;
  'encryption.migrating': { component: string; reason: string };
  /** Stored values are being written with another key while `Encrypted` says that all is done. */
  'encryption.rewriting': { component: string; message: string };
  /** What is asked for and what the API server reports contradict each other. */
  'encryption.mismatch': { component: string; type: string; reason: string };
  'encryption.unreadable': { what: string; why: Unreadable };

  'node.chosen': { node: string; because: 'named' | 'approved' | 'only' | 'first-fit' | 'other-failed' };
  'node.cordoned': { node: string };
  'node.none-fit': { rejected: readonly { node: string; because: NodeUnfit }[] };
  'node.not-found': { node: string; known: readonly string[] };
  'node.unfit': { node: string; because: NodeUnfit; fit: readonly string[] };
  'node.etcd-pod-unknown': { node: string; why: Unreadable };
  'nodes.unreadable': { why: Unreadable };

  'proxy.none': Record<never, never>;
  'proxy.exported': Record<never, never>;
  'proxy.node-not-excluded': { nodeIp: string };
  'proxy.unreadable': { why: Unreadable };

  'off-peak.inside': { window: string; timeZone: string };
  'off-peak.outside': { window: string; timeZone: string; nextStart: number };
  'off-peak.not-set': Record<never, never>;

  'pools.updated': Record<never, never>;
  'pools.updating': { names: readonly string[] };
  'pools.unreadable': { why: Unreadable };

  /** The cluster makes backups by the preview API: nothing of that counts. `names`: kind and name of some; `more`: how many others. */
  'backup-api.preview-in-use': { names: readonly string[]; more?: number };

  'rights.complete': { count: number };
  'right.missing': { right: string; role: string };
  'rights.unreadable': { why: Unreadable };

  'session-pod.admitted': Record<never, never>;
  'session-pod.refused': { because: PodRefusal; namespace: string; detail: string };
  'session-pod.no-dry-run': { detail: string };
  'session-pod.unreadable': { why: Unreadable };

  /** Its owners have paused the cluster: nothing is scheduled or raised there; a backup by hand runs as any other. */
  'cluster.paused': { by: string; until: number; reason: string };

  /** Where the files are to go, something else is reached than the known place. */
  'destination.not-known': { destination: string; kind: 'directory' | 'bucket'; state: PlaceTrouble };

  'requester.cluster-admin': { clusterUser: string };
  'requester.not-cluster-admin': { clusterUser: string };
  'requester.unreadable': { clusterUser: string; why: Unreadable };

  'disk.later': Record<never, never>;
  'disk.enough': { freeBytes: number; databaseBytes: number };
  'disk.too-small': { freeBytes: number; databaseBytes: number };
  /** Both clocks go into names and records; a skewed one misleads an engineer who looks for the newest backup. */
  'clock.skewed': { node: string; seconds: number };
  'script.later': { path: string };
  'script.present': { path: string };
  'script.missing': { path: string };
}

export type FindingCode = keyof FindingParams;

/** Why a control-plane node cannot be used. */
export type NodeUnfit =
  | 'not-control-plane'
  | 'arbiter'
  | 'not-ready'
  | 'disk-pressure'
  | 'etcd-pod-not-ready'
  | 'no-internal-ip'
  /** In records of earlier versions only. */
  | 'cordoned';

/** One result of one check. */
export type Finding = {
  [Code in FindingCode]: {
    readonly code: Code;
    readonly outcome: FindingOutcome;
    readonly params: FindingParams[Code];
  };
}[FindingCode];

export function finding<Code extends FindingCode>(
  outcome: FindingOutcome,
  code: Code,
  params: FindingParams[Code],
): Finding {
  // One code and its params make one member of the union; TypeScript cannot see that through the type parameter.
  return { code, outcome, params } as unknown as Finding;
}

export function blockers(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((each) => each.outcome === 'blocker');
}

export function warnings(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((each) => each.outcome === 'warning');
}
