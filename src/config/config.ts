import type { ClusterPolicy, Language, PersonMapping } from '../domain/policy.ts';
import type { ConfigWarning } from './mistake.ts';
import type { Secret } from './secret.ts';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** How to reach the API of one cluster. Paths are absolute. */
export interface ClusterConnection {
  readonly cluster: string;
  readonly kubeconfig: { readonly file: string; readonly context?: string } | 'in-cluster';
  readonly requestDeadlineMs: number;
}

/** The clusters in the file's order, and the people. */
export interface ConfiguredFleet {
  readonly clusters: readonly ClusterPolicy[];
  readonly people: readonly PersonMapping[];
  cluster(name: string): ClusterPolicy | undefined;
  person(slackUser: string): PersonMapping | undefined;
}

/** Where a value came from that does not stand in the file: `slack.botToken` from `${SLACK_BOT_TOKEN}`. */
export interface ValueOrigin {
  readonly key: string;
  readonly from: string;
}

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
  | { readonly kind: 'directory'; readonly name: string; readonly path: string }
  | {
      readonly kind: 's3';
      readonly name: string;
      readonly bucket: string;
      /** Without slashes at its ends; `''`: the bucket itself. */
      readonly prefix: string;
      /** undefined: Amazon's for the region. */
      readonly endpoint: string | undefined;
      readonly region: string;
      readonly pathStyle: boolean;
      /** undefined: the SDK's chain. */
      readonly credentials: S3CredentialSecrets | undefined;
      /** PEM */
      readonly ca: string | undefined;
      readonly encryption:
        | { readonly algorithm: 'AES256' }
        | { readonly algorithm: 'aws:kms'; readonly keyId: string | undefined }
        | undefined;
      readonly lock: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number } | undefined;
      readonly checksum: 'sha256' | 'content-md5';
    };

export interface S3CredentialSecrets {
  readonly accessKeyId: Secret;
  readonly secretAccessKey: Secret;
  readonly sessionToken: Secret | undefined;
}

/** Where and when the fleet's summary is posted. */
export interface ConfiguredSummary {
  readonly channel: string;
  /** Five fields, read in `timeZone`. */
  readonly cron: string;
  /** IANA name */
  readonly timeZone: string;
  readonly language: Language;
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
  readonly language: Language;
  /** Absolute path of the database file. */
  readonly recordsFile: string;
  /** How long a claim on a run holds without being renewed. */
  readonly leaseMs: number;
  readonly logLevel: LogLevel;
  /** For /healthz, /readyz and /metrics; undefined: nothing listens. */
  readonly healthPort: number | undefined;
  /** How often each cluster is looked at. */
  readonly watchEveryMs: number;
  /** undefined: no weekly summary is posted. */
  readonly summary: ConfiguredSummary | undefined;
  /** A bare name (found in PATH) or an absolute path. */
  readonly clientPath: string;
  readonly people: readonly PersonMapping[];
  readonly destinations: readonly ConfiguredDestination[];
  readonly fleet: ConfiguredFleet;
  /** One for each cluster, in the same order. */
  readonly connections: readonly ClusterConnection[];
  readonly warnings: readonly ConfigWarning[];
  readonly origins: readonly ValueOrigin[];
}
