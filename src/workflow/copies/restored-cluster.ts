import { type DeclaredRestore, newestInForce } from '../../domain/copies/restore-mark.ts';
import type { Person } from '../../domain/people/person.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { type LineChange, lineChange, newRestore, takenAfter } from '../../domain/run/restore-effect.ts';
import { type BackupRun, takenAt } from '../../domain/run/run.ts';
import { restoreTimeDoubt, scriptEndedAt } from '../../domain/run/time-line.ts';
import { parsePastMoment } from '../../domain/text/past-moment.ts';
import { meantCluster } from '../access/asked-cluster.ts';
import { noSuchRun } from '../access/asked-run.ts';
import { mayAct, personOf } from '../access/authorization.ts';
import type { Asked } from '../access/backups.ts';
import type { NamedBackup, RestoredAnswer, RestoreEffect } from '../access/restored-answer.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { RestoreView } from '../ports/records.ts';
import { newestFirst, recordRestore } from './record-restore.ts';

export interface RestoredInput {
  readonly cluster: string | undefined;
  /** The run whose backup was restored, as typed. */
  readonly from: string | undefined;
  /** When, as typed: a moment on the cluster's clock; undefined: just now. */
  readonly at: string | undefined;
  /** What the person saw when the bot asked back; absent: nothing was asked yet. */
  readonly confirmed?: { readonly at: number; readonly fingerprint: string };
}

/** A person says: the cluster was restored from this backup. Shows first what that makes of the others, and asks back. */
export function declareRestored(
  deps: WorkflowDeps,
  asked: Asked,
  input: RestoredInput,
): Promise<RestoredAnswer> {
  return asRestorer(deps, asked, input.cluster, async ({ policy, by, now }) => {
    const cluster = policy.name;
    if (input.from === undefined) return fromMissing(deps, cluster);
    const run = await deps.records.run(input.from);
    if (!run) return noSuchRun(deps, asked, input.from);
    if (run.cluster !== cluster)
      return { outcome: 'of-another-cluster', cluster, runId: run.id, of: run.cluster };
    const clusterId = run.plan?.clusterId;
    if (!run.success || clusterId === undefined || run.status !== 'succeeded')
      return { outcome: 'nothing-verified', cluster, runId: run.id };
    const view = await deps.records.restoreView(cluster, run.id);
    const at = input.confirmed?.at ?? (await restoredAt(deps, { run, view, policy, now }, input.at));
    if (typeof at !== 'number') return at;
    const wrong = impossible(run, at, now);
    if (wrong) return wrong;
    const restore = newRestore({ run, clusterId }, at, { by, at: now });
    return declare(deps, asked, policy, { run, restore, confirmed: input.confirmed?.fingerprint });
  });
}

/** Takes back the newest that holds, or (by the button on its message) that very one. */
export function revokeRestored(
  deps: WorkflowDeps,
  asked: Asked,
  input: { readonly cluster: string | undefined; readonly id?: string | undefined },
): Promise<RestoredAnswer> {
  return asRestorer(deps, asked, input.cluster, async ({ policy, by, now }) => {
    const cluster = policy.name;
    return recordRestore(deps, { asked, policy, by, now }, undefined, ({ restores, runs }) => {
      const meant =
        input.id === undefined ? newestInForce(restores) : restores.find(({ id }) => id === input.id);
      if (!meant || meant.revoked)
        return { refusal: { outcome: 'not-restored', cluster, ...(meant ? { revoked: meant } : {}) } };
      const restore: DeclaredRestore = { ...meant, revoked: { at: now, by } };
      const others = restores.map((each) => (each.id === meant.id ? restore : each));
      const change = lineChange(runs, others, meant.clusterId);
      return { restore, change, answer: { outcome: 'revoked', cluster, restore, ...effectOf(change, []) } };
    });
  });
}

interface Restorer {
  readonly policy: ClusterPolicy;
  readonly by: Person;
  /** ms UTC */
  readonly now: number;
}

async function asRestorer(
  deps: WorkflowDeps,
  asked: Asked,
  name: string | undefined,
  act: (restorer: Restorer) => Promise<RestoredAnswer>,
): Promise<RestoredAnswer> {
  const meant = meantCluster(deps.fleet, name, asked.channel);
  if (!('cluster' in meant)) {
    // A guest does not learn which clusters there are.
    const access = await mayAct(deps, 'read', asked);
    return access.ok ? meant.question : access.answer;
  }
  const access = await mayAct(deps, 'declareRestore', asked, meant.cluster);
  if (!access.ok) return access.answer;
  return act({ policy: meant.cluster, by: personOf(access.person), now: deps.clock.now() });
}

/** Backups that are offered where none was named. */
const offered = 5;

