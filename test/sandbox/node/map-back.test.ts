import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import { mapBack } from '../../../sandbox/node/map-back.ts';

const ROOT = '/tmp/abab/tree';

async function through(chunks: readonly Buffer[]): Promise<string> {
  return (await buffer(Readable.from(chunks).pipe(mapBack(ROOT)))).toString('latin1');
}

/** The rule again, on the whole text at once. */
function expected(text: string): string {
  return text.replace(/\/tmp\/abab\/tree(?![A-Za-z0-9._\-\x80-\xff])(\/?)/g, '/');
}

test('the root disappears before a slash, is `/` alone, and a longer name stays', async () => {
  const text = `a ${ROOT}/x: b ${ROOT}\n${ROOT}10/y ${ROOT}-b '${ROOT}' ${ROOT}`;
  assert.equal(await through([Buffer.from(text)]), `a /x: b /\n${ROOT}10/y ${ROOT}-b '/' /`);
});

test('a needle across every chunk border is found', async () => {
  const bytes = Buffer.from(`cat: ${ROOT}/home/core/x: No such file\n/tmp/ab${ROOT}/y\n`);
  for (let border = 0; border <= bytes.length; border++) {
    const parts = [bytes.subarray(0, border), bytes.subarray(border)];
    assert.equal(await through(parts), 'cat: /home/core/x: No such file\n/tmp/ab/y\n', `border at ${border}`);
  }
  const single = Array.from(bytes, (byte) => Buffer.from([byte]));
  assert.equal(await through(single), 'cat: /home/core/x: No such file\n/tmp/ab/y\n');
});

test('any text in any chunks comes out as the whole text would', async () => {
  const piece = fc.constantFrom(
    ROOT,
    `${ROOT}/`,
    '/tmp/abab',
    '/tmp/ab',
    '/t',
    'tree',
    '/',
    'x',
    '10',
    '\n',
    '\xff',
    ' ',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.nat(20), { maxLength: 40 }),
      async (pieces, sizes) => {
        const text = pieces.join('');
        const bytes = Buffer.from(text, 'latin1');
        const chunks: Buffer[] = [];
        let from = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(from, from + size));
          from = Math.min(bytes.length, from + size);
        }
        chunks.push(bytes.subarray(from));
        assert.equal(await through(chunks.filter((chunk) => chunk.length > 0)), expected(text));
      },
    ),
    { numRuns: 300 },
  );
});
