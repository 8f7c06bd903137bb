import type { Faults } from './faults.ts';
import type { Ids } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { AppFeatures } from './manifest-features.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { ResponseUrls } from './response-url.ts';
import type { State } from './state.ts';
import type { TextLimits } from './text-limits.ts';
import type { Triggers } from './triggers.ts';
import type { Uploads } from './uploads.ts';
import type { Views } from './views.ts';

/** The app as it is installed in the workspace. */
export interface Identity {
  readonly teamId: string;
  /** The Enterprise Grid organisation that the workspace is part of. */
  readonly enterpriseId?: string;
  readonly teamName: string;
  readonly teamDomain: string;
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly botName: string;
}

/** One Web API call as it came in, for tests to look at. Tokens are left out. */
export interface ApiCall {
  readonly at: number;
  readonly method: string;
  readonly args: Readonly<JsonObject>;
  /** What Slack answered: `ok`, an error code, or the name of the fault that hit the call. */
  outcome: string;
}

/** What the parts of the workspace share. */
export interface Core {
  readonly state: State;
  readonly identity: Identity;
  readonly ids: Ids;
  readonly now: () => number;
  /** Whose clock transcripts show. */
  readonly timeZone: string;
  readonly faults: Faults;
  readonly rate: RateLimiter;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly views: Views;
  readonly uploads: Uploads;
  readonly calls: ApiCall[];
  limits: TextLimits;
  /** How long a message can be edited; undefined: for ever. */
  editWindowMs: number | undefined;
  /** How long after its upload a file appears in the conversation. */
  uploadsShareAfterMs: number;
  scopes: readonly string[];
  features: AppFeatures;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly baseUrl: string;
  readonly socketUrl: () => string;
}
