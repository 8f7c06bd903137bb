import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { need } from '../support/need.ts';
import { browserWorld, chromium, fault, field, message, press, say } from './browser-world.ts';
import { looksRight } from './layout.ts';
import { says } from './words-of-messages.ts';

describe('stories in a browser', { timeout: 600_000, concurrency: false }, () => {
  const world = browserWorld('en');

  it('an update: the reminder, its repetition at the jump of the clock, the backup, ready for the next one', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const requester = await world().windowOf(t, 'requester');
    const approver = await world().windowOf(t, 'approver');

    await requester.getByRole('button', { name: 'Update to 4.16.9' }).click();
    await message(requester, says.reminder).getByRole('button', { name: says.backUpNow }).waitFor();
    const runs = requester.getByRole('complementary', { name: 'The world' }).getByRole('definition').first();
    await runs.filter({ hasText: '4.16.9' }).waitFor();
    await step(requester, 'Update the cluster');

    const before = await world().page.world.clock.offsetMs;
    await requester.getByRole('button', { name: /Next reminder: / }).click();
    await message(requester, says.reminder).getByRole('button', { name: /repl/ }).click();
    await requester.getByRole('complementary', { name: 'Thread' }).getByText(says.repeated).waitFor();
    assert.ok(world().page.world.clock.offsetMs > before);
    await requester.getByRole('button', { name: 'Close' }).click();

    await message(requester, says.reminder).getByRole('button', { name: says.backUpNow }).click();
    await message(approver, says.waiting).waitFor();
    await press(approver, says.waiting, says.approve);
    await message(requester, says.backedUp).waitFor();
    await message(requester, says.covered).waitFor();
    await say(requester, '/etcd-backup ready-to-update prod-east');
    await message(requester, says.ready).waitFor();
    await looksRight(requester, '.messages');
  });

  it('a fault that is put on, shown, and taken off again', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const requester = await world().windowOf(t, 'requester');
    const approver = await world().windowOf(t, 'approver');
    const rollout = await fault(requester, 'Nodes and operators', 'The operator of etcd rolls out a change');

    await rollout.check();
    await requester.getByText('etcd: progressing').waitFor();
    await say(requester, '/etcd-backup check prod-east');
    await requester.getByText(says.rollout).first().waitFor();
    await rollout.uncheck();
    await requester.getByText('etcd: progressing').waitFor({ state: 'detached' });
    await step(requester, 'Break something');

    // It waits for its moment, and another window sees that.
    await requester.getByLabel('Switches break it').selectOption('while the script runs');
    const name = 'The disk becomes full in mid-snapshot';
    const full = await fault(requester, 'How the backup script ends', name);
    await requester.getByLabel('Switches break it').selectOption('when a card waits for approval');
    await full.check();
    await requester.getByText('waits: when a card waits for approval').waitFor();
    await fault(approver, 'How the backup script ends', name);
    await approver.getByText('waits: when a card waits for approval').waitFor();
    await say(requester, '/etcd-backup run prod-east');
    await message(approver, says.waiting).waitFor();
    await approver.getByText('waits: when a card waits for approval').waitFor({ state: 'detached' });
    await press(approver, says.waiting, says.approve);
    await message(requester, says.diskFull).waitFor();
    await looksRight(requester, '.messages');
    await full.uncheck();
  });

  it('what Slack and the channel’s admins enforce', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const requester = await world().windowOf(t, 'requester');
    const rules = 'What Slack and the channel’s admins enforce';
    const strip = requester.getByRole('region', { name: 'Underneath' });

    const rate = await fault(requester, rules, 'One message a second and channel');
    await rate.check();
    for (const word of ['help', 'status', 'list']) await say(requester, `/etcd-backup ${word}`);
    await say(requester, '/etcd-backup run prod-east');
    await strip.getByText('ratelimited').first().waitFor();
    await message(requester, says.waiting).waitFor();
    await rate.uncheck();

    const window = await fault(requester, rules, 'No message can be edited any more');
    await window.check();
    await message(requester, says.waiting).getByRole('button', { name: 'Cancel request' }).click();
    await confirmIfAsked(requester);
    await strip.getByText('edit_window_closed').first().waitFor();
    await window.uncheck();

    const limited = await fault(requester, rules, 'Only people whom the admins named');
    await limited.check();
    await requester.getByText('The admins of this channel limit what may be posted here.').waitFor();
    await limited.uncheck();

    const archived = await fault(requester, rules, 'The channel is archived');
    await archived.check();
    await requester.getByText('This channel is archived. Nothing can be written here.').waitFor();
    assert.equal(await field(requester).count(), 0);
    await archived.uncheck();
    await field(requester).waitFor();

    const short = await fault(requester, rules, 'Blocks of more than 400 characters');
    await short.check();
    await say(requester, '/etcd-backup help');
    await strip.getByText('msg_blocks_too_long').first().waitFor();
    await short.uncheck();
  });
});

async function confirmIfAsked(window: Page): Promise<void> {
  const dialog = window.getByRole('dialog');
  if (await dialog.isVisible()) await dialog.getByRole('button').last().click();
}

async function step(window: Page, name: string): Promise<void> {
  await window.getByRole('listitem').filter({ hasText: name }).getByLabel('done').waitFor();
}
