import type { CopyPolicy } from '../../domain/copies/file-copy.ts';
import type { ClusterConnection } from '../../domain/network/cluster-connection.ts';
import type { ProxySettings } from '../../domain/network/proxy-settings.ts';
import type { Fleet, Language, SummaryPolicy } from '../../domain/policy/policy.ts';
import type { ConfigWarning } from '../file/mistake.ts';
import type { Secret } from '../file/secret.ts';
import type { NotSet } from '../file/stand-ins.ts';
import type { S3Entry } from '../schema/destination-schema.ts';

/** How commands and clicks come from Slack: over a connection that the bot opens, or by requests to the bot. */
export type SlackDelivery =
  | { readonly mode: 'socket'; readonly appToken: Secret }
  | {
      readonly mode: 'http';
      readonly signingSecret: Secret;
      readonly port: number;
      /** Begins with a slash. */
      readonly path: string;
    };

/** How to open one destination. Paths are absolute. */
export type ConfiguredDestination =
  | {
      readonly kind: 'directory';
      readonly name: string;
      /** Slack ids; who decides which place this is. */
      readonly owners: readonly string[];
      readonly path: string;
    }
  | (S3Entry & {
      readonly kind: 's3';
      readonly name: string;
      /** As for a directory. */
      readonly owners: readonly string[];
      /** Absent: directly. */
      readonly proxy?: ProxySettings;
    });

/** The way out of a corporate network. */
export interface ConfiguredProxy {
  readonly from: 'file' | 'environment';
  /** undefined: everything is reached directly. */
  readonly settings: ProxySettings | undefined;
}

/** A configuration file without mistakes, with everything that it leaves out filled in. */
export interface Config {
  readonly slack: {
    readonly botToken: Secret;
    /** Ends with a slash. */
    readonly apiUrl: string;
    /** undefined: the workspace of the bot token. */
    readonly teamId: string | undefined;
    readonly delivery: SlackDelivery;
  };
  readonly proxy: ConfiguredProxy;
  /** PEM: authorities that are trusted beside the system's, by everything that names none of its own. */
  readonly ca: string | undefined;
  readonly language: Language;
  /** Absolute path of the database file. */
  readonly recordsFile: string;
  /** How long a claim on a run holds without being renewed. */
  readonly leaseMs: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** For /healthz, /readyz and /metrics; undefined: nothing listens. */
  readonly healthPort: number | undefined;
  /** How often each cluster is looked at. */
  readonly watchEveryMs: number;
  /** undefined: no weekly summary is posted. */
  readonly summary: SummaryPolicy | undefined;
  /** A bare name (found in PATH) or an absolute path. */
  readonly clientPath: string;
  /** Variables for oc or kubectl beside those that the bot gives it, by name. */
  readonly clientEnv: Readonly<Record<string, Secret>>;
  /** Absolute directories by minor release of etcd; undefined: one set of programs, found in PATH. */
  readonly drillTools: Readonly<Record<string, string>> | undefined;
  /** Absolute; undefined: the system's directory for temporary files. */
  readonly drillDir: string | undefined;
  readonly destinations: readonly ConfiguredDestination[];
  /** By destination: how its place is described in manifests, and who keeps it. */
  readonly places: Readonly<Record<string, Pick<CopyPolicy, 'place' | 'custodians'>>>;
  readonly fleet: Fleet;
  /** One for each cluster, in the same order. */
  readonly connections: readonly ClusterConnection[];
  readonly warnings: readonly ConfigWarning[];
  /** Of the texts of the main file and of `clusters.d`: two bots with the same digest read the same. */
  readonly digest: string;
  /** Where values came from that are not in the file itself: `slack.botToken` from `${SLACK_BOT_TOKEN}`. */
  readonly origins: readonly { readonly key: string; readonly from: string }[];
  /** Secrets that are not there, where that was allowed (`withoutSecrets`): something else is in their place. */
  readonly notSet: readonly NotSet[];
}
