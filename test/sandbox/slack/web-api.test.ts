import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { DEFAULT_SCOPES } from '../../../sandbox/slack/scopes.ts';
import type { Workspace, WorkspaceOptions } from '../../../sandbox/slack/workspace.ts';
import { button, refusal, section, silentLog, workspaceFor } from './bolt-app.ts';

function clientOf(workspace: Workspace, token = workspace.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 5_000,
    logger: silentLog,
  });
}

async function scene(t: TestContext, options: WorkspaceOptions = {}) {
  const workspace = await workspaceFor(t, options);
  const person = workspace.addUser({ name: 'requester', email: 'requester@example.com', locale: 'ko-KR' });
  const channel = workspace.addChannel({ name: 'ops', members: [person] });
  return { workspace, person, channel: channel.id, client: clientOf(workspace) };
}

test('tokens: wrong, missing, of the wrong kind and revoked ones are refused', async (t) => {
  const { workspace, client } = await scene(t);
  const me = await client.auth.test();
  assert.equal(me.user_id, workspace.identity.botUserId);
  assert.deepEqual(me.response_metadata?.scopes, [...DEFAULT_SCOPES]);
  assert.equal(await refusal(clientOf(workspace, 'xoxb-other').auth.test()), 'invalid_auth');
  const bare = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST' });
  assert.deepEqual(await bare.json(), { ok: false, error: 'not_authed' });
  assert.equal(await refusal(client.apps.connections.open()), 'not_allowed_token_type');
  assert.equal(await refusal(clientOf(workspace, workspace.appToken).apps.connections.open()), 'ok');
  assert.equal(await refusal(client.apiCall('no.such.method')), 'unknown_method');
  workspace.revokeTokens();
  assert.equal(await refusal(client.auth.test()), 'invalid_auth');
});

test('a JSON body does the same as a form body', async (t) => {
  const { workspace, channel } = await scene(t);
  const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${workspace.botToken}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify({ channel, text: 'x', blocks: [section('*bold* &amp; plain')] }),
  });
  assert.equal(((await response.json()) as { ok: boolean }).ok, true);
  assert.equal(
    workspace.renderMessage(workspace.messages(channel)[0] ?? { text: '', blocks: [] }),
    'bold & plain',
  );
});

test('a missing scope is named, with what there is', async (t) => {
  const withoutHistory = DEFAULT_SCOPES.filter((scope) => !scope.endsWith(':history'));
  const { workspace, client, channel } = await scene(t, { scopes: withoutHistory });
  const error = await client.conversations.history({ channel }).catch((failure) => failure.data);
  assert.equal(error.error, 'missing_scope');
  assert.equal(error.needed, 'channels:history');
  assert.equal(error.provided, withoutHistory.join(','));
  workspace.setScopes(['chat:write']);
  assert.equal(await refusal(client.users.info({ user: 'U1' })), 'missing_scope');
  assert.equal(
    await refusal(client.files.getUploadURLExternal({ filename: 'x', length: 1 })),
    'missing_scope',
  );
});

test('membership, archives and deleted messages', async (t) => {
  const { workspace, client, person, channel } = await scene(t);
  const post = (to: string) => refusal(client.chat.postMessage({ channel: to, text: 'x' }));
  const foreign = workspace.addChannel({ name: 'foreign', bot: false, members: [person] });
  const secret = workspace.addChannel({ name: 'secret', bot: false, private: true });
  assert.equal(await post(foreign.id), 'not_in_channel');
  assert.equal(await post(secret.id), 'channel_not_found');
  assert.equal(await post('C404'), 'channel_not_found');
  assert.equal(await refusal(client.conversations.info({ channel: foreign.id })), 'ok');
  workspace.setScopes([...DEFAULT_SCOPES, 'chat:write.public', 'channels:join']);
  assert.equal(await post(foreign.id), 'ok');
  await client.conversations.join({ channel: foreign.id });
  workspace.removeMember(channel, 'app');
  workspace.setScopes(DEFAULT_SCOPES);
  assert.equal(await post(channel), 'not_in_channel');
  workspace.invite(channel, 'app');
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'x' });
  workspace.archive(channel);
  assert.equal(await post(channel), 'is_archived');
  assert.equal(await refusal(client.chat.update({ channel, ts, text: 'y' })), 'is_inactive');
  workspace.unarchive(channel);
  workspace.deleteMessage(channel, ts, person);
  assert.equal(await refusal(client.chat.update({ channel, ts, text: 'y' })), 'message_not_found');
  assert.equal(await refusal(client.chat.getPermalink({ channel, message_ts: ts })), 'message_not_found');
  assert.equal(
    await refusal(client.chat.postMessage({ channel, thread_ts: ts, text: 'y' })),
    'thread_not_found',
  );
});

