import type { OutboxItem } from '../../workflow/ports/records.ts';
import { nextStep, type RecoverableReason } from '../client/recoverable.ts';
import type { OutboxDeps } from './deps.ts';

/** How long what a channel does not take now is kept for it. */
export const keptForMs = 24 * 3_600_000;
/** So many tries, a minute apart, take almost as long. They are counted on record, so no restart begins them again. */
const triesOfKept = keptForMs / 60_000 - 100;
const mostRemembered = 1_000;

/** Since when messages of each subject are refused: ms of the monotonic clock, which no change of the wall clock moves. */
export function createRefusalClock({ clock }: Pick<OutboxDeps, 'clock'>) {
  const since = new Map<string, { readonly at: number; readonly kind: string }>();

  /** For how long messages of its subject have been refused. */
  function refusedFor(item: OutboxItem): number {
    const now = clock.monotonic();
    const key = streamOf(item);
    const first = since.get(key) ?? { at: now, kind: item.notice.kind };
    if (since.size > mostRemembered) since.clear();
    since.set(key, first);
    return now - first.at;
  }

  return {
    refusedFor,
    /**
     * For how long a message is kept from now. What waited behind another one is not kept for a day of its own. A clock that
     * jumps ahead makes none a day old: those that are by its date are kept until their subject was refused for a day.
     */
    leftOf(item: OutboxItem): number {
      const refusedMs = refusedFor(item);
      const age = clock.now() - item.createdAt;
      const isOld = age < 0 || age >= keptForMs;
      if (isOld && item.attempts >= triesOfKept) return 0;
      return Math.max(0, keptForMs - (age < 0 ? refusedMs : Math.min(age, refusedMs)));
    },
    sent(item: OutboxItem): void {
      if (since.get(streamOf(item))?.kind === item.notice.kind) since.delete(streamOf(item));
    },
  };
}

/** What the log says of messages that wait or are given up: once for each subject and reason, until one is sent. */
export function createComplaints({ log, identity }: Pick<OutboxDeps, 'log' | 'identity'>) {
  /** With the kind of message that each was said of. */
  const said = new Map<string, string>();
  return {
    complain(item: OutboxItem, what: string, detail: string, why: RecoverableReason | undefined): void {
      const subject = subjectOf(item);
      const key = `${subject} ${what} ${why ?? detail}`;
      if (said.has(key)) return;
      if (said.size > mostRemembered) said.clear();
      said.set(key, item.notice.kind);
      log.error(
        { ...fieldsOf(item), trouble: detail },
        `a message about ${subject} ${what}: ${detail}; ${nextStep(why, identity.botName)}. ${goesOn[item.about]}`,
      );
    },
    sent(item: OutboxItem): void {
      const subject = `${subjectOf(item)} `;
      for (const [key, kind] of said)
        if (kind === item.notice.kind && key.startsWith(subject)) said.delete(key);
    },
  };
}

/** What waits for each other: the messages to a channel, or those to one person. */
function streamOf(item: OutboxItem): string {
  const { notice } = item;
  const to = 'slackUser' in notice ? notice.slackUser : 'its channel';
  return `${subjectOf(item)} to ${to}`;
}

function subjectOf(item: OutboxItem): string {
  if (item.about === 'fleet') return 'the whole fleet';
  return item.about === 'run' ? `run ${item.runId}` : `cluster ${item.cluster}`;
}

export function fieldsOf(item: OutboxItem): object {
  const { kind } = item.notice;
  if (item.about === 'fleet') return { kind };
  return item.about === 'run' ? { runId: item.runId, kind } : { cluster: item.cluster, kind };
}

const goesOn: Readonly<Record<OutboxItem['about'], string>> = {
  run: 'The run itself goes on',
  cluster: 'The cluster is watched all the same',
  fleet: 'Everything else goes on',
};
