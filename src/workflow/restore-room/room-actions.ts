import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { clusterOfRoom, type RestoreRoom } from '../../domain/restore-room/room.ts';
import {
  doneStep,
  failStep,
  helpAlong,
  type RoomDecision,
  type Said,
  skipStep,
  stopRoom,
  takeStep,
} from '../../domain/restore-room/transitions.ts';
import { mayAct, mayActOn, personOf } from '../access/authorization.ts';
import type { Asked } from '../access/backups.ts';
import { maxReasonLength } from '../approval/request-backup.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import type { RoomView } from '../ports/records.ts';
import { withItsEnd } from './over.ts';
import type { RoomAnswer } from './room-answer.ts';

/** What people say of a step by its buttons. `step`: number, from 1. */
export type StepWord = 'take' | 'done' | 'failed' | 'meanwhile';

const decisions: Readonly<Record<StepWord, (room: RestoreRoom, step: number, said: Said) => RoomDecision>> = {
  take: takeStep,
  done: doneStep,
  failed: failStep,
  meanwhile: (room, _step, said) => helpAlong(room, said),
};

export function sayOfStep(
  deps: WorkflowDeps,
  asked: Asked,
  { room, step, word }: { room: string; step: number; word: StepWord },
): Promise<RoomAnswer> {
  return inRoom(deps, asked, room, (found, said) => decisions[word](found, step, said));
}

/** `reason`: as typed; it goes on record and the thread shows it. */
export async function skipRestoreStep(
  deps: WorkflowDeps,
  asked: Asked,
  { room, step, reason: typed }: { room: string; step: number; reason: string },
): Promise<RoomAnswer> {
  const reason = typed.trim();
  if (reason === '') return { outcome: 'reason-missing' };
  if (reason.length > maxReasonLength)
    return { outcome: 'reason-too-long', length: reason.length, max: maxReasonLength };
  return inRoom(deps, asked, room, (found, said) => skipStep(found, step, { ...said, reason }));
}

/** `room`: of the message that was clicked on; undefined: typed, the open one of this cluster is meant. */
export async function stopRestoreRoom(
  deps: WorkflowDeps,
  asked: Asked,
  { room, cluster }: { room?: string; cluster?: string | undefined },
): Promise<RoomAnswer> {
  if (room !== undefined) return stopped(await inRoom(deps, asked, room, stopRoom));
  const access = await mayActOn(deps, 'restoreRoom', asked, cluster);
  if (!access.ok) return access.answer;
  const policy = access.cluster;
  return stopped(
    await decide(deps, asked, { policy, by: personOf(access.person) }, ({ open }, said) =>
      open ? stopRoom(open, said) : { refusal: { outcome: 'no-open-room', cluster: policy.name } },
    ),
  );
}

function stopped(answer: RoomAnswer): RoomAnswer {
  return answer.outcome === 'on-record' ? { outcome: 'room-stopped', room: answer.room } : answer;
}

async function inRoom(
  deps: WorkflowDeps,
  asked: Asked,
  roomId: string,
  act: (room: RestoreRoom, said: Said) => RoomDecision,
): Promise<RoomAnswer> {
  const policy = deps.fleet.cluster(clusterOfRoom(roomId) ?? '');
  const access = await mayAct(deps, 'restoreRoom', asked, policy);
  if (!access.ok) return access.answer;
  if (!policy) return { outcome: 'no-such-room' };
  const by = personOf(access.person);
  return decide(deps, asked, { policy, by, roomId }, ({ room }, said) =>
    room ? act(room, said) : { refusal: { outcome: 'no-such-room' } },
  );
}

type Decision = RoomDecision | { readonly refusal: RoomAnswer };

async function decide(
  deps: WorkflowDeps,
  { deliveryId }: Asked,
  { policy, by, roomId }: { policy: ClusterPolicy; by: Said['by']; roomId?: string },
  act: (view: RoomView, said: Said) => Decision,
): Promise<RoomAnswer> {
  const now = deps.clock.now();
  const decided = await deps.records.decideRoom<RoomAnswer>({
    cluster: policy.name,
    ...(roomId === undefined ? {} : { roomId }),
    now,
    deliveryId,
    decision(view) {
      const made = act(view, { by, now });
      return 'refusal' in made ? made : withItsEnd(made, view, policy, now);
    },
  });
  if (decided.outcome === 'refused') return decided.refusal;
  if (decided.outcome !== 'changed') return { outcome: 'duplicate' };
  deps.wake();
  return { outcome: 'on-record', room: decided.room };
}
