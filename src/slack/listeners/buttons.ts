import type { App, BlockAction, ButtonAction, RespondFn } from '@slack/bolt';
import type { Asked } from '../../workflow/backups.ts';
import { cardLink } from '../card-link.ts';
import { isOurs } from '../identity.ts';
import {
  actionIds,
  cancelAnswer,
  commandProblem,
  formIds,
  parseButtonValue,
  voteAnswer,
} from '../messages/index.ts';
import { acknowledge, acknowledgeFirst, recordFirst } from './acknowledge.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

export interface Click {
  readonly body: BlockAction;
  readonly action: ButtonAction;
  readonly ack: () => Promise<void>;
  readonly respond: RespondFn | undefined;
}

/** A button carries ids and nothing more: who may do what is decided from the record. */
export function listenToVote(app: App, deps: ListenerDeps, decision: 'approve' | 'reject'): void {
  onButton(app, actionIds[decision], (click) => {
    const delivery = deliveryOf(deps, click);
    if (!delivery.ours) return refuseStranger(deps, delivery);
    const value = parseButtonValue(click.action.value ?? '');
    if (!value) return noSuchRun(deps, delivery, click.action.value ?? '');
    // Without a plan's number an approval would hold for whatever the plan is now: plans are counted from 1.
    const { runId, planRevision = 0 } = value;
    const input = { runId, decision, reason: undefined, planRevision };
    const vote = () => deps.backups.vote(askedOf(delivery, click), input);
    return recordFirst(deps, delivery, vote, async (answer, context) => {
      const lookThere = answer.outcome === 'old-plan' || answer.outcome === 'not-this-card';
      const link = lookThere ? await cardLink(deps.client, deps.clock, answer.run.card) : undefined;
      return voteAnswer(answer, link === undefined ? context : { ...context, cardLink: link });
    });
  });
}

export function listenToCancel(app: App, deps: ListenerDeps): void {
  onButton(app, actionIds.cancel, (click) => {
    const delivery = deliveryOf(deps, click);
    if (!delivery.ours) return refuseStranger(deps, delivery);
    const value = parseButtonValue(click.action.value ?? '');
    if (!value) return noSuchRun(deps, delivery, click.action.value ?? '');
    const input = { runId: value.runId, reason: undefined };
    const cancel = () => deps.backups.cancel(askedOf(delivery, click), input);
    return recordFirst(deps, delivery, cancel, cancelAnswer);
  });
}

/** Buttons that an earlier or later release of this bot posted: a click on an old button always gets an answer. */
export function listenToUnknownButtons(app: App, deps: ListenerDeps): void {
  const known = new Set<string>([...Object.values(actionIds), ...Object.values(formIds)]);
  onButton(app, /^[\s\S]*$/, async (click) => {
    const word = click.action.action_id;
    if (known.has(word)) return;
    const delivery = deliveryOf(deps, click);
    // Slack opens the address by itself and only wants to know that we heard of it.
    if (click.action.url !== undefined) return acknowledge(deps, delivery);
    deps.log.warn({ actionId: word.slice(0, 80) }, 'a button of another release was clicked');
    const problem = { kind: 'unknown-word', word } as const;
    return acknowledgeFirst(deps, delivery, async () => problem, commandProblem);
  });
}

export function onButton(app: App, actionId: string | RegExp, handle: (click: Click) => Promise<void>): void {
  app.action<BlockAction>({ type: 'block_actions', action_id: actionId }, ({ body, action, ack, respond }) =>
    handle({ body, action: action as ButtonAction, ack: () => ack(), respond }),
  );
}

export function deliveryOf(deps: ListenerDeps, click: Click): Delivery {
  const { body, action } = click;
  return {
    slackUser: body.user.id,
    channel: body.channel?.id ?? '',
    // Payload fields, so the same whenever Slack delivers the click again; action_ts tells two clicks apart.
    deliveryId: `click:${body.trigger_id}:${action.action_ts}`,
    what: action.action_id.slice(0, 80),
    ours: isOurs(deps.identity, {
      teamId: body.team?.id,
      userTeamId: body.user.team_id,
      enterpriseId: body.enterprise?.id,
    }),
    respond: body.response_url ? click.respond : undefined,
    ack: () => click.ack(),
    ackSpeaks: false,
  };
}

export function askedOf({ slackUser, channel, deliveryId }: Delivery, { body }: Click): Asked {
  const { channel_id, message_ts } = body.container;
  // A click that does not say where it was made is on no card.
  return { slackUser, channel, deliveryId, message: { channel: textOf(channel_id), ts: textOf(message_ts) } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function refuseStranger(deps: ListenerDeps, delivery: Delivery): Promise<void> {
  const refusal = { outcome: 'refused-person', standing: 'stranger' } as const;
  return acknowledgeFirst(deps, delivery, async () => refusal, voteAnswer);
}

function noSuchRun(deps: ListenerDeps, delivery: Delivery, value: string): Promise<void> {
  const answer = { outcome: 'no-such-run', runId: value.slice(0, 40) } as const;
  return acknowledgeFirst(deps, delivery, async () => answer, voteAnswer);
}
