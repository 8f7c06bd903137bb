/**
 * What the page in the browser and the sandbox say to each other, over one WebSocket for each window. Types only: the browser's
 * part imports this file, too.
 */
import type { JsonObject } from '../slack/json.ts';
import type { Moment, StepName, SwitchName } from './switch-names.ts';

interface PagePerson {
  readonly name: string;
  readonly isBot: boolean;
  readonly isGuest: boolean;
}

export interface PageChannel {
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  readonly archived: boolean;
  /** What its admins do not let the app post there, as in Slack's error codes; undefined: nothing. */
  readonly limit: string | undefined;
}

export interface PageFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly bytes: number;
  readonly isPicture: boolean;
}

export interface PageMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly threadTs: string | undefined;
  /** A reply that is shown in the channel, too. */
  readonly broadcast: boolean;
  /** Only the reader of this window sees it. */
  readonly isPrivate: boolean;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly files: readonly PageFile[];
  readonly markedEdited: boolean;
  /** The thread under it takes no more replies. */
  readonly isLocked: boolean;
}

/** Slack's own words to the reader of this window, such as that the app did not answer. */
export interface PageNotice {
  readonly channel: string;
  /** ms UTC by the world's clock. */
  readonly at: number;
  readonly text: string;
}

/** A form, or the Home tab. */
export interface PageView {
  readonly id: string;
  readonly title: string;
  /** Empty: there is no such button. */
  readonly submit: string;
  readonly close: string;
  readonly blocks: readonly JsonObject[];
}

interface PageOperator {
  readonly name: string;
  readonly version: string;
  readonly isAvailable: boolean;
  readonly isProgressing: boolean;
  readonly isDegraded: boolean;
}

interface PageNode {
  readonly name: string;
  readonly isReady: boolean;
  readonly isControlPlane: boolean;
}

export interface PageCluster {
  readonly name: string;
  readonly version: string;
  /** What the version operator says. */
  readonly says: string;
  readonly operators: readonly PageOperator[];
  readonly nodes: readonly PageNode[];
  readonly proxy: string;
  readonly encryption: string;
  /** A version that it can be updated to now. */
  readonly nextVersion: string;
}

