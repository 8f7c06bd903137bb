import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sourceFiles } from './source-files.ts';

/** Calls that start a process or a thread. */
const starts = /\b(spawn|spawnSync|execFile|execFileSync|execSync|fork|execa\w*|new Worker)\(/g;
const starters = /node:child_process|node:worker_threads|from 'execa'/;

it('no process and no thread inherits the environment of the bot, which holds its tokens', async () => {
  const calls: string[] = [];
  const found: string[] = [];
  for (const { path, text: written } of await sourceFiles('src')) {
    const text = code(written);
    if (!starters.test(text)) continue;
    for (const call of text.matchAll(starts)) {
      const said = text.slice(call.index, endOf(text, call.index + call[0].length));
      const spread = /\.\.\.(\w+),/.exec(said)?.[1];
      const options = spread === undefined ? said : `${said} ${definitionOf(text, spread)}`;
      calls.push(path);
      const own = /\benv:/.test(options);
      // execa adds the whole of process.env to `env` unless `extendEnv` is false.
      const alone = !call[1]?.startsWith('execa') || /\bextendEnv: false\b/.test(options);
      if (!own || !alone) found.push(`${path}: ${said.slice(0, 100)}`);
    }
  }
  assert.deepEqual(found, []);
  assert.ok(calls.length >= 6, 'the calls are found at all');
});

it('only the configuration reads the environment of the process', async () => {
  const readers = (await sourceFiles('src')).filter(({ text }) => /process\.env\b/.test(code(text)));
  assert.deepEqual(
    readers.map(({ path }) => path).filter((path) => !path.startsWith('src/config/')),
    [],
  );
});

/** Without comments, which name these calls too. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

/** Where the parenthesis closes that opened before `from`. */
function endOf(text: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; depth > 0 && at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
  }
  return at;
}

function definitionOf(text: string, name: string): string {
  const from = text.indexOf(`const ${name} = {`);
  return from < 0 ? '' : text.slice(from, text.indexOf('as const;', from));
}
