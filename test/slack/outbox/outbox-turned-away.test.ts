import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import type { Notice } from '../../../src/domain/run/notice.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { keptForMs } from '../../../src/slack/outbox/refusals.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Clock } from '../../../src/workflow/ports/ports.ts';
import { aManifest, withManifest } from '../../support/manifests.ts';
import { aPlan } from '../../support/runs.ts';
import { type Installed, install } from '../installed-app.ts';
import { snapshotCopy, succeededWith } from '../messages/copied-runs.ts';

const timeoutMs = 30_000;
const runId = 'r-turn2345';
const waiting: Partial<BackupRun> = { id: runId, status: 'waiting', plan: aPlan };
const succeeded: Partial<BackupRun> = withManifest(
  { ...succeededWith({ copies: [snapshotCopy] }), plan: aPlan },
  aManifest({ runId }),
);
const blockPage = '<html><body>This page is blocked by your organisation</body></html>';

function line(reason: string): Notice {
  const event = { at: Date.now(), actor: { kind: 'bot' }, action: 'checked', detail: { reason } } as const;
  return { kind: 'thread', entry: { type: 'audit', event } };
}

describe('what answers instead of Slack', () => {
  let app: Installed;
  let slack: Slack;
  let aheadMs: number;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    aheadMs = 0;
  });
  afterEach(() => app.close());

  /** Real time that a test can put forward; pauses are cut to the next look. */
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    monotonic: () => performance.now() + aheadMs,
    sleep: (ms, signal) => systemClock().sleep(Math.min(ms, 50), signal),
  };

  const roots = () => app.workspace.messages(app.channel);
  const texts = () =>
    app.workspace
      .thread(app.channel, roots()[0]?.ts ?? '')
      .slice(1)
      .map((each) => /one|two|three/.exec(each.text)?.[0]);
  const messages = () => app.workspace.private('requester').map((each) => each.text);
  const errors = () => app.lines.filter((each) => each.level === 'error').map((each) => each.message);
  const tries = () => app.workspace.calls('chat.postMessage').filter((each) => isTwo(each.args)).length;
  const isTwo = (args: Readonly<Record<string, unknown>>) =>
    args.channel === app.channel && JSON.stringify(args).includes('two');

  /** Between the card and the third line, one that something on the way does not take. */
  async function meets(fault: Omit<Fault, 'method' | 'times' | 'when'>) {
    const times = Number.POSITIVE_INFINITY;
    app.workspace.faults.add({ ...fault, method: 'chat.postMessage', times, when: isTwo });
    await app.put(waiting, [{ kind: 'card' }, line('one'), line('two'), line('three')]);
    app.sender(slack, { clock }).start();
    await app.workspace.waitFor(() => tries() >= 1, { what: 'the first try', timeoutMs });
  }

  async function passTimeUntil(come: () => boolean, minutesAtMost = 600): Promise<void> {
    for (let minutes = 0; !come(); minutes += 1) {
      assert.ok(minutes < minutesAtMost, `it did not come in ${minutesAtMost} minutes`);
      aheadMs += 60_000;
      await delay(20);
    }
  }

  for (const status of [403, 407, 451])
    it(`a proxy that answers ${status} with a page: people are notified, all is kept and posted in order`, async () => {
      await meets({ kind: 'http', status, page: blockPage });
      await app.workspace.waitFor(() => messages().length > 0, { what: 'word to the requester', timeoutMs });
      assert.match(messages()[0] ?? '', /A proxy between the bot and Slack does not let through/);
      assert.equal(errors().length, 1, errors().join('\n'));
      assert.match(
        errors()[0] ?? '',
        new RegExp(`waits: .*HTTP (status )?${status}\\b.*let the proxy .* allow`),
      );
      await passTimeUntil(() => tries() >= 3);
      assert.deepEqual(texts(), ['one'], 'the order is kept');
      app.workspace.faults.clear();
      await passTimeUntil(() => texts().length === 3);
      assert.deepEqual(texts(), ['one', 'two', 'three']);
      assert.equal(messages().length, 1, 'notified once');
    });

  it('for a day and no longer: then it is given up, and what came later is posted', async () => {
    await meets({ kind: 'http', status: 403, page: blockPage });
    await app.workspace.waitFor(() => messages().length > 0, { what: 'word to the requester', timeoutMs });
    aheadMs += keptForMs;
    await passTimeUntil(() => texts().includes('three'));
    assert.deepEqual(texts(), ['one', 'three']);
    assert.ok(errors().some((each) => /is given up: HTTP status 403/.test(each)));
  });

  for (const status of [400, 404, 413])
    it(`HTTP ${status}: tried for some minutes, recorded as not delivered, and the thread goes on`, async () => {
      await meets({ kind: 'http', status, page: blockPage });
      await passTimeUntil(() => texts().includes('three'), 30);
      assert.ok(tries() > 2, 'more than once');
      assert.deepEqual(texts(), ['one', 'three']);
      await app.workspace.waitFor(() => messages().length > 0, { what: 'word to the requester', timeoutMs });
      assert.match(messages()[0] ?? '', /did not take a message about .*no_usable_answer/);
      assert.match(errors()[0] ?? '', new RegExp(`is given up: Slack answered with HTTP status ${status}`));
    });

  for (const [what, fault] of [
    ['a page with status 200', { kind: 'http', status: 200, page: blockPage }],
    ['an internal error of Slack', { kind: 'error', error: 'fatal_error' }],
  ] as const)
    it(`${what}: a day of tries, then the thread goes on`, async () => {
      await meets(fault);
      await passTimeUntil(() => tries() >= 15);
      assert.deepEqual(texts(), ['one'], 'it may be an outage');
      aheadMs += keptForMs;
      await passTimeUntil(() => texts().includes('three'));
      assert.deepEqual(texts(), ['one', 'three']);
    });

  it('Slack’s own refusal is understood whatever status it comes with', async () => {
    await meets({ kind: 'http', status: 400, page: JSON.stringify({ ok: false, error: 'invalid_blocks' }) });
    await app.workspace.waitFor(() => texts().includes('three'), { what: 'the next line', timeoutMs });
    assert.equal(tries(), 1);
  });

  it('files that a proxy does not let pass: the thread says where they are instead, and nothing waits', async () => {
    app.workspace.faults.add({
      ...{ method: 'upload', kind: 'http', status: 403, page: blockPage },
      times: Number.POSITIVE_INFINITY,
    });
    const files: Notice = { kind: 'thread', entry: { type: 'restore-files' } };
    await app.put({ ...succeeded, id: runId }, [{ kind: 'card' }, files, line('three')]);
    app.sender(slack, { clock }).start();
    await app.workspace.waitFor(() => texts().includes('three'), { what: 'the next line', timeoutMs });
    const thread = app.workspace.thread(app.channel, roots()[0]?.ts ?? '').map((each) => each.text);
    assert.ok(
      thread.some((each) => /HTTP status 403/.test(each)),
      thread.join('\n'),
    );
    assert.deepEqual(messages(), []);
  });

  it('a message in the channel whose metadata has another shape holds nothing up', async () => {
    const strange = { event_type: 'etcd_backup_run', event_payload: 'none' };
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'reset', when: isTwo });
    const body = { ok: true, messages: [{ ts: '1.1', metadata: strange }] };
    app.workspace.faults.add({
      ...{ method: 'conversations.replies', kind: 'http', status: 200, page: JSON.stringify(body) },
      times: Number.POSITIVE_INFINITY,
    });
    await app.put(waiting, [{ kind: 'card' }, line('one'), line('two'), line('three')]);
    app.sender(slack, { clock }).start();
    await passTimeUntil(() => texts().includes('three'), 30);
    assert.deepEqual(texts(), ['one', 'two', 'three']);
  });
});
