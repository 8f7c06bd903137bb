import type { DeclaredRestore } from '../../domain/copies/restore-mark.ts';
import type { Person } from '../../domain/people/person.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { type LineChange, withMark } from '../../domain/run/restore-effect.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import type { ClusterEvent } from '../../domain/watch/cluster-watch.ts';
import { mayBreakGlass } from '../access/authorization.ts';
import type { Asked } from '../access/backups.ts';
import type { RestoredAnswer } from '../access/restored-answer.ts';
import { auditEvent } from '../ports/audit-events.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { RestoreChange, RestoreView, RunChange } from '../ports/records.ts';
import { republishFor } from './known-backups.ts';

interface Said {
  readonly asked: Asked;
  readonly policy: ClusterPolicy;
  readonly by: Person;
  /** ms UTC */
  readonly now: number;
}

interface Decision {
  readonly restore: DeclaredRestore;
  readonly change: LineChange;
  readonly answer: RestoredAnswer;
}

/** Puts on record what `decide` says of a restore, with every mark that follows from it, and has the documents say the same. */
export async function recordRestore(
  deps: WorkflowDeps,
  said: Said,
  from: string | undefined,
  decide: (view: RestoreView) => Decision | { readonly refusal: RestoredAnswer },
): Promise<RestoredAnswer> {
  const { asked, policy, now } = said;
  let made: Decision | undefined;
  const decided = await deps.records.decideRestore<RestoredAnswer>({
    cluster: policy.name,
    ...(from === undefined ? {} : { from }),
    now,
    deliveryId: asked.deliveryId,
    decision(view) {
      const decision = decide(view);
      if ('refusal' in decision) return decision;
      made = decision;
      return changeOf(decision, view, said);
    },
  });
  if (decided.outcome === 'duplicate') return { outcome: 'duplicate' };
  if (decided.outcome === 'refused') return decided.refusal;
  if (!made) throw new Error(`a restore of ${policy.name} was recorded without a decision`);
  deps.wake();
  await rewriteDocuments(deps, asked, made.change);
  return made.answer;
}

function changeOf({ restore, change }: Decision, view: RestoreView, said: Said): RestoreChange {
  const { by, now, policy } = said;
  const { from, revoked } = restore;
  const marked = newestFirst(change.marked.map(({ run }) => run)).map(({ id }) => id);
  const back = newestFirst(change.back).map(({ id }) => id);
  const at = new Date(restore.at).toISOString();
  const detail = {
    restoredAt: at,
    marked: marked.join(', ') || undefined,
    back: back.join(', ') || undefined,
    byBreakGlass: mayBreakGlass(policy, by.slackUser) ? 'yes' : undefined,
  };
  const base = view.runs.some(({ id }) => id === from)
    ? [line(from, auditEvent(now, by, revoked ? 'restore-revoked' : 'restored-from', detail))]
    : [];
  const event: ClusterEvent = {
    at: now,
    kind: revoked ? 'restore-revoked' : 'restored',
    detail: auditEvent(now, by, 'restored-from', { ...detail, ...by, from, id: restore.id }).detail,
  };
  const shown = revoked ? back : marked;
  const notice: ClusterNotice = {
    kind: 'restored',
    restore: restore.id,
    from,
    at: restore.at,
    by,
    marked: shown,
    ...(revoked ? { revoked: true } : {}),
  };
  return {
    restore,
    runs: [
      ...base,
      ...change.marked.map(({ run, by: left }) =>
        line(
          run.id,
          auditEvent(now, by, 'left-behind', {
            restoredFrom: left.from,
            restoredAt: new Date(left.at).toISOString(),
          }),
          withMark(left),
        ),
      ),
      ...change.back.map((run) =>
        line(run.id, auditEvent(now, by, 'back-on-line', { restoredFrom: from }), withMark(undefined)),
      ),
    ],
    events: [event],
    notices: [notice],
  };
}

function line(runId: string, event: RunChange['audit'][number], set: RunChange['set'] = {}) {
  const change: RunChange = {
    set,
    audit: [event],
    notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'audit', event } }],
  };
  return { runId, change };
}

/** As long the answer may wait for places; what could not be written then is written with a later round of retention. */
const documentsWithinMs = 60_000;

/** Best effort: the marks are on record, and the bot's own answers go by the record. */
async function rewriteDocuments(deps: WorkflowDeps, asked: Asked, change: LineChange): Promise<void> {
  const off = deps.offCluster;
  if (!off) return;
  const signal = AbortSignal.timeout(documentsWithinMs);
  for (const { id } of [...change.marked.map(({ run }) => run), ...change.back]) {
    const run = await deps.records.run(id);
    if (!run?.success || signal.aborted) continue;
    try {
      const deliveryId = `${asked.deliveryId}:${id}`;
      await republishFor(deps, { deliveryId }, { run, off }, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      deps.log.warn(
        { run: id, err: error },
        'the documents of a backup do not say yet what a restore made of it',
      );
    }
  }
}

export function newestFirst<T>(oldestFirst: readonly T[]): readonly T[] {
  return oldestFirst.toReversed();
}
