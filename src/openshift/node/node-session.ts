import type { ArtifactEvidence } from '../../domain/backup/artifacts.ts';
import type { NodeDiskFacts } from '../../domain/cluster/facts.ts';
import { parseEvidence, parseNodeFacts, parsePaths } from './node-answers.ts';
import { inspectScript, leftScript, nodeFactsScript, removeScript } from './node-scripts.ts';
import { ask, linesToEnd, type NodeShell } from './node-shell.ts';

const databaseFile = '/var/lib/etcd/member/snap/db';

export async function diskFacts(
  at: NodeShell,
  paths: { script: string; backupRoot: string },
): Promise<NodeDiskFacts> {
  const values = [paths.script, paths.backupRoot, databaseFile];
  const question = { command: 'look at the disk', text: nodeFactsScript, values, read: linesToEnd };
  return parseNodeFacts(await ask(at, question), at.clock.now());
}

export async function inspect(
  at: NodeShell,
  directory: string,
  deadlineMs: number,
): Promise<ArtifactEvidence> {
  const question = { command: 'check the files', text: inspectScript, values: [directory], deadlineMs };
  return parseEvidence(await ask(at, { ...question, read: linesToEnd }));
}

export async function leftIn(at: NodeShell, directory: string): Promise<readonly string[]> {
  const command = 'look for what is left';
  return parsePaths(await ask(at, { command, text: leftScript, values: [directory], read: linesToEnd }));
}

/** Not there: fine. */
export async function removePath(at: NodeShell, path: string): Promise<void> {
  await ask(at, { command: 'remove files', text: removeScript, values: [path], read: linesToEnd });
}
