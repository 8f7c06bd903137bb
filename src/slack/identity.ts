import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { troubleOf } from './slack-trouble.ts';

/** Who we are in Slack: the workspace that the bot is installed in, and the bot's own account. */
export interface BotIdentity {
  readonly teamId: string;
  readonly enterpriseId: string | undefined;
  readonly botUserId: string;
  readonly botId: string;
  /** As people type it behind an @. */
  readonly botName: string;
}

const authTest = z.object({
  team_id: z.string().min(1),
  enterprise_id: z.string().nullish(),
  user_id: z.string().min(1),
  bot_id: z.string().min(1),
  user: z.string().min(1),
});

/**
 * Asks Slack whose token this is. Throws, saying what to do, when the token is refused, is no bot's, or belongs to
 * another workspace than `expectedTeamId`.
 */
export async function askIdentity(
  client: WebClient,
  expectedTeamId: string | undefined,
): Promise<BotIdentity> {
  const answer = await client.auth.test().catch((error: unknown) => {
    const trouble = troubleOf(error);
    const next =
      trouble.kind === 'unauthorized'
        ? 'expected the bot token (xoxb-…) of an installed app: reinstall it and put the new token into the configuration'
        : 'check that Slack can be reached from here, and slack.apiUrl in the configuration';
    throw new Error(`Slack did not say whose bot token this is (auth.test: ${trouble.detail}); ${next}`, {
      cause: error,
    });
  });
  const parsed = authTest.safeParse(answer);
  if (!parsed.success) {
    throw new Error(
      'the configured bot token is not a bot’s (auth.test names no bot): expected a token that begins with xoxb-',
    );
  }
  const { team_id: teamId, enterprise_id: enterpriseId, user_id: botUserId, bot_id: botId } = parsed.data;
  const { user: botName } = parsed.data;
  if (expectedTeamId !== undefined && teamId !== expectedTeamId) {
    throw new Error(
      `the bot token is of workspace ${teamId}, but the configuration expects ${expectedTeamId} (slack.teamId); ` +
        'correct the one that is wrong',
    );
  }
  return { teamId, enterpriseId: enterpriseId ?? undefined, botUserId, botId, botName };
}

/**
 * Whether a delivery comes from our own workspace: shared channels bring people of others.
 * What a workspace does not say about (fields that are absent) cannot speak for it, so the workspace itself must be named.
 */
export function isOurs(
  identity: BotIdentity,
  from: {
    readonly teamId: string | undefined;
    readonly userTeamId: string | undefined;
    readonly enterpriseId: string | undefined;
  },
): boolean {
  if (from.teamId !== identity.teamId) return false;
  if (from.userTeamId !== undefined && from.userTeamId !== identity.teamId) return false;
  return (
    from.enterpriseId === undefined ||
    identity.enterpriseId === undefined ||
    from.enterpriseId === identity.enterpriseId
  );
}
