import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { uploadPicture } from '../../../src/slack/client/upload.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { randomIds } from '../../../src/system/ids.ts';
import { type Backups, createBackups } from '../../../src/workflow/answers/create-backups.ts';
import { sourceFiles } from '../../architecture/source-files.ts';
import { everyFinding } from '../../support/message-samples.ts';
import { aPlan } from '../../support/runs.ts';
import { unusedPorts } from '../../support/unused-ports.ts';
import { type Installed, install } from '../installed-app.ts';

const posting = ['chat.postMessage', 'chat.postEphemeral', 'response_url'] as const;
/** Three bytes a character. */
const long = '컨트롤 플레인 노드가 응답하지 않습니다 '.repeat(10);

describe('what is posted', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  async function listen(change: Partial<Backups> = {}): Promise<void> {
    const real = createBackups({
      records: app.records,
      fleet: app.fleet,
      ...unusedPorts,
      people: slack.people,
      self: slack.self,
      clock: systemClock(),
      ids: randomIds(),
      log: app.log,
      wake: () => undefined,
    });
    slack.listen({
      watch: app.records.watch,
      backups: { ...real, ...change },
      fleet: app.fleet,
      language: 'en',
    });
    await slack.start();
  }

  const type = (text: string) =>
    app.workspace.slash({ user: 'requester', channel: app.channel, command: slashCommand, text });

  const longCheck: Partial<Backups> = {
    check: async () => ({
      outcome: 'checked',
      cluster: 'prod-east',
      version: '4.16.8',
      node: undefined,
      findings: everyFinding(long, 1_000_000, 'blocker'),
    }),
  };

  it('never unfolds the links in it, wherever it goes', async () => {
    await listen();
    const reason = 'see https://wiki.example.com/change/17';
    const id = 'r-link2345';
    const person = { slackUser: app.requester };
    const say = { type: 'vote-too-late', runId: id, status: 'cancelled' } as const;
    await app.put({ id, reason, status: 'waiting', plan: aPlan, expiresAt: Date.now() + 3_600_000 }, [
      { kind: 'card' },
      { kind: 'thread', entry: { type: 'details' } },
      { kind: 'private', ...person, channel: app.channel, say },
      { kind: 'private', ...person, channel: undefined, say },
    ]);
    app.sender(slack).start();
    await app.outboxEmpty();
    await (await type('status')).nextPrivate();
    const calls = posting.flatMap((method) => app.workspace.calls(method));
    for (const method of posting)
      assert.ok(
        calls.some((call) => call.method === method),
        method,
      );
    for (const { method, args } of calls) {
      assert.deepEqual([String(args.unfurl_links), String(args.unfurl_media)], ['false', 'false'], method);
    }
  });

  it('goes through the one function that says so', async () => {
    const posts = (await sourceFiles('src')).filter(({ text }) => text.includes('chat.postMessage('));
    assert.deepEqual(
      posts.map(({ path }) => path),
      ['src/slack/client/post-message.ts'],
    );
    const private_ = (await sourceFiles('src')).filter(({ text }) =>
      /chat\.postEphemeral\(|\brespond\(\{|response_type: 'ephemeral'/.test(text),
    );
    assert.deepEqual(
      private_.filter(({ text }) => !text.includes('...noUnfurling')).map(({ path }) => path),
      [],
    );
  });

  it('has a picture’s description where Slack looks for it', async () => {
    await listen();
    const root = await slack.client.chat.postMessage({ channel: app.channel, text: 'summary' });
    const file = {
      name: 'p.png',
      title: 'Sizes',
      alt: 'Two line charts',
      content: Uint8Array.from([1, 2, 3]),
    };
    await uploadPicture(slack.client, { channel: app.channel, ts: root.ts ?? '' }, file, 'the picture');
    const [asked] = app.workspace.calls('files.getUploadURLExternal');
    assert.equal(asked?.args.alt_txt, 'Two line charts');
    assert.equal(app.workspace.thread(app.channel, root.ts ?? '')[1]?.files[0]?.name, 'p.png');
  });

  it('privately and long: within Slack’s limit where response_url is dead', async () => {
    await listen(longCheck);
    app.workspace.faults.add({ method: 'response_url', kind: 'http', status: 500 });
    const said = await (await type('check')).nextPrivate();
    assert.match(said.text, /Check of prod-east/);
    const [call] = app.workspace.calls('chat.postEphemeral');
    assert.ok(Buffer.byteLength(String(call?.args.text)) <= 3_000);
  });

  it('privately and longer than Slack takes it in a channel: as a direct message', async () => {
    await listen(longCheck);
    app.workspace.faults.add({ method: 'response_url', kind: 'http', status: 500 });
    app.workspace.faults.add({ method: 'chat.postEphemeral', kind: 'error', error: 'msg_too_long' });
    const said = await (await type('check')).nextPrivate();
    assert.equal(said.visibleTo, undefined, 'a direct message');
    assert.ok(said.blocks.length > 3);
  });

  for (const upload of ['works', 'is refused'] as const)
    it(`privately and longer than Slack takes it anywhere: its text, with all of it as a file where that ${upload}`, async () => {
      await listen(longCheck);
      app.workspace.faults.add({ method: 'response_url', kind: 'http', status: 500 });
      for (const method of ['chat.postEphemeral', 'chat.postMessage'])
        app.workspace.faults.add({ method, kind: 'error', error: 'msg_blocks_too_long' });
      if (upload === 'is refused')
        app.workspace.faults.add({
          method: 'files.getUploadURLExternal',
          kind: 'error',
          error: 'missing_scope',
        });
      const said = await (await type('check')).nextPrivate();
      assert.match(said.text, /Check of prod-east[\s\S]*A backup cannot run now/);
      const file = said.files[0]?.bytes.toString() ?? '';
      if (upload === 'works') assert.match(file, /Check of prod-east[\s\S]*Why it matters: /);
      else assert.equal(said.files.length, 0);
    });
});
