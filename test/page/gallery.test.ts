import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { GalleryEntry, GalleryMessage } from '../../sandbox/page/protocol.ts';
import { asObject, asText, type JsonObject } from '../../sandbox/slack/json.ts';
import { need } from '../support/need.ts';
import { readable } from '../support/plain-text.ts';
import { browserWorld, chromium, overflow, patientMs } from './browser-world.ts';
import { looksRight } from './layout.ts';

describe('the gallery in a browser', { timeout: 600_000, concurrency: false }, () => {
  const world = browserWorld('en');

  it('draws all that every message holds, in both languages, so that it can be read and pressed', async (t) => {
    if (!need(t, 'chromium', chromium)) return;
    const { browser, page } = world();
    const gallery = await browser.newPage({ viewport: { width: 1_400, height: 850 } });
    t.after(() => gallery.close());
    await gallery.goto(`${page.server.address}gallery`);
    await gallery.locator('#card-waiting').waitFor({ timeout: 5 * patientMs });
    const answer = await fetch(`${page.server.address}gallery.json`);
    const entries = (await answer.json()) as readonly GalleryEntry[];

    const written = await readdir(new URL('../slack/messages/golden/en/', import.meta.url));
    assert.deepEqual(entries.map(({ name }) => `${name}.txt`).toSorted(), written.toSorted());
    assert.deepEqual(await gallery.locator('.cannot-show').allTextContents(), []);
    const drawn = await gallery.locator('.message-sample').evaluateAll((samples) =>
      samples.map((each) => ({
        of: `${each.closest('[lang]')?.getAttribute('lang')}/${each.closest('section')?.id}`,
        text: each.textContent ?? '',
        pressed: [...each.querySelectorAll('button')].map(({ textContent }) => textContent ?? ''),
        menus: each.querySelectorAll('select').length,
        fields: each.querySelectorAll('input, textarea').length,
      })),
    );
    const isOf = Map.groupBy(drawn, ({ of }) => of);
    for (const { name, en, ko } of entries) {
      drawsAll(isOf.get(`en/${name}`) ?? [], en, `en/${name}`);
      drawsAll(isOf.get(`ko/${name}`) ?? [], ko, `ko/${name}`);
    }
    for (const [width, colorScheme] of [
      [1_400, 'light'],
      [1_400, 'dark'],
      [390, 'light'],
    ] as const) {
      await gallery.setViewportSize({ width, height: 850 });
      await gallery.emulateMedia({ colorScheme });
      await looksRight(gallery, '.message-sample');
      assert.equal(await overflow(gallery), 0);
    }
  });
});

/** Each button and menu by its label and order, each text with all its words: what the blocks hold, and no more buttons. */
function drawsAll(shown: readonly Shown[], messages: readonly GalleryMessage[], name: string): void {
  assert.ok(messages.length > 0, name);
  assert.equal(shown.length, messages.length, name);
  for (const [index, { text, blocks }] of messages.entries()) {
    const is = shown[index] ?? assert.fail(name);
    const all = blocks === undefined || blocks.length === 0 ? [{ type: 'mrkdwn', text }] : blocks;
    const objects = all.flatMap(everyObject);
    const buttons = objects.filter(({ type }) => type === 'button');
    assert.deepEqual(
      is.pressed.map(wordsOf),
      buttons.map(({ text: label }) => wordsOf(asText(asObject(label).text))),
      name,
    );
    assert.equal(is.menus, objects.filter(({ type }) => type === 'static_select').length, name);
    assert.equal(is.fields, objects.filter(({ type }) => type === 'plain_text_input').length, name);
    const read = wordsOf(is.text);
    for (const word of objects.filter(isText).flatMap((each) => wordsOf(readableIn(each))))
      assert.ok(read.includes(word), `${name} does not show “${word}”`);
  }
}

interface Shown {
  readonly text: string;
  readonly pressed: readonly string[];
  readonly menus: number;
  readonly fields: number;
}

/** It and all objects inside; what a confirmation says is not on the page until it is asked. */
function everyObject(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(everyObject);
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).filter(([key]) => key !== 'confirm' && key !== 'placeholder');
  return [value as JsonObject, ...inside.flatMap(([, each]) => everyObject(each))];
}

function isText({ type, text }: JsonObject): boolean {
  return (type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string';
}

/** Dates are shown in the reader's own zone, names of people by the workspace. */
function readableIn({ text }: JsonObject): string {
  return readable(asText(text).replace(/<(!date|@|!subteam|#|https?:)[^>]*>/g, ' '));
}

/** Words as they are seen, without markers around them and names of emoji. */
function wordsOf(text: string): readonly string[] {
  const plain = text.replace(/:[a-z0-9_+-]+:/g, ' ').replace(/[\u2060\ufeff]/g, '');
  return plain.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}
