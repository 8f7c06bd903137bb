import { auditEvent } from '../ports/audit-events.ts';
import type { Clock } from '../ports/ports.ts';
import type { OutboxItem, Records } from '../ports/records.ts';

/** An owner whose message failed after so many tries (half a minute) counts as not notified until it is delivered. */
const triesUntilMissed = 3;

/** Whether it notifies an owner that a run was started without a second person. */
export function isEmergencyNotice(item: OutboxItem): item is Extract<OutboxItem, { about: 'run' }> {
  return (
    item.about === 'run' && item.notice.kind === 'private' && item.notice.say.type === 'emergency-started'
  );
}

/**
 * Puts on record, and says in the thread, which owners were notified of an emergency run and which were not. Once
 * the outcome is known for each of them; again when a late message is delivered.
 */
export async function recordOwnersNotified(
  { records, clock }: { readonly records: Pick<Records, 'toldAlone' | 'decide'>; readonly clock: Clock },
  runId: string,
): Promise<void> {
  const words = await records.toldAlone(runId, 'emergency-started');
  const isOpen = ({ state, tries }: (typeof words)[number]) =>
    (state === 'pending' || state === 'posting') && tries < triesUntilMissed;
  if (words.length === 0 || words.some(isOpen)) return;
  const reached = words.filter(({ state }) => state === 'sent').map(({ slackUser }) => slackUser);
  const missed = words.filter(({ state }) => state !== 'sent').map(({ slackUser }) => slackUser);
  const now = clock.now();
  const event = auditEvent(now, 'bot', 'owners-told', {
    told: reached.join(', '),
    notTold: missed.join(', '),
  });
  const decision = () => ({
    set: {},
    audit: [event],
    notices: [{ kind: 'thread', entry: { type: 'audit', event } } as const],
  });
  await records.decide({ runId, deliveryId: `owners-told:${runId}:${reached.join(',')}`, now, decision });
}
