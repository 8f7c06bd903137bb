import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, type TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { type OpenPage, openPage } from '../../sandbox/page/play.ts';
import { findChromium, launchChromium } from '../support/chromium.ts';

/** Long: other tests may have the machine. */
export const patientMs = 60_000;
export const chromium = findChromium();

export interface BrowserWorld {
  readonly page: OpenPage;
  readonly browser: Browser;
  /** A window of its own, in which this person acts. No error of the page passes unseen. */
  windowOf(t: TestContext, person: string, options?: BrowserContextOptions): Promise<Page>;
}

/** One world, its page and one browser for all tests of this suite. */
export function browserWorld(language: 'en' | 'ko'): () => BrowserWorld {
  let dir: string | undefined;
  let page: OpenPage | undefined;
  let browser: Browser | undefined;
  before(
    async () => {
      if (chromium === undefined) return;
      dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-page-'));
      page = await openPage({ dir, language, schedule: false, port: 0 });
      browser = await launchChromium(chromium);
    },
    { timeout: 120_000 },
  );
  after(async () => {
    await browser?.close();
    await page?.[Symbol.asyncDispose]();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });
  return () => {
    assert.ok(page && browser);
    const { server } = page;
    const opener = browser;
    return {
      page,
      browser,
      async windowOf(t, person, options = { viewport: { width: 1_400, height: 850 } }) {
        const opened = await opener.newPage(options);
        opened.setDefaultTimeout(patientMs);
        const errors: string[] = [];
        opened.on('pageerror', (error) => errors.push(String(error)));
        opened.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
        t.after(async () => {
          await opened.close();
          assert.deepEqual(errors, []);
        });
        await opened.goto(`${server.address}?as=${person}`);
        await field(opened).waitFor();
        return opened;
      },
    };
  };
}

/** Where one writes to the channel. */
export function field(window: Page): Locator {
  return window.getByRole('main').getByRole('combobox', { name: '#platform-prod' });
}

/** The newest message with these words. */
export function message(window: Page, words: string): Locator {
  return window.getByRole('article').filter({ hasText: words }).last();
}

export async function say(window: Page, text: string): Promise<void> {
  await field(window).fill(text);
  await field(window).press('Enter');
}

/** Presses the button of a message and agrees to what is asked then. */
export async function press(window: Page, words: string, label: string): Promise<void> {
  await message(window, words).getByRole('button', { name: label }).first().click();
  await window.getByRole('dialog').getByRole('button', { name: label }).click();
}

/** A switch of the panel, in its open group. */
export async function fault(window: Page, group: string, name: string): Promise<Locator> {
  const details = window.getByRole('group').filter({ hasText: group });
  const box = window.getByRole('checkbox', { name });
  if (!(await box.isVisible())) await details.getByText(group).click();
  return box;
}

/** How much wider than the window its page is. */
export function overflow(window: Page): Promise<number> {
  return window.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}