test('updates: own messages only, never ephemeral ones; text alone takes the blocks away', async (t) => {
  const { workspace, client, person, channel } = await scene(t);
  const said = workspace.say({ user: person, channel, text: 'hello' });
  assert.equal(await refusal(client.chat.update({ channel, ts: said.ts, text: 'y' })), 'cant_update_message');
  assert.equal(await refusal(client.chat.delete({ channel, ts: said.ts })), 'cant_delete_message');
  const { message_ts: ts = '' } = await client.chat.postEphemeral({
    channel,
    user: person.id,
    text: 'only you',
  });
  assert.equal(await refusal(client.chat.update({ channel, ts, text: 'y' })), 'message_not_found');
  const outsider = workspace.addUser({ name: 'viewer' });
  const aside = client.chat.postEphemeral({ channel, user: outsider.id, text: 'x' });
  assert.equal(await refusal(aside), 'user_not_in_channel');

  const { ts: card = '' } = await client.chat.postMessage({
    channel,
    text: 'card',
    blocks: [section('blocks')],
  });
  const [, message] = workspace.messages(channel);
  await client.chat.update({ channel, ts: card, text: 'still', blocks: [section('other')] });
  assert.equal(message?.markedEdited, false);
  await client.chat.update({ channel, ts: card, text: 'bare' });
  assert.deepEqual(message?.blocks, []);
  assert.equal(message?.markedEdited, true);
  assert.deepEqual(
    workspace.history(channel, card).map((revision) => workspace.renderMessage(revision)),
    ['blocks', 'other', 'bare'],
  );
});

test('metadata is kept and found again, in the channel and in the thread', async (t) => {
  const { client, channel } = await scene(t);
  const metadata = { event_type: 'backup_run', event_payload: { run: 'run-1' } };
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'x', metadata });
  await client.chat.postMessage({ channel, thread_ts: ts, text: 'step', metadata });
  await client.chat.postMessage({ channel, text: 'later' });
  const plain = await client.conversations.history({ channel });
  assert.deepEqual(
    plain.messages?.map((message) => [message.text, message.metadata, message.reply_count]),
    [
      ['later', undefined, undefined],
      ['x', undefined, 1],
    ],
  );
  const full = await client.conversations.history({
    channel,
    include_all_metadata: true,
    oldest: ts,
    inclusive: true,
    limit: 1,
  });
  assert.equal(full.has_more, true);
  const replies = await client.conversations.replies({ channel, ts, include_all_metadata: true });
  assert.deepEqual(
    replies.messages?.map((message) => message.metadata),
    [metadata, metadata],
  );
  const wrong = { event_type: 'x' } as never;
  assert.equal(
    await refusal(client.chat.postMessage({ channel, text: 'x', metadata: wrong })),
    'invalid_metadata_schema',
  );
});

test('the rate of a channel: a burst, then 429 with Retry-After, then again', async (t) => {
  let nowMs = Date.UTC(2026, 0, 5);
  const { workspace, client, channel } = await scene(t, { now: () => nowMs });
  workspace.setRateLimit({ burst: 2, perSecond: 1 });
  const other = workspace.addChannel({ name: 'other' }).id;
  const post = (to = channel) => client.chat.postMessage({ channel: to, text: 'x' });
  await post();
  await post();
  const error = await post().catch((failure) => failure);
  assert.equal(error.retryAfter, 1);
  assert.equal(await refusal(post(other)), 'ok');
  nowMs += 1_000;
  assert.equal(await refusal(post()), 'ok');
  assert.notEqual(await refusal(post()), 'ok');
  assert.equal(workspace.messages(channel).length, 3);
});

test('faults: refused, cut before, cut after, HTTP errors, rate limits and silence', async (t) => {
  const { workspace, client, channel } = await scene(t);
  const post = (text: string) => refusal(client.chat.postMessage({ channel, text }));
  workspace.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'internal_error' });
  workspace.faults.add({ method: 'chat.postMessage', kind: 'http', status: 502 });
  workspace.faults.add({ method: 'chat.postMessage', kind: 'reset' });
  workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
  workspace.faults.add({ method: 'chat.postMessage', kind: 'ratelimited', retryAfterS: 7 });
  assert.equal(await post('one'), 'internal_error');
  assert.match(await post('two'), /502/);
  assert.notEqual(await post('three'), 'ok');
  assert.equal(workspace.messages(channel).length, 0);
  assert.notEqual(await post('four'), 'ok');
  assert.deepEqual(
    workspace.messages(channel).map((message) => message.text),
    ['four'],
  );
  const limited = await client.chat.postMessage({ channel, text: 'five' }).catch((failure) => failure);
  assert.equal(limited.retryAfter, 7);
  workspace.faults.add({ method: '*', kind: 'freeze', when: (args) => args.text === 'six' });
  const impatient = new WebClient(workspace.botToken, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    timeout: 200,
    logger: silentLog,
  });
  assert.match(await refusal(impatient.chat.postMessage({ channel, text: 'six' })), /timeout|abort/i);
  assert.equal(await post('seven'), 'ok');
  assert.deepEqual(
    workspace.calls('chat.postMessage').map((call) => call.outcome),
    ['error', 'http', 'reset', 'lost-response', 'ratelimited', 'freeze', 'ok'],
  );
});