async function fromMissing(deps: WorkflowDeps, cluster: string): Promise<RestoredAnswer> {
  const runs = await deps.records.runs({ cluster, succeeded: true, limit: offered });
  const inForce = newestInForce(await deps.records.restores(cluster));
  return { outcome: 'from-missing', cluster, backups: runs.map(named), inForce };
}

/** Of the cluster's events so many are looked through for times at which it answered again. */
const eventsLookedAt = 500;

const minuteMs = 60_000;

/** When the cluster was restored; the answer where that cannot be said. */
async function restoredAt(
  { records }: WorkflowDeps,
  {
    run,
    view,
    policy,
    now,
  }: Pick<Restorer, 'policy' | 'now'> & { readonly run: BackupRun; readonly view: RestoreView },
  typed: string | undefined,
): Promise<number | RestoredAnswer> {
  const cluster = policy.name;
  if (typed !== undefined) {
    const at = parsePastMoment(typed, policy.timeZone, now);
    if (at === undefined) return { outcome: 'at-unreadable', cluster, typed: typed.slice(0, 80) };
    // People name the minute; the backup may have been complete in the middle of it.
    const complete = scriptEndedAt(run);
    return at < complete && complete - at < minuteMs ? complete : at;
  }
  const from = view.runs.findIndex(({ id }) => id === run.id);
  const after = view.runs
    .slice(from + 1)
    .filter((each) => each.plan?.clusterId === run.plan?.clusterId && !each.abandoned);
  const events = await records.clusterEvents(cluster, { limit: eventsLookedAt });
  const answersSince = events.flatMap(({ kind, at }) => (kind === 'reachable' ? [at] : []));
  const doubt = restoreTimeDoubt(run, after, answersSince, await restoredInRoom(records, run));
  if (!doubt) return now;
  return { outcome: 'at-missing', cluster, runId: run.id, doubt, after: newestFirst(after).map(named) };
}

/** When a person last said in a restore room that the step which restores this backup was done, ms UTC. */
async function restoredInRoom(
  { auditLines }: WorkflowDeps['records'],
  { id }: BackupRun,
): Promise<number | undefined> {
  const lines = await auditLines(id);
  return lines.findLast(
    ({ action, detail }) => action === 'restore-room' && detail.what === 'done' && detail.kind === 'restore',
  )?.at;
}

function impossible(run: BackupRun, at: number, now: number): RestoredAnswer | undefined {
  const { cluster, id: runId } = run;
  if (at > now) return { outcome: 'at-ahead', cluster, at };
  const takenAt = scriptEndedAt(run);
  return at < takenAt ? { outcome: 'at-before-backup', cluster, runId, at, takenAt } : undefined;
}

interface Wish {
  readonly run: BackupRun;
  readonly restore: DeclaredRestore;
  /** The fingerprint of what the person saw. */
  readonly confirmed: string | undefined;
}

function declare(
  deps: WorkflowDeps,
  asked: Asked,
  policy: ClusterPolicy,
  { run, restore, confirmed }: Wish,
): Promise<RestoredAnswer> {
  const cluster = policy.name;
  const { by, at, declaredAt: now } = restore;
  const decide = ({ restores, runs }: RestoreView) => {
    const change = lineChange(runs, [...restores, restore], restore.clusterId);
    const inForce = newestInForce(restores);
    if (inForce?.from === run.id && change.marked.length + change.back.length === 0)
      return { refusal: { outcome: 'declared-already', cluster, restore: inForce } as const };
    const effect = effectOf(change, takenAfter(runs, restore));
    const fingerprint = fingerprintOf(deps, effect);
    if (fingerprint !== confirmed) {
      const changed = confirmed !== undefined;
      const asks = { cluster, from: named(run), at, fingerprint, changed, ...effect };
      return { refusal: { outcome: 'confirm-needed', ...asks } as const };
    }
    return { restore, change, answer: { outcome: 'declared', cluster, restore, ...effect } as const };
  };
  return recordRestore(deps, { asked, policy, by, now }, run.id, decide);
}

function effectOf(change: LineChange, staying: readonly BackupRun[]): RestoreEffect {
  const marked = change.marked.flatMap(({ run }) => (run.abandoned ? [] : [run]));
  return {
    marked: newestFirst(marked).map(named),
    back: newestFirst(change.back).map(named),
    staying: newestFirst(staying).map(named),
  };
}

/** What was shown, so that a confirmation holds for that alone. */
function fingerprintOf({ sha256 }: WorkflowDeps, { marked, back, staying }: RestoreEffect): string {
  const ids = [marked, back, staying].map((backups) => backups.map(({ runId }) => runId));
  return sha256(JSON.stringify(ids)).slice(0, 12);
}

function named(run: BackupRun): NamedBackup {
  return { runId: run.id, zStream: run.plan?.zStream ?? '?', takenAt: takenAt(run) };
}
