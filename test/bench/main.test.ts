import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const timeout = 600_000;

function bench(...args: readonly string[]): Promise<{ code: number; out: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, out, errors) =>
      resolve({ code: error ? Number(error.code) : 0, out, errors }),
    );
  });
}

test('the benchmarks say of which parts they are, and CONTRIBUTING names each', { timeout }, async () => {
  const { code, out } = await bench('list');
  assert.equal(code, 0);
  const names = out
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  const expected = ['approve', 'directory', 's3', 'large', 'drill', 'fleet', 'redaction', 'home', 'copy'];
  assert.deepEqual(names, expected);
  const documented = await readFile(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
  for (const name of names) assert.ok(documented.includes(`\`${name}\``), name);
});

test('without a word nothing is measured: the parts are named, and how to ask for one or for all', {
  timeout,
}, async () => {
  const { code, out } = await bench();
  assert.equal(code, 0);
  assert.match(out, /^name one or more of these parts, or --all/);
  assert.match(out, /\napprove .*\n.*directory/);
  assert.doesNotMatch(out, /largest view|%/);
});

test('a part that there is not: nothing is measured, and those that there are are named', {
  timeout,
}, async () => {
  const { code, out, errors } = await bench('home', 'nonsense', 'constructor');
  assert.equal(code, 1);
  assert.match(errors, /no such part: nonsense, constructor/);
  assert.match(out, /^approve .*\n.*directory/);
  assert.doesNotMatch(out, /largest view/);
});
