import type { SeatHolder } from '../../workflow/ports/drill-seat.ts';
import { uploadToPerson } from '../client/upload.ts';
import {
  drillAnswer,
  drillWaitsAnswer,
  meanwhileAnswer,
  restartingAnswer,
  restorePlanAnswer,
  verifyAnswer,
} from '../messages/index.ts';
import { acknowledgeFirst, type LongAnswer } from './acknowledge.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** Reads both copies back: as long as the files are large. */
export function verify(deps: ListenerDeps, delivery: Delivery, runId: string): Promise<void> {
  const read = () => deps.backups.verify(delivery, { runId });
  return acknowledgeFirst(deps, delivery, read, verifyAnswer, longAnswer('verify', runId));
}

/** Restores the snapshot's copy into a throw-away etcd: minutes, and longer while it waits for the end of another drill. */
export function drill(deps: ListenerDeps, delivery: Delivery, runId: string): Promise<void> {
  let waits: { readonly for: SeatHolder | undefined } | undefined;
  const waitsFor = (holder: SeatHolder | undefined) => {
    waits = { for: holder };
  };
  const restore = () => deps.backups.drill(delivery, { runId, waitsFor });
  const long = longAnswer('drill', runId);
  return acknowledgeFirst(deps, delivery, restore, drillAnswer, {
    ...long,
    meanwhile: (context) => (waits ? drillWaitsAnswer(runId, waits.for, context) : long.meanwhile(context)),
  });
}

function longAnswer(what: 'verify' | 'drill', runId: string): LongAnswer {
  return {
    meanwhile: (context) => meanwhileAnswer(what, runId, context),
    restarting: (context) => restartingAnswer(what, runId, context),
  };
}

/** Which backup and why as a private answer, every step as a file in the person's direct messages. */
export function sendRestorePlan(
  deps: ListenerDeps,
  delivery: Delivery,
  input: {
    readonly what: string | undefined;
    readonly zStream: string | undefined;
    readonly before: string | undefined;
  },
): Promise<void> {
  const choose = () => deps.backups.restorePlan(delivery, input);
  return acknowledgeFirst(deps, delivery, choose, async (answer, context) => {
    if (answer.outcome !== 'restore-plan') return restorePlanAnswer(answer, context);
    const file = { name: 'RESTORE.md', content: answer.text };
    return restorePlanAnswer(answer, context, await uploadToPerson(deps, delivery.slackUser, file));
  });
}
