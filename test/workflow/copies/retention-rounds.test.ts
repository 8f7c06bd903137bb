import assert from 'node:assert/strict';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import type { RetentionPolicy } from '../../../src/domain/copies/retention.ts';
import { adopt } from '../../../src/workflow/places/adopt-place.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import { hungMount } from '../../support/hung-mount.ts';
import { openRetentionLab, type RetentionLab } from '../../support/retention-lab.ts';

const hourMs = 3_600_000;

async function opened(t: TestContext, rules: Partial<RetentionPolicy>): Promise<RetentionLab> {
  const lab = await openRetentionLab(rules);
  t.after(() => lab.close());
  // Removes one backup, so that both places are known.
  await lab.backup();
  return lab;
}

function refuseRemovals(lab: RetentionLab): void {
  lab.around = async (call, act) => {
    if (call !== 'remove') return act();
    throw new StorageError({ op: 'remove', kind: 'unreachable', message: 'no answer', hint: 'Look at it.' });
  };
}

async function copiesOf(lab: RetentionLab, id: string): Promise<readonly FileCopy[]> {
  return (await lab.run(id)).success?.copies ?? assert.fail();
}

async function counts(lab: RetentionLab, id: string): Promise<string> {
  const proven = (await copiesOf(lab, id)).filter(({ provenAt }) => provenAt !== undefined);
  return `${lab.there(await lab.run(id)).length} there, ${proven.length} proven`;
}

