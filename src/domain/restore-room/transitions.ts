import { isSamePerson, type Person } from '../people/person.ts';
import { stepOutOfTurn } from './out-of-turn.ts';
import { isStepOpen, type RestoreRoom, type RoomEnd, type RoomStep, unsettled } from './room.ts';
import { type RoomChange, recorded, showAll, showFront, showStep, withStep } from './room-change.ts';
import { isAllWell, type RoomCheck } from './room-checks.ts';

/** Why nothing changed. `step`: number, from 1. */
export type RoomRefusal =
  | { readonly outcome: 'room-over'; readonly room: RestoreRoom }
  /** A message that no room of ours ever showed. */
  | { readonly outcome: 'no-such-step'; readonly room: RestoreRoom }
  | { readonly outcome: 'step-settled'; readonly room: RestoreRoom; readonly step: number }
  | { readonly outcome: 'step-held'; readonly room: RestoreRoom; readonly step: number }
  /** They hold it already. */
  | { readonly outcome: 'step-yours'; readonly room: RestoreRoom; readonly step: number }
  /** Every other step needs one that is open. */
  | { readonly outcome: 'nothing-meanwhile'; readonly room: RestoreRoom };

export type RoomDecision = RoomChange | { readonly refusal: RoomRefusal };

/** Who acts, and when (ms UTC). */
export interface Said {
  readonly by: Person;
  readonly now: number;
}

/** “I do this step”, also in the place of another person: their name stays in the record. */
export function takeStep(room: RestoreRoom, step: number, { by, now }: Said): RoomDecision {
  const open = openStep(room, step);
  if ('refusal' in open) return open;
  const { holder } = open;
  if (holder && isSamePerson(holder.by, by)) return refused({ outcome: 'step-yours', room, step });
  const detail = { what: 'taken', ...named(open, step), ...(holder ? { from: holder.by.clusterUser } : {}) };
  return recorded(withStep(showAll(room), step, { holder: { by, at: now } }), { at: now, by, detail });
}

/** A person says that what had to be seen was seen. */
export function doneStep(room: RestoreRoom, step: number, { by, now }: Said): RoomDecision {
  return settle(room, step, { by, now }, { kind: 'done', by, at: now }, { what: 'done' });
}

export function skipStep(
  room: RestoreRoom,
  step: number,
  { by, now, reason }: Said & { readonly reason: string },
): RoomDecision {
  return settle(
    room,
    step,
    { by, now },
    { kind: 'skipped', by, at: now, reason },
    { what: 'skipped', reason },
  );
}

/** The step stays open. Who said so goes on with it. */
export function failStep(room: RestoreRoom, step: number, { by, now }: Said): RoomDecision {
  const open = heldStep(room, step, by);
  if ('refusal' in open) return open;
  const failures = [...open.failures, { by, at: now }];
  const holder = open.holder ?? { by, at: now };
  const detail = { what: 'failed', ...named(open, step), times: String(failures.length) };
  return recorded(withStep(showAll(room), step, { failures, holder }), { at: now, by, detail });
}

/** A second person begins with the next step that needs none of those that are open. */
export function helpAlong(room: RestoreRoom, { by, now }: Said): RoomDecision {
  if (room.end) return refused({ outcome: 'room-over', room });
  const index = stepOutOfTurn(room);
  const next = index === undefined ? undefined : room.steps[index];
  if (index === undefined || !next) return refused({ outcome: 'nothing-meanwhile', room });
  const detail = { what: 'taken', ...named(next, index + 1) };
  const shown = showStep(redrawOpen(showAll(room)), index + 1, { openedAt: now, holder: { by, at: now } });
  return recorded(shown, { at: now, by, detail });
}

/** Ends the room, whatever is left to do. */
export function stopRoom(room: RestoreRoom, { by, now }: Said): RoomDecision {
  if (room.end) return refused({ outcome: 'room-over', room });
  const open = String(unsettled(room).length);
  return recorded(ended(room, { kind: 'stopped', by, at: now }), {
    at: now,
    by,
    detail: { what: 'stopped', unsettled: open },
  });
}

