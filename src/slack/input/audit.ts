import { uploadToPerson } from '../client/upload.ts';
import { auditAnswer, auditNotDelivered } from '../messages/index.ts';
import { acknowledgeFirst } from './acknowledge.ts';
import { auditFile } from './audit-file.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** The check's result as a private answer, the record as a file in the person's direct messages. */
export function sendAudit(deps: ListenerDeps, delivery: Delivery, runId: string): Promise<void> {
  return acknowledgeFirst(
    deps,
    delivery,
    () => deps.backups.audit(delivery, { runId }),
    async (answer, context) => {
      if (answer.outcome !== 'audit') return auditAnswer(answer, context);
      const trouble = await uploadToPerson(deps, delivery.slackUser, auditFile(answer));
      return trouble === undefined
        ? auditAnswer(answer, context)
        : auditNotDelivered(runId, trouble, context);
    },
  );
}
