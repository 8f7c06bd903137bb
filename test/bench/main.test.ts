import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const timeout = 60_000;

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
  assert.deepEqual(names, ['approve', 'directory', 's3', 'large', 'fleet', 'home', 'copy']);
  const told = await readFile(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
  for (const name of names) assert.ok(told.includes(`\`${name}\``), name);
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
