import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { runOfManifest } from '../../../src/catalog/run-of-manifest.ts';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import type { Manifest } from '../../../src/domain/copies/manifest-document.ts';
import { manifestOf } from '../../../src/domain/restore/manifest.ts';
import { drillOf } from '../../../src/domain/restore/manifest-drill.ts';
import {
  differsMaterially,
  factsOf,
  fingerprint,
  isMarkedOtherwise,
  isPublished,
  publishedOf,
} from '../../../src/domain/restore/manifest-facts.ts';
import { markFrom } from '../../../src/domain/restore/manifest-mark.ts';
import { verdictOf } from '../../../src/domain/run/drill-outcome.ts';
import { isDisproven } from '../../../src/domain/run/proven-backup.ts';
import type { DrillOutcome } from '../../../src/domain/run/run.ts';
import { aBackup, aManifest, manifestOfBackup, startedAt, withManifest } from '../../support/manifests.ts';

const at = startedAt + 90_000;
const good: DrillOutcome = { ok: true, revision: 5346, keys: 8_124, at };
const bad: DrillOutcome = { ok: false, failure: { kind: 'no-keys' }, why: 'no keys\nat all', at };
const hindered: DrillOutcome = { ok: false, failure: { kind: 'not-run', detail: 'x' }, why: 'no etcd', at };

const copies = rebuilt(aManifest()).success?.copies ?? [];

/** As `catalog` makes it of a manifest whose files are all where it says. */
function rebuilt(manifest: Manifest) {
  return runOfManifest({ manifest, objects: new Map(), notKnown: new Map(), policy: undefined, now: at });
}

function manifestWith(change: { copies?: readonly FileCopy[]; drill?: DrillOutcome }): Manifest {
  return manifestOfBackup(aBackup({ copies, ...change }));
}

describe('a drill in the manifest', () => {
  it('is the newest, and a record is made of it again', () => {
    assert.deepEqual(manifestWith({ drill: good }).drill, {
      at: new Date(at).toISOString(),
      ok: true,
      revision: 5346,
      keys: 8_124,
      why: null,
      disproven: false,
    });
    assert.deepEqual(drillOf(manifestWith({ drill: good })), good);
    assert.equal(drillOf(manifestWith({})), undefined);
  });

  it('that disproves the snapshot still does after a detour over the manifest; one that was hindered does not', () => {
    for (const [drill, disproven] of [
      [bad, true],
      [hindered, false],
    ] as const) {
      const manifest = manifestWith({ drill });
      const again = drillOf(manifest);
      assert.equal(manifest.drill?.disproven, disproven);
      assert.ok(again && !again.ok);
      assert.equal(isDisproven({ drill: again }), disproven);
      assert.doesNotMatch(again.why, /\n/);
      assert.equal(manifest.drill?.verdict, disproven ? undefined : 'not-made');
      assert.equal(verdictOf(again), verdictOf(drill));
    }
  });
});

describe('a manifest', () => {
  it('differs materially when a proof or a drill came or fell, not when it was only looked at again', () => {
    const before = fingerprint(manifestWith({ drill: good }));
    const differs = (change: Parameters<typeof manifestWith>[0]) =>
      fingerprint(manifestWith(change)) !== before;
    const later = copies.map((copy) => ({ ...copy, provenAt: at + 1 }));
    assert.equal(differs({ copies: later, drill: { ...good, at: at + 1 } }), false);
    assert.equal(differs({ drill: { ...good, revision: 5347 } }), false);
    assert.equal(differs({ drill: bad }), true);
    assert.equal(differs({ drill: hindered }), true);
    assert.equal(
      differs({ copies: copies.map((copy) => ({ ...copy, provenAt: undefined })), drill: good }),
      true,
    );
    assert.equal(differs({ copies: copies.slice(1), drill: good }), true);
    assert.equal(differs({}), true, 'the first drill is news');
  });

  it('is published when its newest edition is what the record says', () => {
    const run = aBackup({ copies });
    assert.equal(isPublished(run), false);
    const published = { fingerprint: fingerprint(manifestOfBackup(run)) };
    assert.equal(isPublished({ ...run, published }), true);
    assert.equal(isPublished({ ...run, published, success: { ...run.success, drill: bad } }), false);
    const { manifestFacts: _, ...success } = run.success;
    assert.equal(isPublished({ ...run, success }), true, 'there is none to publish');
  });
});

