import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { readPng } from '../chart/png.ts';
import { openStage } from '../support/e2e.ts';
import { backupOf } from '../support/fleet-records.ts';

const hourMs = 3_600_000;

it('the real bot catches up on the summary that it missed, with its picture, in Korean', {
  timeout: 180_000,
}, async () => {
  const missed = Date.now() - 2 * hourMs;
  const due = new Date(missed);
  const cron = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
  await using stage = await openStage({
    async configure(config, { channels, recordsFile }) {
      config.summary = { channel: channels.platform, cron, timeZone: 'UTC', language: 'ko' };
      const records = await openSqliteRecords({ file: recordsFile });
      const rule = [cron, 'UTC', channels.platform].join('|');
      await records.openSummary({ slot: missed - 24 * hourMs, rule, now: missed, post: false });
      for (const days of [1, 2, 3]) {
        await records.importRun(backupOf('prod-east', { at: missed - days * 24 * hourMs }), []);
      }
      await records.close();
    },
  });
  const { workspace, channels } = stage.world;
  const root = await workspace.waitFor(
    () =>
      workspace
        .messages(channels.platform)
        .find((each) => /주간 백업 요약/.test(workspace.renderMessage(each))),
    { what: 'the summary', timeoutMs: 60_000 },
  );
  const reply = await workspace.waitFor(() => workspace.thread(channels.platform, root.ts)[1], {
    what: 'the picture',
    timeoutMs: 60_000,
  });
  const [file] = reply.files;
  assert.match(file?.title ?? '', /etcd 백업/);
  assert.ok(readPng(file?.bytes ?? new Uint8Array()).width > 1_000);
});
