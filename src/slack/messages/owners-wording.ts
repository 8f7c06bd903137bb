import type { OwnerSay } from '../../domain/cluster-notice.ts';
import type { Links } from './answers-wording.ts';
import type { Markup } from './markup.ts';
import type { Tools } from './tools.ts';

/** What those hear who answer for a cluster's backups: in its channel, and alone. */
export interface OwnersWording {
  escalation(p: { cluster: string; failures: number; mentions: readonly Markup[] }): Markup;
  lastRun(p: { runId: string; status: Markup | undefined }, t: Tools, links: Links): Markup;
  reason(failed: Markup): Markup;
  mend(next: Markup): Markup;
  byHand(p: { cluster: string; runId: string }, t: Tools): Markup;
  nextTry(at: number | undefined, t: Tools): Markup;
  failedTitle(p: { cluster: string; failures: number }): Markup;
  channelLost(
    p: { cluster: string; say: Extract<OwnerSay, { type: 'channel-lost' }> },
    t: Tools,
  ): readonly Markup[];
  /** Why this person is told. */
  youAreOwner(): Markup;
}
