import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isProven } from '../../../src/domain/restore/manifest.ts';
import { restorePlan } from '../../../src/domain/restore/restore-plan.ts';
import type { Notice } from '../../../src/domain/run/notice.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { slashCommand } from '../../../src/slack/client/slash-command.ts';
import { sharedWithinMs } from '../../../src/slack/client/uploaded-files.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { VerifyAnswer } from '../../../src/workflow/access/backups.ts';
import type { Backups } from '../../../src/workflow/answers/create-backups.ts';
import { aManifest, manifestOfBackup, withManifest } from '../../support/manifests.ts';
import { aPlan, aRun } from '../../support/runs.ts';
import { gate, type Installed, install } from '../installed-app.ts';
import { copied, resourcesCopy, snapshotCopy, succeededWith } from '../messages/copied-runs.ts';

const timeoutMs = 30_000;
const minuteMs = 60_000;

describe('verify, drill and restore-plan', () => {
  let app: Installed;
  let slack: Slack;
  let ahead: number;

  beforeEach(async () => {
    app = await install();
    ahead = 0;
    slack = await app.open({ clock: { ...systemClock(), monotonic: () => performance.now() + ahead } });
  });
  afterEach(() => app.close());

  /** These tests are about how answers reach people: the workflow's part is what each test says. */
  async function listen(backups: Partial<Backups>): Promise<void> {
    slack.listen({ watch: app.records.watch, backups: backups as Backups, fleet: app.fleet, language: 'en' });
    await slack.start();
  }

  const type = (text: string, user = 'requester') =>
    app.workspace.slash({ user, channel: app.channel, command: slashCommand, text });

  const privateMessage = (what: RegExp, user = 'requester') =>
    app.workspace.waitFor(() => app.workspace.private(user).find((each) => what.test(each.text)), {
      what: `a private message like ${what}`,
      timeoutMs,
    });

  it('hand the run over and answer at once where it is quick', async () => {
    const inputs: unknown[] = [];
    await listen({
      verify: async (_, input) => {
        inputs.push(input);
        return { outcome: 'verified', run: copied.proven };
      },
      drill: async (_, { runId }) => {
        inputs.push({ runId });
        return { outcome: 'no-etcd-tools', problems: [] };
      },
    });
    const verified = await (await type('verify r-k7m2p9qx')).nextPrivate();
    assert.match(verified.text, /Both copies of .r-k7m2p9qx.*read back just now/);
    assert.match(
      (await (await type('drill r-k7m2p9qx')).nextPrivate()).text,
      /no usable set of etcd's programs/,
    );
    assert.deepEqual(inputs, [{ runId: 'r-k7m2p9qx' }, { runId: 'r-k7m2p9qx' }]);
    assert.equal(app.workspace.private('requester').length, 2, 'nothing was said meanwhile');
    assert.deepEqual(app.workspace.messages(app.channel), [], 'nothing is public');
  });

  it('are acknowledged at once, say after a moment that they are at work, and then the outcome', async () => {
    const files = gate();
    await listen({
      drill: async () => {
        await files.opened;
        const drill = { ok: false, why: 'it holds no keys', at: 0 } as const;
        return { outcome: 'drilled', run: copied.proven, drill };
      },
    });
    const outcome = await type('drill r-k7m2p9qx', 'viewer');
    assert.equal(outcome.status, 'acked');
    assert.deepEqual(outcome.privately(), []);
    assert.match((await outcome.nextPrivate()).text, /임시 etcd에 복원하고 있습니다/);
    files.open();
    await privateMessage(/복원 훈련 결과를 판단할 수 없음: “it holds no keys”/, 'viewer');
  });

  it('say of a drill that it waits, and for which one, while another one is made', async () => {
    const turn = gate();
    await listen({
      drill: async (_, { waitsFor }) => {
        waitsFor?.({ runId: 'r-an0ther1', cluster: 'prod-west', since: Date.UTC(2026, 0, 1, 3) });
        await turn.opened;
        const drill = { ok: true, revision: 5346, keys: 8_124, at: 0 } as const;
        return { outcome: 'drilled', run: copied.proven, drill };
      },
    });
    const outcome = await type('drill r-k7m2p9qx');
    const { text } = await outcome.nextPrivate();
    assert.match(
      text,
      /drill of .r-k7m2p9qx.* waits: that of .r-an0ther1.* \(prod-west\) has been under way/,
    );
    turn.open();
    await privateMessage(/can be restored/);
    assert.equal(app.workspace.private('requester').length, 2);
  });

  it('answer as a direct message when the response_url is about to be too old', async () => {
    const files = gate();
    await listen({
      verify: async (): Promise<VerifyAnswer> => {
        await files.opened;
        return { outcome: 'verified', run: copied.rotten };
      },
    });
    const outcome = await type('verify r-k7m2p9qx');
    const first = await outcome.nextPrivate();
    assert.equal(first.channel, app.channel);
    ahead = 26 * minuteMs;
    files.open();
    const late = await privateMessage(/Not every copy/);
    assert.notEqual(late.channel, app.channel);
    assert.equal(app.workspace.calls('chat.postEphemeral').length, 0);
  });

  it('are asked to try again when the bot stops in the middle, and hold up no stop', async () => {
    const never = () => new Promise<never>(() => undefined);
    await listen({ verify: never, drill: never });
    await type('verify r-k7m2p9qx');
    await privateMessage(/Reading the copies/);
    await type('drill r-k7m2p9qx', 'viewer');
    await privateMessage(/임시 etcd에 복원하고 있습니다/, 'viewer');
    await slack.stop();
    const texts = (user: string) => app.workspace.private(user).map((each) => each.text);
    assert.match(texts('requester').at(-1) ?? '', /being restarted.*Ask again.*verify r-k7m2p9qx/);
    assert.match(texts('viewer').at(-1) ?? '', /다시 시작하고 있어.*drill r-k7m2p9qx/);
  });

  it('say so when the work itself breaks', async () => {
    await listen({ verify: () => Promise.reject(new Error('disk full')) });
    await (await type('verify r-k7m2p9qx')).nextPrivate();
    assert.ok(app.lines.some((line) => line.level === 'error' && /could not be answered/.test(line.message)));
  });

  const planned = (text: string): Pick<Backups, 'restorePlan'> => ({
    restorePlan: async () => {
      const need = { zStream: '4.16.8', clusterId: undefined, runId: undefined, now: Date.now() };
      return {
        outcome: 'restore-plan',
        cluster: 'prod-east',
        answer: restorePlan([aManifest()], need),
        text,
      };
    },
  });

  it('bring RESTORE.md to the person alone, and the choice as an answer', async () => {
    const inputs: unknown[] = [];
    const { restorePlan: plan } = planned('# Restore 한글\n');
    await listen({
      restorePlan: (asked, input) => {
        inputs.push(input);
        return plan(asked, input);
      },
    });
    await type('restore-plan prod-east z-stream=4.16.8');
    await privateMessage(
      /Restore prod-east from .*RESTORE\.md, with every step and command, is in your direct messages/s,
    );
    assert.equal((inputs[0] as { what: string }).what, 'prod-east');
    assert.equal((inputs[0] as { zStream: string }).zStream, '4.16.8');
    const [direct] = app.workspace.private('requester').filter((each) => each.files.length > 0);
    assert.equal(direct?.files[0]?.name, 'RESTORE.md');
    assert.equal(direct?.files[0]?.bytes?.toString(), '# Restore 한글\n');
    assert.deepEqual(app.workspace.messages(app.channel), []);
  });

  it('say nothing of a lost RESTORE.md when only the answer to its upload was lost', async () => {
    app.workspace.faults.add({ method: 'files.completeUploadExternal', kind: 'lost-response' });
    app.workspace.shareUploadsAfter(2_000);
    await listen(planned('# Restore\n'));
    await type('restore-plan prod-east');
    const file = await app.workspace.waitFor(
      () => app.workspace.private('requester').find((each) => each.files.length > 0),
      { what: 'the file', timeoutMs },
    );
    const answer = await privateMessage(/RESTORE\.md|4\.16\.8/);
    assert.doesNotMatch(answer.text, /could not/);
    assert.equal(file.files[0]?.name, 'RESTORE.md');
    assert.equal(app.workspace.calls('files.completeUploadExternal').length, 1);
  });

  it('say where RESTORE.md is when it cannot be uploaded', async () => {
    app.workspace.setScopes(['commands', 'chat:write', 'users:read', 'im:write']);
    await listen(planned('# Restore'));
    const { text } = await (await type('restore-plan')).nextPrivate();
    assert.match(text, /could not be sent to you.*files:write.*beside the files at each destination/);
  });

  it('refuse like every other command', async () => {
    await listen({
      restorePlan: async () => ({ outcome: 'cluster-missing', known: ['prod-east', 'prod-west'] }),
      verify: async () => ({ outcome: 'no-such-run', runId: 'r-k7m2p9qx', nearest: 'r-k7m2p9qz' }),
      drill: async () => ({ outcome: 'no-backup', run: aRun({ status: 'failed' }) }),
    });
    const answered = async (text: string) => (await (await type(text)).nextPrivate()).text;
    assert.match(await answered('restore-plan'), /Which cluster/);
    assert.match(await answered('verify r-k7m2p9qx'), /Did you mean .r-k7m2p9qz/);
    assert.match(await answered('drill r-abcdefgh'), /no backup from .r-abcdefgh/);
    assert.match(await answered('verify'), /Which run/);
  });
});

