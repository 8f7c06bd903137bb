import { type DoctorLine, doctorLine } from '../../domain/doctor/doctor.ts';
import type { SlackPeople, SlackSelf } from '../../workflow/ports/ports.ts';
import { askIdentity } from '../client/identity.ts';
import { createPeople } from '../client/people.ts';
import { ProxiedDispatcher } from '../client/proxied.ts';
import { createSlackSelf } from '../client/self.ts';
import { slackFailure } from '../client/slack-failure.ts';
import { createWebClient } from '../client/web-client.ts';
import type { SlackOptions } from './app.ts';

type Options = Pick<SlackOptions, 'botToken' | 'apiUrl' | 'teamId' | 'proxy' | 'clock' | 'log'> & {
  /** SECRET. undefined: there is none to look at. */
  readonly appToken: string | undefined;
};

/** Slack as a terminal sees it; `slack` undefined: it did not let us in, and `lines` say why. */
export interface SlackLook {
  readonly slack: { readonly people: SlackPeople; readonly self: SlackSelf } | undefined;
  readonly lines: readonly DoctorLine[];
  close(): void;
}

/** Asks Slack once whose tokens these are. Opens no connection for commands, posts nothing, never throws for what Slack says. */
export async function lookAtSlack(options: Options): Promise<SlackLook> {
  const { clock, log, apiUrl, botToken, appToken, teamId: expectedTeamId } = options;
  const dispatcher = options.proxy && new ProxiedDispatcher(options.proxy);
  const client = createWebClient({ token: botToken, apiUrl, log, retries: 1, dispatcher });
  const close = () => dispatcher?.end();
  const once = new AbortController();
  let silence: string | undefined;
  try {
    const identity = await askIdentity(client, {
      expectedTeamId,
      clock,
      log,
      signal: once.signal,
      // The bot waits for Slack; who looks wants to know now.
      onWait(detail) {
        silence = detail;
        once.abort();
      },
    });
    const appClient =
      appToken === undefined
        ? undefined
        : createWebClient({ token: appToken, apiUrl, log, retries: 1, dispatcher });
    const lines = appClient ? [await appTokenLine(() => appClient.apps.connections.open({}))] : [];
    const people = createPeople({ client, teamId: identity.teamId, clock });
    return { slack: { people, self: createSlackSelf(client, identity.botName) }, lines, close };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const line =
      silence === undefined
        ? doctorLine('slack.refused', { detail })
        : doctorLine('slack.unreachable', { detail: silence });
    return { slack: undefined, lines: [line], close };
  }
}

/** The answer is the address of a connection that is then not opened; it is worth nothing a minute later. */
async function appTokenLine(open: () => Promise<unknown>): Promise<DoctorLine> {
  try {
    await open();
    return doctorLine('app-token.works', {});
  } catch (error) {
    const { kind, detail } = slackFailure(error);
    const isRefused = kind === 'unauthorized' || kind === 'refused';
    return isRefused
      ? doctorLine('app-token.refused', { detail })
      : doctorLine('slack.unreachable', { detail });
  }
}
