import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { deployDirectory } from './render.ts';

const root = join(deployDirectory, '..');
const containerfile = await readFile(join(deployDirectory, 'Containerfile'), 'utf8');
const guide = await readFile(join(root, 'docs', 'air-gap.md'), 'utf8');

const buildArguments = new Map(
  [...containerfile.matchAll(/^ARG (\w+)=(\S*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

test('docs/air-gap.md has every image of the Containerfile, with its default', () => {
  const images = [...buildArguments].filter(([name]) => name.endsWith('_IMAGE'));
  assert.ok(images.length >= 6);
  for (const [name, value] of images) assert.deepEqual(cellsOf(name)[1], `\`${value}\``, name);
  const pulled = [...containerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  for (const image of pulled)
    assert.match(image ?? '', /^(scratch|\$\{\w+_IMAGE\})$/, 'nothing is pulled that is no argument');
});

test('docs/air-gap.md knows every build argument, and names no other', () => {
  const named = [...guide.matchAll(/--build-arg (\w+)=/g)].map(([, name = '']) => name);
  for (const name of [...buildArguments.keys()]) assert.ok(guide.includes(`\`${name}\``), name);
  for (const name of named) assert.ok(buildArguments.has(name), name);
  assert.equal(buildArguments.get('VERSION'), packageJson.version);
});

test('configuration keys in docs/air-gap.md are in the schema', async () => {
  const schema = JSON.parse(await readFile(join(root, 'docs', 'config.schema.json'), 'utf8'));
  const table = /## Where it connects to\n([\s\S]*?)\n## /.exec(guide)?.[1] ?? '';
  const keys = table
    .split('\n')
    .map((row) => row.split('|').at(-2) ?? '')
    .flatMap((cell) => [...cell.matchAll(/`([a-zA-Z][\w.[\]]*)/g)].map(([, key = '']) => key));
  assert.ok(keys.length >= 8, keys.join(' '));
  const known = namesIn(schema);
  for (const key of keys.flatMap((each) => each.replaceAll('[]', '').split('.')))
    assert.ok(known.has(key), key);
});

test('files that docs/air-gap.md starts with node are there', () => {
  const files = [...guide.matchAll(/node (src\/\S+\.ts)/g)].map(([, file = '']) => file);
  assert.ok(files.length >= 4);
  for (const file of files) assert.ok(existsSync(join(root, file)), file);
});

/** The row of a table that begins with this name. */
function cellsOf(name: string): readonly string[] {
  const row = guide.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** Every property that the schema has at any depth. */
function namesIn(schema: unknown): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return new Set([...own, ...Object.values(schema).flatMap((each) => [...namesIn(each)])]);
}
