import type { App, RespondArguments, SlashCommand } from '@slack/bolt';
import type { Asked } from '../../workflow/backups.ts';
import { cardLink } from '../card-link.ts';
import { type Command, parseCommand } from '../command-text.ts';
import { isOurs } from '../identity.ts';
import {
  boardAnswer,
  cancelAnswer,
  checkAnswer,
  commandProblem,
  doctorAnswer,
  helpMessage,
  readyAnswer,
  requestAnswer,
  runAnswer,
  runsAnswer,
  voteAnswer,
} from '../messages/index.ts';
import { isRunId } from '../run-id.ts';
import { slashCommand } from '../slash-command.ts';
import { acknowledgeFirst, recordFirst } from './acknowledge.ts';
import { sendAudit } from './audit.ts';
import { drill, sendRestorePlan, verify } from './copies.ts';
import type { Delivery, ListenerDeps } from './listener.ts';
import { needsForm, openForm } from './open-form.ts';

export function listenToCommand(app: App, deps: ListenerDeps): void {
  app.command(slashCommand, async ({ payload, ack, respond }) => {
    const delivery: Delivery = {
      slackUser: payload.user_id,
      channel: payload.channel_id,
      // The same in every delivery of one envelope, and new for every command.
      deliveryId: `command:${payload.trigger_id}`,
      what: 'command',
      ours: isOurs(deps.identity, {
        teamId: payload.team_id,
        userTeamId: undefined,
        enterpriseId: payload.enterprise_id,
      }),
      respond,
      ack: (message) => ack(message && ({ response_type: 'ephemeral', ...message } as RespondArguments)),
      ackSpeaks: true,
    };
    await answerCommand(deps, delivery, payload);
  });
}

async function answerCommand(deps: ListenerDeps, delivery: Delivery, payload: SlashCommand): Promise<void> {
  if (!delivery.ours) {
    const refusal = { outcome: 'refused-person', standing: 'stranger' } as const;
    return acknowledgeFirst(deps, delivery, async () => refusal, requestAnswer);
  }
  // Slack leaves the text out when there is none.
  const parsed = parseCommand(payload.text ?? '');
  if (!parsed.ok) return acknowledgeFirst(deps, delivery, async () => parsed.problem, commandProblem);
  deps.log.info(
    { command: parsed.command.kind, slackUser: delivery.slackUser, channel: delivery.channel },
    'command',
  );
  return perform(deps, delivery, parsed.command, payload.trigger_id);
}

function perform(deps: ListenerDeps, delivery: Delivery, command: Command, triggerId: string): Promise<void> {
  const { backups, client, clock } = deps;
  const asked: Asked = {
    slackUser: delivery.slackUser,
    channel: delivery.channel,
    deliveryId: delivery.deliveryId,
  };
  switch (command.kind) {
    case 'run': {
      const { cluster, node, reason, emergency } = command;
      if (cluster === undefined && needsForm(deps, asked, command)) {
        return openForm(deps, delivery, triggerId, command);
      }
      const request = () => backups.request(asked, { cluster, node, reason, emergency });
      return recordFirst(deps, delivery, request, async (answer, context) => {
        const link = 'run' in answer ? await cardLink(client, clock, answer.run.card) : undefined;
        return requestAnswer(answer, link === undefined ? context : { ...context, cardLink: link });
      });
    }
    case 'approve':
    case 'reject': {
      const input = { runId: command.run, decision: command.kind, reason: command.reason };
      return recordFirst(deps, delivery, () => backups.vote(asked, input), voteAnswer);
    }
    case 'cancel': {
      const input = { runId: command.run, reason: command.reason };
      return recordFirst(deps, delivery, () => backups.cancel(asked, input), cancelAnswer);
    }
    case 'check': {
      const { cluster, node } = command;
      return acknowledgeFirst(deps, delivery, () => backups.check(asked, { cluster, node }), checkAnswer);
    }
    case 'ready-to-update': {
      const { cluster } = command;
      return acknowledgeFirst(deps, delivery, () => backups.ready(asked, { cluster }), readyAnswer);
    }
    case 'doctor': {
      const { cluster } = command;
      return acknowledgeFirst(deps, delivery, () => backups.doctor(asked, { cluster }), doctorAnswer);
    }
    case 'status':
      if (command.what !== undefined && meansRun(deps, command.what))
        return show(deps, delivery, asked, command.what);
      return acknowledgeFirst(
        deps,
        delivery,
        () => backups.status(asked, { cluster: command.what }),
        (answer, context) => runsAnswer('status', answer, context),
      );
    case 'list':
      return acknowledgeFirst(
        deps,
        delivery,
        () => backups.list(asked, { cluster: command.cluster }),
        (answer, context) => runsAnswer('list', answer, context),
      );
    case 'audit':
      return sendAudit(deps, delivery, asked, command.run);
    case 'verify':
      return verify(deps, delivery, asked, command.run);
    case 'drill':
      return drill(deps, delivery, asked, command.run);
    case 'restore-plan':
      return sendRestorePlan(deps, delivery, asked, command);
    case 'show':
      return show(deps, delivery, asked, command.run);
    case 'fleet':
      return acknowledgeFirst(deps, delivery, () => backups.board(asked), boardAnswer);
    case 'help':
      return acknowledgeFirst(
        deps,
        delivery,
        async () => command,
        (_, context) => helpMessage(command.topic, context),
      );
  }
}

/** Also an id with a slip in it, so that the answer can name the run that is meant. */
function meansRun({ fleet }: ListenerDeps, word: string): boolean {
  return isRunId(word) || (/^r-/i.test(word) && fleet.cluster(word.toLowerCase()) === undefined);
}

function show(deps: ListenerDeps, delivery: Delivery, asked: Asked, runId: string): Promise<void> {
  return acknowledgeFirst(deps, delivery, () => deps.backups.show(asked, { runId }), runAnswer);
}
