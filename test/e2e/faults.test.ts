import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { everyScenario } from '../../sandbox/faults/every-scenario.ts';
import { need } from '../support/need.ts';

const timeout = 1_500_000;
/** Other tests run beside it. */
const patience = 6;
const project = fileURLToPath(new URL('../..', import.meta.url));

/** What `--demo=faults --json` promises to print. */
const faultsOutput = z.strictObject({
  faults: z.array(
    z.strictObject({
      name: z.string().min(1),
      broken: z.string().min(10),
      message: z.string(),
      outcome: z.string().min(1),
      seconds: z.number().nonnegative(),
      left: z.string().min(1),
      wrong: z.array(z.string()),
    }),
  ),
  skipped: z.array(
    z.strictObject({ name: z.string().min(1), broken: z.string().min(10), lacks: z.string().min(10) }),
  ),
  count: z.int(),
  asTheyMustBe: z.int(),
});

type Fault = z.infer<typeof faultsOutput>['faults'][number];
const mostPlayedAgain = 4;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let dir: string;
const children = new Set<ChildProcess>();

async function sandbox(...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['sandbox/main.ts', ...words], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  children.delete(child);
  return { code, out, err };
}

describe('npm run sandbox -- --demo=faults', { timeout }, () => {
  let ended: Ended;
  let playedAgain = 0;
  let said: z.infer<typeof faultsOutput>;

  before(
    async () => {
      dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-faults-'));
      ended = await sandbox('--demo=faults', '--json', `--patience=${patience}`, `--dir=${dir}`);
      said = faultsOutput.parse(JSON.parse(ended.out || 'null'), {
        error: () => `it printed no table:\n${ended.out}\n${ended.err}`,
      });
    },
    { timeout },
  );
  after(async () => {
    for (const child of children) child.kill('SIGTERM');
    if (dir) await rm(dir, { recursive: true, force: true });
  });

  for (const { name, expected, lacks } of everyScenario) {
    it(`${name}: ends as ${expected.outcome}, says so, leaves what it names`, async (t) => {
      const lacking = lacks?.();
      if (lacking !== undefined) {
        assert.equal(said.skipped.find((each) => each.name === name)?.lacks, lacking);
        return void need(t, lacking, false);
      }
      const first = said.faults.find((each) => each.name === name) ?? assert.fail('it was not played');
      const fault = first.wrong.length === 0 ? first : await playedAlone(t, first);

      assert.deepEqual(fault.wrong, [], JSON.stringify(fault, undefined, 2));
      assert.equal(fault.outcome, expected.outcome);
      assert.match(fault.message, expected.says);
      if ((expected.left ?? 'nothing') === 'nothing' && expected.outcome !== 'succeeded')
        assert.equal(fault.left, 'nothing');
    });
  }

  /** Two parts are played side by side, and limits run out on a loaded machine: a few may be played once more, alone. */
  async function playedAlone(t: TestContext, first: Fault): Promise<Fault> {
    t.diagnostic(`${first.name} is played again, alone: ${first.wrong.join('; ')}`);
    playedAgain += 1;
    assert.ok(playedAgain <= mostPlayedAgain, JSON.stringify(first, undefined, 2));
    const { out } = await sandbox(
      '--demo=faults',
      '--json',
      `--only=${first.name}`,
      `--patience=${patience}`,
    );
    const { faults } = faultsOutput.parse(JSON.parse(out || 'null'));
    return faults.find(({ name }) => name === first.name) ?? assert.fail('it was not played');
  }

  it('ends with exit 0 if every line is as it must be, else with 1', () => {
    assert.equal(said.count + said.skipped.length, everyScenario.length);
    assert.deepEqual(
      said.skipped.map(({ name }) => name),
      everyScenario.filter(({ lacks }) => lacks?.() !== undefined).map(({ name }) => name),
    );
    assert.equal(
      new Set(everyScenario.map(({ name }) => name)).size,
      everyScenario.length,
      'names are unique',
    );
    assert.equal(said.asTheyMustBe + playedAgain, said.count);
    assert.equal(ended.code, playedAgain === 0 ? 0 : 1);
    assert.equal(ended.err, '');
  });
});

describe('the words of npm run sandbox', { timeout: 60_000 }, () => {
  for (const words of [
    ['--demo=nothing'],
    ['--demo=faults', '--patience=0'],
    ['--nothing'],
    ['nothing'],
    ['--demo=__proto__'],
  ]) {
    it(`${words.join(' ')} is refused with the usage and exit 2`, async () => {
      const { code, out, err } = await sandbox(...words);

      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /npm run sandbox -- --demo=faults/);
    });
  }

  it('--help prints it, and ends well', async () => {
    const { code, out } = await sandbox('--help');

    assert.equal(code, 0);
    assert.match(out, /--demo=story/);
  });
});
