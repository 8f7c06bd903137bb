import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import { fileKinds, type Manifest } from '../../../src/domain/restore/manifest.ts';
import { drillOf, manifestWith, tellsOther } from '../../../src/domain/restore/manifest-edition.ts';
import { verdictOf } from '../../../src/domain/run/drill-outcome.ts';
import { isDisproven } from '../../../src/domain/run/proven-backup.ts';
import type { DrillOutcome } from '../../../src/domain/run/run.ts';
import { aManifest, startedAt } from '../../support/manifests.ts';

const at = startedAt + 90_000;
const good: DrillOutcome = { ok: true, revision: 5346, keys: 8_124, at };
const bad: DrillOutcome = { ok: false, failure: { kind: 'no-keys' }, why: 'no keys\nat all', at };
const hindered: DrillOutcome = { ok: false, failure: { kind: 'not-run', detail: 'x' }, why: 'no etcd', at };

/** The copies of a manifest as a record holds them. */
function copiesOf({ files }: Manifest): readonly FileCopy[] {
  return fileKinds.flatMap((file) =>
    files[file].copies.map(({ storedSize, storedSha256, encryptedFor, lockedUntil, provenAt, ...rest }) => ({
      ...rest,
      file,
      encryptFor: encryptedFor,
      location: 'somewhere',
      tries: 1,
      stored: {
        size: storedSize,
        sha256: storedSha256,
        at,
        lockedUntil: lockedUntil === null ? undefined : Date.parse(lockedUntil),
      },
      provenAt: provenAt === null ? undefined : Date.parse(provenAt),
      failure: undefined,
      nextTryAt: undefined,
    })),
  );
}

const manifest = aManifest();
const copies = copiesOf(manifest);

test('an edition tells the newest drill, and a record is made of it again', () => {
  const told = manifestWith(manifest, { copies, drill: good });
  assert.deepEqual(told.drill, {
    at: new Date(at).toISOString(),
    ok: true,
    revision: 5346,
    keys: 8_124,
    why: null,
    disproven: false,
  });
  assert.deepEqual(drillOf(told), good);
  assert.equal(drillOf(manifest), undefined);
});

test('a drill that blames the snapshot does so after a detour over the manifest; one that was hindered does not', () => {
  for (const [drill, disproven] of [
    [bad, true],
    [hindered, false],
  ] as const) {
    const told = manifestWith(manifest, { copies, drill });
    const again = drillOf(told);
    assert.equal(told.drill?.disproven, disproven);
    assert.ok(again && !again.ok);
    assert.equal(isDisproven({ drill: again }), disproven);
    assert.doesNotMatch(again.why, /\n/);
    assert.equal(told.drill?.verdict, disproven ? undefined : 'not-made');
    assert.equal(verdictOf(again), verdictOf(drill));
  }
});

test('what only the manifest knows of a drill stays in it', () => {
  const told = manifestWith(manifest, { copies, drill: bad });
  assert.deepEqual(manifestWith(told, { copies }).drill, told.drill);
});

test('an edition tells something else when a proof or a drill came or fell, not when it was only looked again', () => {
  const told = manifestWith(manifest, { copies, drill: good });
  const other = (success: Parameters<typeof manifestWith>[1]) =>
    tellsOther(told, manifestWith(told, success));
  const later = copies.map((copy) => ({ ...copy, provenAt: at + 1 }));
  assert.equal(other({ copies: later, drill: { ...good, at: at + 1 } }), false);
  assert.equal(other({ copies, drill: { ...good, revision: 5347 } }), false);
  assert.equal(other({ copies, drill: bad }), true);
  assert.equal(other({ copies, drill: hindered }), true);
  assert.equal(
    other({ copies: copies.map((copy) => ({ ...copy, provenAt: undefined })), drill: good }),
    true,
  );
  assert.equal(other({ copies: copies.slice(1), drill: good }), true);
  assert.equal(tellsOther(manifest, told), true, 'the first drill is news');
});
