import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ProvenBackup, provenBackup } from '../../src/domain/run/proven-backup.ts';
import type { BackupRun, EndStatus } from '../../src/domain/run/run.ts';
import type { FleetRecord } from '../../src/workflow/ports/records.ts';
import { backedUp, copy } from './ended-runs-samples.ts';
import { change, later, type OpenStore, t0, withStore } from './records-samples.ts';

/** Few values of each, so that equal times, releases and clusters meet. */
const sample = fc.record({
  cluster: fc.constantFrom('prod-east', 'prod-west'),
  at: fc.nat({ max: 6 }),
  zStream: fc.constantFrom('4.16.8', '4.16.9'),
  clusterId: fc.constantFrom('id-1', 'id-2'),
  status: fc.constantFrom<EndStatus>('succeeded', 'succeeded', 'failed', 'expired'),
  scheduled: fc.boolean(),
  proven: fc.boolean(),
  drill: fc.option(fc.record({ ok: fc.boolean(), at: fc.nat({ max: 3 }) }), { nil: undefined }),
  /** Whether it is still proven after it was written once more. */
  later: fc.option(fc.boolean(), { nil: undefined }),
});
type Sample = Parameters<Parameters<typeof sample.map>[0]>[0];

/** What the records should say, from whole runs alone, newest first. */
function expectedRecord(runs: readonly BackupRun[], cluster: string): ComparableRecord {
  const own = runs.filter((run) => run.cluster === cluster);
  const last = (fits: (run: BackupRun) => boolean) => own.find(fits);
  const success = last(({ status }) => status === 'succeeded');
  const failure = last(
    ({ status, origin }) => status === 'failed' || (status === 'expired' && origin.kind === 'schedule'),
  );
  const isNews = failure && (!success || own.indexOf(failure) < own.indexOf(success));
  const drills = own
    .flatMap((run) => (run.success?.drill ? [{ drill: run.success.drill, runId: run.id }] : []))
    .toSorted((a, b) => a.drill.at - b.drill.at || (a.runId < b.runId ? -1 : 1));
  const drill = drills.at(-1);
  return {
    cluster,
    watch: undefined,
    proven: newestOfEach(own.flatMap((run) => provenBackup(run) ?? [])),
    active: undefined,
    lastFailure: isNews
      ? {
          id: failure.id,
          status: failure.status,
          requestedAt: failure.requestedAt,
          finishedAt: failure.finishedAt,
          card: undefined,
        }
      : undefined,
    lastDrill: drill && { ok: drill.drill.ok, at: drill.drill.at, runId: drill.runId },
  };
}

/** `proven`: newest first. */
function newestOfEach<T extends Omit<ProvenBackup, 'seq'>>(proven: readonly T[]): readonly T[] {
  const groups = Map.groupBy(proven, ({ clusterId, zStream }) => `${clusterId} ${zStream}`);
  return [...groups.values()].map(([first]) => first ?? assert.fail('no group is empty'));
}

type ComparableRecord = Omit<FleetRecord, 'proven'> & {
  readonly proven: readonly Omit<ProvenBackup, 'seq'>[];
};

/** Numbers of the order are the records' own business. */
export function withoutSeq(record: FleetRecord): ComparableRecord {
  return { ...record, proven: record.proven.map(({ seq: _, ...rest }) => rest) };
}

function runOf(each: Sample, index: number): BackupRun {
  const { cluster, status, drill, zStream, clusterId } = each;
  const run = backedUp(`r-${index}`, cluster, t0 + each.at, {
    plan: { zStream, clusterId },
    success: {
      copies: copiesOf(each.proven),
      ...(drill?.ok ? { drill: { ok: true, revision: 1, keys: 1, at: drill.at } } : {}),
      ...(drill?.ok === false ? { drill: { ok: false, disproven: true, why: 'damaged', at: drill.at } } : {}),
    },
  });
  const origin = { kind: each.scheduled ? 'schedule' : 'command' } as const;
  return status === 'succeeded' ? { ...run, origin } : { ...run, origin, status, success: undefined };
}

function copiesOf(proven: boolean) {
  return [copy('snapshot', t0 + 9), copy('resources', proven ? t0 + 9 : undefined)];
}

/** Whatever happened to which run: what is stored beside the runs agrees with them. */
export function fleetPropertyContract(open: OpenStore): void {
  test('the fleet record says what its runs say', { timeout: 300_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(sample, { maxLength: 25, size: 'max' }), (samples) =>
        withStore(open, async ({ records }) => {
          for (const [index, each] of samples.entries()) {
            await records.importRun(runOf(each, index), []);
            if (each.later === undefined) continue;
            await records.decide({
              runId: `r-${index}`,
              deliveryId: `later-${index}`,
              now: t0,
              decision: ({ success }) =>
                change({ success: success && { ...success, copies: copiesOf(each.later === true) } }),
            });
          }
          const runs = await records.runs({ limit: 100 });
          const clusters = [...new Set(runs.map(({ cluster }) => cluster))].toSorted();
          assert.deepEqual(
            (await records.fleet({ now: later })).map(withoutSeq),
            clusters.map((cluster) => expectedRecord(runs, cluster)),
          );
        }),
      ),
      { numRuns: 40 },
    ),
  );
}
