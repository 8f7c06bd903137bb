import type { BackupRun } from '../../domain/run/run.ts';
import { nearest } from '../../domain/text/nearest.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { wrongChannel } from './asked-cluster.ts';
import { type Authorization, mayAct, type PlainAct } from './authorization.ts';
import type { Asked, NoSuchRun, NotAllowed } from './backups.ts';

/** The gate for what is asked about one run. Of a cluster that the configuration no longer has, every member may ask. */
export async function mayActOnRun(
  deps: WorkflowDeps,
  act: PlainAct,
  asked: Asked,
  runId: string,
): Promise<Authorization<NotAllowed | NoSuchRun, { readonly run: BackupRun }>> {
  const run = await deps.records.run(runId);
  const access = await mayAct(deps, act, asked, run && deps.fleet.cluster(run.cluster));
  if (!access.ok) return access;
  return run ? { ...access, run } : { ok: false, answer: await noSuchRun(deps, asked, runId) };
}

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
