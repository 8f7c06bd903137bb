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
    const wrong = entries.flatMap(({ name, en, ko }) => [
      ...undrawn(isOf.get(`en/${name}`) ?? [], en).map((what) => `en/${name}: ${what}`),
      ...undrawn(isOf.get(`ko/${name}`) ?? [], ko).map((what) => `ko/${name}: ${what}`),
    ]);
    assert.deepEqual(wrong, []);
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

/** Each button and menu by its label and order, each text with all its words: what the blocks hold and the page does not, or more. */
function undrawn(shown: readonly Shown[], messages: readonly GalleryMessage[]): readonly string[] {
  if (messages.length === 0 || shown.length !== messages.length)
    return [`${shown.length} messages are shown, and there are ${messages.length}`];
  return messages.flatMap((message, index) => {
    const is = shown[index];
    return is === undefined ? [] : undrawnOf(is, message);
  });
}

function undrawnOf(is: Shown, { text, blocks = [] }: GalleryMessage): readonly string[] {
  const all = blocks.length === 0 ? [{ type: 'mrkdwn', text }] : blocks;
  const objects = all.flatMap(everyObject);
  const ofType = (kind: string) => objects.filter(({ type }) => type === kind);
  const labels = ofType('button').map(({ text: label }) => wordsOf(asText(asObject(label).text)).join(' '));
  const pressed = is.pressed.map((label) => wordsOf(label).join(' '));
  const read = withoutJoiners(is.text);
  const words = objects.filter(isText).flatMap((each) => wordsOf(readableIn(each)));
  return [
    ...(pressed.join('|') === labels.join('|') ? [] : [`the buttons are ${pressed}, not ${labels}`]),
    ...(is.menus === ofType('static_select').length ? [] : [`${is.menus} menus`]),
    ...(is.fields === ofType('plain_text_input').length ? [] : [`${is.fields} fields`]),
    ...words.filter((word) => !read.includes(word)).map((word) => `“${word}” is not shown`),
  ];
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
  const plain = withoutJoiners(text.replace(/:[a-z0-9_+-]+:/g, ' '));
  return plain.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
}

function withoutJoiners(text: string): string {
  return text.replace(/[\u2060\ufeff]/g, '');
}
