/** npm run screenshots: plays in the page and writes the pictures of the documents, so that they show what there is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { animatedWebp, type Frame } from './animated-webp.ts';
import { openPage } from './play.ts';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const size = { width: 1_200, height: 700 };
const quality = 72;

/** One window in which people take turns, and the pictures that were taken of it. */
interface Stage {
  readonly window: Page;
  /** Shown so long in the animation. */
  show(ms: number): Promise<void>;
  become(person: string): Promise<void>;
}

const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-screenshots-'));
try {
  await using page = await openPage({ dir, language: 'en', schedule: false, port: 0 });
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  try {
    const window = await browser.newPage({ viewport: size, colorScheme: 'light' });
    // The update alone takes most of a minute, on a busy machine several.
    window.setDefaultTimeout(300_000);
    const frames: Frame[] = [];
    const stage = await createStage(window, page.server.address, frames);
    await askAndApprove(stage);
    await update(stage);
    await writeFile(path.join(images, 'sandbox.webp'), animatedWebp(frames, size));
  } finally {
    await browser.close();
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function createStage(window: Page, address: string, frames: Frame[]): Promise<Stage> {
  const devtools = await window.context().newCDPSession(window);
  return {
    window,
    async show(ms) {
      const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality });
      frames.push({ picture: Buffer.from(data, 'base64'), ms });
    },
    async become(person) {
      await window.goto(`${address}?as=${person}`);
      await window.getByRole('article').first().waitFor();
    },
  };
}

/** A request, the second person, the run with its bytes, the backup. */
async function askAndApprove({ window, show, become }: Stage): Promise<void> {
  await become('requester');
  const field = window.getByRole('combobox', { name: 'Message #platform-prod' });
  await field.pressSequentially('/etcd-backup ');
  await show(1_500);
  await field.fill('/etcd-backup run prod-east reason="before the network change"');
  await show(1_500);
  await field.press('Enter');
  await window.getByRole('button', { name: 'Approve' }).waitFor();
  await show(2_500);
  await become('approver');
  const approve = window.getByRole('button', { name: 'Approve' });
  await approve.waitFor();
  await window.screenshot({ path: path.join(images, 'sandbox.png') });
  await approve.click();
  const question = window.getByRole('dialog').getByRole('button', { name: 'Approve' });
  await question.waitFor();
  await show(2_500);
  await question.click();
  await window.getByText(/^snapshot_\S+\.db is copied off/).waitFor();
  await show(1_500);
  await window.getByText('Backed up in').waitFor();
  await show(3_000);
}

/** The cluster is updated, and the bot says that nothing restores it now. */
async function update({ window, show }: Stage): Promise<void> {
  await window.getByRole('button', { name: 'Update to 4.16.9' }).click();
  await window
    .getByText(/progressing/)
    .first()
    .waitFor();
  await show(2_000);
  await window.getByText('4.16.8 → 4.16.9').first().waitFor();
  await window.getByRole('button', { name: 'Back up now' }).last().waitFor();
  await show(3_500);
}