export interface PagePlace {
  readonly kind: 'node' | 'destination';
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

export interface PageSwitch {
  readonly on: boolean;
  /** It is on, and breaks something only when a run comes to this point. */
  readonly waitsFor?: Moment | undefined;
}

/** What the bot will do by itself. */
export interface PageComing {
  readonly kind: 'reminder' | 'schedule' | 'retry' | 'expiry' | 'pause-end' | 'summary';
  /** ms UTC by the world's clock. */
  readonly at: number;
}

/** Bytes of a backup's file on their way. */
export interface PageTransfer {
  /** Written on the node, or copied off it. */
  readonly kind: 'snapshot' | 'copy';
  readonly node: string;
  readonly name: string;
  readonly bytes: number;
  /** undefined: not known yet. */
  readonly total: number | undefined;
  readonly isOver: boolean;
}

/** All that one window shows, by key. A patch sets single keys; null removes one. */
export interface PageState {
  readonly people: Readonly<Record<string, PagePerson>>;
  readonly channels: Readonly<Record<string, PageChannel>>;
  readonly messages: Readonly<Record<string, PageMessage>>;
  readonly notices: Readonly<Record<string, PageNotice>>;
  readonly views: Readonly<Partial<Record<'modal' | 'home', PageView>>>;
  readonly cluster: Readonly<Partial<Record<'facts', PageCluster>>>;
  readonly places: Readonly<Record<string, PagePlace>>;
  readonly switches: Readonly<Partial<Record<SwitchName, PageSwitch>>>;
  /** The first things to try, and whether they were done. */
  readonly steps: Readonly<Partial<Record<StepName, { readonly done: boolean }>>>;
  readonly world: Readonly<Partial<Record<'facts', PageWorld>>>;
  /** Soonest first. */
  readonly coming: Readonly<Partial<Record<'list', readonly PageComing[]>>>;
  readonly transfers: Readonly<Partial<Record<'list', readonly PageTransfer[]>>>;
}

interface PageWorld {
  /** How far the world's clock is ahead of this machine's, ms. */
  readonly clockOffsetMs: number;
  readonly botRuns: boolean;
}

/** The server takes the values of a patch from a state (Differences). */
export type PagePatch = { readonly [Part in keyof PageState]?: Readonly<Record<string, unknown>> };

/** What happens underneath, one line each. */
export interface PageHappening {
  readonly at: number;
  readonly kind: 'api' | 'command' | 'exit' | 'slack';
  /** The user of a request, the node of a command, or Slack where it refuses a call of the bot. */
  readonly who: string;
  readonly text: string;
  /** HTTP status, exit code, or what Slack says. */
  readonly outcome: number | string | undefined;
}

/** What does not change while the world lives. */
export interface PageHello {
  /** Another world, other things read. */
  readonly world: string;
  readonly me: string;
  readonly bot: string;
  readonly language: 'en' | 'ko';
  readonly command: {
    readonly name: string;
    readonly description: string;
    readonly hint: string;
    readonly words: readonly string[];
  };
  /** The app's manifest lets no one write to it in direct messages. */
  readonly isDirectReadOnly: boolean;
  /** The cluster's channel. */
  readonly channel: string;
  /** Where the snapshot comes from: the release of etcd on this machine; undefined: the recorded one. */
  readonly etcd: string | undefined;
  /** The program with which the bot runs commands on nodes. */
  readonly client: string;
}

export type FromServer =
  | { readonly kind: 'hello'; readonly hello: PageHello }
  | { readonly kind: 'patch'; readonly patch: PagePatch }
  | { readonly kind: 'happened'; readonly lines: readonly PageHappening[] }
  /** An action is over. */
  | ({ readonly kind: 'done'; readonly id: number } & Done);

interface Element {
  readonly actionId: string;
  readonly blockId: string;
  readonly value?: string | undefined;
}

/** What a person does in their window. Who it is was said when the window opened. */
export type PersonAction =
  | {
      readonly do: 'say';
      readonly channel: string;
      readonly text: string;
      readonly threadTs?: string | undefined;
    }
  /** `decline`: the confirmation was shown, and the person said no. */
  | ({ readonly do: 'click' | 'decline'; readonly channel: string; readonly ts: string } & Element)
  | ({
      readonly do: 'click-view';
      readonly home: boolean;
      readonly values: Readonly<Record<string, string>>;
    } & Element)
  | { readonly do: 'submit'; readonly viewId: string; readonly values: Readonly<Record<string, string>> }
  | { readonly do: 'close' }
  | { readonly do: 'open-home' };

/** What is done to the world from its panel, by no person in it. */
export type WorldAction =
  | {
      readonly do: 'world';
      readonly what: 'switch';
      readonly name: SwitchName;
      readonly on: boolean;
      /** When it breaks something; at once, where it is left out. */
      readonly moment?: Moment | undefined;
    }
  /** Moves the clock to just after this time. */
  | { readonly do: 'world'; readonly what: 'jump'; readonly at: number }
  | { readonly do: 'world'; readonly what: 'upgrade'; readonly version: string }
  | { readonly do: 'world'; readonly what: 'clock'; readonly ms: number };

/** What came of an action. */
export interface Done {
  /** A sentence for the person; undefined: it worked, or Slack shows in the channel that it did not. */
  readonly error?: string;
  /** Sentences under the fields of a form, by block id. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface Order {
  readonly id: number;
  readonly action: PersonAction | WorldAction;
}

/** One entry of the gallery: the same messages in both languages. */
export interface GalleryEntry {
  readonly name: string;
  readonly en: readonly GalleryMessage[];
  readonly ko: readonly GalleryMessage[];
}

export interface GalleryMessage {
  readonly text: string;
  readonly blocks?: readonly JsonObject[];
}
