import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { need } from '../support/need.ts';
import { browserWorld, chromium, message, overflow, press, say } from './browser-world.ts';
import { looksRight } from './layout.ts';
import { saysKo } from './words-of-messages.ts';

describe('the page in Korean, on phones', { timeout: 600_000, concurrency: false }, () => {
  const world = browserWorld('ko');

  it('plays a backup', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const phone = { viewport: { width: 390, height: 800 }, hasTouch: true };
    const requester = await world().windowOf(t, 'requester', phone);
    const approver = await world().windowOf(t, 'approver', phone);
    assert.equal(await requester.evaluate('document.documentElement.lang'), 'ko');

    await say(requester, '/etcd-backup run prod-east reason="변경 전"');
    const waiting = approver.getByRole('button', { name: saysKo.approve }).last();
    await waiting.waitFor();
    await looksRight(approver, 'main');
    await press(approver, '변경 전', saysKo.approve);
    await message(requester, saysKo.backedUp).waitFor();
    await message(requester, saysKo.backedUp).getByRole('button', { name: saysKo.replies }).click();
    await requester.getByRole('complementary', { name: '스레드' }).getByRole('article').nth(3).waitFor();
    await looksRight(requester, 'aside');
    await requester.getByRole('button', { name: '닫기' }).click();
    await requester.getByRole('button', { name: '채널과 사람' }).click();
    await looksRight(requester, '.side');
    assert.equal(await overflow(requester), 0);
  });
});
