import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';

/** What a terminal says of Slack before the bot is connected. */
export const tokenLines = (t: Tools) =>
  ({
    'slack.not-looked-at': ({ missing }) => ({
      looked: md`Slack`,
      found: md`scopes, channels and people were not looked at: ${t.names(missing)} not set here`,
      fix: md`Once the Slack app exists, ask again where its tokens are set.`,
    }),

    'slack.unreachable': ({ detail }) => ({
      looked: md`Slack`,
      found: md`does not answer (${detail})`,
      fix: md`Check the way to Slack: DNS, firewall, ${t.code('proxy')}, ${t.code('ca')} and ${t.code('slack.apiUrl')} in the bot's configuration.`,
    }),

    'slack.refused': ({ detail }) => ({
      looked: md`Bot token`,
      found: md`${detail}`,
      fix: md`“OAuth &amp; Permissions” in the app's settings shows the token: put it where ${t.code('slack.botToken')} comes from.`,
    }),

    'delivery.not-looked-at': ({ key }) => ({
      looked: md`Commands and clicks from Slack`,
      found: md`not looked at: ${t.code(key)} is not set here`,
      fix: md`The bot does not start without it. Ask again where it is set.`,
    }),

    'app-token.works': () => ({ looked: md`App-level token`, found: md`Slack accepts it` }),

    'app-token.refused': ({ detail }) => ({
      looked: md`App-level token`,
      found: md`Slack does not accept it (${detail})`,
      fix: md`Make one with the scope ${t.code('connections:write')} under “Basic Information → App-Level Tokens” in the app's settings, and put it where ${t.code('slack.appToken')} comes from.`,
    }),
  }) satisfies Partial<DoctorTexts>;
