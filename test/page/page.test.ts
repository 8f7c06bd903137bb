import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { World } from '../../sandbox/world.ts';
import { need } from '../support/need.ts';
import { browserWorld, chromium, field, message, overflow, patientMs, press, say } from './browser-world.ts';
import { looksRight } from './layout.ts';
import { says } from './words-of-messages.ts';

describe('the page in a browser', { timeout: 600_000, concurrency: false }, () => {
  const world = browserWorld('en');

  it('shows a form, what is wrong with it, and takes it when it is right', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const viewer = await world().windowOf(t, 'viewer');

    await viewer.getByRole('button', { name: says.notNeeded }).click();
    const form = viewer.getByRole('dialog');
    await form.getByRole('textbox').waitFor();
    await form.getByRole('button').last().click();
    await form.getByRole('alert').filter({ hasText: 'Please complete this required field.' }).waitFor();
    await looksRight(viewer, 'dialog');
    await form.getByRole('textbox').fill('it is a lab');
    await form.getByRole('button').last().click();

    await form.waitFor({ state: 'detached' });
    await viewer.getByRole('article').filter({ hasText: 'it is a lab' }).first().waitFor();
  });

  it('plays a backup with two people in two windows', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const { windowOf, page } = world();
    const requester = await windowOf(t, 'requester');
    const approver = await windowOf(t, 'approver');

    await typeRequest(requester);
    await message(requester, says.waiting).waitFor();
    await refuseOwnApproval(requester, approver);
    await declineOnce(approver, page.world);
    // Who looks at another channel sees what came meanwhile as unread, and reads it by going there.
    await requester.getByRole('button', { name: 'general' }).click();
    await press(approver, says.waiting, says.approve);
    await message(approver, says.backedUp).waitFor();
    await say(approver, 'thank you');
    const unread = requester.getByRole('button', { name: /platform-prod.*1 unread/ });
    await unread.click();
    await unread.waitFor({ state: 'detached' });

    await message(requester, says.backedUp).waitFor();
    await readThread(requester);
    await lookUnderneath(requester);
    const panel = requester.getByRole('complementary', { name: 'The world' });
    const nas = panel.getByRole('group').filter({ hasText: 'nas-1: ' });
    await nas.getByText(/nas-1: \d+ files/).click();
    await nas.getByText(/snapshot_\S+\.db$/).waitFor();
    await openManifest(nas);
    for (const step of ['Ask for a backup', 'Let a second person approve it'])
      await panel.getByRole('listitem').filter({ hasText: step }).getByLabel('done').waitFor();
    for (const part of ['.side', 'main', 'aside']) await looksRight(requester, part);
  });

  it('can be used by keyboard alone', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const viewer = await world().windowOf(t, 'viewer');
    const reached = await reachedByTab(viewer);
    for (const name of ['You are', 'platform-prod', 'replies', 'Message #platform-prod', 'Update to'])
      assert.ok(
        reached.some((each) => each.includes(name)),
        `${name}: ${reached.join(' | ')}`,
      );
    assert.deepEqual(
      reached.filter((name) => name === ''),
      [],
    );
  });

  it('fits on a phone, light and dark', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width: 390, height: 800 };
      const phone = await world().windowOf(t, 'approver', { viewport, colorScheme });
      await looksRight(phone, 'main');
      assert.equal(await overflow(phone), 0);
      await phone.getByRole('button', { name: 'Channels and people' }).click();
      await looksRight(phone, '.side');
      await phone.getByRole('button', { name: 'etcd-backup · Home' }).click();
      await phone.getByText('1 cluster').waitFor();
      await phone.getByRole('button', { name: 'Check' }).waitFor();
      await looksRight(phone, 'main');
      assert.equal(await overflow(phone), 0);
      await phone.getByRole('button', { name: 'The world' }).click();
      await phone.getByRole('heading', { name: 'Faults' }).waitFor();
      await looksRight(phone, 'aside');
      assert.equal(await overflow(phone), 0);
    }
  });
});