describe('rounds of retention', { timeout: 300_000 }, () => {
  it('of two runs of one cluster wait for each other: what the record calls proven is there', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const first = await lab.backup();
    await lab.settle();
    lab.apiAnswers = false;
    const second = await lab.backup();
    await lab.settle();
    lab.apiAnswers = true;
    lab.clock.forward(hourMs);
    const third = await lab.backup();
    // The second run's round protects its own backup and calls off what the third one's has begun.
    let looked = false;
    let other: Promise<void> | undefined;
    lab.around = async (call, act) => {
      if (call === 'stat') looked = true;
      if (call !== 'remove' || other) return act();
      if (!(await copiesOf(lab, second)).some(({ removing }) => removing)) return act();
      other = lab.round(second);
      for (let turns = 0; turns < 200 && !looked; turns += 1) await new Promise((next) => setImmediate(next));
      await Promise.race([other, new Promise((next) => setTimeout(next, 500))]);
      return act();
    };
    await lab.round(third);
    await other;
    for (const id of [first, second, third]) {
      const there = lab.there(await lab.run(id)).map(({ key }) => key);
      for (const { key, provenAt, failure } of await copiesOf(lab, id)) {
        assert.ok(provenAt === undefined || there.includes(key), `${key} is proven and not there`);
        assert.equal(failure, undefined, 'what retention removed is not called damaged');
      }
    }
    lab.around = undefined;
    await lab.settle();
    assert.equal(await counts(lab, third), '2 there, 2 proven');
  });

  it('call a removal off where the configuration has no rules any more: the backup counts again', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const first = await lab.backup();
    await lab.settle();
    refuseRemovals(lab);
    const second = await lab.backup();
    await lab.settle();
    assert.equal(await counts(lab, first), '2 there, 1 proven');
    lab.around = undefined;
    lab.retention = undefined;
    lab.clock.forward(hourMs);
    await lab.settle();
    assert.equal(await counts(lab, first), '2 there, 2 proven');
    assert.equal(await counts(lab, second), '2 there, 2 proven');
  });

  it('go on at the other places when one left the configuration in the middle of a removal', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const first = await lab.backup();
    await lab.settle();
    refuseRemovals(lab);
    await lab.backup();
    await lab.settle();
    const [left] = (await copiesOf(lab, first)).flatMap(({ removing, destination }) =>
      removing ? [destination] : [],
    );
    assert.ok(left);
    lab.around = undefined;
    const { [left]: _, ...rest } = lab.retention ?? assert.fail();
    lab.retention = rest;
    lab.left.add(left);
    await lab.backup();
    lab.clock.forward(hourMs);
    await lab.settle();
    const there = lab.there(await lab.run(first)).map(({ destination }) => destination);
    assert.deepEqual(there, [left], 'the other place lets go of what no rule wants');
    assert.equal((await copiesOf(lab, first)).find((copy) => copy.destination !== left)?.stored, undefined);
  });

  it('go on at the other place while the mount of one hangs, in the middle of a removal as well', async (t) => {
    const mount = hungMount(t);
    const lab = await openRetentionLab({ newest: 1 }, [], { 'nas-1': mount });
    t.after(() => lab.close());
    await lab.backup();
    await lab.settle();
    const first = await lab.backup();
    await lab.settle();
    const second = await lab.backup();
    mount.hang('unlink');
    await lab.settle();
    lab.clock.forward(hourMs);
    await lab.settle();
    assert.deepEqual(
      lab.there(await lab.run(first)).map(({ destination }) => destination),
      ['nas-1'],
    );
    const hung = (await copiesOf(lab, first)).find(({ destination }) => destination === 'nas-1');
    assert.ok(hung?.removing && hung.stored, 'its removal is still to be ended');
    assert.deepEqual([hung.failure, hung.prunedAt], [undefined, undefined]);
    const { stopped, dueAt } = (await lab.run(second)).success?.retention ?? {};
    assert.ok(stopped?.kind === 'place' && stopped.destination === 'nas-1', JSON.stringify(stopped));
    assert.match(stopped.detail, /did not answer unlink|does not answer/);
    assert.ok((dueAt ?? 0) > lab.clock.now(), 'it is tried again later');

    await mount.letGo();
    lab.clock.forward(7 * hourMs);
    await lab.settle();
    assert.deepEqual(lab.there(await lab.run(first)), []);
    const after = (await copiesOf(lab, first)).find(({ destination }) => destination === 'nas-1');
    assert.deepEqual([after?.failure, after?.prunedAt !== undefined], [undefined, true]);
    assert.equal(await counts(lab, second), '2 there, 2 proven');
  });

  it('record nothing as removed from another place that was adopted since', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const first = await lab.backup();
    await lab.settle();
    refuseRemovals(lab);
    await lab.backup();
    await lab.settle();
    const before = (await copiesOf(lab, first)).find(({ removing }) => removing) ?? assert.fail();
    lab.around = undefined;
    const place = lab.paths[before.destination] ?? assert.fail();
    await rename(place, `${place}-unplugged`);
    await mkdir(place);
    const input = { destination: before.destination, confirmed: 'none' };
    assert.equal((await adopt(lab.deps, input, { kind: 'bot' })).outcome, 'adopted');
    lab.clock.forward(hourMs);
    await lab.settle();
    const after = (await copiesOf(lab, first)).find(({ key }) => key === before.key);
    assert.deepEqual(
      [after?.prunedAt, after?.removing, after?.provenAt, after?.failure?.kind],
      [undefined, undefined, undefined, 'not-found'],
      'it lies on the other volume',
    );
  });

  it('remove nothing that lies in the directory of another run', async (t) => {
    const lab = await opened(t, { newest: 1 });
    const first = await lab.backup();
    await lab.settle();
    // As a manifest written by another program could have it.
    const shared = path.join(lab.paths['nas-1'] ?? assert.fail(), 'prod-east');
    await writeFile(path.join(shared, 'snapshot'), 'x');
    await lab.records.decide({
      runId: first,
      deliveryId: 'foreign',
      now: lab.clock.now(),
      decision: ({ success }) => ({
        set: {
          success: success && {
            ...success,
            copies: (success.copies ?? []).map((copy) =>
              copy.file === 'snapshot'
                ? { ...copy, key: 'prod-east/snapshot', location: path.join(shared, 'snapshot') }
                : copy,
            ),
          },
        },
        audit: [],
        notices: [],
      }),
    });
    const second = await lab.backup();
    await lab.settle();
    assert.equal(await counts(lab, second), '2 there, 2 proven');
    assert.ok((await readdir(shared)).includes('snapshot'));
  });
});
