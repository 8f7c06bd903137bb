import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { drawPicture } from '../../src/chart/draw-picture.ts';
import { renderSvg } from '../../src/chart/render.ts';
import { shortName } from '../../src/chart/style.ts';
import { summaryWords } from '../../src/slack/messages/fleet/words.ts';
import { toolsFor } from '../../src/slack/messages/kit/make-tools.ts';
import type { SummaryPicture } from '../../src/workflow/watch/summary-picture.ts';
import { differing, inkShare, type Pixels, readPng } from './png.ts';
import { picture, sampleLines, until } from './sample-picture.ts';

const timeout = 600_000;
const dayMs = 86_400_000;
const draw = async (change: Partial<SummaryPicture> = {}): Promise<Pixels> =>
  readPng(await drawPicture(picture(change)));
const textsOf = async (change: Partial<SummaryPicture> = {}) =>
  [...(await renderSvg(picture(change))).matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]);

test('draws its panels with their words, wide enough to be read in Slack', { timeout }, async () => {
  const pixels = await draw();
  assert.ok(pixels.width > 1_200 && pixels.width < 1_700, `${pixels.width} wide`);
  assert.ok(pixels.height > 900 && pixels.height < 1_600, `${pixels.height} high`);
  const half = Math.floor(pixels.height / 2);
  for (const y of [0, half]) {
    const ink = inkShare(pixels, { x: 0, y, width: pixels.width, height: half });
    assert.ok(ink > 0.01 && ink < 0.3, `ink ${ink} from ${y}`);
  }
  for (const [x, y] of [
    [0, 0],
    [pixels.width - 1, 0],
    [0, pixels.height - 1],
    [pixels.width - 1, pixels.height - 1],
  ] as const) {
    assert.equal(pixels.grey(x, y), 255, 'white to the edge');
  }
  const edge = { x: pixels.width - 12, y: 0, width: 12, height: pixels.height };
  assert.equal(inkShare(pixels, edge), 0, 'no label is cut off');
});

test('says what is drawn: titles with units, days, each cluster with its newest value', {
  timeout,
}, async () => {
  const texts = await textsOf();
  for (const text of [
    'Backups of etcd over the last 90 days',
    'Which clusters a backup restores (● backup, × failed)',
    'prod-east: not covered',
    'prod-west: backup too old',
    'Snapshot size (MB)',
    'Time a backup took (s)',
    'Nov 23',
    'prod-payments  612 MB',
    'lab  27 s',
  ]) {
    assert.ok(texts.includes(text), `${text} in ${texts.join(' | ')}`);
  }
  for (const { cluster } of sampleLines) {
    const labels = texts.filter((text) => text?.startsWith(shortName(cluster)));
    assert.equal(labels.length, 3, `${cluster} once in each panel`);
  }
});

test('coverage comes first, and a failure is marked where it was', { timeout }, async () => {
  const texts = await textsOf();
  const at = (text: string) => texts.indexOf(text);
  assert.ok(at('prod-east: not covered') < at('Snapshot size (MB)'), texts.join(' | '));
  const strips = picture().strips.map((strip) => ({ ...strip, failures: [] }));
  const [marked, unmarked] = await Promise.all([renderSvg(picture()), renderSvg(picture({ strips }))]);
  const crosses = (svg: string) => svg.split('stroke="#b3261e"').length - 1;
  assert.equal(crosses(marked), 4);
  assert.equal(crosses(unmarked), 0);
});

test('a cluster without a backup has its row', { timeout }, async () => {
  const bare = { cluster: 'bare', state: 'uncovered', needy: true, backups: [], failures: [] } as const;
  const strips = [{ ...bare, says: 'not covered' }, ...picture().strips];
  assert.ok((await textsOf({ strips })).includes('bare: not covered'));
});

test('no line is drawn across missing days', { timeout }, async () => {
  const [daily] = sampleLines;
  const days = (daily ?? assert.fail()).points.filter((_, index) => index < 40 || index > 45);
  const lines = [{ cluster: 'prod-east', points: days }];
  const partsOf = async (shown: SummaryPicture['lines']) =>
    (await renderSvg(picture({ lines: shown, strips: [] }))).match(/aria-roledescription="line mark"/g)
      ?.length;
  assert.equal(await partsOf(sampleLines.slice(0, 1)), 2, 'one in each panel');
  assert.equal(await partsOf(lines), 4, 'two in each panel');
});

test('Korean is drawn in letters, not in boxes, whatever fonts the machine has', { timeout }, async () => {
  const words = summaryWords(toolsFor({ language: 'ko', timeZone: 'UTC', now: 0, command: '' })).inPicture;
  const titled = (title: string) => draw({ title, subtitle: ' ' });
  const korean = await titled(words.title);
  // Of the private use area: no font has it, so each becomes the box of a missing letter.
  const boxes = await titled(words.title.replace(/\p{Script=Hangul}/gu, '\uf8ff'));
  const otherBoxes = await titled(words.title.replace(/\p{Script=Hangul}/gu, '\uf8fe'));
  assert.equal(differing(boxes, otherBoxes), 0, 'missing letters all look the same');
  assert.ok(differing(korean, boxes) > 1_000, 'Korean does not look like them');
  const letters = await Promise.all(['백', '업'].map((letter) => titled(letter.repeat(8))));
  for (const [index, one] of letters.entries()) {
    for (const other of letters.slice(index + 1)) {
      assert.ok(differing(one, other) > 300, 'each letter has its own shape');
    }
  }
});

test('a fleet of very different sizes gets a logarithmic axis, and says so', { timeout }, async () => {
  const huge = { at: until - dayMs, snapshotBytes: 8 * 1_024 ** 3, durationMs: 600_000 };
  const lines = [...sampleLines.slice(0, 3), { cluster: 'huge', points: [huge] }];
  const texts = await textsOf({ lines: [...lines, ...sampleLines.slice(-1)] });
  assert.ok(texts.includes('Snapshot size (GB) · each step is a factor'), texts.join(' | '));
  assert.ok(texts.includes('huge  8 GB'));
  assert.ok(texts.includes('huge  10 min'));
});

test('a single backup is a picture, too', { timeout }, async () => {
  const points = [{ at: until - 3_600_000, snapshotBytes: 108_146_720, durationMs: 41_000 }];
  const pixels = await draw({ lines: [{ cluster: 'prod-east', points }] });
  assert.ok(inkShare(pixels, { x: 0, y: 0, width: pixels.width, height: pixels.height }) > 0.004);
  assert.ok((await textsOf({ lines: [{ cluster: 'prod-east', points }] })).includes('prod-east  103 MB'));
});

test('names from outside stay text', { timeout }, async () => {
  const points = sampleLines[0]?.points ?? [];
  const svg = await renderSvg(picture({ lines: [{ cluster: '</text><script>', points }] }));
  assert.doesNotMatch(svg, /<script/);
  assert.match(svg, /&lt;\/text&gt;&lt;script&gt;/);
});

test('what cannot be drawn rejects and ends its thread', { timeout }, async () => {
  const broken = picture({ lines: [{ cluster: 'a', points: undefined as never }] });
  await assert.rejects(drawPicture(broken));
});

test('nothing of the drawing is loaded before a picture is wanted', { timeout }, async () => {
  const module = fileURLToPath(new URL('../../src/chart/draw-picture.ts', import.meta.url));
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ resolve(name, context, next) { loaded.push(name); return next(name, context); } });
    await import(${JSON.stringify(module)});
    console.log(loaded.filter((name) => /vega|resvg|render/.test(name)).length, loaded.length > 0);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  assert.equal(stdout.trim(), '0 true');
});
