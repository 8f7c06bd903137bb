import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Fleet, Language } from '../../domain/policy/policy.ts';
import type { ClusterWatch } from '../../domain/watch/cluster-watch.ts';
import type { Asked } from '../../workflow/access/backups.ts';
import type { Backups } from '../../workflow/answers/create-backups.ts';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import type { BotIdentity } from '../client/identity.ts';
import type { People } from '../client/people.ts';

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
  /** Opens a view, for 3 s. */
  readonly triggerId: string;
  readonly respond?: RespondFn | undefined;
  readonly ack: () => Promise<void>;
  /** Acknowledges with a text for the person alone; absent: Slack shows none. */
  readonly ackWith?: (message: { readonly text: string }) => Promise<void>;
}
