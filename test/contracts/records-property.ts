import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isActive, mayBecome, type RunStatus } from '../../src/domain/run/run.ts';
import { verifyAuditChain } from '../../src/records/runs/audit-hash.ts';
import { type Claim, ClaimLostError, type Records } from '../../src/workflow/ports/records.ts';
import { cardNotice, change, event, type OpenStore, requestedRun, t0, withStore } from './records-samples.ts';

const clusters = ['prod-east', 'prod-west'];
const statuses: readonly RunStatus[] = ['waiting', 'approved', 'running', 'succeeded', 'failed', 'cancelled'];
const small = fc.nat({ max: 5 });

type Operation =
  | { readonly kind: 'accept'; readonly cluster: number; readonly delivery: number }
  | { readonly kind: 'decide'; readonly run: number; readonly delivery: number; readonly to: RunStatus }
  | { readonly kind: 'claim'; readonly owner: number; readonly leaseMs: number }
  | { readonly kind: 'advance'; readonly claim: number; readonly to: RunStatus }
  | { readonly kind: 'renew' | 'release'; readonly claim: number }
  | { readonly kind: 'time'; readonly ms: number };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('accept' as const),
    cluster: fc.nat({ max: 1 }),
    delivery: fc.nat({ max: 12 }),
  }),
  fc.record({
    kind: fc.constant('decide' as const),
    run: small,
    delivery: fc.nat({ max: 12 }),
    to: fc.constantFrom(...statuses),
  }),
  fc.record({
    kind: fc.constant('claim' as const),
    owner: fc.nat({ max: 2 }),
    leaseMs: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant('advance' as const), claim: small, to: fc.constantFrom(...statuses) }),
  fc.record({ kind: fc.constantFrom('renew' as const, 'release' as const), claim: small }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat({ max: 60 }) }),
);

interface Known {
  readonly id: string;
  readonly cluster: string;
  status: RunStatus;
  fence: number;
  /** Number in `claims` of the claim that holds the run. */
  holder: number | undefined;
  leaseUntil: number;
}

/** What must hold, kept beside the records as simply as possible. */
class Model {
  now = t0;
  readonly runs: Known[] = [];
  readonly claims: Claim[] = [];
  readonly deliveries = new Set<string>();

  active(cluster: string): Known | undefined {
    return this.runs.find((run) => run.cluster === cluster && isActive(run.status));
  }

  /** Runs that wait have neither votes nor an expiry here: they are due for people only. */
  somethingIsFree(): boolean {
    return this.runs.some(
      (run) => isActive(run.status) && run.status !== 'waiting' && run.holder === undefined,
    );
  }

  holds(claim: Claim, index: number): Known | undefined {
    return this.runs.find((run) => run.id === claim.run.id && run.holder === index);
  }

  become(run: Known, status: RunStatus): void {
    run.status = status;
    if (!isActive(status)) run.holder = undefined;
  }
}

async function accept(records: Records, model: Model, clusterIndex: number, delivery: string): Promise<void> {
  const cluster = clusters[clusterIndex] ?? 'prod-east';
  const id = `r-${model.runs.length}`;
  const expected = model.deliveries.has(delivery) ? 'duplicate' : model.active(cluster) ? 'busy' : 'accepted';
  const answer = await records.accept({
    run: requestedRun(id, cluster, { requestedAt: model.now }),
    deliveryId: delivery,
    audit: [event('requested', model.now)],
    notices: [cardNotice],
  });
  assert.equal(answer.outcome, expected);
  if (expected !== 'duplicate') model.deliveries.add(delivery);
  if (expected !== 'accepted') return;
  model.runs.push({ id, cluster, status: 'requested', fence: 0, holder: undefined, leaseUntil: 0 });
}

