import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Manifest } from '../../../src/domain/copies/manifest-document.ts';
import type { RestoreNeed } from '../../../src/domain/restore/restore-choice.ts';
import { restorePlan } from '../../../src/domain/restore/restore-plan.ts';
import { parseMoment } from '../../../src/domain/text/moment.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import { anotherManifest } from '../../support/manifests.ts';

const minute = 60_000;
/** 14:04 in Seoul. */
const at1404 = Date.UTC(2026, 10, 24, 5, 4);
const now = at1404 + 30 * minute;
const timeZone = 'Asia/Seoul';

function backup(
  runId: string,
  startedAt: number,
  { takesMs, aheadMs = 0 }: { takesMs: number; aheadMs?: number | undefined },
): Manifest {
  const base = anotherManifest({ runId, at: startedAt });
  const iso = (at: number) => new Date(at).toISOString();
  const times = { scriptEnded: iso(startedAt + takesMs), finished: iso(startedAt + takesMs + minute) };
  return { ...base, node: { ...base.node, clockAheadMs: aheadMs }, times: { ...base.times, ...times } };
}

function answer(manifests: readonly Manifest[], typed: string, change: Partial<RestoreNeed> = {}) {
  const moment = parseMoment(typed, timeZone, now);
  assert.ok(moment);
  const before = { ...moment, timeZone };
  return restorePlan(manifests, {
    zStream: '4.16.8',
    clusterId: undefined,
    runId: undefined,
    before,
    now,
    ...change,
  });
}

const reasons = (said: ReturnType<typeof answer>) => {
  const { rejected } = said.outcome === 'plan' ? said.plan : said;
  return rejected.map(({ manifest, because }) => `${manifest.runId} ${because.kind}`);
};
const chosen = (said: ReturnType<typeof answer>) =>
  said.outcome === 'plan' ? said.plan.manifest.runId : undefined;

// The run starts at 14:04, something is deleted at 14:05, its snapshot is taken at 14:06.
const around = backup('r-around00', at1404, { takesMs: 2 * minute });
const earlier = backup('r-earlier0', at1404 - 60 * minute, { takesMs: minute });
const earliest = backup('r-first000', at1404 - 120 * minute, { takesMs: minute });

test('a snapshot of after the deletion is not offered, whenever its run started: the one before it is', () => {
  const said = answer([around, earlier, earliest], '14:05');
  assert.equal(chosen(said), 'r-earlier0');
  assert.deepEqual(reasons(said), ['r-around00 may-lack', 'r-first000 older']);
  assert.equal(chosen(answer([around, earlier], '14:07')), 'r-around00');
  const { before: _, ...need } = {
    zStream: '4.16.8',
    clusterId: undefined,
    runId: undefined,
    now,
    before: 0,
  };
  const plain = restorePlan([around, earlier], need);
  assert.equal(chosen(plain), 'r-around00');
});

test('the clocks of node and bot decide nothing within their difference, in whichever direction', () => {
  for (const aheadMs of [90_000, -90_000]) {
    const apart = backup('r-apart000', at1404, { takesMs: 0, aheadMs });
    assert.deepEqual(reasons(answer([apart, earlier], '14:05')), ['r-apart000 may-lack']);
    assert.equal(chosen(answer([apart, earlier], '14:06')), 'r-apart000');
  }
  const near = backup('r-near0000', at1404, { takesMs: 59_000, aheadMs: 500 });
  assert.equal(chosen(answer([near, earlier], '14:05')), 'r-near0000');
});

test('where the difference was not measured, or the end of the script is not on record, more is allowed for', () => {
  const { clockAheadMs: _, ...node } = earlier.node;
  const unmeasured = { ...backup('r-unknown0', at1404, { takesMs: 0 }), node };
  assert.deepEqual(reasons(answer([unmeasured, earlier], '14:08')), ['r-unknown0 may-lack']);
  assert.equal(chosen(answer([unmeasured, earlier], '14:10')), 'r-unknown0');
  const { scriptEnded: __, ...times } = around.times;
  const formatOne = { ...around, times };
  assert.equal(chosen(answer([formatOne, earlier], '14:07')), 'r-earlier0', 'the run ended at 14:07');
});

test('none from before it: the one that came soonest after is named as the nearest', () => {
  const later = backup('r-later000', at1404 + 10 * minute, { takesMs: minute });
  const said = answer([later, around], '14:05');
  assert.ok(said.outcome === 'none');
  assert.deepEqual([said.nearest?.manifest.runId, said.nearest?.because.kind], ['r-around00', 'may-lack']);
  const named = answer([around], '14:05', { runId: 'r-around00' });
  assert.equal(named.outcome, 'none', 'asked for by its name it lacks it all the same');
});

test('a damaged pair, one that a drill disproved and another z-stream are not proposed; the nearest kind comes first', () => {
  const drill = {
    at: '2026-11-23T06:00:00Z',
    ok: false,
    revision: null,
    keys: null,
    why: 'x',
    disproven: true,
  };
  const bad = { ...earlier, drill };
  const half = anotherManifest({ runId: 'r-half0000', at: at1404 - 90 * minute, proven: ['snapshot'] });
  const other = anotherManifest({ runId: 'r-other000', zStream: '4.16.7' });
  const nearest = (...of: Manifest[]) => {
    const said = restorePlan(of, { zStream: '4.16.8', clusterId: undefined, runId: undefined, now });
    assert.ok(said.outcome === 'none', JSON.stringify(reasons(said)));
    return said.nearest && `${said.nearest.manifest.runId} ${said.nearest.because.kind}`;
  };
  assert.equal(nearest(other, half, bad), 'r-earlier0 disproven');
  assert.equal(nearest(other, half), 'r-half0000 not-proven');
  assert.equal(nearest(other), 'r-other000 other-z-stream');
  assert.equal(nearest(), undefined);
});

test('RESTORE.md says by which clocks, and names what may lack it, in both languages', () => {
  const said = answer([around, earlier], '14:05');
  const en = restoreText(said, 'prod-east', 'en');
  assert.match(en, /Wanted is what was there 2026-11-24 14:05:00 Asia\/Seoul \(2026-11-24 05:05:00 UTC\)/);
  assert.match(en, /`r-around00` .*may lack what was there at that moment.*2026-11-24 05:06:00 UTC/);
  assert.match(restoreText(said, 'prod-east', 'ko'), /`r-around00` .*없을 수 있습니다/);
  const none = restoreText(answer([around], '14:05'), 'prod-east', 'en');
  assert.match(none, /script had ended before 2026-11-24 14:05:00 Asia\/Seoul.*\n\nNearest is `r-around00`/);
});
