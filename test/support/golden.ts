import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Language } from '../../src/domain/policy/policy.ts';
import type { Message } from '../../src/slack/messages/kit/blocks.ts';
import { asPlainText } from './plain-text.ts';
import { slackComplaints } from './slack-limits.ts';

// UPDATE_GOLDEN=1 writes the texts again: then read them aloud before you keep them.
const update = process.env.UPDATE_GOLDEN === '1';
// The gallery of the sandbox's page shows the same messages as people see them: it asks for their blocks in this folder.
const blocksFolder = process.env.GOLDEN_BLOCKS;

/** Messages as people read them, against test/slack/messages/golden/<language>/<name>.txt; none may break a limit of Slack. */
export function compareGolden(language: Language, name: string, ...messages: readonly Message[]) {
  for (const message of messages) assert.deepEqual(slackComplaints(message), [], name);
  const folder = new URL(`../slack/messages/golden/${language}/`, import.meta.url);
  const file = new URL(`${name}.txt`, folder);
  const text = messages.map(asPlainText).join('\n');
  if (update) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  keepBlocks(language, name, messages);
  assert.ok(existsSync(file), `${name} has no golden text: run with UPDATE_GOLDEN=1 and read what it writes`);
  assert.equal(text, readFileSync(file, 'utf8'), `${language}/${name}.txt`);
}

/** `text`: of a message, or the title of a form. */
export function keepBlocks(
  language: Language,
  name: string,
  messages: readonly { readonly text?: string; readonly blocks?: readonly unknown[] }[],
): void {
  if (blocksFolder === undefined) return;
  const kept = messages.map(({ text = '', blocks }) => ({ text, blocks }));
  writeFileSync(path.join(blocksFolder, `${language}.${name}.json`), JSON.stringify(kept));
}
