import type { Methods } from './methods.ts';

export const sessionMethods: Methods = {
  'auth.test': (core) => ({
    url: `https://${core.identity.teamDomain}.slack.com/`,
    team: core.identity.teamName,
    user: core.identity.botName,
    team_id: core.identity.teamId,
    user_id: core.identity.botUserId,
    bot_id: core.identity.botId,
    ...(core.identity.enterpriseId === undefined ? {} : { enterprise_id: core.identity.enterpriseId }),
    is_enterprise_install: false,
  }),

  // Called with the app token; the Web API server has checked it.
  'apps.connections.open': (core) => ({ url: core.socketUrl() }),
};
