import { type CredentialsLife, credentialsWarning } from '../cluster/credentials-life.ts';
import { elsewhereOf } from '../policy/elsewhere.ts';
import type { ClusterPolicy } from '../policy/policy.ts';
import type { OwnerMessage } from './cluster-notice.ts';
import type { ClusterEvent, ClusterWatch, CredentialsWatch } from './cluster-watch.ts';
import { transition, type WatchTransition } from './watch-transition.ts';

export interface CredentialsInput {
  /** What the credentials' own files say now; undefined: they were not read this time. */
  readonly observed: { readonly life: CredentialsLife | undefined } | undefined;
  readonly policy: ClusterPolicy;
  readonly paused: boolean;
  /** The clock went ahead just now: nothing is over before a later turn agrees. */
  readonly stepped: boolean;
  /** ms UTC */
  readonly now: number;
}

/** An API server that restarts refuses good credentials for a while. */
const refusedMs = 5 * 60_000;

/**
 * Owners are notified 14, 7, 3 and 1 days before the credentials end and when they have ended, once each; and once when the
 * cluster keeps refusing credentials of which that is not the reason. Renewed ones begin again.
 */
export function credentialsTurn(watch: ClusterWatch, input: CredentialsInput): WatchTransition {
  const { policy, now } = input;
  const current = withoutNews(watch, input.observed);
  const isQuiet = input.paused || input.stepped || elsewhereOf(policy, watch.topology) !== undefined;
  const found = isQuiet ? undefined : news(watch, current, now);
  const credentials = found ? found.credentials : current;
  const next = credentials === watch.credentials ? watch : withCredentials(watch, credentials);
  if (!found) return transition(next);
  const notices = policy.owners.map((slackUser) => ({ kind: 'private', slackUser, say: found.say }) as const);
  return transition(next, { notices, events: [found.event] });
}

interface News {
  readonly credentials: CredentialsWatch;
  readonly say: OwnerMessage;
  readonly event: ClusterEvent;
}

function news(
  { silent }: ClusterWatch,
  credentials: CredentialsWatch | undefined,
  now: number,
): News | undefined {
  const { life, warned } = credentials ?? {};
  const days = life && credentialsWarning(life, now);
  if (life && days !== undefined && (warned === undefined || days < warned)) {
    const { endsAt } = life;
    const detail = { endsAt: new Date(endsAt).toISOString(), days: String(days) };
    return {
      credentials: { ...credentials, warned: days },
      say: { type: 'credentials-end', endsAt, days },
      event: { at: now, kind: 'credentials-end', detail },
    };
  }
  const isRefused = silent?.why.reason === 'unauthorized' && now - silent.since >= refusedMs;
  if (!isRefused || credentials?.refused || days === 0) return undefined;
  return {
    credentials: { ...credentials, refused: true },
    say: { type: 'credentials-refused', since: silent.since },
    event: { at: now, kind: 'credentials-refused', detail: { since: new Date(silent.since).toISOString() } },
  };
}

/** What is known of the credentials after this reading; the very same object when nothing changed. */
function withoutNews(
  { credentials: known, silent }: ClusterWatch,
  observed: CredentialsInput['observed'],
): CredentialsWatch | undefined {
  const life = observed ? observed.life : known?.life;
  const isSame = life?.endsAt === known?.life?.endsAt && life?.since === known?.life?.since;
  // An answer shows that they are accepted again.
  const refused = known?.refused === true && silent !== undefined;
  if (isSame && refused === (known?.refused === true)) return known;
  if (!life && !refused) return undefined;
  const warned = isSame ? known?.warned : undefined;
  return {
    ...(life ? { life } : {}),
    ...(warned === undefined ? {} : { warned }),
    ...(refused ? { refused } : {}),
  };
}

function withCredentials(watch: ClusterWatch, credentials: CredentialsWatch | undefined): ClusterWatch {
  const { credentials: _, ...rest } = watch;
  return credentials === undefined ? rest : { ...rest, credentials };
}