async function decide(records: Records, model: Model, index: number, delivery: string, to: RunStatus) {
  const run = model.runs[index];
  const answer = records.decide({
    runId: run?.id ?? 'r-none',
    deliveryId: delivery,
    now: model.now,
    decision: () => change({ status: to }, { audit: [event('step', model.now)] }),
  });
  if (!run) return assert.equal((await answer).outcome, 'no-such-run');
  if (model.deliveries.has(delivery)) return assert.equal((await answer).outcome, 'duplicate');
  if (!mayBecome(run.status, to)) return assert.rejects(answer, /may not go from/);
  assert.equal((await answer).outcome, 'changed');
  model.deliveries.add(delivery);
  model.become(run, to);
}

async function claim(records: Records, model: Model, owner: string, leaseMs: number): Promise<void> {
  const taken = await records.claim({ owner, now: model.now, monotonic: model.now, leaseMs });
  if (!taken) return assert.ok(!model.somethingIsFree(), 'a run that is due and free is claimed');
  const run = model.runs.find((each) => each.id === taken.run.id);
  assert.ok(run && isActive(run.status), 'only a run that is not over is claimed');
  assert.ok(
    run.holder === undefined || run.leaseUntil <= model.now,
    'no worker held it, or its holder gave no heartbeat for a lease',
  );
  assert.ok(taken.fence > run.fence, 'the fence rises');
  run.fence = taken.fence;
  run.leaseUntil = model.now + leaseMs;
  run.holder = model.claims.push(taken) - 1;
}

async function work(records: Records, model: Model, step: Operation & { claim: number }): Promise<void> {
  const claimed = model.claims[step.claim];
  if (!claimed) return;
  const run = model.holds(claimed, step.claim);
  if (step.kind === 'renew') {
    const renewed = await records.renew(claimed, { leaseMs: 20 });
    assert.equal(renewed, run !== undefined);
    if (run) run.leaseUntil = model.now + 20;
  } else if (step.kind === 'release') {
    await records.release(claimed);
    if (run) run.holder = undefined;
  } else if (step.kind === 'advance') {
    const written = records.advance(
      claimed,
      change({ status: step.to }, { audit: [event('step', model.now)] }),
    );
    if (!run) return assert.rejects(written, ClaimLostError);
    if (!mayBecome(run.status, step.to)) return assert.rejects(written, /may not go from/);
    assert.equal((await written).status, step.to);
    model.become(run, step.to);
  }
}

async function apply(records: Records, model: Model, step: Operation): Promise<void> {
  switch (step.kind) {
    case 'accept':
      return accept(records, model, step.cluster, `d-${step.delivery}`);
    case 'decide':
      return decide(records, model, step.run, `d-${step.delivery}`, step.to);
    case 'claim':
      return claim(records, model, `worker-${step.owner}`, step.leaseMs);
    case 'time':
      model.now += step.ms;
      return;
    default:
      return work(records, model, step);
  }
}

async function compare(records: Records, model: Model): Promise<void> {
  const runs = await records.runs({ limit: 1000 });
  assert.deepEqual(
    runs.map((run) => `${run.id} ${run.cluster} ${run.status}`).sort(),
    model.runs.map((run) => `${run.id} ${run.cluster} ${run.status}`).sort(),
  );
  for (const cluster of clusters) {
    assert.ok((await records.runs({ cluster, active: true, limit: 10 })).length <= 1);
  }
  for (const run of runs) assert.deepEqual(verifyAuditChain(await records.auditLines(run.id)), { ok: true });
}

/** Any order of operations, through two openers in turn, against the model. */
export function propertyContract(open: OpenStore): void {
  test('whatever is done in whatever order, the rules hold', { timeout: 300_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 40, size: 'max' }), (operations) =>
        withStore(open, async ({ records, reopen }) => {
          const openers = [records, await reopen()];
          const model = new Model();
          for (const [index, step] of operations.entries()) {
            await apply(openers[index % 2] ?? records, model, step);
          }
          await compare(records, model);
        }),
      ),
      { numRuns: 40 },
    ),
  );
}
