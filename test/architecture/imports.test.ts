import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { environmentReaders, importCycles, neighbourCycles, roomCycles, wrongImports } from './rules.ts';
import { importedPath, importsOf, sourceFiles } from './source-files.ts';

const files = await sourceFiles('src');

test('imports point inward only', () => {
  assert(files.length > 10, 'found the files of src/');
  assert.deepEqual(wrongImports(files), []);
});

test('no circles of imports', () => {
  assert.deepEqual(importCycles(files), []);
});

test('no circles of imports between the rooms of a layer', () => {
  assert.deepEqual(roomCycles(files), []);
});

for (const folder of ['sandbox', 'bench', 'test/support']) {
  test(`no circles of imports between files or folders of ${folder}`, async () => {
    assert.deepEqual(neighbourCycles(await sourceFiles(folder)), []);
  });
}

test('end-to-end tests and benchmarks reach the simulation through its door, beside the demos that they check', async () => {
  const files = [...(await sourceFiles('test/e2e')), ...(await sourceFiles('bench'))];
  // The fleet of this benchmark is no world: its API servers run in a process of their own.
  const others = files.filter(({ path }) => !path.startsWith('bench/fleet-'));
  const door = /^sandbox\/(world\.ts|demos\/|faults\/every-scenario\.ts)/;
  const wrong = others.flatMap(({ path, text }) =>
    importsOf(text)
      .flatMap(({ specifier }) => importedPath(path, specifier) ?? [])
      .filter((to) => to.startsWith('sandbox/') && !door.test(to))
      .map((to) => `${path} imports ${to}`),
  );
  assert.deepEqual(wrong, []);
});

test('only src/config reads the environment', () => {
  assert.deepEqual(environmentReaders(files), []);
});

test('every form of import is seen, with its line', () => {
  const text = [
    "import 'a';",
    "import b from 'b';",
    "import type { c } from 'c';",
    'import * as d from "d";',
    'import e, {',
    '  type f,',
    '  g as h,',
    "} from 'e';",
    "export { i } from 'i';",
    "export * from 'j';",
    "export type { k } from 'k';",
    "const l = await import('l');",
    "type M = import('m').M;",
    "const n = require('n');",
    "import data from './data.json' with { type: 'json' };",
  ].join('\n');
  const seen = importsOf(text).map(({ line, specifier }) => `${line} ${specifier}`);
  assert.deepEqual(seen, '1 a,2 b,3 c,4 d,8 e,9 i,10 j,11 k,12 l,13 m,14 n,15 ./data.json'.split(','));
});

test('what only looks like an import is not one', () => {
  const text = [
    "// import a from 'a';",
    "/** import('b') makes a promise */",
    "export const from = 'c';",
    "export function read() { return Array.from('d'); }",
    "export interface E { /** taken from 'e' */ x: 'f' }",
    "export type F = 'g' | 'h';",
  ].join('\n');
  assert.deepEqual(importsOf(text), []);
});

/** One line of code in one file, and the rule that it breaks. */
const wrong = [
  ['src/domain/a.ts', "import fs from 'node:fs';", /domain may import neither packages/],
  ['src/domain/a.ts', "import type { Z } from 'zod';", /domain may import neither packages/],
  ['src/domain/a.ts', "import { run } from '../workflow/run.ts';", /domain may import only domain$/],
  [
    'src/workflow/a.ts',
    "import { app } from '../slack/app.ts';",
    /workflow may import only workflow, domain/,
  ],
  ['src/workflow/a.ts', "import { z } from 'zod';", /workflow may import neither packages/],
  ['src/slack/listeners/a.ts', "import type { B } from '../../openshift/b.ts';", /slack may import only/],
  ['src/openshift/a.ts', "export * from '../config/config.ts';", /openshift may import only/],
  ['src/records/a.ts', "const b = await import('../slack/b.ts');", /records may import only/],
  [
    'src/config/a.ts',
    "import type { Fleet } from '../workflow/ports.ts';",
    /config may import only config, domain/,
  ],
  ['src/slack/a.ts', "import { a } from '../main.ts';", /slack may import only/],
  ['src/main.ts', "import { a } from '../sandbox/main.ts';", /may not import what lies outside/],
  [
    'src/openshift/a.ts',
    "import { a } from '../../test/support/need.ts';",
    /may not import what lies outside/,
  ],
  ['src/extra/a.ts', "import '../domain/run.ts';", /src\/extra is not a part/],
] as const;

for (const [path, text, rule] of wrong) {
  test(`an import that points the wrong way is named: ${path} ${text}`, () => {
    const found = wrongImports([{ path, text: `\n${text}` }]);
    assert.equal(found.length, 1);
    assert(found[0]?.startsWith(`${path}:2 imports `), found[0]);
    assert.match(found[0] ?? '', rule);
  });
}

test('a circle of three files is named in its order', () => {
  const circle = [
    { path: 'src/domain/a.ts', text: "import type { B } from './b.ts';" },
    { path: 'src/domain/b.ts', text: "import { c } from './c.ts';" },
    { path: 'src/domain/c.ts', text: "export * from './a.ts';" },
  ];
  assert.deepEqual(importCycles(circle), [
    'src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts',
  ]);
});

test('a circle of two rooms is named, though no files form one', () => {
  const files = [
    { path: 'src/domain/run/a.ts', text: "import './b.ts';\nimport '../watch/d.ts';" },
    { path: 'src/domain/run/b.ts', text: '' },
    { path: 'src/domain/watch/c.ts', text: "import '../run/b.ts';" },
    { path: 'src/domain/watch/d.ts', text: '' },
    { path: 'src/domain/door.ts', text: "import './run/a.ts';\nimport './watch/c.ts';" },
  ];
  assert.deepEqual(importCycles(files), []);
  assert.deepEqual(roomCycles(files), ['src/domain/run → src/domain/watch → src/domain/run']);
});

test('a circle of a folder and the file beside it is named, and a file above both is none', () => {
  const files = [
    { path: 'sandbox/main.ts', text: "import './faults/demo.ts';\nimport './world.ts';" },
    { path: 'sandbox/faults/demo.ts', text: "import '../world.ts';\nimport './stage.ts';" },
    { path: 'sandbox/faults/stage.ts', text: '' },
    { path: 'sandbox/world.ts', text: '' },
  ];
  assert.deepEqual(neighbourCycles(files), []);
  const door = { path: 'sandbox/world.ts', text: "import './faults/stage.ts';" };
  assert.deepEqual(neighbourCycles([...files, door]), ['sandbox/faults → sandbox/world.ts → sandbox/faults']);
});

test('every way to read the environment is seen', () => {
  const ways = [
    'process.env.HOME',
    'process?.env',
    "process['env']",
    'const { env } = process;',
    "import { env } from 'node:process';",
  ];
  for (const text of ways) {
    assert.equal(environmentReaders([{ path: 'src/slack/a.ts', text }]).length, 1, text);
    assert.deepEqual(environmentReaders([{ path: 'src/config/a.ts', text }]), []);
  }
});