/** By keyboard alone: the command and its word are chosen from what is offered. */
async function typeRequest(requester: Page): Promise<void> {
  const input = field(requester);
  await input.focus();
  await requester.keyboard.type('/');
  await requester.getByRole('option', { name: '/etcd-backup' }).waitFor();
  await requester.keyboard.press('Enter');
  assert.equal(await input.inputValue(), '/etcd-backup ');
  await requester.keyboard.press('ArrowDown');
  await requester.keyboard.press('Enter');
  assert.equal(await input.inputValue(), '/etcd-backup run ');
  await requester.keyboard.type('prod-east reason="before the change"');
  await requester.keyboard.press('Enter');
  await requester.getByRole('article').filter({ hasText: 'Only visible to you' }).first().waitFor();
}

/** Who asked may not approve; only they read why. */
async function refuseOwnApproval(requester: Page, approver: Page): Promise<void> {
  await press(requester, says.waiting, says.approve);
  await requester.getByRole('article').filter({ hasText: says.ownRequest }).waitFor();
  assert.equal(await approver.getByText(says.ownRequest).count(), 0);
  assert.equal(await approver.getByText('Only visible to you').count(), 0);
}

/** The question is answered with no: Slack knows of it, the bot does not. */
async function declineOnce(approver: Page, { workspace, people }: World): Promise<void> {
  await message(approver, says.waiting).getByRole('button', { name: says.approve }).click();
  await approver.getByRole('dialog').getByRole('button', { name: says.notYet }).click();
  await approver.getByRole('dialog').waitFor({ state: 'detached' });
  const answer = await workspace.waitFor(
    () => workspace.entries().findLast(({ kind, who }) => kind === 'confirm' && who === people.approver),
    { timeoutMs: patientMs, what: 'the answer to the question' },
  );
  assert.match(answer.text, new RegExp(says.notYet));
}

/** The thread is folded up under its message, marked as new until it was opened. */
async function readThread(requester: Page): Promise<void> {
  const line = message(requester, says.backedUp).getByRole('button', { name: /replies/ });
  await line.filter({ hasText: 'new' }).waitFor();
  assert.equal(await requester.getByText(says.complete).count(), 0);
  await line.click();
  const thread = requester.getByRole('complementary', { name: 'Thread' });
  await thread.getByText(says.complete).waitFor();
  await thread.getByRole('button', { name: 'Close' }).click();
  await line.filter({ hasNotText: 'new' }).waitFor();
}

/** Requests, commands and the bytes of both files. */
async function lookUnderneath(requester: Page): Promise<void> {
  const strip = requester.getByRole('region', { name: 'Underneath' });
  const bytes = strip.getByRole('list', { name: 'Bytes on their way' });
  await bytes.getByText(/^snapshot_\S+\.db is written on master-/).waitFor();
  for (const file of [/^snapshot_\S+\.db is copied off/, /^static_kuberesources_\S+ is copied off/]) {
    const copy = bytes.getByRole('listitem').filter({ hasText: file });
    const count = (await copy.locator('.quiet').textContent()) ?? '';
    const [, copied, total] = /^([\d,]+) of ([\d,]+) bytes$/.exec(count) ?? [];
    assert.ok(copied !== undefined && copied === total, `${copied} of ${total}`);
  }
  await strip.getByText(/delete .*pods\/etcd-backup-session/).waitFor();
  await strip
    .getByText(/^\$ cat -- /)
    .first()
    .waitFor();
}

/** The bytes that the destination holds. */
async function openManifest(nas: Locator): Promise<void> {
  const link = nas.getByRole('link', { name: 'manifest.json' });
  const opening = nas.page().waitForEvent('popup');
  await link.click();
  const opened = await opening;
  assert.match((await opened.textContent('body')) ?? '', /"zStream":\s*"4\.16\.8"/);
  await opened.close();
}

/** What the Tab key stops at, by its name, until it comes round. */
async function reachedByTab(window: Page): Promise<readonly string[]> {
  const names: string[] = [];
  await window.locator('body').focus();
  for (let presses = 0; presses < 80; presses += 1) {
    await window.keyboard.press('Tab');
    const name = await window.evaluate<string | null>(`(() => {
      const it = document.activeElement;
      if (it === null || it === document.body) return null;
      return it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent ?? '';
    })()`);
    if (name === null) break;
    names.push(name.trim());
  }
  return names;
}
