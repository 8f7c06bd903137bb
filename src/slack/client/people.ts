import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { known, type Reading, unknown } from '../../domain/cluster/reading.ts';
import type { SlackProfile } from '../../domain/people/person.ts';
import type { Language } from '../../domain/policy/policy.ts';
import { withDeadline } from '../../workflow/ports/deadline.ts';
import type { Clock, SlackPeople } from '../../workflow/ports/ports.ts';
import { reasonOf, slackFailure } from './slack-failure.ts';

export interface PeopleOptions {
  readonly client: WebClient;
  /** Our workspace, from auth.test. */
  readonly teamId: string;
  readonly clock: Clock;
  /** For deciding who may do what: 60 s and 5 s by default. */
  readonly profileCacheMs?: number;
  readonly profileDeadlineMs?: number;
}

export interface People extends SlackPeople {
  /** The language of the person's Slack; `fallback` when it is another one or not to be had in time. Never throws. */
  language(slackUser: string, fallback: Language): Promise<Language>;
  /** The same without asking Slack: what it said lately, or `fallback`. */
  languageKnown(slackUser: string, fallback: Language): Language;
}

const languageCacheMs = 10 * 60_000;
const languageDeadlineMs = 1_500;
const maxCached = 1_000;

const usersInfo = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    locale: z.string().optional(),
    enterprise_user: z.object({ teams: z.array(z.string()).nullish() }).nullish(),
  }),
});

/** Slack's word on accounts, through users.info. Failures are not kept: the next question asks Slack again. */
export function createPeople(options: PeopleOptions): People {
  const { client, teamId, clock, profileCacheMs = 60_000, profileDeadlineMs = 5_000 } = options;
  const kept = new Map<string, { readonly at: number; readonly profile: SlackProfile }>();
  const asking = new Map<string, Promise<Reading<SlackProfile>>>();

  function cached(slackUser: string, maxAgeMs: number): SlackProfile | undefined {
    const entry = kept.get(slackUser);
    return entry && clock.monotonic() - entry.at < maxAgeMs ? entry.profile : undefined;
  }

  async function ask(slackUser: string): Promise<Reading<SlackProfile>> {
    const reading = await readProfile(client, slackUser);
    if (reading.ok) {
      kept.delete(slackUser);
      kept.set(slackUser, { at: clock.monotonic(), profile: reading.value });
      const [oldest] = kept.keys();
      if (kept.size > maxCached && oldest !== undefined) kept.delete(oldest);
    }
    return reading;
  }

  /** Several questions about one person at the same time are one call. */
  function askOnce(slackUser: string): Promise<Reading<SlackProfile>> {
    const already = asking.get(slackUser);
    if (already) return already;
    const call = ask(slackUser).finally(() => asking.delete(slackUser));
    asking.set(slackUser, call);
    return call;
  }

  return {
    teamId,
    async profile(slackUser, withinMs = profileDeadlineMs) {
      const fresh = cached(slackUser, profileCacheMs);
      if (fresh) return known(fresh);
      const answer = await withDeadline(clock, withinMs, askOnce(slackUser));
      if (answer.inTime) return answer.value;
      return unknown('timeout', `Slack did not say within ${withinMs / 1000} s who ${slackUser} is`);
    },
    languageKnown: (slackUser, fallback) => languageOf(cached(slackUser, languageCacheMs)?.locale, fallback),
    async language(slackUser, fallback) {
      const fresh = cached(slackUser, languageCacheMs);
      if (fresh) return languageOf(fresh.locale, fallback);
      const answer = await withDeadline(clock, languageDeadlineMs, askOnce(slackUser));
      return answer.inTime && answer.value.ok ? languageOf(answer.value.value.locale, fallback) : fallback;
    },
  };
}

async function readProfile(client: WebClient, slackUser: string): Promise<Reading<SlackProfile>> {
  let answer: unknown;
  try {
    answer = await client.users.info({ user: slackUser, include_locale: true });
  } catch (error) {
    const trouble = slackFailure(error);
    return unknown(reasonOf(trouble), `users.info of ${slackUser}: ${trouble.detail}`);
  }
  const parsed = usersInfo.safeParse(answer);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    return unknown('malformed', `users.info of ${slackUser}: cannot read ${fields}`);
  }
  const { user } = parsed.data;
  const workspaces = user.enterprise_user?.teams;
  return known({
    teamId: user.team_id,
    deleted: user.deleted,
    guest: user.is_restricted || user.is_ultra_restricted,
    stranger: user.is_stranger,
    // Slackbot calls itself no bot.
    bot: user.is_bot || user.id === 'USLACKBOT',
    locale: user.locale,
    ...(workspaces ? { workspaces } : {}),
  });
}

function languageOf(locale: string | undefined, fallback: Language): Language {
  const language = locale?.split(/[-_]/)[0]?.toLowerCase();
  return language === 'en' || language === 'ko' ? language : fallback;
}
