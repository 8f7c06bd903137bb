import type { AuditEvent } from '../people/audit.ts';
import type { Person } from '../people/person.ts';
import type { ClusterNotice } from '../watch/cluster-notice.ts';
import { isStepOpen, type RestoreRoom, type RoomStep, unsettled } from './room.ts';

/** What a decision makes of a room and what it causes; recorded in one transaction. */
export interface RoomChange {
  readonly room: RestoreRoom;
  /** Lines in the record of the backup's run. */
  readonly audit: readonly AuditEvent[];
  readonly notices: readonly ClusterNotice[];
}

/** The room as it is, its first message drawn again. */
export function showAll(room: RestoreRoom): RoomChange {
  return { room, audit: [], notices: [{ kind: 'restore-room', id: room.id }] };
}

/** One step of the room changed, and its message with it. `step`: number, from 1. */
export function withStep(change: RoomChange, step: number, set: Partial<RoomStep>): RoomChange {
  const { room } = change;
  const steps = room.steps.map((each, index) => (index === step - 1 ? { ...each, ...set } : each));
  return {
    ...change,
    room: { ...room, steps },
    notices: [...change.notices, { kind: 'restore-step', id: room.id, step }],
  };
}

/** Shows a step for the first time. What Slack cannot hold in a message comes as a file behind it. */
export function showStep(change: RoomChange, step: number, set: Partial<RoomStep> & { openedAt: number }) {
  const shown = withStep(change, step, set);
  return { ...shown, notices: [...shown.notices, file(shown.room, step)] };
}

function file({ id }: RestoreRoom, step: number): ClusterNotice {
  return { kind: 'restore-commands', id, step };
}

/** The first step that is not settled is always shown; when none is left, the bot's own checks are. */
export function showFront(change: RoomChange, now: number): RoomChange {
  const { room } = change;
  const [front] = unsettled(room);
  if (!front) return { ...change, notices: [...change.notices, { kind: 'restore-checks', id: room.id }] };
  return isStepOpen(front) ? change : showStep(change, room.steps.indexOf(front) + 1, { openedAt: now });
}

/** With a line in the record. `by`: a person; absent: the bot itself. */
export function recorded(
  change: RoomChange,
  { at, by, detail }: { at: number; by?: Person; detail: Readonly<Record<string, string>> },
): RoomChange {
  const actor = by ? ({ kind: 'person', ...by } as const) : ({ kind: 'bot' } as const);
  const event: AuditEvent = {
    at,
    actor,
    action: 'restore-room',
    detail: { room: change.room.id, ...detail },
  };
  return { ...change, audit: [...change.audit, event] };
}
