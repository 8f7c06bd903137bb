import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { known, type Reading, unknown } from '../../domain/cluster/reading.ts';
import type { ChannelMembership, SlackSelf } from '../../workflow/ports/ports.ts';
import { neededScopes } from './scopes.ts';
import { reasonOf, type SlackFailure, slackFailure } from './slack-failure.ts';

// The client copies Slack's header x-oauth-scopes into the answer.
const authTest = z.object({ response_metadata: z.object({ scopes: z.array(z.string()) }) });

const channelInfo = z.object({
  channel: z.object({ is_member: z.boolean().default(false), is_archived: z.boolean().default(false) }),
});

/** What Slack reports about the bot itself, queried each time: what it needs may have been taken away since the start. */
export function createSlackSelf(client: WebClient, botName: string): SlackSelf {
  return {
    botName,
    async permalink({ channel, ts }) {
      try {
        return (await client.chat.getPermalink({ channel, message_ts: ts })).permalink;
      } catch {
        // A link that is missing in a manifest must not cost the backup.
        return undefined;
      }
    },
    async scopes() {
      const answer = await reading('auth.test', authTest, () => client.auth.test());
      if (!answer.ok) return unreadable('auth.test', answer.trouble);
      const granted = answer.value.response_metadata.scopes.filter((scope) => scope !== '');
      return known({ granted, missing: neededScopes.filter((scope) => !granted.includes(scope)) });
    },
    async channel(id) {
      const call = `conversations.info of ${id}`;
      const answer = await reading(call, channelInfo, () => client.conversations.info({ channel: id }));
      if (answer.ok) return known(membershipIn(answer.value.channel));
      const { trouble } = answer;
      const gone = trouble.kind === 'refused' && trouble.code === 'channel_not_found';
      return gone ? known('not-found') : unreadable(call, trouble);
    },
  };
}

function membershipIn(channel: z.infer<typeof channelInfo>['channel']): ChannelMembership {
  if (channel.is_archived) return 'archived';
  return channel.is_member ? 'member' : 'not-a-member';
}

type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trouble: SlackFailure | { kind: 'malformed'; detail: string } };

async function reading<T>(
  what: string,
  schema: z.ZodType<T>,
  call: () => Promise<unknown>,
): Promise<Answer<T>> {
  let answer: unknown;
  try {
    answer = await call();
  } catch (error) {
    return { ok: false, trouble: slackFailure(error) };
  }
  const parsed = schema.safeParse(answer);
  if (parsed.success) return { ok: true, value: parsed.data };
  const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { ok: false, trouble: { kind: 'malformed', detail: `cannot read ${fields} of ${what}` } };
}

function unreadable(call: string, trouble: Extract<Answer<never>, { ok: false }>['trouble']): Reading<never> {
  if (trouble.kind === 'malformed') return unknown('malformed', trouble.detail);
  return unknown(reasonOf(trouble), `${call}: ${trouble.detail}`);
}
