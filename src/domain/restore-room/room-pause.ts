import type { Person } from '../people/person.ts';
import { heldPause } from '../policy/pause.ts';
import { beginPause, endPause, type PauseInput } from '../watch/pause-turn.ts';
import { transition, type WatchTransition } from '../watch/watch-transition.ts';
import type { RestoreRoom } from './room.ts';

/** Longer than a restore takes, and short enough that a room that was forgotten does not keep a cluster silent. */
const roomPauseMs = 3 * 86_400_000;

/**
 * No reminder, no alarm and no scheduled run in the middle of a restore. Anyone who may open a room pauses the cluster by that,
 * without a second person: it may be down, and owners are notified of the room itself. A pause that is in force stays.
 */
export function pauseForRoom(
  input: PauseInput,
  { by, reason }: { readonly by: Person; readonly reason: string },
): WatchTransition & { readonly pause: string | undefined } {
  if (heldPause(input.watch)) return { ...transition(input.watch), pause: undefined };
  const begun = beginPause(input, { by, reason, until: input.now + roomPauseMs });
  const notices = begun.notices.filter(({ kind }) => kind !== 'private');
  return { ...begun, notices, pause: begun.pause.id };
}

/**
 * Until when (ms UTC) no backup is asked for by schedule although no pause is in force; undefined: it goes on. A pause that was
 * in force when the room opened may have run out in the middle of the restore. One that people have ended is their decision.
 */
export function scheduleWaitsForRoom(
  { pauses = [] }: PauseInput['watch'],
  { end, pause, openedAt }: Pick<RestoreRoom, 'end' | 'pause' | 'openedAt'>,
  now: number,
): number | undefined {
  const until = openedAt + roomPauseMs;
  const ranOut = pauses[0]?.end?.kind === 'ended';
  return end === undefined && pause === undefined && ranOut && now < until ? until : undefined;
}

/** The room's own pause ends with it, unless people have decided on it meanwhile. */
export function resumeAfterRoom(input: PauseInput, { pause: id, end }: RestoreRoom): WatchTransition {
  const held = heldPause(input.watch);
  if (!end || !held || held.id !== id) return transition(input.watch);
  const at = input.now;
  const how =
    end.kind === 'stopped'
      ? ({ kind: 'resumed', at, by: end.by, approvedBy: undefined } as const)
      : ({ kind: 'ended', at } as const);
  return endPause(input, held, how);
}
