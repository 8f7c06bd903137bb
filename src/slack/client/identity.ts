import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Clock, Log } from '../../workflow/ports/ports.ts';
import { pauseAfter } from './backoff.ts';
import { slackFailure } from './slack-failure.ts';

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

export interface AskIdentity {
  readonly expectedTeamId: string | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Pick<Log, 'warn'>;
  /** Ends the waiting; the promise rejects then. */
  readonly signal: AbortSignal;
  /** Called for each try that Slack did not answer, with the reason in one line. */
  readonly onWait: (detail: string) => void;
}

/**
 * Asks Slack whose token this is, until Slack answers. Throws, saying what to do, when the token is refused, is no bot's, or
 * belongs to another workspace than `expectedTeamId`.
 */
export async function askIdentity(client: WebClient, options: AskIdentity): Promise<BotIdentity> {
  const { expectedTeamId } = options;
  const answer = await untilAnswered(client, options);
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

async function untilAnswered(
  client: WebClient,
  { clock, log, signal, onWait }: AskIdentity,
): Promise<unknown> {
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await client.auth.test();
    } catch (error) {
      const trouble = slackFailure(error);
      if (trouble.kind === 'unauthorized' || trouble.kind === 'refused') throw refusedError(trouble, error);
      const pauseMs = pauseAfter(trouble, failures);
      log.warn({ failures, pauseMs, trouble: trouble.detail }, 'Slack cannot be reached; trying again');
      onWait(trouble.detail);
      await clock.sleep(pauseMs, signal);
    }
  }
}

function refusedError({ kind, detail }: { kind: string; detail: string }, cause: unknown): Error {
  const next =
    kind === 'unauthorized'
      ? 'expected the bot token (xoxb-…) of an installed app: reinstall it and put the new token into the configuration'
      : 'look the reason up in Slack’s description of auth.test, and check slack.apiUrl in the configuration';
  return new Error(`Slack did not say whose bot token this is (auth.test: ${detail}); ${next}`, { cause });
}

/** What a delivery says about where it comes from. */
interface Origin {
  readonly teamId: string | undefined;
  readonly userTeamId: string | undefined;
  readonly enterpriseId: string | undefined;
}

/**
 * Whether a delivery comes from our own workspace: shared channels bring people of others. In Enterprise Grid it may name the
 * organisation, or the person's home workspace there: that of our own organisation is let through, and `users.info` then
 * says whether the person belongs to our workspace.
 * What a workspace does not say about (fields that are absent) cannot speak for it, so it must be named.
 */
export function isOurs(identity: BotIdentity, from: Origin): boolean {
  const { teamId, enterpriseId } = identity;
  if (enterpriseId !== undefined && from.enterpriseId !== undefined)
    return from.enterpriseId === enterpriseId;
  const ours = [teamId, enterpriseId];
  if (from.teamId === undefined || !ours.includes(from.teamId)) return false;
  return from.userTeamId === undefined || ours.includes(from.userTeamId);
}
