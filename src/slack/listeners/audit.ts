import type { Asked } from '../../workflow/backups.ts';
import { auditFile } from '../audit-file.ts';
import { auditAnswer, auditNotDelivered } from '../messages/index.ts';
import { troubleOf } from '../slack-trouble.ts';
import { acknowledgeFirst } from './acknowledge.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** The check's result as a private answer, the record as a file in the person's direct messages. */
export function sendAudit(
  deps: ListenerDeps,
  delivery: Delivery,
  asked: Asked,
  runId: string,
): Promise<void> {
  return acknowledgeFirst(
    deps,
    delivery,
    () => deps.backups.audit(asked, { runId }),
    async (answer, context) => {
      if (answer.outcome !== 'audit') return auditAnswer(answer, context);
      const trouble = await upload(deps, delivery.slackUser, auditFile(answer));
      return trouble === undefined
        ? auditAnswer(answer, context)
        : auditNotDelivered(runId, trouble, context);
    },
  );
}

/** Uploads need a channel id, also for one person. Returns what went wrong, in a few words. */
async function upload(
  deps: ListenerDeps,
  slackUser: string,
  file: { name: string; content: string },
): Promise<string | undefined> {
  try {
    const direct = await deps.client.conversations.open({ users: slackUser });
    const channel = direct.channel?.id;
    if (channel === undefined) return 'Slack gave no direct conversation';
    await deps.client.filesUploadV2({ channel_id: channel, filename: file.name, content: file.content });
    return undefined;
  } catch (error) {
    const { detail } = troubleOf(error);
    deps.log.warn({ slackUser, trouble: detail }, 'a record could not be uploaded');
    return detail;
  }
}
