import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import { RecordsUnavailableError } from '../../../src/workflow/ports/records.ts';
import { openRetentionLab, type RetentionLab } from '../../support/retention-lab.ts';

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

type Op =
  | { readonly kind: 'backup'; readonly zStream: string }
  | { readonly kind: 'jump'; readonly ms: number }
  | { readonly kind: 'passes'; readonly ms: number }
  | { readonly kind: 'disprove' }
  | { readonly kind: 'work'; readonly fault: Fault | undefined };

interface Fault {
  /** Number of the call that it meets. */
  readonly at: number;
  readonly kind: 'died' | 'died-after' | 'records' | 'place';
}

const fault = fc.record({
  at: fc.integer({ min: 1, max: 14 }),
  kind: fc.constantFrom<Fault['kind']>('died', 'died-after', 'records', 'place'),
});
const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('backup'), zStream: fc.constantFrom('4.16.8', '4.16.9') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('jump'),
      ms: fc.constantFrom(3 * hourMs, -2 * hourMs, yearMs, -yearMs, 0),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('passes'), ms: fc.constantFrom(7 * hourMs, 30 * 24 * hourMs) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disprove') }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('work'), fault: fc.option(fault, { nil: undefined }) }),
  },
);
const rules = fc.record({
  newest: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  days: fc.option(fc.constantFrom(1, 30), { nil: undefined }),
});

class Died extends Error {}

test(
  'whatever happens: what the record calls proven is there, and so are the newest and that of the present z-stream',
  { timeout: 900_000 },
  () =>
    fc.assert(
      fc.asyncProperty(rules, fc.array(op, { minLength: 4, maxLength: 14 }), async (policy, ops) => {
        const lab = await openRetentionLab(policy);
        try {
          let wrong = 0;
          for (const each of ops) {
            if (each.kind === 'backup') await lab.backup({ zStream: each.zStream });
            // By true time, so that a second jump does not add up to a right clock.
            if (each.kind === 'jump') lab.clock.jump(each.ms - wrong);
            if (each.kind === 'jump') wrong = each.ms;
            if (each.kind === 'passes') lab.clock.forward(each.ms);
            if (each.kind === 'disprove') await disproveNewest(lab);
            if (each.kind === 'work') await works(lab, each.fault);
            await provenIsThere(lab);
          }
          lab.clock.jump(-wrong);
          const last = await lab.backup({ zStream: '4.16.9' });
          await works(lab, undefined);
          await provenIsThere(lab);
          const run = await lab.run(last);
          assert.equal(lab.there(run).length, 2);
          assert.ok(run.success?.copies?.every(({ provenAt }) => provenAt !== undefined));
          for (const each of await lab.records.runs({ keeps: 'copies' }))
            assert.ok(
              !each.success?.copies?.some(({ removing }) => removing),
              'every removal came to its end',
            );
        } finally {
          await lab.close();
        }
      }),
      { numRuns: Number(process.env.RETENTION_RUNS ?? 25) },
    ),
);

/** Work of one process, which may die or meet a fault. What was the newest before is there afterwards. */
async function works(lab: RetentionLab, fault: Fault | undefined): Promise<void> {
  const before = await newestOnes(lab);
  let calls = 0;
  lab.around = async (call, act) => {
    calls += 1;
    const isIt = calls === fault?.at;
    const isPlace = ['remove', 'list', 'stat'].includes(call);
    if (isIt && fault?.kind === 'died') throw new Died();
    if (isIt && fault?.kind === 'records' && !isPlace) {
      throw new RecordsUnavailableError('database is locked', { busy: true, cause: undefined });
    }
    if (isPlace && fault?.kind === 'place' && calls >= fault.at) {
      throw new StorageError({ op: call, kind: 'timeout', message: 'no answer', hint: 'Look at it.' });
    }
    const result = await act();
    if (isIt && fault?.kind === 'died-after') throw new Died();
    return result;
  };
  try {
    await lab.settle();
  } catch (error) {
    if (!(error instanceof Died || error instanceof RecordsUnavailableError)) throw error;
  } finally {
    lab.around = undefined;
  }
  for (const id of before) {
    const run = await lab.run(id);
    assert.equal(lab.there(run).length, 2, `${id} was the newest, and is gone`);
    assert.ok(
      run.success?.copies?.every(({ provenAt }) => provenAt !== undefined),
      `${id} counts no more`,
    );
  }
}

/** By the model: of all that restore and have no date ahead, the newest, and the newest of the newest run's z-stream. */
async function newestOnes(lab: RetentionLab): Promise<ReadonlySet<string>> {
  const runs = await lab.records.runs({ succeeded: true });
  const fits = ({ success, startedAt = 0 }: BackupRun) =>
    success?.copies?.every(({ provenAt }) => provenAt !== undefined) === true &&
    !success.drill &&
    startedAt <= lab.clock.now() + 5 * 60_000;
  const present = runs[0]?.plan?.zStream;
  const found = [runs.find(fits), runs.find((run) => fits(run) && run.plan?.zStream === present)];
  return new Set(found.flatMap((run) => run?.id ?? []));
}

async function disproveNewest(lab: RetentionLab): Promise<void> {
  const newest = (await lab.records.runs({ keeps: 'copies' })).find(({ success }) => !success?.drill);
  if (newest) await lab.drilledWrong(newest.id);
}

async function provenIsThere(lab: RetentionLab): Promise<void> {
  for (const run of await lab.records.runs({ succeeded: true })) {
    const there = lab.there(run).map(({ key }) => key);
    for (const { key, provenAt } of run.success?.copies ?? [])
      assert.ok(provenAt === undefined || there.includes(key), `${key} is proven and not there`);
  }
}
