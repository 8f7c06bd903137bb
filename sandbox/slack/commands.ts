import { ApiError } from './api-error.ts';
import { Args } from './args.ts';
import { contentOf } from './content.ts';
import type { Core } from './core.ts';
import type { Acknowledgement } from './delivery.ts';
import { type ChannelRef, channelOf, type PersonRef, personOf } from './directory.ts';
import type { Dispatcher, Outcome } from './dispatch.ts';
import { asText, isObject, type JsonObject } from './json.ts';
import type { Channel, Person } from './model.ts';
import { post } from './posting.ts';

export interface SlashInput {
  readonly user: PersonRef;
  readonly channel: ChannelRef;
  readonly command: string;
  readonly text?: string;
  /** Typed into a thread's reply box: Slack does not send it to the app. */
  readonly threadTs?: string;
}

/** A person types a command and sends it. Resolves when the app acknowledged or Slack gave up. */
export async function typeCommand(core: Core, dispatcher: Dispatcher, input: SlashInput): Promise<Outcome> {
  const person = personOf(core, input.user);
  const channel = channelOf(core, input.channel);
  mustBeThere(person, channel);
  const firstMessage = core.state.messages.length;
  const text = input.text ?? '';
  const at = core.now();
  core.state.record({
    at,
    kind: 'command',
    who: person.id,
    channel: channel.id,
    text: `${input.command} ${text}`.trim(),
  });
  if (input.threadTs !== undefined) {
    const failure = `${input.command} is not supported in threads. Sorry!`;
    showPrivately(core, person, channel, failure);
    const never = { id: '', type: 'slash_commands' as const, payload: {} };
    return dispatcher.outcome(person.id, never, { status: 'unreachable' }, failure, firstMessage);
  }
  const payload = commandPayload(core, person, channel, input.command, text);
  const { envelope, result } = await dispatcher.send('slash_commands', payload);
  const failure =
    failureOf(input.command, result) ?? showAnswer(core, person, channel, input.command, result);
  if (failure !== undefined) showPrivately(core, person, channel, failure);
  return dispatcher.outcome(person.id, envelope, result, failure, firstMessage);
}

/** Throws where a real person could not even try. */
export function mustBeThere(person: Person, channel: Channel): void {
  if (person.deleted) throw new Error(`@${person.name} is deactivated and cannot do anything in Slack.`);
  if (!channel.members.has(person.id))
    throw new Error(`@${person.name} is not in ${channel.name}; add them first.`);
  if (channel.archived) throw new Error(`${channel.name} is archived and takes no commands or messages.`);
}

/** Slack's own words to one person, in the log. */
export function showPrivately(core: Core, person: Person, channel: Channel | undefined, text: string): void {
  const place = channel === undefined ? {} : { channel: channel.id };
  core.state.record({ at: core.now(), kind: 'failure', who: person.id, text, ...place });
}

function commandPayload(
  core: Core,
  person: Person,
  channel: Channel,
  command: string,
  text: string,
): JsonObject {
  const { identity } = core;
  const names = { public: channel.name, private: 'privategroup', direct: 'directmessage' };
  const key = core.responseUrls.issue({ user: person.id, channel: channel.id });
  return {
    token: 'legacy-verification-token',
    team_id: identity.teamId,
    team_domain: identity.teamDomain,
    channel_id: channel.id,
    channel_name: names[channel.kind],
    user_id: person.id,
    user_name: person.name,
    command,
    text,
    api_app_id: identity.appId,
    ...(identity.enterpriseId === undefined ? {} : { enterprise_id: identity.enterpriseId }),
    is_enterprise_install: 'false',
    response_url: `${core.baseUrl}/response/${key}`,
    trigger_id: core.triggers.issue(person.id),
  };
}

function failureOf(command: string, result: Acknowledgement): string | undefined {
  const code = {
    acked: undefined,
    timeout: 'operation_timeout',
    unreachable: 'dispatch_failed',
    refused: 'http_service_error',
  };
  const error = code[result.status];
  return error === undefined ? undefined : `${command} failed with the error "${error}"`;
}

/** An acknowledgement with text or blocks is an answer: private unless it says `in_channel`. */
function showAnswer(
  core: Core,
  person: Person,
  channel: Channel,
  command: string,
  result: Acknowledgement,
): string | undefined {
  const body = result.body;
  if (!isObject(body) || (asText(body.text) === '' && body.blocks === undefined)) return undefined;
  try {
    const content = contentOf(core, new Args(body));
    const open = body.response_type === 'in_channel';
    post(core, content, { channel: channel.id, ...(open ? {} : { visibleTo: person.id }) });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${command} failed with the error "${error.code}"`;
  }
}
