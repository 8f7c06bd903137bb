import type { NodeDiskFacts } from '../cluster/facts.ts';
import { type Finding, finding } from './finding.ts';

/** The checks that need the node itself: done at the start of a run, after approval. */
export function nodeFindings(disk: NodeDiskFacts, scriptPath: string): readonly Finding[] {
  return [diskFinding(disk), scriptFinding(disk, scriptPath)];
}

/** What the card shows in their place until then. */
export function laterFindings(scriptPath: string): readonly Finding[] {
  return [finding('later', 'disk.later', {}), finding('later', 'script.later', { path: scriptPath })];
}

function diskFinding({ freeBytes, databaseBytes }: NodeDiskFacts): Finding {
  const sizes = { freeBytes, databaseBytes };
  // The snapshot is about as large as the database; a full root disk takes etcd down with it.
  if (freeBytes >= 2 * databaseBytes) return finding('passed', 'disk.enough', sizes);
  return finding('blocker', 'disk.too-small', sizes);
}

function scriptFinding({ scriptPresent }: NodeDiskFacts, path: string): Finding {
  return scriptPresent
    ? finding('passed', 'script.present', { path })
    : finding('blocker', 'script.missing', { path });
}

const toleratedSkewMs = 60_000;

/** The script names its files by the node's clock, people by ours. Undefined: near enough. */
export function clockFinding({ nodeTime, askedAt }: NodeDiskFacts, node: string): Finding | undefined {
  const skewMs = nodeTime - askedAt;
  if (Math.abs(skewMs) <= toleratedSkewMs) return undefined;
  return finding('warning', 'clock.skewed', { node, seconds: Math.round(skewMs / 1000) });
}
