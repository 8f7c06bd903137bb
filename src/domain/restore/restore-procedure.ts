import { releaseLine } from '../cluster/z-stream.ts';
import { chapterAddress } from './chapter-address.ts';
import { firstFencingMinor, firstMinor, firstScriptedMinor, lastMinor } from './release-lines.ts';

/** How the cluster's own part of a restore goes. Taken from the documentation of the releases. */
export type Procedure =
  /** 4.18 and later, several control-plane nodes: `disable-etcd.sh` everywhere, then the restore script. */
  | 'several-nodes'
  /** 4.6 to 4.17, several control-plane nodes: static pods of the others are stopped by hand. */
  | 'several-nodes-by-hand'
  /** One node, 4.18 and later: nothing but the restore script. */
  | 'single-node'
  /** One node, 4.6 to 4.17: the steps for several nodes, less those that concern other nodes. */
  | 'single-node-by-hand'
  /** Two nodes with fencing, 4.22 and later: Pacemaker owns etcd. */
  | 'two-nodes-with-fencing'
  /** Two nodes with fencing before 4.22: no restore is documented, and the scripts do not stop Pacemaker's etcd. */
  | 'fencing-not-documented'
  /** Not a procedure that is known here: the chapter alone. */
  | 'unknown';

/** The chapter of the release's own documentation, which decides where it and this plan differ. */
export interface Chapter {
  readonly title: string;
  readonly book: string;
  /** Undefined: not known for this release. */
  readonly address: string | undefined;
}

/** The chapter says "an earlier" instead of "a previous" from here on. */
const firstEarlierMinor = 22;

export function procedureOf(zStream: string, topology: string): Procedure {
  const version = releaseLine(zStream);
  if (version?.major !== 4 || version.minor < firstMinor) return 'unknown';
  const scripted = version.minor >= firstScriptedMinor;
  switch (topology) {
    case 'HighlyAvailable':
    case 'HighlyAvailableArbiter':
      return scripted ? 'several-nodes' : 'several-nodes-by-hand';
    case 'SingleReplica':
      return scripted ? 'single-node' : 'single-node-by-hand';
    case 'DualReplica':
      return version.minor >= firstFencingMinor ? 'two-nodes-with-fencing' : 'fencing-not-documented';
    default:
      return 'unknown';
  }
}

/** Whether the release is later than those whose documentation this was written from; one that names no line is not. */
export function isNewerThanKnown(zStream: string): boolean {
  const version = releaseLine(zStream);
  return version !== undefined && (version.major > 4 || (version.major === 4 && version.minor > lastMinor));
}

export function chapterOf(zStream: string, procedure: Procedure): Chapter {
  const version = releaseLine(zStream);
  const minor = version && version.major > 4 ? Number.POSITIVE_INFINITY : (version?.minor ?? 0);
  const state = minor >= firstEarlierMinor ? 'an earlier cluster state' : 'a previous cluster state';
  const title = `Restoring to ${state}`;
  const rest = { book: 'Backup and restore', address: chapterAddress(zStream) };
  if (procedure === 'single-node') return { title: `${title} for a single node`, ...rest };
  const several = procedure === 'several-nodes' || procedure.includes('fencing');
  if (several && minor >= firstScriptedMinor) return { title: `${title} for more than one node`, ...rest };
  return { title, ...rest };
}

/** From 4.18 on lost quorum with one healthy member needs no backup: that loses nothing, a restore does. */
export function hasQuorumRestore(zStream: string): boolean {
  const version = releaseLine(zStream);
  return (
    version !== undefined &&
    (version.major > 4 || (version.major === 4 && version.minor >= firstScriptedMinor))
  );
}
