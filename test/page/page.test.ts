import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { type OpenPage, openPage } from '../../sandbox/page/play.ts';
import type { World } from '../../sandbox/world.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { need } from '../support/need.ts';

const patientMs = 60_000;
const chromium = findChromium();

describe('the page in a browser', { timeout: 600_000, concurrency: false }, () => {
  let dir: string;
  let page: OpenPage;
  let browser: Browser;

  before(
    async () => {
      if (chromium === undefined) return;
      dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-page-'));
      page = await openPage({ dir, language: 'en', schedule: false, port: 0 });
      browser = await launchChromium(chromium);
    },
    { timeout: 120_000 },
  );
  after(async () => {
    await browser?.close();
    await page?.[Symbol.asyncDispose]();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });

  /** A window of its own, in which this person acts. No error of the page passes unseen. */
  async function windowOf(t: TestContext, person: string, width = 1_400): Promise<Page> {
    const opened = await browser.newPage({ viewport: { width, height: 850 } });
    opened.setDefaultTimeout(patientMs);
    const errors: string[] = [];
    opened.on('pageerror', (error) => errors.push(String(error)));
    opened.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
    t.after(async () => {
      await opened.close();
      assert.deepEqual(errors, []);
    });
    await opened.goto(`${page.server.address}?as=${person}`);
    await field(opened).waitFor();
    return opened;
  }

  it('shows a form, what is wrong with it, and takes it when it is right', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const viewer = await windowOf(t, 'viewer');

    await viewer.getByRole('button', { name: 'Not needed, because …' }).click();
    const form = viewer.getByRole('dialog');
    await form.getByRole('textbox').waitFor();
    await form.getByRole('button').last().click();
    await form.getByRole('alert').filter({ hasText: 'Please complete this required field.' }).waitFor();
    await form.getByRole('textbox').fill('it is a lab');
    await form.getByRole('button').last().click();

    await form.waitFor({ state: 'detached' });
    await viewer.getByRole('article').filter({ hasText: 'it is a lab' }).first().waitFor();
  });

  it('plays a backup with two people in two windows', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const requester = await windowOf(t, 'requester');
    const approver = await windowOf(t, 'approver');

    await typeRequest(requester);
    await card(requester, 'Needs 1').waitFor();
    await refuseOwnApproval(requester, approver);
    await declineOnce(approver, page.world);
    await approve(approver);

    for (const window of [requester, approver]) await card(window, 'Backed up in').waitFor();
    await card(requester, 'Backed up in')
      .getByRole('button', { name: /replies/ })
      .click();
    const thread = requester.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('The backup of prod-east is complete').waitFor();
    await thread.getByRole('button', { name: 'Close' }).click();
    const world = requester.getByRole('complementary', { name: 'The world' });
    const nas = world.getByRole('group').filter({ hasText: 'nas-1' });
    await nas.getByText(/nas-1: \d+ files/).click();
    await nas.getByText(/snapshot_\S+\.db$/).waitFor();
    await openManifest(nas);
    for (const step of ['Ask for a backup', 'Let a second person approve it'])
      await world.getByRole('listitem').filter({ hasText: step }).getByLabel('done').waitFor();
  });

  it('shows the fault that was switched on, and the update that was asked for', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const requester = await windowOf(t, 'requester');
    const rollout = requester.getByRole('checkbox', { name: 'The operator of etcd rolls out a change' });

    await rollout.check();
    await requester.getByText('etcd: progressing').waitFor();
    await say(requester, '/etcd-backup check prod-east');
    await requester.getByText('The operator etcd is rolling out a change').first().waitFor();
    await rollout.uncheck();
    await requester.getByText('etcd: progressing').waitFor({ state: 'detached' });

    await requester.getByRole('button', { name: 'Update to 4.16.9' }).click();
    await requester.getByRole('article').filter({ hasText: '4.16.8 → 4.16.9' }).first().waitFor();
  });

  it('shows every message of the golden files in both languages, and none of their blocks is unknown to it', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const gallery = await browser.newPage();
    t.after(() => gallery.close());
    await gallery.goto(`${page.server.address}gallery`);
    await gallery.locator('#card-waiting').waitFor({ timeout: 2 * patientMs });

    const written = await readdir(new URL('../slack/messages/golden/en/', import.meta.url));
    const shown = await gallery.locator('section').evaluateAll((all) => all.map(({ id }) => `${id}.txt`));
    assert.deepEqual(shown.toSorted(), written.toSorted());
    for (const language of ['en', 'ko']) {
      const without = gallery.locator('section', {
        hasNot: gallery.locator(`[lang=${language}] .message-sample`),
      });
      assert.deepEqual(await without.evaluateAll((all) => all.map(({ id }) => id)), []);
    }
    assert.deepEqual(await gallery.locator('.cannot-show').allTextContents(), []);
    const card = gallery.locator('#card-waiting [lang=en]');
    await card.getByRole('button', { name: 'Approve' }).waitFor();
    assert.match((await card.textContent()) ?? '', /Needs 1 of/);
  });

  it('fits on a phone', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const phone = await windowOf(t, 'approver', 390);
    const overflow = () => phone.evaluate('document.documentElement.scrollWidth - window.innerWidth');

    assert.equal(await overflow(), 0);
    await phone.getByRole('button', { name: 'Channels and people' }).click();
    await phone.getByRole('button', { name: 'etcd-backup · Home' }).click();
    await phone.getByText('1 cluster').waitFor();
    await phone.getByRole('button', { name: 'Check' }).waitFor();
    assert.equal(await overflow(), 0);
    await phone.getByRole('button', { name: 'The world' }).click();
    await phone.getByRole('heading', { name: 'Faults' }).waitFor();
    assert.equal(await overflow(), 0);
  });
});

/** The bytes that the destination holds. */
async function openManifest(nas: Locator): Promise<void> {
  const link = nas.getByRole('link', { name: 'manifest.json' });
  const opening = nas.page().waitForEvent('popup');
  await link.click();
  const opened = await opening;
  assert.match((await opened.textContent('body')) ?? '', /"zStream":\s*"4\.16\.8"/);
  await opened.close();
}

function field(window: Page): Locator {
  return window.getByRole('combobox', { name: 'Message #platform-prod' });
}

function card(window: Page, words: string): Locator {
  return window.getByRole('article').filter({ hasText: words }).last();
}

async function say(window: Page, text: string): Promise<void> {
  await field(window).fill(text);
  await field(window).press('Enter');
}

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
  await card(requester, 'Needs 1').getByRole('button', { name: 'Approve' }).click();
  await requester.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await requester.getByRole('article').filter({ hasText: 'own request' }).waitFor();
  assert.equal(await approver.getByText('own request').count(), 0);
  assert.equal(await approver.getByText('Only visible to you').count(), 0);
}

/** The question is answered with no: Slack knows of it, the bot does not. */
async function declineOnce(approver: Page, { workspace, people }: World): Promise<void> {
  await card(approver, 'Needs 1').getByRole('button', { name: 'Approve' }).click();
  await approver.getByRole('dialog').getByRole('button', { name: 'Not yet' }).click();
  await approver.getByRole('dialog').waitFor({ state: 'detached' });
  const answer = await workspace.waitFor(
    () => workspace.entries().findLast(({ kind, who }) => kind === 'confirm' && who === people.approver),
    { timeoutMs: patientMs, what: 'the answer to the question' },
  );
  assert.match(answer.text, /Not yet/);
}

async function approve(approver: Page): Promise<void> {
  await card(approver, 'Needs 1').getByRole('button', { name: 'Approve' }).click();
  await approver.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
}
