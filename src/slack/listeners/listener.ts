import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { ClusterWatch } from '../../domain/cluster-watch.ts';
import type { Language } from '../../domain/policy.ts';
import type { Asked, Backups } from '../../workflow/backups.ts';
import type { Clock, Fleet, Log } from '../../workflow/ports.ts';
import type { BotIdentity } from '../identity.ts';
import type { People } from '../people.ts';

/** What every listener works with. */
export interface ListenerDeps {
  readonly backups: Backups;
  /** What is on record of a cluster: one local look. */
  readonly watch: (cluster: string) => Promise<ClusterWatch | undefined>;
  readonly fleet: Fleet;
  readonly people: People;
  readonly identity: BotIdentity;
  readonly client: WebClient;
  /** For people whose Slack speaks a language that we do not. */
  readonly language: Language;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted when the bot stops: what takes minutes will not be answered by this process. */
  readonly stopping: AbortSignal;
}

/** One delivery, whatever it came as. */
export interface Delivery extends Asked {
  /** For the log: `command` or the button's id. */
  readonly what: string;
  readonly ours: boolean;
  readonly respond: RespondFn | undefined;
  /** Acknowledges; the text, where Slack shows one with the acknowledgement, is for the person alone. */
  readonly ack: (message?: { readonly text: string }) => Promise<void>;
  /** Whether Slack shows what is acknowledged with. */
  readonly ackSpeaks: boolean;
}