describe('the files for a restore', () => {
  let app: Installed;
  let slack: Slack;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
  });
  afterEach(() => app.close());

  const entry: Notice = { kind: 'thread', entry: { type: 'restore-files' } };
  const receipt: Notice = { kind: 'thread', entry: { type: 'receipt' } };
  const card: Notice = { kind: 'card' };
  const succeeded = withManifest(
    {
      ...succeededWith({ copies: [snapshotCopy, resourcesCopy] }),
      id: 'r-file2345',
      plan: aPlan,
      requester: aRun().requester,
    },
    aManifest({ runId: 'r-file2345' }),
  );
  const manifest = manifestOfBackup(succeeded);

  const replies = () => {
    const [root] = app.workspace.messages(app.channel);
    return root === undefined ? [] : app.workspace.thread(app.channel, root.ts).slice(1);
  };
  const replied = (count: number) =>
    app.workspace.waitFor(() => replies().length >= count, { what: `${count} thread entries`, timeoutMs });

  it('are in the thread as one post, in its order', async () => {
    await app.put({ ...succeeded, id: 'r-file2345' }, [card, entry, receipt]);
    app.sender(slack, { restoreText }).start();
    await replied(2);
    const [files, after] = replies();
    assert.deepEqual(
      files?.files.map((each) => each.name),
      ['manifest.json', 'RESTORE.md'],
    );
    const [stored, plan] = files?.files.map((each) => each.bytes?.toString() ?? '') ?? [];
    assert.deepEqual(JSON.parse(stored ?? ''), JSON.parse(JSON.stringify(manifest)));
    assert.ok(isProven(manifest));
    assert.match(plan ?? '', /^# Restore etcd of prod-east/);
    assert.match(files?.text ?? '', /Keep these where you find them without the cluster/);
    assert.match(after?.text ?? '', /on the node: yes/);
  });

  it('are replaced by a message where Slack takes no files, and the thread goes on', async () => {
    const scopes = ['commands', 'chat:write', 'users:read', 'im:write', 'channels:history'];
    app.workspace.setScopes(scopes);
    await app.put({ ...succeeded, id: 'r-noup2345' }, [card, entry, receipt]);
    app.sender(slack, { restoreText }).start();
    await replied(2);
    const [instead, after] = replies();
    assert.match(instead?.text ?? '', /could not be put into this thread.*files:write/);
    assert.match(after?.text ?? '', /on the node: yes/);
  });

  it('are tried again a few times, and then reported', async () => {
    app.workspace.faults.add({ method: 'files.getUploadURLExternal', kind: 'http', status: 503 });
    await app.put({ ...succeeded, id: 'r-once2345' }, [card, entry]);
    app.sender(slack, { restoreText }).start();
    await replied(1);
    assert.equal(replies()[0]?.files.length, 2);

    const always = { kind: 'http', status: 503, times: Number.POSITIVE_INFINITY } as const;
    app.workspace.faults.add({ method: 'files.completeUploadExternal', ...always });
    const more = () => ({ set: {}, audit: [], notices: [entry] });
    await app.records.decide({ runId: 'r-once2345', deliveryId: 'm', now: Date.now(), decision: more });
    await replied(2);
    assert.match(replies()[1]?.text ?? '', /could not be put into this thread/);
    assert.equal(app.workspace.calls('files.completeUploadExternal').length, 1 + 3);
  });

  it('whose answer was lost are looked for, also when they appear seconds later, and are there once', async () => {
    app.workspace.faults.add({ method: 'files.completeUploadExternal', kind: 'lost-response' });
    app.workspace.shareUploadsAfter(3_000);
    await app.put({ ...succeeded, id: 'r-lost2345' }, [card, entry, receipt]);
    app.sender(slack, { restoreText }).start();
    await replied(2);
    await app.outboxEmpty();
    assert.deepEqual(
      replies().map((each) => each.files.length),
      [2, 0],
    );
    assert.equal(app.workspace.calls('files.completeUploadExternal').length, 1);
  });

  it('that did not arrive are uploaded again once they can no longer appear', async () => {
    let ahead = 0;
    const clock = {
      ...systemClock(),
      now: () => Date.now() + ahead,
      monotonic: () => performance.now() + ahead,
      sleep: (ms: number, signal?: AbortSignal) => systemClock().sleep(Math.min(ms, 50), signal),
    };
    app.workspace.faults.add({ method: 'files.completeUploadExternal', kind: 'reset' });
    await app.put({ ...succeeded, id: 'r-reset234' }, [card, entry]);
    app.sender(slack, { restoreText, clock }).start();
    const looked = () => app.workspace.calls('conversations.replies').length > 0;
    await app.workspace.waitFor(looked, { what: 'a look', timeoutMs });
    assert.equal(replies().length, 0, 'nothing is uploaded before it was looked for long enough');
    ahead += 2 * sharedWithinMs;
    await replied(1);
    assert.equal(replies()[0]?.files.length, 2);
    assert.equal(app.workspace.calls('files.completeUploadExternal').length, 2);
  });

  it('go under a new card when somebody deleted the first', async () => {
    await app.put({ ...succeeded, id: 'r-gone2345' }, [card]);
    const sender = app.sender(slack, { restoreText });
    sender.start();
    const first = await app.workspace.waitFor(() => app.workspace.messages(app.channel)[0], {
      what: 'the card',
    });
    app.workspace.deleteMessage(app.channel, first.ts);
    const more = () => ({ set: {}, audit: [], notices: [entry] });
    await app.records.decide({ runId: 'r-gone2345', deliveryId: 'm', now: Date.now(), decision: more });
    sender.wake();
    await replied(1);
    assert.equal(replies()[0]?.files.length, 2);
  });

  it('are given up, and the rest goes on, when there is no manifest', async () => {
    const { success } = succeededWith({ copies: [snapshotCopy] });
    await app.put({ ...succeeded, success, id: 'r-none2345' }, [card, entry, receipt]);
    app.sender(slack).start();
    await replied(1);
    assert.match(replies()[0]?.text ?? '', /on the node: yes/);
    assert.ok(app.lines.some((line) => line.level === 'error' && /no manifest/.test(line.message)));
  });
});
