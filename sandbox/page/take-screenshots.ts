/** npm run screenshots: plays in the page and writes the pictures of the documents, so that they show what there is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openPage } from './play.ts';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-screenshots-'));
try {
  await using page = await openPage({ dir, language: 'en', schedule: false, port: 0 });
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  try {
    const viewport = { width: 1_200, height: 700 };
    const window = await browser.newPage({ viewport, colorScheme: 'light' });
    await window.goto(page.server.address);
    const field = window.getByRole('combobox', { name: 'Message #platform-prod' });
    await field.fill('/etcd-backup run prod-east reason="before the network change"');
    await field.press('Enter');
    await window.getByText('Needs 1 approval').waitFor();
    await window.goto(`${page.server.address}?as=approver`);
    await window.getByText('Needs 1 approval').waitFor();
    await window.screenshot({ path: path.join(images, 'sandbox.png') });
  } finally {
    await browser.close();
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}