describe('what is kept of a manifest that was read', () => {
  const json = fc.dictionary(
    fc.stringMatching(/^x[a-z]{1,6}$/),
    fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.integer())),
    { minKeys: 1, maxKeys: 3 },
  );

  it('gives the same manifest again, with every key that this release does not know', () => {
    const manifests = fc.tuple(json, json, json, json, json, json).map(([a, b, c, d, e, f]): Manifest => {
      const base = aManifest({
        times: {
          requested: '2026-11-23T06:04:44Z',
          started: '2026-11-23T06:14:44.000Z',
          finished: '2026-11-23T06:15:31Z',
          written: '2026-11-23T06:16:00.123Z',
        },
      });
      return {
        ...base,
        ...a,
        cluster: { ...base.cluster, ...b },
        etcd: { ...base.etcd, ...c, hash: null },
        files: {
          snapshot: { ...base.files.snapshot, ...d },
          resources: base.files.resources,
        },
        people: {
          ...base.people,
          ...e,
          approvers: base.people.approvers.map((person) => ({ ...person, ...f })),
        },
      };
    });
    fc.assert(
      fc.property(manifests, (manifest) => {
        const again = manifestOf(rebuilt(manifest)) ?? assert.fail();
        assert.deepEqual(inMs(again), inMs(manifest));
        assert.equal(isPublished(rebuilt(manifest)), true);
      }),
    );
  });

  it('says nothing twice: of a manifest of this release no value is kept that the record has', () => {
    const run = aBackup({ copies });
    assert.deepEqual(factsOf(manifestOfBackup(run), run), run.success.manifestFacts);
  });

  it('leaves the mark of a restore to the record, so that it can be taken back there', () => {
    const by = { slackUser: 'U0', clusterUser: 'requester' };
    const abandoned = { id: 'prod-east/restored@9', from: 'r-aaaaaaaa', at: 7, declaredAt: 9, by };
    const left = { ...aBackup({ copies }), abandoned };
    const manifest = manifestOfBackup(left);
    assert.deepEqual(markFrom(manifest), abandoned);
    assert.equal(markFrom(manifestOfBackup(aBackup({ copies }))), undefined);
    assert.equal(manifestOfBackup(withManifest(aBackup({ copies }), manifest)).abandoned, undefined);
    assert.ok(differsMaterially(manifest, manifestOfBackup(aBackup({ copies }))));
    const published = publishedOf(manifest) ?? assert.fail();
    assert.ok(isPublished({ ...left, published }));
    assert.ok(!isMarkedOtherwise({ ...left, published }));
    assert.ok(isMarkedOtherwise({ ...aBackup({ copies }), published }), 'taken back, and not written yet');
    assert.ok(!isMarkedOtherwise(left), 'nothing was ever written');
  });

  it('leaves copies, drill and the time of writing to the record', () => {
    const manifest = {
      ...manifestWith({ drill: bad }),
      times: { ...manifestWith({}).times, written: '2026-11-24T00:00:00Z' },
    };
    const run = withManifest(aBackup({ copies: copies.slice(1), drill: good }), manifest);
    const now = manifestOfBackup(run);
    assert.equal(now.drill?.ok, true);
    assert.deepEqual(now.files.snapshot.copies, []);
    assert.equal(now.times.written, undefined);
    assert.deepEqual(publishedOf(manifest)?.at, Date.UTC(2026, 10, 24));
    assert.equal(publishedOf(manifestOfBackup(aBackup())), undefined, 'nothing was stored yet');
  });
});

/** A manifest of this release writes the times of a copy with their milliseconds. */
function inMs({ files: { snapshot, resources }, ...rest }: Manifest): Manifest {
  const iso = (time: string | null) => (time === null ? null : new Date(time).toISOString());
  const copiesOf = (file: typeof snapshot) =>
    file.copies.map((copy) => ({
      ...copy,
      provenAt: iso(copy.provenAt),
      lockedUntil: iso(copy.lockedUntil),
    }));
  return {
    ...rest,
    files: {
      snapshot: { ...snapshot, copies: copiesOf(snapshot) },
      resources: { ...resources, copies: copiesOf(resources) },
    },
  };
}
