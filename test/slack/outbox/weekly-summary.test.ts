import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Message } from '../../../sandbox/slack/model.ts';
import { drawPicture } from '../../../src/chart/draw-picture.ts';
import type { SummaryPolicy } from '../../../src/domain/policy/policy.ts';
import type { Slack } from '../../../src/slack/app/app.ts';
import { createSummaryChannel } from '../../../src/slack/outbox/summary-channel.ts';
import { createCronSlots } from '../../../src/system/cron.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import type { DrawPicture } from '../../../src/workflow/watch/summary-picture.ts';
import {
  createWeeklySummaries,
  summaryTurn,
  type WeeklySummaryDeps,
} from '../../../src/workflow/watch/weekly-summary.ts';
import { readPng } from '../../chart/png.ts';
import { backupOf, putWatch, settledWatch } from '../../support/fleet-records.ts';
import { type Installed, install } from '../installed-app.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const timeoutMs = 30_000;

/** The first bytes of a PNG are picture enough where the drawing itself is not what is tested. */
const small: DrawPicture = async () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47]);

describe('weekly summary', { timeout: 120_000 }, () => {
  let app: Installed;
  let slack: Slack;
  /** 09:00 some time ago: the workspace dates messages by the real clock, and they must not seem older than their slot. */
  let slot: number;
  let now: number;

  beforeEach(async () => {
    app = await install();
    slack = await app.open();
    slot = (Math.floor(Date.now() / dayMs) - 20) * dayMs + 9 * hourMs;
    now = slot - hourMs;
    const { records } = app;
    const release = { version: '4.16.8', since: slot - 9 * dayMs, seenAt: slot };
    await putWatch(records, settledWatch('prod-east', release), now);
    await records.importRun(backupOf('prod-east', { at: slot - 2 * dayMs }), []);
  });
  afterEach(() => app.close());

  const policy = (change: Partial<SummaryPolicy> = {}): SummaryPolicy => ({
    channel: app.channel,
    cron: '0 9 * * *',
    timeZone: 'UTC',
    language: 'en',
    ...change,
  });

  /** As after a start of the bot: nothing is known but what is on record. */
  function started(
    change: { draw?: DrawPicture; records?: Partial<Records>; policy?: Partial<SummaryPolicy> } = {},
  ): WeeklySummaryDeps {
    const { fleet, log } = app;
    const clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };
    const summary = policy(change.policy);
    const { client, identity } = slack;
    const channel = createSummaryChannel({
      client,
      identity,
      policy: summary,
      draw: change.draw ?? small,
      clock,
      log,
    });
    const records = { ...app.records, ...change.records };
    return { policy: summary, records, fleet, channel, cron: createCronSlots(), clock, log };
  }

  /** Turns until nothing is due; `wait` is what the last one asked for. */
  async function turns(deps: WeeklySummaryDeps, most = 10): Promise<number> {
    for (let count = 0; count < most; count += 1) {
      const wait = await summaryTurn(deps);
      if (wait > 0) return wait;
    }
    return assert.fail(`still something to do after ${most} turns`);
  }
  const roots = () => app.workspace.messages(app.channel);
  const replies = (root: Message | undefined) => app.workspace.thread(app.channel, root?.ts ?? '').slice(1);
  const files = () => replies(roots()[0]).flatMap((reply) => reply.files);
  async function everythingOnce(): Promise<void> {
    assert.equal(roots().length, 1);
    assert.equal(files().length, 1);
    assert.equal((await app.records.newestSummary({ now }))?.end, 'done');
  }

  it('posts the fleet’s summary and a real picture into its thread, once for each slot, whatever restarts', async () => {
    assert.equal(await turns(started()), dayMs);
    now = slot + minuteMs;
    await turns(started({ draw: drawPicture }));
    const [root] = roots();
    assert.match(
      app.workspace.renderMessage(root ?? assert.fail()),
      /Backups of 1 cluster in the week until/,
    );
    const [file] = files();
    assert.equal(file?.name, 'etcd-backups.png');
    assert.match(file?.title ?? '', /Backups of etcd/);
    assert.ok(readPng(file?.bytes ?? new Uint8Array()).width > 1_000);
    assert.match(replies(root)[0]?.text ?? '', /Snapshot size and time of each backup/);
    for (let times = 0; times < 3; times += 1) await turns(started());
    await everythingOnce();
    now = slot + dayMs + minuteMs;
    await turns(started());
    assert.equal(roots().length, 2, 'the next slot has its own');
  });

  it('says nothing of slots before the bot, or before the schedule was changed', async () => {
    now = slot + minuteMs;
    await turns(started());
    await turns(started({ policy: { cron: '0 8 * * *' } }));
    await turns(started({ policy: { cron: '0 8 * * *' } }));
    assert.equal(roots().length, 0);
  });

  it('catches up on a missed slot once, and lets one go that is more than a day old', async () => {
    await turns(started());
    now = slot + 3 * dayMs + 5 * hourMs;
    await turns(started());
    await turns(started());
    await everythingOnce();
    assert.equal((await app.records.newestSummary({ now }))?.slot, slot + 3 * dayMs, 'the newest of four');

    const weekly = { policy: { cron: `0 9 * * ${new Date(slot).getUTCDay()}` } };
    await turns(started(weekly));
    now = slot + 7 * dayMs + dayMs + hourMs;
    await turns(started(weekly));
    assert.equal(roots().length, 1);
    assert.equal((await app.records.newestSummary({ now }))?.end, 'let-go');
  });

  it('goes on as usual after a clock that was years ahead for a moment', async () => {
    await turns(started());
    now = slot + minuteMs;
    await turns(started());
    now = slot + 800 * dayMs + minuteMs;
    await turns(started());
    assert.equal(roots().length, 2);
    now = slot + 2 * minuteMs;
    await turns(started());
    assert.equal(roots().length, 2, 'nothing is said twice');
    now = slot + dayMs + minuteMs;
    await turns(started());
    assert.equal(roots().length, 3, 'the next slot has its own');
  });

  it('looks for a message whose answer was lost, or that a crash kept from being recorded', async () => {
    await turns(started());
    now = slot + minuteMs;
    app.workspace.faults.add({ method: 'chat.postMessage', kind: 'lost-response' });
    assert.ok((await turns(started())) > 0);
    assert.equal(roots().length, 1, 'it has arrived');
    await turns(started());
    await everythingOnce();

    now = slot + dayMs + minuteMs;
    const crashes = async (post: Parameters<Records['putSummary']>[0]) => {
      if (post.place) throw new Error('killed');
      await app.records.putSummary(post);
    };
    await assert.rejects(turns(started({ records: { putSummary: crashes } })), /killed/);
    await turns(started());
    assert.equal(roots().length, 2);
    assert.equal(replies(roots()[1]).length, 1);
  });

  it('looks for a picture whose answer was lost', async () => {
    await turns(started());
    now = slot + minuteMs;
    app.workspace.faults.add({ method: 'files.completeUploadExternal', kind: 'lost-response' });
    assert.ok((await turns(started())) > 0);
    await turns(started());
    await everythingOnce();
  });

  it('keeps trying while Slack is away, across restarts, and posts once when it is back', async () => {
    await turns(started());
    now = slot + minuteMs;
    app.workspace.faults.add({ method: '*', kind: 'http', times: Number.POSITIVE_INFINITY });
    for (let times = 0; times < 5; times += 1) {
      now += hourMs;
      assert.ok((await turns(started())) > 0);
    }
    assert.equal(roots().length, 0);
    app.workspace.faults.clear();
    await turns(started());
    await everythingOnce();
    const warnings = app.lines.filter(({ message }) => /summary could not be posted/.test(message));
    assert.equal(warnings.length, 1, 'said once');
  });

  it('keeps trying to add the picture when Slack goes away after the text', async () => {
    await turns(started());
    now = slot + minuteMs;
    const away = { kind: 'http', times: Number.POSITIVE_INFINITY } as const;
    app.workspace.faults.add({ ...away, method: 'files.getUploadURLExternal' });
    app.workspace.faults.add({
      ...away,
      method: 'chat.postMessage',
      when: ({ thread_ts }) => thread_ts !== undefined,
    });
    for (let times = 0; times < 6; times += 1) assert.ok((await turns(started())) > 0);
    assert.equal(roots().length, 1);
    app.workspace.faults.clear();
    await turns(started());
    await everythingOnce();
  });

  it('gives up after a day, and says in the log what to do', async () => {
    await turns(started());
    now = slot + minuteMs;
    app.workspace.faults.add({
      method: 'chat.postMessage',
      kind: 'error',
      error: 'not_in_channel',
      times: Number.POSITIVE_INFINITY,
    });
    assert.ok((await turns(started())) > minuteMs);
    assert.match(JSON.stringify(app.lines), /weekly summary could not be posted.*\/invite @/);
    now = slot + dayMs + minuteMs;
    await turns(started(), 20);
    assert.equal(
      (await app.records.newestSummary({ now }))?.slot,
      slot + dayMs,
      'and goes on with the next one',
    );
    assert.match(JSON.stringify(app.lines), /given up/);
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
      await turns(started());
      now = slot + minuteMs;
      arm();
      for (let times = 0; times < 4; times += 1) await turns(started({ draw }));
      assert.equal(roots().length, 1);
      const said = replies(roots()[0]).map((reply) => app.workspace.renderMessage(reply));
      assert.equal(said.length, 1, said.join('\n'));
      assert.match(said[0] ?? '', why);
      assert.equal((await app.records.newestSummary({ now }))?.end, 'done');
    });
  }

  it('runs by itself until it is stopped', async () => {
    await turns(started());
    now = slot + minuteMs;
    const deps = started();
    const clock = {
      now: () => now,
      monotonic: () => now,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, 20));
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    };
    const summaries = createWeeklySummaries({ ...deps, clock }, { pollMs: 20 });
    summaries.start();
    await app.workspace.waitFor(() => files().length === 1, { what: 'the picture', timeoutMs });
    await summaries.stop();
    await everythingOnce();
  });
});
