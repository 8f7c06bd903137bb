import { ApiError } from '../api-error.ts';
import type { Core } from '../core.ts';
import type { JsonObject } from '../json.ts';
import type { Person } from '../model.ts';
import { requireScope } from '../scopes.ts';
import type { Methods } from './methods.ts';

export const userMethods: Methods = {
  'users.info': (core, args) => {
    requireScope(core.scopes, 'users:read');
    const person = core.state.people.get(args.required('user'));
    if (!person) throw new ApiError('user_not_found');
    return { user: userJson(core, person, args.flag('include_locale')) };
  },

  'users.lookupByEmail': (core, args) => {
    requireScope(core.scopes, 'users:read.email');
    const email = args.required('email').toLowerCase();
    const person = [...core.state.people.values()].find((entry) => entry.email?.toLowerCase() === email);
    if (!person || person.deleted) throw new ApiError('users_not_found');
    return { user: userJson(core, person, false) };
  },

  'usergroups.users.list': (core, args) => {
    requireScope(core.scopes, 'usergroups:read');
    const group = core.state.groups.get(args.required('usergroup'));
    if (!group) throw new ApiError('no_such_subteam');
    return { users: [...group.members] };
  },
};

function userJson(core: Core, person: Person, withLocale: boolean): JsonObject {
  const mayReadEmail = core.scopes.includes('users:read.email') && person.email !== undefined;
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.deleted,
    real_name: person.realName,
    tz: person.tz,
    tz_offset: person.tzOffsetS,
    is_admin: person.isAdmin,
    is_owner: false,
    is_bot: person.isBot,
    is_app_user: false,
    is_restricted: person.isRestricted,
    is_ultra_restricted: person.isUltraRestricted,
    // Slack leaves the flag out for people of the own workspace.
    ...(person.isStranger ? { is_stranger: true } : {}),
    ...enterpriseUser(core, person),
    ...(withLocale ? { locale: person.locale } : {}),
    profile: {
      real_name: person.realName,
      display_name: person.name,
      team: person.teamId,
      ...(mayReadEmail ? { email: person.email } : {}),
    },
  };
}

function enterpriseUser(core: Core, { id, workspaces }: Person): JsonObject {
  const { enterpriseId } = core.identity;
  if (enterpriseId === undefined || workspaces === undefined) return {};
  const flags = { is_admin: false, is_owner: false };
  return { enterprise_user: { id, enterprise_id: enterpriseId, ...flags, teams: [...workspaces] } };
}
