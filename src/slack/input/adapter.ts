import type { App, BlockAction, ButtonAction, RespondArguments, ViewSubmitAction } from '@slack/bolt';
import { isOurs } from '../client/identity.ts';
import { noUnfurling } from '../client/post-message.ts';
import { slashCommand } from '../client/slash-command.ts';
import { voteAnswer } from '../messages/index.ts';
import { acknowledgeFirst } from './acknowledge.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** A button carries ids and nothing more: who may do what is decided from the record. */
export interface Click extends Delivery {
  readonly value: string;
  readonly action: ButtonAction;
  readonly body: BlockAction;
}

export interface Submission extends Delivery {
  readonly view: ViewSubmitAction['view'];
  /** Keeps the form open, with these sentences under its fields. */
  readonly refuse: (errors: Record<string, string>) => Promise<void>;
}

export interface OpenedHome extends Pick<Delivery, 'slackUser' | 'deliveryId' | 'ours'> {
  /** Of the view as the person saw it; undefined: none was published for them yet. */
  readonly hash: string | undefined;
}

/** People of other workspaces are refused before anything else. */
export function onCommand(
  app: App,
  deps: ListenerDeps,
  handle: (delivery: Delivery, text: string) => Promise<void>,
): void {
  app.command(slashCommand, async ({ payload, ack, respond }) => {
    const delivery: Delivery = {
      slackUser: payload.user_id,
      channel: payload.channel_id,
      // The same in every delivery of one envelope, and new for every command.
      deliveryId: `command:${payload.trigger_id}`,
      triggerId: payload.trigger_id,
      what: 'command',
      ours: isOurs(deps.identity, {
        teamId: payload.team_id,
        userTeamId: undefined,
        enterpriseId: payload.enterprise_id,
      }),
      respond,
      ack: () => ack(),
      ackWith: (message) =>
        ack({ response_type: 'ephemeral', ...message, ...noUnfurling } as RespondArguments),
    };
    // Slack leaves the text out when there is none.
    await (delivery.ours ? handle(delivery, payload.text ?? '') : refuseStranger(deps, delivery));
  });
}

/** Clicks on a button; people of other workspaces are refused. */
export function onButton(
  app: App,
  deps: ListenerDeps,
  actionId: string,
  handle: (click: Click) => Promise<void>,
): void {
  onAnyClick(app, deps, actionId, (click) => (click.ours ? handle(click) : refuseStranger(deps, click)));
}

/** The same without refusing strangers. */
export function onAnyClick(
  app: App,
  deps: ListenerDeps,
  actionId: string | RegExp,
  handle: (click: Click) => Promise<void>,
): void {
  app.action<BlockAction>(
    { type: 'block_actions', action_id: actionId },
    async ({ body, action, ack, respond }) => {
      const button = action as ButtonAction;
      const { channel_id, message_ts } = body.container;
      await handle({
        ...personAndTrigger(deps, body),
        channel: body.channel?.id ?? '',
        // A click that does not say where it was made is on no card.
        message: { channel: textOf(channel_id), ts: textOf(message_ts) },
        // Payload fields, so the same whenever Slack delivers the click again; action_ts distinguishes two clicks.
        deliveryId: `click:${body.trigger_id}:${button.action_ts}`,
        what: button.action_id.slice(0, 80),
        respond: body.response_url ? respond : undefined,
        ack: () => ack(),
        value: button.value ?? '',
        action: button,
        body,
      });
    },
  );
}

/** Strangers are not refused here. `channel` is empty: the form keeps it in its view. */
export function onSubmission(
  app: App,
  deps: ListenerDeps,
  callbackId: string,
  handle: (submission: Submission) => Promise<void>,
): void {
  app.view<ViewSubmitAction>({ callback_id: callbackId, type: 'view_submission' }, async ({ body, ack }) => {
    await handle({
      ...personAndTrigger(deps, body),
      channel: '',
      // The same in every delivery of one submission; a form that was refused and is sent again is another one.
      deliveryId: `form:${body.view.id}:${body.trigger_id}`,
      what: callbackId,
      ack: () => ack(),
      view: body.view,
      refuse: (errors) => ack({ response_action: 'errors', errors }),
    });
  });
}

/** A person opens the Home tab; strangers are not refused here. Bolt acknowledges events itself. */
export function onHomeOpened(
  app: App,
  deps: ListenerDeps,
  handle: (opened: OpenedHome) => Promise<void>,
): void {
  app.event('app_home_opened', async ({ event, body }) => {
    // The Messages tab comes as the same event.
    if (event.tab !== 'home') return;
    // Bolt's types of the event leave the hash out.
    const view: object = event.view ?? {};
    await handle({
      slackUser: event.user,
      deliveryId: `event:${body.event_id}`,
      ours: isOurs(deps.identity, {
        teamId: body.team_id,
        userTeamId: undefined,
        enterpriseId: body.enterprise_id,
      }),
      hash: 'hash' in view && typeof view.hash === 'string' ? view.hash : undefined,
    });
  });
}

function personAndTrigger(deps: ListenerDeps, body: BlockAction | ViewSubmitAction) {
  return {
    slackUser: body.user.id,
    triggerId: body.trigger_id,
    ours: isOurs(deps.identity, {
      teamId: body.team?.id,
      userTeamId: body.user.team_id,
      enterpriseId: body.enterprise?.id,
    }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function refuseStranger(deps: ListenerDeps, delivery: Delivery): Promise<void> {
  const refusal = { outcome: 'refused-person', accountKind: 'stranger' } as const;
  return acknowledgeFirst(deps, delivery, async () => refusal, voteAnswer);
}
