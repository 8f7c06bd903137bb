import type { Asked } from '../../workflow/backups.ts';
import {
  drillAnswer,
  meanwhileAnswer,
  restartingAnswer,
  restorePlanAnswer,
  verifyAnswer,
} from '../messages/index.ts';
import { uploadToPerson } from '../upload.ts';
import { acknowledgeFirst, type LongAnswer } from './acknowledge.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** Reads both copies back: as long as the files are large. */
export function verify(deps: ListenerDeps, delivery: Delivery, asked: Asked, runId: string): Promise<void> {
  const read = () => deps.backups.verify(asked, { runId });
  return acknowledgeFirst(deps, delivery, read, verifyAnswer, longAnswer('verify', runId));
}

/** Restores the snapshot's copy into a throw-away etcd: minutes. */
export function drill(deps: ListenerDeps, delivery: Delivery, asked: Asked, runId: string): Promise<void> {
  const restore = () => deps.backups.drill(asked, { runId });
  return acknowledgeFirst(deps, delivery, restore, drillAnswer, longAnswer('drill', runId));
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
  asked: Asked,
  input: { readonly what: string | undefined; readonly zStream: string | undefined },
): Promise<void> {
  const choose = () => deps.backups.restorePlan(asked, input);
  return acknowledgeFirst(deps, delivery, choose, async (answer, context) => {
    if (answer.outcome !== 'restore-plan') return restorePlanAnswer(answer, context);
    const file = { name: 'RESTORE.md', content: answer.text };
    return restorePlanAnswer(answer, context, await uploadToPerson(deps, delivery.slackUser, file));
  });
}
