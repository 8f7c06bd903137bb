import { Args } from './args.ts';
import { interactionBase, sendClick } from './clicks.ts';
import { showPrivately } from './commands.ts';
import type { Core } from './core.ts';
import { type PersonRef, personOf } from './directory.ts';
import type { Dispatcher, Outcome } from './dispatch.ts';
import { actionOf, chosen, findElement, labelOf } from './elements.ts';
import { asObject, asText, isObject, type Json, type JsonObject, objectsIn } from './json.ts';
import type { Person } from './model.ts';
import type { View } from './views.ts';

export interface SubmitInput {
  readonly user: PersonRef;
  /** Values by action id: text as typed, option values for choosers (several joined by commas). */
  readonly values?: Readonly<Record<string, string>>;
  /** The user's top modal by default. */
  readonly viewId?: string;
}

export interface SubmitOutcome extends Outcome {
  /** Messages under the fields, by block id: from Slack itself or from the app's acknowledgement. */
  readonly errors: Readonly<Record<string, string>>;
}

/** A person fills in the modal and presses its submit button. */
export async function submitModal(
  core: Core,
  dispatcher: Dispatcher,
  input: SubmitInput,
): Promise<SubmitOutcome> {
  const person = personOf(core, input.user);
  const view = modalOf(core, person, input.viewId);
  const values = stateOf(view, input.values ?? {});
  const missing = missingFields(view, values);
  const text = `[${asText(asObject(view.submit).text)}] ${JSON.stringify(input.values ?? {})}`;
  core.state.record({ at: core.now(), kind: 'submit', who: person.id, text, view });
  if (Object.keys(missing).length > 0) {
    // Slack's client keeps the modal open and sends nothing.
    const nothing = { id: '', type: 'interactive' as const, payload: {} };
    const outcome = dispatcher.outcome(person.id, nothing, { status: 'unreachable' }, undefined, 0);
    return { ...outcome, privately: () => [], errors: missing };
  }
  view.state = { values };
  const payload: JsonObject = {
    ...interactionBase(core, person, 'view_submission'),
    trigger_id: core.triggers.issue(person.id),
    view: structuredClone(view),
    response_urls: [],
  };
  const firstMessage = core.state.messages.length;
  const { envelope, result } = await dispatcher.send('interactive', payload);
  const failure = result.status === 'acked' ? undefined : 'We had some trouble connecting. Try again?';
  if (failure !== undefined) showPrivately(core, person, undefined, failure);
  const errors = failure === undefined ? applyAnswer(core, person, view, result.body) : {};
  return { ...dispatcher.outcome(person.id, envelope, result, failure, firstMessage), errors };
}

/** A person closes the top modal; the app gets an event only if the view asked for one. */
export async function closeModal(
  core: Core,
  dispatcher: Dispatcher,
  ref: PersonRef,
): Promise<Outcome | undefined> {
  const person = personOf(core, ref);
  const view = modalOf(core, person, undefined);
  core.views.close(person.id);
  core.state.record({ at: core.now(), kind: 'view', who: person.id, text: 'closed', view });
  if (view.notify_on_close !== true) return undefined;
  const payload = {
    ...interactionBase(core, person, 'view_closed'),
    view: structuredClone(view),
    is_cleared: false,
  };
  return sendClick(core, dispatcher, person, undefined, payload);
}

export interface ViewClickInput {
  readonly user: PersonRef;
  readonly actionId: string;
  readonly value?: string;
  readonly blockId?: string;
  /** What was filled in before, by action id. */
  readonly values?: Readonly<Record<string, string>>;
  /** The Home tab instead of the top modal. */
  readonly home?: boolean;
}

/** A person presses a button or chooses in the top modal or in the Home tab. */
export async function clickView(core: Core, dispatcher: Dispatcher, input: ViewClickInput): Promise<Outcome> {
  const person = personOf(core, input.user);
  const view = input.home === true ? core.views.home(person.id) : modalOf(core, person, undefined);
  if (!view) throw new Error(`@${person.name} has no Home view: the app has published none.`);
  const { block, element } = findElement(objectsIn(view.blocks), input);
  if (block.type === 'input' && block.dispatch_action !== true) {
    throw new Error(`The app does not hear of ${input.actionId}: its block asks for no dispatch_action.`);
  }
  const action = actionOf(core, block, element, input.value);
  const chosenNow = block.type === 'input' ? { [input.actionId]: input.value ?? '' } : {};
  const values = stateOf(view, { ...input.values, ...chosenNow });
  // A list outside a field is part of the state, too; a button never is.
  if (block.type !== 'input' && element.type !== 'button' && element.type !== 'overflow') {
    const state = { type: element.type, ...chosen(element, input.value ?? '') };
    values[asText(block.block_id)] = { [input.actionId]: state };
  }
  view.state = { values };
  core.state.record({ at: core.now(), kind: 'click', who: person.id, text: `[${labelOf(element)}]`, view });
  const payload = {
    ...interactionBase(core, person, 'block_actions'),
    container: { type: 'view', view_id: view.id },
    trigger_id: core.triggers.issue(person.id),
    view: structuredClone(view),
    actions: [action],
  };
  return sendClick(core, dispatcher, person, undefined, payload);
}

