import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runOfManifest } from '../../../src/catalog/run-of-manifest.ts';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import { editionOf } from '../../../src/domain/restore/edition.ts';
import { outdatedPapers } from '../../../src/domain/restore/outdated-papers.ts';
import type { BackupRun } from '../../../src/domain/run/run.ts';
import { aBackup, aManifest, startedAt } from '../../support/manifests.ts';

const copies =
  runOfManifest({
    manifest: aManifest(),
    objects: new Map(),
    notKnown: new Map(),
    policy: undefined,
    now: startedAt,
  }).success?.copies ?? [];

function backup(
  id: string,
  change: { zStream?: string; copies?: readonly FileCopy[]; edition?: number } = {},
) {
  const run = aBackup({ copies: change.copies ?? copies });
  const { edition } = change;
  return {
    ...run,
    id,
    plan: { ...run.plan, zStream: change.zStream ?? '4.16.8' },
    ...(edition === undefined ? {} : { published: { fingerprint: '', edition } }),
  } as BackupRun;
}

const moved = (destination: string) => copies.map((copy) => ({ ...copy, destination }));
const ids = (runs: readonly BackupRun[]) => outdatedPapers(runs).map(({ id }) => id);

describe('papers of an earlier edition', () => {
  it('are those of the newest backup of each z-stream at each place, and no others', () => {
    const runs = [
      backup('r-newest00'),
      backup('r-older000'),
      backup('r-other000', { copies: moved('tape') }),
      backup('r-zstream0', { zStream: '4.16.7' }),
      backup('r-tapeold0', { copies: moved('tape') }),
    ];
    assert.deepEqual(ids(runs), ['r-newest00', 'r-other000', 'r-zstream0']);
  });

  it('are none where the newest has the present edition, whatever older ones have', () => {
    const { number } = editionOf('4.16.8');
    assert.deepEqual(ids([backup('r-newest00', { edition: number }), backup('r-older000')]), []);
    assert.deepEqual(ids([backup('r-newest00', { edition: number - 1 })]), ['r-newest00']);
    assert.deepEqual(ids([backup('r-newest00', { edition: number + 1 })]), [], 'written by a later version');
  });

  it('leave out what restores nothing: half a pair, nothing proven, what is being removed, what a drill disproved', () => {
    const unproven = copies.map((copy) => ({ ...copy, provenAt: undefined }));
    const half = copies.map((copy) => (copy.file === 'snapshot' ? copy : { ...copy, provenAt: undefined }));
    const leaving = copies.map((copy) => ({ ...copy, prunedAt: startedAt }));
    for (const each of [unproven, half, leaving])
      assert.deepEqual(ids([backup('r-newest00', { copies: each }), backup('r-whole000')]), ['r-whole000']);
    const run = backup('r-newest00');
    const bad = { ok: false, failure: { kind: 'no-keys' }, why: 'no keys', at: startedAt } as const;
    assert.ok(run.success);
    assert.deepEqual(ids([{ ...run, success: { ...run.success, drill: bad } }]), []);
  });
});
