import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { reasonField } from '../../../sandbox/terminal/play-form.ts';
import { formIds } from '../../../src/slack/messages/form/form-ids.ts';
import { reminderForm, reminderFormView } from '../../../src/slack/messages/form/reminder-form.ts';
import { skipForm, skipFormView } from '../../../src/slack/messages/restore-room/skip-form.ts';

const input = (id: string, type = 'plain_text_input') => ({
  type: 'input',
  element: { type, action_id: id },
});

test('“submit REASON” finds the field for it in every form of the bot', async () => {
  const context = { language: 'en', timeZone: 'UTC', now: 0 } as const;
  const place = { channel: 'C0123456789', cluster: 'prod-east', ref: 1 } as never;
  assert.equal(reasonField(reminderFormView(place, context as never).blocks), reminderForm.reason);
  const skipped = { channel: 'C0123456789', room: 'prod-east/room@1', cluster: 'prod-east', step: 1 };
  assert.equal(reasonField(skipFormView(skipped, context as never).blocks), skipForm.reason);
  const fields = [formIds.nodeName, formIds.reason, formIds.emergency].map((id) => input(id));
  assert.equal(reasonField([input(formIds.cluster, 'static_select'), ...fields]), formIds.reason);
  assert.equal(reasonField([input('some-text')]), 'some-text');
  assert.equal(reasonField([input('a'), input('b')]), undefined);

  const directory = new URL('../../../src/slack/messages/', import.meta.url);
  const files = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, directory), 'utf8')));
  const withText = files.filter((_, index) => texts[index]?.includes("'plain_text_input'"));
  assert.deepEqual(
    withText,
    ['form/modal.ts', 'form/reminder-form.ts', 'restore-room/skip-form.ts'],
    'a further form belongs into this test',
  );
});
