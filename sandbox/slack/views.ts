import { ApiError, refusalWithMessages } from './api-error.ts';
import { problemsOfView, withIds } from './block-check.ts';
import type { Ids } from './ids.ts';
import { asObject, asText, isObject, type JsonObject, objectsIn } from './json.ts';

const MAX_VIEW_BYTES = 250_000;
const MAX_STACK = 3;

/** A view as Slack keeps it, in the shape of the Web API's answers. */
export interface View extends JsonObject {
  id: string;
  hash: string;
}

export interface Views {
  /** Opens a new stack of modals for the user. */
  open(user: string, view: unknown): View;
  /** Puts a modal on top of the user's stack of at most three. */
  push(user: string, view: unknown): View;
  /** Replaces a view in place; a given hash must be the current one. */
  update(
    find: { id?: string; externalId?: string; hash?: string },
    view: unknown,
  ): { user: string; view: View };
  publish(user: string, view: unknown, hash?: string): View;
  home(user: string): View | undefined;
  /** The user's modals, the top one last. */
  stack(user: string): readonly View[];
  /** Takes away the top modal, or all of them. */
  close(user: string, options?: { all?: boolean }): void;
}

/** What a person filled in stays when the view changes, in fields whose block and action are still there. */
function keptValues(base: View | undefined, blocks: readonly JsonObject[]): JsonObject {
  const before = asObject(asObject(base?.state).values);
  const kept = blocks.flatMap((block) => {
    const blockId = asText(block.block_id);
    const actionId = asText(asObject(block.element).action_id);
    const state = asObject(before[blockId])[actionId];
    return state === undefined ? [] : [[blockId, { [actionId]: state }] as const];
  });
  return Object.fromEntries(kept);
}

interface Owner {
  readonly teamId: string;
  readonly appId: string;
  readonly botId: string;
}

function checked(candidate: unknown, type: 'modal' | 'home'): JsonObject {
  const problems = problemsOfView(candidate);
  if (isObject(candidate) && candidate.type !== type)
    problems.push(`must be of type ${type} [json-pointer:/view/type]`);
  if (problems.length > 0) throw refusalWithMessages('invalid_arguments', problems);
  if (Buffer.byteLength(JSON.stringify(candidate)) > MAX_VIEW_BYTES) throw new ApiError('view_too_large');
  return candidate as JsonObject;
}

/** `previous`: the modal below it; `base`: the view that it replaces, whose id it keeps. */
function createView(
  ids: Ids,
  owner: Owner,
  content: JsonObject,
  { previous, base }: { previous?: View | undefined; base?: View | undefined } = {},
): View {
  const id = base?.id ?? ids.next('V');
  const blocks = withIds(objectsIn(content.blocks), () => ids.token('block', 5));
  return {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    ...content,
    blocks,
    id,
    team_id: owner.teamId,
    app_id: owner.appId,
    bot_id: owner.botId,
    root_view_id: base?.root_view_id ?? previous?.root_view_id ?? id,
    previous_view_id: base?.previous_view_id ?? previous?.id ?? null,
    state: { values: keptValues(base, blocks) },
    hash: `${ids.token('hash', 10)}.${ids.token('hash', 8)}`,
  };
}

export function createViews(ids: Ids, owner: Owner): Views {
  const stacks = new Map<string, View[]>();
  const homes = new Map<string, View>();

  function refuseTakenExternalId(candidate: JsonObject): void {
    const wanted = asText(candidate.external_id);
    const taken = [...stacks.values()].flat().some((view) => view.external_id === wanted);
    if (wanted !== '' && taken) throw new ApiError('duplicate_external_id');
  }

  return {
    open(user, candidate) {
      const content = checked(candidate, 'modal');
      refuseTakenExternalId(content);
      const view = createView(ids, owner, content);
      stacks.set(user, [view]);
      return view;
    },
    push(user, candidate) {
      const content = checked(candidate, 'modal');
      refuseTakenExternalId(content);
      const stack = stacks.get(user) ?? [];
      if (stack.length >= MAX_STACK) throw new ApiError('push_limit_reached');
      const view = createView(ids, owner, content, { previous: stack.at(-1) });
      stacks.set(user, [...stack, view]);
      return view;
    },
    update(find, candidate) {
      const content = checked(candidate, 'modal');
      for (const [user, stack] of stacks) {
        const index = stack.findIndex(
          (view) =>
            view.id === find.id || (find.externalId !== undefined && view.external_id === find.externalId),
        );
        const current = stack[index];
        if (!current) continue;
        if (find.hash !== undefined && find.hash !== current.hash) throw new ApiError('hash_conflict');
        const view = createView(ids, owner, content, { base: current });
        stack[index] = view;
        return { user, view };
      }
      throw new ApiError('not_found');
    },
    publish(user, candidate, hash) {
      const content = checked(candidate, 'home');
      const current = homes.get(user);
      if (hash !== undefined && hash !== current?.hash) throw new ApiError('hash_conflict');
      const view = createView(ids, owner, content, { base: current });
      homes.set(user, view);
      return view;
    },
    home: (user) => homes.get(user),
    stack: (user) => stacks.get(user) ?? [],
    close(user, options = {}) {
      stacks.set(user, options.all === true ? [] : (stacks.get(user) ?? []).slice(0, -1));
    },
  };
}
