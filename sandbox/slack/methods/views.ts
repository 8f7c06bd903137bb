import { ApiError, invalidArguments } from '../api-error.ts';
import type { Args } from '../args.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { View } from '../views.ts';
import type { Methods } from './methods.ts';

export const viewMethods: Methods = {
  'views.open': (core, args) => {
    const candidate = viewOf(args);
    const user = core.triggers.exchange(args.required('trigger_id'));
    return shown(core, user, core.views.open(user, candidate), 'opens');
  },

  'views.push': (core, args) => {
    const candidate = viewOf(args);
    const user = core.triggers.exchange(args.required('trigger_id'));
    return shown(core, user, core.views.push(user, candidate), 'opens on top');
  },

  'views.update': (core, args) => {
    const id = args.text('view_id');
    const externalId = args.text('external_id');
    const hash = args.text('hash');
    if (id === undefined && externalId === undefined)
      throw invalidArguments('missing required field: view_id');
    const { user, view } = core.views.update(
      {
        ...(id === undefined ? {} : { id }),
        ...(externalId === undefined ? {} : { externalId }),
        ...(hash === undefined ? {} : { hash }),
      },
      viewOf(args),
    );
    return shown(core, user, view, 'changes');
  },

  'views.publish': (core, args) => {
    const user = args.required('user_id');
    if (!core.state.people.has(user)) throw new ApiError('user_not_found');
    if (!core.features.homeTab) throw new ApiError('not_enabled');
    const view = core.views.publish(user, viewOf(args), args.text('hash'));
    core.state.record({ at: core.now(), kind: 'home', who: user, text: 'home', view });
    return { view };
  },
};

function viewOf(args: Args): unknown {
  return args.json('view', () => invalidArguments('`view` is not JSON'));
}

function shown(core: Core, user: string, view: View, text: string): JsonObject {
  core.state.record({ at: core.now(), kind: 'view', who: user, text, view });
  return { view };
}
