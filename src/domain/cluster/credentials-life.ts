/** How long the bot's credentials for a cluster hold, by their own word: a token's claims, a certificate's dates. ms UTC. */
export interface CredentialsLife {
  readonly endsAt: number;
  /** When they were issued; absent: they do not say. */
  readonly since?: number;
}

const dayMs = 24 * 3_600_000;
/** Days before the end on which people are notified; 0: they have ended. */
const warnDays = [14, 7, 3, 1, 0] as const;
export type CredentialsWarning = (typeof warnDays)[number];

/**
 * From when on their end is worth a warning: two weeks before it, or in the last fifth of a shorter life. What rotates by itself
 * (a projected token, a vault's agent) is renewed before that.
 */
export function warnedFrom({ endsAt, since }: CredentialsLife): number {
  return endsAt - Math.min(14 * dayMs, since === undefined ? Number.POSITIVE_INFINITY : (endsAt - since) / 5);
}

/** The warning that is due; undefined: none yet. */
export function credentialsWarning(life: CredentialsLife, now: number): CredentialsWarning | undefined {
  if (now >= life.endsAt) return 0;
  if (now < warnedFrom(life)) return undefined;
  const left = life.endsAt - now;
  return warnDays.findLast((days) => days > 0 && left <= days * dayMs);
}