/** Whether the API answers now, as the bot sees it; undefined: that is on record already. */
export function sawApi(room: RestoreRoom, answers: boolean, now: number): RoomChange | undefined {
  if (room.end || room.api?.answers === answers) return undefined;
  const change = showAll({ ...room, api: { answers, at: now } });
  // A cluster that is down is why the room is open: that it is still down is no news.
  if (!answers && room.api === undefined) return change;
  return { ...change, notices: [...change.notices, { kind: 'restore-seen', id: room.id, answers, at: now }] };
}

/** What the bot saw after the last step. All is well: the room is over. undefined: nothing new. */
export function sawChecks(
  room: RestoreRoom,
  checks: readonly RoomCheck[],
  now: number,
): RoomChange | undefined {
  if (room.end || unsettled(room).length > 0) return undefined;
  if (isSame(room.checks?.checks, checks)) return undefined;
  const seen = { ...room, checks: { at: now, checks } };
  if (isAllWell(checks))
    return recorded(ended(seen, { kind: 'finished', at: now }), { at: now, detail: { what: 'finished' } });
  const change = showAll(seen);
  return { ...change, notices: [...change.notices, { kind: 'restore-checks', id: room.id }] };
}

function isSame(before: readonly RoomCheck[] | undefined, after: readonly RoomCheck[]): boolean {
  return before !== undefined && textOf(before) === textOf(after);
}

/** Why it could not be read may be said in other words each time. */
function textOf(checks: readonly RoomCheck[]): string {
  return JSON.stringify(checks, (key, value) => (key === 'detail' ? undefined : value));
}

function settle(
  room: RestoreRoom,
  step: number,
  { by, now }: Said,
  end: NonNullable<RoomStep['end']>,
  detail: Readonly<Record<string, string>>,
): RoomDecision {
  const open = heldStep(room, step, by);
  if ('refusal' in open) return open;
  const settled = withStep(showAll(room), step, { end });
  const line = { at: now, by, detail: { ...detail, ...named(open, step) } };
  return recorded(showFront(redrawOpen(settled), now), line);
}

/** No button outlasts the room: the messages of open steps are drawn again. */
function ended(room: RestoreRoom, end: RoomEnd): RoomChange {
  const over = redrawOpen(showAll({ ...room, end }));
  return unsettled(room).length > 0
    ? over
    : { ...over, notices: [...over.notices, { kind: 'restore-checks', id: room.id }] };
}

/** What an open step's message says of the others, and its buttons, may have changed. */
function redrawOpen(change: RoomChange): RoomChange {
  return openSteps(change.room).reduce((next, step) => withStep(next, step, {}), change);
}

function openSteps({ steps }: RestoreRoom): readonly number[] {
  return steps.flatMap((step, index) => (isStepOpen(step) ? [index + 1] : []));
}

/** An open step that this person may speak for: it is theirs, or no person holds it. */
function heldStep(room: RestoreRoom, step: number, by: Person): RoomStep | { readonly refusal: RoomRefusal } {
  const open = openStep(room, step);
  if ('refusal' in open) return open;
  const isOthers = open.holder !== undefined && !isSamePerson(open.holder.by, by);
  return isOthers ? refused({ outcome: 'step-held', room, step }) : open;
}

function openStep(room: RestoreRoom, step: number): RoomStep | { readonly refusal: RoomRefusal } {
  if (room.end) return refused({ outcome: 'room-over', room });
  const found = room.steps[step - 1];
  if (!found || found.openedAt === undefined) return refused({ outcome: 'no-such-step', room });
  return found.end ? refused({ outcome: 'step-settled', room, step }) : found;
}

function refused(refusal: RoomRefusal): { readonly refusal: RoomRefusal } {
  return { refusal };
}

function named({ kind }: RoomStep, step: number) {
  return { step: String(step), kind };
}
