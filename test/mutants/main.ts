import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * Proves the tests: each patch in this directory takes one safeguard away, in a copy of the project, and the tests that it
 * names must fail then. They must pass on the unpatched copy first. Exit 1 when a mutant lives.
 * A patch begins with `what: …` and `tests: FILE …` lines, then the diff.
 */
interface Mutant {
  readonly file: string;
  readonly what: string;
  readonly tests: readonly string[];
}

const here = import.meta.dirname;
const project = path.dirname(path.dirname(here));
const run = promisify(execFile);
const wanted = process.argv.slice(2);

const mutants = await readMutants();
const copy = await mkdtemp(path.join(tmpdir(), 'etcd-backup-mutants-'));
let alive = 0;
try {
  await copyProject();
  await provePassing();
  for (const mutant of mutants) alive += (await kill(mutant)) ? 0 : 1;
} finally {
  await rm(copy, { recursive: true, force: true });
}
say(alive === 0 ? `all ${mutants.length} mutants were killed` : `${alive} of ${mutants.length} mutants live`);
process.exitCode = alive === 0 ? 0 : 1;

async function readMutants(): Promise<readonly Mutant[]> {
  const files = (await readdir(here)).filter((name) => name.endsWith('.patch')).sort();
  const chosen = files.filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
  return Promise.all(chosen.map(readMutant));
}

async function readMutant(file: string): Promise<Mutant> {
  const text = await readFile(path.join(here, file), 'utf8');
  const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1];
  const [what, tests] = [field('what'), field('tests')];
  if (what === undefined || tests === undefined)
    throw new Error(`${file}: needs the lines “what: …” and “tests: …”`);
  return { file, what, tests: tests.split(/\s+/) };
}

async function copyProject(): Promise<void> {
  const skipped = ['node_modules', '.git', '.sandbox'].map((name) => path.join(project, name));
  await cp(project, copy, { recursive: true, filter: (source) => !skipped.includes(source) });
  await symlink(path.join(project, 'node_modules'), path.join(copy, 'node_modules'));
}

async function provePassing(): Promise<void> {
  const files = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  const failure = await failureOf(files);
  if (failure !== undefined) throw new Error(`the tests fail without any mutant:\n${failure}`);
  say(`the tests pass without a mutant: ${files.join(' ')}`);
}

async function kill(mutant: Mutant): Promise<boolean> {
  const patch = path.join(here, mutant.file);
  await run('git', ['apply', patch], { cwd: copy });
  try {
    const killed = (await failureOf(mutant.tests)) !== undefined;
    say(`${killed ? 'killed' : 'ALIVE '}  ${mutant.what}  (${mutant.file})`);
    return killed;
  } finally {
    await run('git', ['apply', '--reverse', patch], { cwd: copy });
  }
}

/** The end of what the tests printed when they failed; undefined when they passed. */
async function failureOf(files: readonly string[]): Promise<string | undefined> {
  try {
    // A mutant may hang: each file gets its time, and the whole of them theirs.
    const timeout = 240_000 + files.length * 60_000;
    const options = { cwd: copy, maxBuffer: 64 * 1024 * 1024, timeout };
    await run(
      process.execPath,
      ['--test', '--test-concurrency=2', '--test-timeout=90000', ...files],
      options,
    );
    return undefined;
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    return stdout.slice(-4_000);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
