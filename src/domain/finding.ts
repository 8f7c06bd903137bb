import type { Unreadable } from './reading.ts';

/**
 * `blocker` stops the run; `warning` stands on the card; `passed` is counted;
 * `later` needs the node and is checked at the start, after approval.
 */
export type FindingOutcome = 'blocker' | 'warning' | 'passed' | 'later';

/** Every check's possible results, with what a person needs to read them. Wording lives in slack/messages. Times are ms UTC. */
export interface FindingParams {
  'topology.runs': { topology: string };
  'topology.hosted': Record<never, never>;
  'topology.dual-replica': Record<never, never>;
  'topology.unknown-kind': { topology: string };
  'topology.unreadable': { why: Unreadable };

  'version.microshift': Record<never, never>;
  'version.settled': { version: string };
  'version.not-a-z-stream': { version: string };
  'version.updating': { from: string; to: string; message: string };
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
  'operator.condition-unknown': { name: string; condition: string };
  'operators.unreadable': { why: Unreadable };

  'etcd.available': { message: string };
  'etcd.no-quorum': { message: string };
  'etcd.member-down': { message: string };
  'etcd.degraded': { message: string };
  'etcd.unreadable': { why: Unreadable };

  'encryption.settled': { type: string };
  'encryption.off': Record<never, never>;
  'encryption.migrating': { component: string; reason: string };
  'encryption.unreadable': { what: string; why: Unreadable };

  'node.chosen': { node: string; because: 'named' | 'only' | 'first-fit' };
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

  'requester.cluster-admin': { clusterUser: string };
  'requester.not-cluster-admin': { clusterUser: string };
  'requester.unreadable': { clusterUser: string; why: Unreadable };

  'disk.later': Record<never, never>;
  'disk.enough': { freeBytes: number; databaseBytes: number };
  'disk.too-small': { freeBytes: number; databaseBytes: number };
  /** Both clocks go into names and records; a skewed one misleads whoever looks for the newest backup. */
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
