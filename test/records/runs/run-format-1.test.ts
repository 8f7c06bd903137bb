import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { runOfManifest } from '../../../src/catalog/run-of-manifest.ts';
import { manifestOf } from '../../../src/domain/restore/manifest.ts';
import { isPublished } from '../../../src/domain/restore/manifest-facts.ts';
import { openSqliteRecords } from '../../../src/records/store/sqlite.ts';
import type { Records } from '../../../src/workflow/ports/records.ts';
import { aManifest, startedAt } from '../../support/manifests.ts';
import { withDirectory } from '../sqlite-store.ts';

const written = '2026-11-23T06:16:00.123Z';
const base = aManifest();
const manifest = {
  ...base,
  ofALaterRelease: { kept: [1, 2] },
  cluster: { ...base.cluster, region: 'eu-1' },
  times: { ...base.times, written },
};
const texts = ['snapshot → nas-1', 'resources → vault-s3 (encrypted for platform-lead, security-officer)'];

/** A run as format 1 held it: `change` is the last word on its JSON. */
async function withOldRun(
  change: (run: Record<string, unknown>) => unknown,
  work: (records: Records, raw: DatabaseSync, id: string) => Promise<void>,
) {
  await withDirectory(async (directory) => {
    const file = join(directory, 'records.db');
    const records = await openSqliteRecords({ file });
    const raw = new DatabaseSync(file, { timeout: 5_000 });
    try {
      const parts = { objects: new Map(), notKnown: new Map(), policy: undefined, now: startedAt };
      const run = runOfManifest({ manifest, ...parts });
      assert.equal(await records.importRun(run, []), 'imported');
      const { manifestFacts: _, ...success } = run.success ?? assert.fail();
      const { published: __, card: ___, ...rest } = run;
      const votes = run.votes.map(({ status, ...vote }) => ({ ...vote, standing: status }));
      const old = { ...rest, votes, plan: { ...run.plan, copies: texts }, success: { ...success, manifest } };
      raw
        .prepare('update runs set format = 1, run = ? where id = ?')
        .run(JSON.stringify(change(old as unknown as Record<string, unknown>)), run.id);
      await work(records, raw, run.id);
    } finally {
      raw.close();
      await records.close();
    }
  });
}

suite('a run of format 1', () => {
  test('has its plan, its whole manifest with unknown keys, and is published', () =>
    withOldRun(
      (old) => old,
      async (records, _, id) => {
        const run = (await records.run(id)) ?? assert.fail();
        assert.deepEqual(run.plan?.copies, [
          { file: 'snapshot', destination: 'nas-1', encryptedFor: [] },
          {
            file: 'resources',
            destination: 'vault-s3',
            encryptedFor: ['platform-lead', 'security-officer'],
          },
        ]);
        const derived = manifestOf(run) ?? assert.fail();
        const { files, ...rest } = derived;
        const { files: before, ...known } = manifest;
        assert.deepEqual(rest, known);
        assert.equal(files.snapshot.copies[0]?.key, before.snapshot.copies[0]?.key);
        assert.equal(run.published?.at, Date.parse(written));
        assert.ok(isPublished(run));
        assert.ok(!('manifest' in (run.success ?? {})));
      },
    ));

  test('is written in the present format by its next change, and says the same', () =>
    withOldRun(
      (old) => old,
      async (records, raw, id) => {
        const before = await records.run(id);
        const looked = { set: {}, audit: [], notices: [] };
        await records.decide({ runId: id, deliveryId: 'd-1', now: startedAt, decision: () => looked });
        const row = raw.prepare('select format, run from runs where id = ?').get(id);
        assert.equal(row?.format, 2);
        const stored = JSON.parse(String(row?.run));
        assert.deepEqual(stored.success.manifest, undefined);
        assert.deepEqual(stored.success.manifestFacts.extra, {
          ofALaterRelease: { kept: [1, 2] },
          cluster: { region: 'eu-1' },
        });
        assert.deepEqual(await records.run(id), before);
      },
    ));

  test('that was not to leave the cluster has no manifest, and one without a success has its plan', () =>
    withOldRun(
      ({ success, ...old }) => {
        const { copies: _, manifest: __, ...onTheNode } = success as Record<string, unknown>;
        return { ...old, plan: { ...(old.plan as object), copies: undefined }, success: onTheNode };
      },
      async (records, _, id) => {
        const run = (await records.run(id)) ?? assert.fail();
        assert.equal(manifestOf(run), undefined);
        assert.deepEqual([run.plan?.copies, run.published], [undefined, undefined]);
        assert.ok(run.success?.artifacts);
      },
    ));
});
