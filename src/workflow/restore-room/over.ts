import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { RestoreRoom } from '../../domain/restore-room/room.ts';
import type { RoomChange } from '../../domain/restore-room/room-change.ts';
import { resumeAfterRoom } from '../../domain/restore-room/room-pause.ts';
import type { ClusterNotice } from '../../domain/watch/cluster-notice.ts';
import { newWatch } from '../../domain/watch/watch-turn.ts';
import type { RoomTransition, RoomView } from '../ports/records.ts';

/** A room that ends with this change lets the cluster be watched again, and owners are notified. */
export function withItsEnd(
  change: RoomChange,
  view: Pick<RoomView, 'watch' | 'proven'>,
  policy: ClusterPolicy,
  now: number,
): RoomTransition {
  const { room } = change;
  if (!room.end) return change;
  const watch = view.watch ?? newWatch(policy.name);
  const notices = [...change.notices, ...toOwners(policy, room, room.end.kind)];
  return { ...change, notices, watch: resumeAfterRoom({ ...view, watch, policy, now }, room) };
}

/** Each owner but the one who did it. */
export function toOwners(
  { owners }: Pick<ClusterPolicy, 'owners'>,
  { paper, openedBy, end }: RestoreRoom,
  what: 'opened' | 'stopped' | 'finished',
): readonly ClusterNotice[] {
  const by = what === 'opened' ? openedBy : end?.kind === 'stopped' ? end.by : undefined;
  const { runId, zStream } = paper;
  const say = { type: 'restore-room', what, runId, zStream, ...(by ? { by } : {}) } as const;
  return owners
    .filter((slackUser) => slackUser !== by?.slackUser)
    .map((slackUser) => ({ kind: 'private', slackUser, say }));
}