test('people: flags, locale, mail only with its scope, user groups, direct conversations', async (t) => {
  const scopes = [...DEFAULT_SCOPES, 'usergroups:read', 'users:read.email'];
  const { workspace, client, person } = await scene(t, { scopes });
  const guest = workspace.addUser({ name: 'guest', isRestricted: true });
  const stranger = workspace.addUser({ name: 'stranger', isStranger: true, teamId: 'T0OTHER' });
  const info = await client.users.info({ user: person.id, include_locale: true });
  assert.equal(info.user?.locale, 'ko-KR');
  assert.equal(info.user?.is_restricted, false);
  assert.equal(info.user?.profile?.email, 'requester@example.com');
  assert.equal((await client.users.info({ user: guest.id })).user?.is_restricted, true);
  const other = (await client.users.info({ user: stranger.id })).user as Record<string, unknown>;
  assert.deepEqual([other.is_stranger, other.team_id], [true, 'T0OTHER']);
  assert.equal((await client.users.lookupByEmail({ email: 'Requester@example.com' })).user?.id, person.id);
  assert.equal(await refusal(client.users.lookupByEmail({ email: 'nobody@example.com' })), 'users_not_found');
  const group = workspace.addGroup('platform-admins', [person, guest]);
  assert.deepEqual((await client.usergroups.users.list({ usergroup: group.id })).users, [
    person.id,
    guest.id,
  ]);
  const opened = await client.conversations.open({ users: person.id });
  await client.chat.postMessage({ channel: opened.channel?.id ?? '', text: 'hello' });
  await client.chat.postMessage({ channel: person.id, text: 'again' });
  assert.deepEqual(
    workspace.private(person).map((message) => message.text),
    ['hello', 'again'],
  );
  assert.deepEqual(workspace.private(guest), []);
  workspace.deactivate(guest);
  assert.equal(await refusal(client.conversations.open({ users: guest.id })), 'user_disabled');
  workspace.setScopes(DEFAULT_SCOPES);
  assert.equal((await client.users.info({ user: person.id })).user?.profile?.email, undefined);
});

test('channels: private ones are listed only where the app is in; pages follow the cursor', async (t) => {
  const { workspace, client } = await scene(t);
  workspace.addChannel({ name: 'hidden', private: true, bot: false });
  workspace.addChannel({ name: 'inside', private: true });
  workspace.addChannel({ name: 'old', archived: true });
  const types = 'public_channel,private_channel';
  const names: string[] = [];
  for await (const page of client.paginate('conversations.list', {
    types,
    limit: 1,
    exclude_archived: true,
  })) {
    for (const channel of (page as { channels?: { name?: string }[] }).channels ?? [])
      names.push(channel.name ?? '');
  }
  assert.deepEqual(names, ['ops', 'inside']);
});

test('an upload goes into the thread, whole; to a channel name or without membership it is refused', async (t) => {
  const { workspace, client, channel } = await scene(t);
  const { ts: thread_ts = '' } = await client.chat.postMessage({ channel, text: 'card' });
  const content = 'line 1\n둘째 줄\n';
  const file = Buffer.from(content);
  const upload = { file, filename: 'run.log', title: 'Log', initial_comment: 'The log' };
  await client.files.uploadV2({ ...upload, channel_id: channel, thread_ts });
  const reply = workspace.thread(channel, thread_ts)[1];
  assert.equal(reply?.text, 'The log');
  assert.equal(reply?.files[0]?.bytes.toString(), content);
  assert.equal(
    workspace.renderMessage(reply ?? { text: '', blocks: [] }),
    `The log\n📎 Log (${file.length} bytes)`,
  );
  assert.equal(await refusal(client.files.uploadV2({ ...upload, channel_id: 'ops' })), 'channel_not_found');
  const away = workspace.addChannel({ name: 'away', bot: false });
  workspace.setScopes([...DEFAULT_SCOPES, 'chat:write.public']);
  assert.equal(await refusal(client.files.uploadV2({ ...upload, channel_id: away.id })), 'not_in_channel');
  const short = await client.files.getUploadURLExternal({ filename: 'x', length: 5 });
  const sent = await fetch(short.upload_url ?? '', { method: 'POST', body: 'four' });
  assert.equal(sent.status, 400);
  const files: [{ id: string; title: string }] = [{ id: short.file_id ?? '', title: 'x' }];
  assert.equal(await refusal(client.files.completeUploadExternal({ files })), 'file_not_found');
});

test('the same seed and clock give the same ids', async (t) => {
  const now = () => 1_767_600_000_123;
  const first = await scene(t, { now });
  const second = await scene(t, { now });
  const run = ({ client, channel }: typeof first) =>
    client.chat.postMessage({
      channel,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button('Go', 'go')] }],
    });
  assert.deepEqual((await run(first)).message, (await run(second)).message);
  assert.equal(first.workspace.messages(first.channel)[0]?.ts, '1767600000.123000');
});
