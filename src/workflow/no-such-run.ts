import { nearest } from '../domain/nearest.ts';
import { wrongChannel } from './admission.ts';
import type { Asked, NoSuchRun } from './backups.ts';
import type { WorkflowDeps } from './deps.ts';

/** Ids are typed off cards, and cards of older runs are seldom looked at. */
const remembered = 200;

/** With the run that is probably meant, of those that may be seen from here. */
export async function noSuchRun(deps: WorkflowDeps, asked: Asked, runId: string): Promise<NoSuchRun> {
  const recent = await deps.records.runs({ limit: remembered });
  const seen = recent.filter((run) => !hidden(deps, run.cluster, asked)).map((run) => run.id);
  const near = nearest(runId, seen);
  return { outcome: 'no-such-run', runId, ...(near === undefined ? {} : { nearest: near }) };
}

/** Whether the cluster's runs are none of this channel's business. */
export function hidden(deps: WorkflowDeps, clusterName: string, asked: Asked): boolean {
  const cluster = deps.fleet.cluster(clusterName);
  return cluster !== undefined && wrongChannel(cluster, asked.channel) !== undefined;
}
