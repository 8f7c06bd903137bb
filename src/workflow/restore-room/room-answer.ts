import type { RestoreRoom } from '../../domain/restore-room/room.ts';
import type { RoomRefusal } from '../../domain/restore-room/transitions.ts';
import type { ClusterQuestion, NotAllowed, RestorePlanAnswer } from '../access/backups.ts';

/** What became of a command or a click about a restore room. */
export type RoomAnswer =
  /** `channel`: where its thread is, or will be in a moment. */
  | { readonly outcome: 'room-opened'; readonly room: RestoreRoom; readonly channel: string }
  | { readonly outcome: 'room-open-already'; readonly room: RestoreRoom; readonly channel: string }
  /** Nothing is on record that could be restored: of what was asked for, a run or the cluster. `before`: ms UTC. */
  | {
      readonly outcome: 'no-plan';
      readonly cluster: string;
      readonly what: string;
      readonly zStream: string | undefined;
      readonly before: number | undefined;
    }
  | { readonly outcome: 'room-stopped'; readonly room: RestoreRoom }
  | { readonly outcome: 'no-open-room'; readonly cluster: string }
  /** A person's word on a step is on record; the thread shows it. */
  | { readonly outcome: 'on-record'; readonly room: RestoreRoom }
  | { readonly outcome: 'no-such-room' }
  | { readonly outcome: 'reason-missing' }
  | { readonly outcome: 'reason-too-long'; readonly length: number; readonly max: number }
  | { readonly outcome: 'duplicate' }
  | RoomRefusal
  | NotAllowed
  | ClusterQuestion;

/** Also why no plan could be made. */
export type OpenRoomAnswer = RoomAnswer | Exclude<RestorePlanAnswer, { readonly outcome: 'restore-plan' }>;
