import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Message } from '../../../sandbox/slack/model.ts';
import { drawPicture } from '../../../src/chart/draw-picture.ts';
import type { SummaryPolicy } from '../../../src/domain/policy/policy.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import type { OutboxSender } from '../../../src/slack/outbox/outbox-sender.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { createCronSlots } from '../../../src/system/cron.ts';
import type { Clock } from '../../../src/workflow/ports/ports.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import type { DrawPicture } from '../../../src/workflow/watch/summary-picture.ts';
import { runWeeklySummaries, summaryTurn } from '../../../src/workflow/watch/weekly-summary.ts';
import { readPng } from '../../chart/png.ts';
import { backupOf, putWatch, settledWatch } from '../../support/fleet-records.ts';
import { type Installed, install } from '../installed-app.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const timeoutMs = 30_000;

/** The first bytes of a PNG are picture enough where the drawing itself is not what is tested. */
const small: DrawPicture = async () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);

interface Change {
  readonly draw?: DrawPicture;
  readonly records?: Partial<Records>;
  readonly policy?: Partial<SummaryPolicy>;
}

describe('weekly summary', { timeout: 600_000 }, () => {
  let app: Installed;
  let slack: Slack;
  /** 09:00 some time ago: the workspace dates messages by the real clock, and they must not seem older than their slot. */
  let slot: number;
  /** How far the wall clock is from the real one; `passed`: time that a test let pass at once. */
  let apart: number;
  let passed: number;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    slot = (Math.floor(Date.now() / dayMs) - 20) * dayMs + 9 * hourMs;
    passed = 0;
    setTime(slot - hourMs);
    const { records } = app;
    const release = { version: '4.16.8', since: slot - 9 * dayMs, seenAt: slot };
    await putWatch(records, settledWatch('prod-east', release), clock.now());
    await records.importRun(backupOf('prod-east', { at: slot - 2 * dayMs }), []);
  });
  afterEach(() => app.close());

  const clock: Clock = {
    now: () => Date.now() + apart + passed,
    monotonic: () => performance.now() + passed,
    sleep: (ms, signal) => systemClock().sleep(Math.min(ms, 20), signal),
  };
  function setTime(at: number): void {
    apart = at - Date.now() - passed;
  }

  const policy = (change: Partial<SummaryPolicy> = {}): SummaryPolicy => ({
    channel: app.channel,
    cron: '0 9 * * *',
    timeZone: 'UTC',
    language: 'en',
    ...change,
  });

  /** As after a start of the bot: nothing is known but what is on record. */
  async function started(change: Change = {}): Promise<OutboxSender> {
    const records = { ...app.records, ...change.records };
    const summary = { policy: policy(change.policy), draw: change.draw ?? small };
    const sender = app.sender(slack, { clock, records, summary });
    const cron = createCronSlots();
    await summaryTurn({ policy: summary.policy, records, cron, clock, log: app.log, wake: sender.wake });
    sender.start();
    return sender;
  }

  /** A bot that runs until nothing is left to post. */
  async function untilPosted(change: Change = {}): Promise<void> {
    const sender = await started(change);
    const hurrying = setInterval(() => {
      passed += 1_000;
    }, 20);
    await app.outboxEmpty().finally(() => clearInterval(hurrying));
    await sender.stop();
  }

  const roots = () => app.workspace.messages(app.channel);
  const replies = (root: Message | undefined) => app.workspace.thread(app.channel, root?.ts ?? '').slice(1);
  const files = () => replies(roots()[0]).flatMap((reply) => reply.files);
  const newest = () => app.records.newestSummary({ now: clock.now() });
  async function everythingOnce(): Promise<void> {
    assert.equal(roots().length, 1);
    assert.equal(replies(roots()[0]).length, 1);
    assert.equal(files().length, 1);
    assert.equal((await newest())?.place?.ts, roots()[0]?.ts);
  }

  it('posts the fleet’s summary and a real picture into its thread, once for each slot, whatever restarts', async () => {
    await untilPosted();
    assert.equal(roots().length, 0);
    setTime(slot + minuteMs);
    const first = await started({ draw: drawPicture });
    await app.workspace.waitFor(() => files().length === 1, { what: 'the picture', timeoutMs: 90_000 });
    await app.outboxEmpty();
    await first.stop();
    const [root] = roots();
    assert.match(
      app.workspace.renderMessage(root ?? assert.fail()),
      /Backups of 1 cluster in the week until/,
    );
    const [file] = files();
    assert.equal(file?.name, 'etcd-backups.png');
    assert.match(file?.title ?? '', /Backups of etcd/);
    assert.ok(readPng(file?.bytes ?? new Uint8Array()).width > 1_000);
    assert.match(
      replies(root)[0]?.text ?? '',
      /Which clusters a backup restores, and snapshot size and time of each backup/,
    );
    for (let times = 0; times < 3; times += 1) await untilPosted();
    await everythingOnce();
    setTime(slot + dayMs + minuteMs);
    await untilPosted();
    assert.equal(roots().length, 2, 'the next slot has its own');
  });

  it('says nothing of slots before the bot, or before the schedule was changed', async () => {
    setTime(slot + minuteMs);
    await untilPosted();
    await untilPosted({ policy: { cron: '0 8 * * *' } });
    await untilPosted({ policy: { cron: '0 8 * * *' } });
    assert.equal(roots().length, 0);
  });

  it('catches up on a missed slot once, and lets one go that is more than a day old', async () => {
    await untilPosted();
    setTime(slot + 3 * dayMs + 5 * hourMs);
    await untilPosted();
    await untilPosted();
    await everythingOnce();
    assert.equal((await newest())?.slot, slot + 3 * dayMs, 'the newest of four');

    const weekly = { policy: { cron: `0 9 * * ${new Date(slot).getUTCDay()}` } };
    await untilPosted(weekly);
    setTime(slot + 7 * dayMs + dayMs + hourMs);
    await untilPosted(weekly);
    assert.equal(roots().length, 1);
    assert.equal((await newest())?.slot, slot + 7 * dayMs);
  });

  it('goes on as usual after a clock that was years ahead for a moment', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    await untilPosted();
    setTime(slot + 800 * dayMs + minuteMs);
    await untilPosted();
    assert.equal(roots().length, 2);
    setTime(slot + 2 * minuteMs);
    await untilPosted();
    assert.equal(roots().length, 2, 'nothing is said twice');
    setTime(slot + dayMs + minuteMs);
    await untilPosted();
    assert.equal(roots().length, 3, 'the next slot has its own');
  });

  it('looks for a message whose answer was lost, or that a crash kept from being recorded', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    await untilPosted();
    await everythingOnce();

    setTime(slot + dayMs + minuteMs);
    const summaryPosted = () => Promise.reject(new Error('killed'));
    const first = await started({ records: { summaryPosted } });
    await app.workspace.waitFor(() => roots().length === 2, { what: 'the summary', timeoutMs });
    await first.stop();
    await untilPosted();
    assert.equal(roots().length, 2);
    assert.equal(replies(roots()[1]).length, 1);
  });

  it('looks for a picture whose answer was lost', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    app.workspace.faults.add({ method: 'files.completeUploadExternal', kind: 'lost-response' });
    await untilPosted();
    await everythingOnce();
  });

  it('looks for the word on a missing picture whose answer was lost', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    const when = ({ thread_ts }: Readonly<Record<string, unknown>>) => thread_ts !== undefined;
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response', when });
    await untilPosted({ draw: () => Promise.reject(new Error('no font')) });
    assert.equal(replies(roots()[0]).length, 1);
  });

  it('lets other messages pass while its picture is drawn', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    const drawing = Promise.withResolvers<Uint8Array>();
    const sender = await started({ draw: () => drawing.promise });
    await app.workspace.waitFor(() => roots().length === 1, { what: 'the summary', timeoutMs });
    await app.put({ id: 'r-card2345' }, [{ kind: 'card' }]);
    sender.wake();
    await app.workspace.waitFor(() => roots().length === 2, { what: 'the card', timeoutMs });
    drawing.resolve(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]));
    await app.outboxEmpty();
    assert.equal(files().length, 1);
  });

  it('keeps trying while Slack is away, across restarts, and posts once when it is back', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    app.workspace.faults.add({ method: '*', kind: 'http', times: Number.POSITIVE_INFINITY });
    const tries = () =>
      (['chat.postMessage', 'conversations.history'] as const).flatMap((method) =>
        app.workspace.calls(method),
      ).length;
    for (let hours = 1; hours <= 5; hours += 1) {
      const before = tries();
      const sender = await started();
      await app.workspace.waitFor(() => tries() > before, { what: 'a try', timeoutMs });
      await sender.stop();
      setTime(slot + hours * hourMs);
    }
    assert.equal(roots().length, 0);
    app.workspace.faults.clear();
    await untilPosted();
    await everythingOnce();
  });

  it('adds the picture when Slack went away after the text', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    const away = { kind: 'http', times: Number.POSITIVE_INFINITY } as const;
    app.workspace.faults.add({ ...away, method: 'files.getUploadURLExternal' });
    const first = await started();
    const tried = () => app.workspace.calls('files.getUploadURLExternal').length > 0;
    await app.workspace.waitFor(tried, { what: 'an upload', timeoutMs });
    await first.stop();
    assert.equal(roots().length, 1);
    app.workspace.faults.clear();
    await untilPosted();
    await everythingOnce();
  });

  it('gives up after a day, and says in the log what to do', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'not_in_channel',
      times: Number.POSITIVE_INFINITY,
    });
    const said = (what: RegExp) => app.lines.filter(({ message }) => what.test(message));
    const first = await started();
    const waits = () => said(/about the whole fleet waits: not_in_channel; send \/invite @/).length === 1;
    await app.workspace.waitFor(waits, { what: 'the log', timeoutMs });
    await first.stop();
    setTime(slot + dayMs + minuteMs);
    const next = await started();
    const givenUp = () => said(/about the whole fleet is given up: .*for a day/).length === 1;
    await app.workspace.waitFor(givenUp, { what: 'the end', timeoutMs });
    await next.stop();
    app.workspace.faults.clear();
    await untilPosted();
    assert.equal(roots().length, 1);
    assert.equal((await newest())?.slot, slot + dayMs, 'and goes on with the next one');
  });

  const withoutPicture = {
    'cannot be drawn': {
      draw: () => Promise.reject(new Error('no font')),
      arm: () => undefined,
      why: /could not be added \(no font\)/,
    },
    'is refused by Slack': {
      draw: small,
      arm: () =>
        app.workspace.faults.add({
          method: 'files.getUploadURLExternal',
          kind: 'error',
          error: 'missing_scope',
          times: Number.POSITIVE_INFINITY,
        }),
      why: /could not be added \(missing_scope/,
    },
    'does not get through, though messages do': {
      draw: small,
      arm: () =>
        app.workspace.faults.add({ method: 'upload', kind: 'reset', times: Number.POSITIVE_INFINITY }),
      why: /could not be added \(/,
    },
  };
  for (const [how, { draw, arm, why }] of Object.entries(withoutPicture)) {
    it(`keeps the text when the picture ${how}, and says so in the thread`, async () => {
      await untilPosted();
      setTime(slot + minuteMs);
      arm();
      await untilPosted({ draw });
      assert.equal(roots().length, 1);
      const said = replies(roots()[0]).map((reply) => app.workspace.renderMessage(reply));
      assert.equal(said.length, 1, said.join('\n'));
      assert.match(said[0] ?? '', why);
    });
  }

  it('runs by itself until it is stopped', async () => {
    await untilPosted();
    setTime(slot + minuteMs);
    const { records, log } = app;
    const summary = { policy: policy(), draw: small };
    const sender = app.sender(slack, { clock, summary });
    sender.start();
    const deps = { policy: summary.policy, records, cron: createCronSlots(), clock, log, wake: sender.wake };
    const stopping = new AbortController();
    const running = runWeeklySummaries(deps, { pollMs: 20, signal: stopping.signal });
    await app.workspace.waitFor(() => files().length === 1, { what: 'the picture', timeoutMs });
    stopping.abort();
    await running;
    await app.outboxEmpty();
    await everythingOnce();
  });
});
