import { mustBeThere, showPrivately } from './commands.ts';
import type { Core } from './core.ts';
import { type ChannelRef, channelOf, type PersonRef, personOf } from './directory.ts';
import type { Dispatcher, Outcome } from './dispatch.ts';
import { actionOf, findElement, labelOf } from './elements.ts';
import { asObject, asText, isObject, type JsonObject, objectsIn } from './json.ts';
import type { Channel, Message, Person } from './model.ts';
import { messageJson } from './posting.ts';

export interface ClickInput {
  readonly user: PersonRef;
  readonly channel: ChannelRef;
  readonly ts: string;
  readonly actionId: string;
  /** Which button, when several share the action id; for a menu, the option to choose. */
  readonly value?: string;
  readonly blockId?: string;
  /** Click on the message in the form of this revision (0 is the post), as a client that missed edits shows it. */
  readonly revision?: number;
}

interface Target {
  readonly person: Person;
  readonly channel: Channel;
  readonly message: Message;
  readonly block: JsonObject;
  readonly element: JsonObject;
}

/**
 * A person clicks in a message in its current form. If the element asks for confirmation, `agree` is their answer;
 * declining sends nothing and resolves to undefined.
 */
export async function clickMessage(
  core: Core,
  dispatcher: Dispatcher,
  input: ClickInput,
  agree: boolean,
): Promise<Outcome | undefined> {
  const target = targetOf(core, input);
  const { person, channel, message, element } = target;
  const entry = { at: core.now(), who: person.id, channel: channel.id, message } as const;
  const asked = isObject(element.confirm) ? element.confirm : undefined;
  if (!asked && !agree)
    throw new Error(`[${labelOf(element)}] asks for no confirmation that could be declined.`);
  core.state.record({ ...entry, kind: 'click', text: `[${labelOf(element)}]` });
  if (asked) core.state.record({ ...entry, kind: 'confirm', text: dialogText(asked, agree) });
  if (!agree) return undefined;
  return sendClick(core, dispatcher, person, channel, payloadOf(core, target, input.value));
}

export function clickPayloadFor(core: Core, input: ClickInput): JsonObject {
  return payloadOf(core, targetOf(core, input), input.value);
}

function payloadOf(core: Core, target: Target, value: string | undefined): JsonObject {
  const { person, channel, message, block, element } = target;
  return clickPayload(core, person, channel, message, actionOf(core, block, element, value));
}

function targetOf(core: Core, input: ClickInput): Target {
  const person = personOf(core, input.user);
  const channel = channelOf(core, input.channel);
  mustBeThere(person, channel);
  const message = core.state.find(channel.id, input.ts, { ephemeral: true });
  if (!message || (message.visibleTo !== undefined && message.visibleTo !== person.id)) {
    throw new Error(
      `@${person.name} sees no message ${input.ts} in ${channel.name}: it is deleted or not for them.`,
    );
  }
  const blocks = input.revision === undefined ? message.blocks : message.revisions[input.revision]?.blocks;
  return { person, channel, message, ...findElement(blocks ?? [], input) };
}

/** Sends an old interaction again: its content as it was, with a fresh trigger and response_url. */
export async function sendAgain(core: Core, dispatcher: Dispatcher, old: JsonObject): Promise<Outcome> {
  const person = personOf(core, asText(asObject(old.user).id));
  const channel = channelOf(core, asText(asObject(old.channel).id));
  const message = core.state.find(channel.id, asText(asObject(old.container).message_ts), {
    ephemeral: true,
  });
  const payload = structuredClone(old);
  payload.trigger_id = core.triggers.issue(person.id);
  payload.response_url = responseUrl(core, person, channel, message);
  const actionTs = core.ids.ts(core.now());
  payload.actions = objectsIn(payload.actions).map((action) => ({ ...action, action_ts: actionTs }));
  const label = objectsIn(payload.actions)
    .map((action) => labelOf(action))
    .join(', ');
  const text = `[${label}] (in an earlier form)`;
  const subject = message === undefined ? {} : { message };
  core.state.record({ at: core.now(), kind: 'click', who: person.id, channel: channel.id, text, ...subject });
  return sendClick(core, dispatcher, person, channel, payload);
}

export async function sendClick(
  core: Core,
  dispatcher: Dispatcher,
  person: Person,
  channel: Channel | undefined,
  payload: JsonObject,
): Promise<Outcome> {
  const firstMessage = core.state.messages.length;
  const { envelope, result } = await dispatcher.send('interactive', payload);
  const failures = {
    acked: undefined,
    timeout: 'The app did not respond in time (operation_timeout).',
    unreachable: 'The app could not be reached (dispatch_failed).',
    refused: `The app responded with status code ${String(result.body)}.`,
  };
  const failure = failures[result.status];
  if (failure !== undefined) showPrivately(core, person, channel, failure);
  return dispatcher.outcome(person.id, envelope, result, failure, firstMessage);
}

function userJson(person: Person): JsonObject {
  return { id: person.id, username: person.name, name: person.name, team_id: person.teamId };
}

/** Fields that every interaction carries. */
export function interactionBase(core: Core, person: Person, type: string): JsonObject {
  const { identity } = core;
  const { enterpriseId } = identity;
  return {
    type,
    user: userJson(person),
    api_app_id: identity.appId,
    token: 'legacy-verification-token',
    team: { id: identity.teamId, domain: identity.teamDomain },
    enterprise: enterpriseId === undefined ? null : { id: enterpriseId, name: 'organisation' },
    is_enterprise_install: false,
  };
}

function clickPayload(
  core: Core,
  person: Person,
  channel: Channel,
  message: Message,
  action: JsonObject,
): JsonObject {
  const ephemeral = message.visibleTo !== undefined;
  const { type: _type, action_id, block_id, action_ts: _ts, ...state } = action;
  const isButton = action.type === 'button';
  return {
    ...interactionBase(core, person, 'block_actions'),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: ephemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    trigger_id: core.triggers.issue(person.id),
    channel: { id: channel.id, name: channel.kind === 'direct' ? 'directmessage' : channel.name },
    // Slack sends no message for an ephemeral one: it keeps none.
    ...(ephemeral ? {} : { message: messageJson(core, message, { metadata: true }) }),
    state: {
      values: isButton
        ? {}
        : { [asText(block_id)]: { [asText(action_id)]: { type: action.type, ...state } } },
    },
    response_url: responseUrl(core, person, channel, message),
    actions: [action],
  };
}

function responseUrl(core: Core, person: Person, channel: Channel, message: Message | undefined): string {
  const source = message === undefined ? {} : { source: message };
  return `${core.baseUrl}/response/${core.responseUrls.issue({ user: person.id, channel: channel.id, ...source })}`;
}

function dialogText(confirm: JsonObject, agreed: boolean): string {
  const part = (name: string) => asText(asObject(confirm[name]).text);
  const answer = agreed ? part('confirm') : part('deny');
  return `${part('title')} — ${part('text')} → [${answer}]`;
}
