import { clusterOfRoom } from '../../../domain/restore-room/room.ts';

/** What the buttons of a restore room carry: ids only, never authority. */
export interface RoomButton {
  readonly room: string;
  readonly cluster: string;
  /** Number of the step, from 1; 0: the room itself. */
  readonly step: number;
}

const longest = 300;

/** `prod-east/restore@1795450000000 7` */
export function roomButtonValue(room: string, step = 0): string {
  return `${room} ${step}`;
}

/** Undefined for everything that no message of ours ever carried. */
export function parseRoomButton(text: string): RoomButton | undefined {
  if (text.length > longest) return undefined;
  const at = text.lastIndexOf(' ');
  const room = text.slice(0, Math.max(0, at));
  const step = Number(text.slice(at + 1));
  const cluster = clusterOfRoom(room);
  if (cluster === undefined || !Number.isSafeInteger(step) || step < 0) return undefined;
  return { room, cluster, step };
}
