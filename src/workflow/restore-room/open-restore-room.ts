import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { RestorePlan } from '../../domain/restore/restore-plan.ts';
import { openRoom } from '../../domain/restore-room/open-room.ts';
import { pauseForRoom } from '../../domain/restore-room/room-pause.ts';
import { newWatch } from '../../domain/watch/watch-turn.ts';
import { mayAct, personOf } from '../access/authorization.ts';
import type { Asked } from '../access/backups.ts';
import { planRestore } from '../copies/plan-restore.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { RoomTransition, RoomView } from '../ports/records.ts';
import { toOwners } from './over.ts';
import type { OpenRoomAnswer } from './room-answer.ts';

/**
 * Opens a thread that carries the restore plan as steps, from the records alone: the cluster is down. Anyone who may see the plan
 * may open one; the cluster that could say who is cluster-admin does not answer.
 */
export async function openRestoreRoom(
  deps: WorkflowDeps,
  asked: Asked,
  input: Parameters<typeof planRestore>[2],
): Promise<OpenRoomAnswer> {
  const chosen = await planRestore(deps, asked, input);
  if (chosen.outcome !== 'restore-plan') return chosen;
  const { cluster, answer } = chosen;
  const policy = deps.fleet.cluster(cluster);
  if (answer.outcome === 'none') {
    const { runId: what = cluster, before } = answer.need;
    return { outcome: 'no-plan', cluster, what, zStream: input.zStream, before: before?.at };
  }
  if (!policy) throw new Error(`a plan was made for ${cluster}, which is not in the fleet`);
  const access = await mayAct(deps, 'restoreRoom', asked, policy);
  if (!access.ok) return access.answer;
  const opening = { policy, plan: answer.plan, by: personOf(access.person), now: deps.clock.now() };
  const { channel } = policy;
  const decided = await deps.records.decideRoom<OpenRoomAnswer>({
    cluster,
    now: opening.now,
    deliveryId: asked.deliveryId,
    decision: (view) =>
      view.open
        ? { refusal: { outcome: 'room-open-already', room: view.open, channel } }
        : opened(deps, opening, view),
  });
  if (decided.outcome === 'refused') return decided.refusal;
  if (decided.outcome !== 'changed') return { outcome: 'duplicate' };
  deps.wake();
  return { outcome: 'room-opened', room: decided.room, channel };
}

interface Opening {
  readonly policy: ClusterPolicy;
  readonly plan: RestorePlan;
  readonly by: ReturnType<typeof personOf>;
  readonly now: number;
}

function opened(
  { restoreWords }: Pick<WorkflowDeps, 'restoreWords'>,
  { policy, plan, by, now }: Opening,
  view: RoomView,
): RoomTransition {
  const { name: cluster, language } = policy;
  const texts = restoreWords.steps(plan, language);
  const first = restoreWords.first(plan, language);
  const change = openRoom({ cluster, plan, texts, first, language, by, now });
  const reason = restoreWords.pauseReason(plan.manifest.runId, language);
  const input = { ...view, watch: view.watch ?? newWatch(cluster), policy, now };
  const { pause, ...watch } = pauseForRoom(input, { by, reason });
  const room = { ...change.room, pause };
  return { ...change, room, notices: [...change.notices, ...toOwners(policy, room, 'opened')], watch };
}
