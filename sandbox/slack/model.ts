import type { JsonObject } from './json.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  realName: string;
  email?: string;
  /** As in users.info with include_locale, for example `en-US` or `ko-KR`. */
  locale: string;
  tz: string;
  tzOffsetS: number;
  teamId: string;
  deleted: boolean;
  isBot: boolean;
  isAdmin: boolean;
  isRestricted: boolean;
  isUltraRestricted: boolean;
  isStranger: boolean;
  /** Enterprise Grid: every workspace of the organisation that the person belongs to. */
  workspaces?: readonly string[];
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  /** User ids, the app's own user among them where it is a member. */
  readonly members: Set<string>;
  archived: boolean;
  /** What its admins do not let the app post there; undefined: nothing. */
  limit?: PostingLimit;
  readonly createdS: number;
}

/** `everything`: only people whom the admins named may post; the others are named as in Slack's error codes. */
export type PostingLimit =
  | 'everything'
  | 'read_only_channel'
  | 'thread_only_channel'
  | 'non_threadable_channel';

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly members: string[];
}

export interface SharedFile {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly bytes: Buffer;
}

/** One form a message had: at the post and after each edit. */
export interface Revision {
  readonly at: number;
  readonly text: string;
  readonly blocks: JsonObject[];
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** User id of the author. */
  readonly user: string;
  readonly byApp: boolean;
  /** Set for an ephemeral message: the only user who sees it. */
  readonly visibleTo?: string;
  /** The thread's first message, for a reply. */
  readonly threadTs?: string;
  readonly broadcast: boolean;
  text: string;
  blocks: JsonObject[];
  metadata?: JsonObject;
  files: SharedFile[];
  /** Oldest first; the last one is the message's current form. */
  readonly revisions: Revision[];
  /** Set by edits without blocks only: Slack shows no "edited" mark for the others. */
  markedEdited: boolean;
  /** Set by admins on the first message of a thread: no more replies are taken there. */
  threadLocked?: boolean;
  deleted: boolean;
}

type LogKind =
  | 'post'
  | 'edit'
  | 'delete'
  | 'command'
  | 'click'
  | 'confirm'
  | 'view'
  | 'submit'
  | 'home'
  | 'tab'
  | 'failure'
  | 'change';

/** One line of what happened, in order; the transcript is made of these. */
export interface LogEntry {
  readonly at: number;
  readonly kind: LogKind;
  /** User id of who did it or, for a failure, of who sees it. */
  readonly who: string;
  readonly channel?: string;
  readonly text: string;
  readonly message?: Message;
  /** Index into the message's revisions: how it looked at that moment. */
  readonly revision?: number;
  readonly view?: JsonObject;
}