function modalOf(core: Core, person: Person, viewId: string | undefined): View {
  const stack = core.views.stack(person.id);
  const view = viewId === undefined ? stack.at(-1) : stack.find((entry) => entry.id === viewId);
  if (view) return view;
  throw new Error(`@${person.name} has no open modal${viewId === undefined ? '' : ` ${viewId}`}.`);
}

/** `state.values` of the view with what the person typed; fields left alone keep what they had, at first their initial value. */
function stateOf(view: View, typed: Readonly<Record<string, string>>): JsonObject {
  const values: JsonObject = {};
  const used = new Set<string>();
  for (const block of objectsIn(view.blocks)) {
    if (block.type !== 'input' || !isObject(block.element)) continue;
    const element = block.element;
    const actionId = asText(element.action_id);
    const given = typed[actionId];
    used.add(actionId);
    const blockId = asText(block.block_id);
    const kept = asObject(asObject(asObject(view.state).values)[blockId])[actionId];
    values[blockId] = {
      [actionId]: given === undefined && isObject(kept) ? kept : fieldState(element, given),
    };
  }
  const unknown = Object.keys(typed).filter((key) => !used.has(key));
  if (unknown.length === 0) return values;
  throw new Error(`The modal has no field ${unknown.join(', ')}. It has: ${[...used].join(', ')}`);
}

function fieldState(element: JsonObject, given: string | undefined): JsonObject {
  const type = element.type;
  if (given !== undefined && given !== '') return { type, ...chosen(element, given) };
  const { initial_value, initial_option, initial_options, initial_user } = element;
  if (objectsIn(element.options).length > 0 || element.option_groups !== undefined) {
    const many = element.type === 'checkboxes' || asText(element.type).startsWith('multi_');
    return many
      ? { type, selected_options: initial_options ?? [] }
      : { type, selected_option: initial_option ?? null };
  }
  if (type === 'users_select') return { type, selected_user: initial_user ?? null };
  return { type, value: given === undefined ? (initial_value ?? null) : null };
}

function missingFields(view: View, values: JsonObject): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of objectsIn(view.blocks)) {
    if (block.type !== 'input' || !isObject(block.element)) continue;
    const blockId = asText(block.block_id);
    const { type: _type, ...state } = asObject(asObject(values[blockId])[asText(block.element.action_id)]);
    const [value] = Object.values(state);
    const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (empty && block.optional !== true) errors[blockId] = 'Please complete this required field.';
    const length = asText(value).length;
    const { max_length: most, min_length: least } = block.element;
    if (typeof most === 'number' && length > most)
      errors[blockId] = `Please enter at most ${most} characters.`;
    if (!empty && typeof least === 'number' && length < least)
      errors[blockId] = `Please enter at least ${least} characters.`;
  }
  return errors;
}

function applyAnswer(core: Core, person: Person, view: View, body: Json | undefined): Record<string, string> {
  const answer = new Args(asObject(body));
  const action = answer.text('response_action');
  if (action === 'errors') {
    const errors = asObject(answer.values.errors);
    const texts = Object.fromEntries(Object.entries(errors).map(([key, value]) => [key, asText(value)]));
    showPrivately(core, person, undefined, Object.values(texts).join(' '));
    return texts;
  }
  if (action === 'update') core.views.update({ id: view.id }, answer.values.view);
  else if (action === 'push') core.views.push(person.id, answer.values.view);
  else core.views.close(person.id, { all: action === 'clear' });
  const top = core.views.stack(person.id).at(-1) ?? view;
  const text = action === 'update' ? 'changes' : action === 'push' ? 'opens on top' : 'closed';
  core.state.record({ at: core.now(), kind: 'view', who: person.id, text, view: top });
  return {};
}
