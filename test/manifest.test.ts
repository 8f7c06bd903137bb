import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { neededScopes } from '../src/slack/client/scopes.ts';
import { slashCommand } from '../src/slack/client/slash-command.ts';

/** Slack's manifest schema, as far as this app uses it: Slack refuses unknown keys, and so does this. */
const manifestSchema = z.strictObject({
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    long_description: z.string().min(175).max(4_000),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/i),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({
      display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/),
      always_online: z.boolean(),
    }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().startsWith('/').max(32),
        description: z.string().min(1).max(2_000),
        usage_hint: z.string().max(1_000),
        should_escape: z.boolean(),
      }),
    ),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).min(1) }) }),
  settings: z.strictObject({
    interactivity: z.strictObject({ is_enabled: z.boolean() }),
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).min(1).max(100) }),
    socket_mode_enabled: z.boolean(),
    org_deploy_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

/** Every Web API method that src/slack calls, with the bot scopes that Slack asks for it. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  // Public and private channels; cards are posted in both. Direct messages: answers to one person.
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history'],
  // The first step of an upload, which takes the text that describes a picture.
  'files.getUploadURLExternal': ['files:write'],
  // The client's own name for files.getUploadURLExternal and files.completeUploadExternal.
  filesUploadV2: ['files:write'],
  'users.info': ['users:read'],
  // A trigger_id is right enough.
  'views.open': [],
  // The Home tab is the app's own.
  'views.publish': [],
  'views.update': [],
};

const root = new URL('../', import.meta.url);

async function manifest(): Promise<unknown> {
  return parse(await readFile(new URL('manifest.yml', root), 'utf8'));
}

async function slackSource(): Promise<string> {
  const texts: string[] = [];
  for await (const file of glob('src/slack/**/*.ts', { cwd: root }))
    texts.push(await readFile(new URL(file, root), 'utf8'));
  return texts.join('\n');
}

describe('manifest.yml', () => {
  it('is within Slack’s limits and has no unknown keys', async () => {
    manifestSchema.parse(await manifest());
  });

  it('asks for Socket Mode, interactivity and one event, and for nothing that the app is not made for', async () => {
    const { settings } = manifestSchema.parse(await manifest());
    assert.deepEqual(settings, {
      interactivity: { is_enabled: true },
      event_subscriptions: { bot_events: ['app_home_opened'] },
      socket_mode_enabled: true,
      org_deploy_enabled: false,
      token_rotation_enabled: false,
    });
  });

  it('registers the command that the app listens to', async () => {
    const { features } = manifestSchema.parse(await manifest());
    assert.deepEqual(
      features.slash_commands.map((each) => each.command),
      [slashCommand],
    );
  });

  it('subscribes to exactly the events that src/slack listens to, and has the tab that they are about', async () => {
    const events = (await slackSource()).matchAll(/\bapp\.event(?:<[^>]*>)?\(\s*'(\w+)'/g);
    const { settings, features } = manifestSchema.parse(await manifest());
    assert.deepEqual(
      [...new Set([...events].map(([, name]) => name))].sort(),
      [...settings.event_subscriptions.bot_events].sort(),
    );
    assert.equal(features.app_home.home_tab_enabled, true, 'views.publish is refused without it');
  });

  it('asks for exactly the scopes that the calls of src/slack need', async () => {
    const source = await slackSource();
    const calls = source.matchAll(/\bclient\s*\.(filesUploadV2|\w+\s*\.\w+)\(/g);
    const called = new Set([...calls].map(([, method]) => method?.replace(/\s/g, '')));
    assert.deepEqual(
      [...called].sort(),
      Object.keys(scopesOf),
      'the table above names every method, and no other',
    );
    const { oauth_config: oauth } = manifestSchema.parse(await manifest());
    const needed = new Set(['commands', ...Object.values(scopesOf).flat()]);
    assert.deepEqual([...oauth.scopes.bot].sort(), [...needed].sort());
    assert.deepEqual(oauth.scopes.bot, [...neededScopes], 'what the doctor looks for');
  });
});
