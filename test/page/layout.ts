import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import type { Page } from 'playwright-core';

const source = await readFile(new URL('in-browser/layout.ts', import.meta.url), 'utf8');
const inBrowser = stripTypeScriptTypes(source).replace(/^export /gm, '');

/**
 * Fails with what a person could not read or press in each element that fits: wider than its place, one over the other, too small,
 * too pale, without a name.
 */
export async function looksRight(page: Page, selector: string): Promise<void> {
  assert.deepEqual(await problemsIn(page, selector), []);
}

export function problemsIn(page: Page, selector: string): Promise<readonly string[]> {
  return page.evaluate(`(() => { ${inBrowser}; return layoutProblems(${JSON.stringify(selector)}); })()`);
}
