import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { parseManifest } from '../../../src/catalog/manifest-schema.ts';
import { verdictOf } from '../../../src/domain/run/drill-outcome.ts';
import type { Notice } from '../../../src/domain/run/notice.ts';
import { provenBackup } from '../../../src/domain/run/proven-backup.ts';
import type { BackupRun, FailedDrill } from '../../../src/domain/run/run.ts';
import { createBotMetrics } from '../../../src/metrics/bot-metrics.ts';
import { reportDrillTools } from '../../../src/workflow/drill/drill-readiness.ts';
import type { Drill } from '../../../src/workflow/ports/drill-ports.ts';
import { type DrillRoom, failingSet, openDrillRoom } from '../../support/drill-room.ts';
import { etcd35, etcd35Dir, etcd35Name } from '../../support/etcd-programs.ts';
import { need } from '../../support/need.ts';
import { recordedSnapshot, withDamagedPage, withTrailer } from '../../support/snapshots.ts';
import { who } from '../../support/workflow-lab.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const timeout = 240_000;
const good = await recordedSnapshot();
const damaged = withDamagedPage(good);
const sets = { '3.5': etcd35Dir };
/** What no page error is. */
const unknownWords = "echo 'panic: runtime error: index out of range [3] with length 3' >&2; exit 2";

/** As whole as the recorded one, and another file: its last page is free. */
function another(snapshot: Uint8Array): Buffer {
  const body = Buffer.from(snapshot.subarray(0, snapshot.byteLength - 32));
  body[body.byteLength - 1] = (body.at(-1) ?? 0) ^ 1;
  return withTrailer(body);
}

function failedDrill(run: BackupRun): FailedDrill {
  const { drill } = run.success ?? {};
  assert.ok(drill && !drill.ok, JSON.stringify(drill));
  return drill;
}

function verdict(run: BackupRun): string {
  const { drill } = run.success ?? {};
  return drill && !drill.ok ? `${drill.verdict}: ${drill.because}` : String(drill && verdictOf(drill));
}

function toOwners(notices: readonly Notice[]): readonly string[] {
  return notices.flatMap((each) =>
    each.kind === 'private' && each.say.type === 'drill-failed' ? [each.slackUser] : [],
  );
}

async function proven({ lab }: DrillRoom): Promise<readonly string[]> {
  return (await lab.records.fleet({ now: lab.clock.now() })).flatMap((each) =>
    each.proven.map(({ runId }) => runId),
  );
}

async function ready({ lab }: DrillRoom): Promise<string | undefined> {
  const answer = await lab.backups.ready(lab.asked(who.requester), { cluster: 'prod-east' });
  assert.equal(answer.outcome, 'readiness');
  return answer.outcome === 'readiness' ? JSON.stringify(answer.readiness) : undefined;
}

async function scraped({ lab, off }: DrillRoom): Promise<string> {
  const { records, clock, deps } = lab;
  const turn = { lastTurn: () => undefined };
  const metrics = createBotMetrics({
    records,
    fleet: deps.fleet,
    slack: { connected: () => true },
    contacts: { lastContact: () => undefined },
    loop: { delays: () => ({ p50: 0.001, p99: 0.02, max: 0.02 }) },
    worker: turn,
    watcher: turn,
    clock,
    log: deps.log,
    version: '0',
    drillTools: off.drill.tools,
  });
  return (await metrics.scrape()).body;
}

describe('a drill that fails', { timeout, concurrency: 2 }, () => {
  it('by a page error, with the right programs: the backup counts for nothing anywhere', async (t) => {
    if (!need(t, etcd35Name, etcd35())) return;
    const room = await openDrillRoom(t, sets);
    await room.handOut(damaged);
    const run = await room.done();
    assert.equal(verdict(run), 'does-not-restore: page-error');
    assert.match(failedDrill(run).why, /Page expected to be.*twice, with etcd 3\.5/);
    assert.equal(provenBackup(run), undefined);
    assert.deepEqual(await proven(room), []);
    assert.doesNotMatch(
      (await ready(room)) ?? '',
      new RegExp(run.id),
      'ready-to-update names no such backup',
    );
    assert.match(await scraped(room), /^etcd_backup_drill_success\{cluster="prod-east"\} 0$/m);
    assert.deepEqual(toOwners(await room.lab.notices(run.id)), [who.deputy]);
    for (const { location } of run.success?.copies ?? []) {
      const beside = path.dirname(location);
      assert.equal(
        parseManifest(await readFile(path.join(beside, 'manifest.json'), 'utf8')).drill?.disproven,
        true,
      );
      assert.match(await readFile(path.join(beside, 'RESTORE.md'), 'utf8'), /A restore drill has shown/);
    }

    await room.handOut(good);
    const next = await room.done();
    assert.equal(verdict(next), 'restores');
    assert.deepEqual(await proven(room), [next.id]);
    const asked = room.lab.asked(who.requester);
    const plan = await room.lab.backups.restorePlan(asked, { what: undefined, zStream: undefined });
    assert.ok(plan.outcome === 'restore-plan' && plan.answer.outcome === 'plan');
    assert.equal(plan.answer.plan.manifest.runId, next.id);
    assert.deepEqual(
      plan.answer.plan.rejected.map(({ manifest, because }) => [manifest.runId, because.kind]),
      [[run.id, 'disproven']],
    );

    const again = await room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
    assert.ok(again.outcome === 'drilled' && !again.drill.ok);
    assert.equal(again.drill.verdict, 'does-not-restore');
    assert.deepEqual(toOwners(await room.lab.notices(run.id)), [], 'the same verdict again is no news');
  });

  it('without a page error: inconclusive without a control, disproven by one, nothing when that fails too', async (t) => {
    if (!need(t, etcd35Name, etcd35())) return;
    const marks = path.join(await failingSet(t, etcd35Dir, ''), 'marks');
    const bad = `${marks}-bad.db`;
    // The broken file by its content, everything while the mark is there.
    const fails = `case "$1 $2" in "snapshot restore") if [ -e ${marks} ] || cmp -s "$3" ${bad}; then ${unknownWords}; fi;; esac`;
    const room = await openDrillRoom(t, { '3.5': await failingSet(t, etcd35Dir, fails) });
    const broken = another(good);
    await writeFile(bad, broken);
    await room.handOut(broken);
    const run = await room.done();
    assert.equal(verdict(run), 'inconclusive: no-control');
    assert.deepEqual(await proven(room), [run.id], 'coverage stays as it was');
    assert.deepEqual(toOwners(await room.lab.notices(run.id)), [who.deputy]);
    assert.doesNotMatch(await scraped(room), /etcd_backup_drill_success\{/);

    await room.handOut(good);
    const control = await room.done();
    assert.equal(verdict(control), 'restores');
    const drilled = async () => {
      await room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
      return room.lab.run(run.id);
    };
    await writeFile(marks, '');
    assert.equal(verdict(await drilled()), 'not-made: control-failed');
    assert.ok((await proven(room)).includes(control.id));
    await rm(marks);
    const judged = await drilled();
    assert.equal(verdict(judged), 'does-not-restore: control-restored');
    assert.equal(failedDrill(judged).control, control.id);
    assert.deepEqual(await proven(room), [control.id]);
    assert.deepEqual(toOwners(await room.lab.notices(run.id)), [who.deputy]);
    await writeFile(marks, '');
    const later = await drilled();
    assert.equal(
      verdict(later),
      'does-not-restore: control-restored',
      'a later one without a verdict takes nothing back',
    );
    assert.equal(later.success?.drillTry?.ok, false);
    assert.deepEqual(await proven(room), [control.id]);
    assert.deepEqual(await readdir(room.rooms), []);
  });

  it('with programs of another minor proves nothing, and says which are needed', async (t) => {
    if (!need(t, etcd35Name, etcd35())) return;
    const failing = await failingSet(
      t,
      etcd35Dir,
      `case "$1 $2" in "snapshot restore") ${unknownWords};; esac`,
    );
    for (const name of ['etcd', 'etcdctl', 'etcdutl']) {
      // The same programs, which call themselves 3.6.
      const file = path.join(failing, name);
      const text = await readFile(file, 'utf8');
      const ask = name === 'etcd' ? '--version' : 'version';
      const said = name === 'etcd' ? 'etcd Version: 3.6.1' : `${name} version: 3.6.1`;
      await writeFile(
        file,
        text.replace('#!/bin/sh\n', `#!/bin/sh\n[ "$1" = ${ask} ] && { echo '${said}'; exit 0; }\n`),
      );
    }
    const room = await openDrillRoom(t, { '3.6': failing });
    const run = await room.done();
    assert.equal(verdict(run), 'inconclusive: other-minor');
    assert.match(failedDrill(run).why, /only those of etcd 3\.5 can tell/);
    assert.deepEqual(await proven(room), [run.id]);
    await reportDrillTools(room.lab.deps);
    assert.match(
      room.lab.log.map(({ message }) => message).join('\n'),
      /prod-east need programs of etcd 3\.5, found 3\.6/,
    );
  });

  it('because of a copy that changed is held against the backup; because of reading that wavers it is not', async (t) => {
    if (!need(t, etcd35Name, etcd35())) return;
    const room = await openDrillRoom(t, sets, { policy: { drill: false } });
    const run = await room.done();
    const [copy] = run.success?.copies ?? [];
    assert.ok(copy);
    const drilled = async () => {
      await room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
      return verdict(await room.lab.run(run.id));
    };
    const real = room.off.destinations;
    let looks = 0;
    room.off.destinations = {
      get(name) {
        const place = real.get(name);
        return wrapped(place, {
          async open(...input: Parameters<typeof place.open>) {
            if (input[0] !== copy.key) return place.open(...input);
            looks += 1;
            return [Buffer.from(good).fill(looks, 100, 200)] as unknown as AsyncIterable<Uint8Array>;
          },
        });
      },
    };
    assert.equal(await drilled(), 'not-made: place');
    assert.equal(looks, 2);
    room.off.destinations = real;
    await writeFile(copy.location, Buffer.from(good).fill(7, 9_000, 9_004));
    assert.equal(await drilled(), 'does-not-restore: damaged');
    await writeFile(copy.location, good);
    assert.equal(await drilled(), 'restores');
  });
});

/** The same drill, with a look at the world at each restore. */
function watched(drill: Drill, look: () => Promise<void> | void): Drill {
  return {
    ...drill,
    async restore(...input) {
      await look();
      return drill.restore(...input);
    },
  };
}

describe('the drill of a run', { timeout, concurrency: 2 }, () => {
  for (const encrypted of [false, true]) {
    const which = encrypted ? 'an encrypted copy, fetched from the node' : 'a plain copy';
    it(`begins when the session pod is gone: ${which}`, async (t) => {
      if (!need(t, etcd35Name, etcd35())) return;
      const room = await openDrillRoom(t, sets, { encrypted });
      const seen: unknown[] = [];
      room.off.drill = watched(room.off.drill, async () => {
        const [active] = await room.lab.records.runs({ active: true, limit: 1 });
        seen.push([room.lab.sessionPods().length, active?.step, typeof active?.success?.drillBegunAt]);
      });
      const run = await room.done();
      assert.deepEqual(seen, [[0, 'drilling', 'number']]);
      assert.equal(verdict(run), 'restores');
      assert.equal(run.success?.drillBegunAt, undefined);
      assert.deepEqual(await readdir(room.rooms), []);
      const steps = (await room.lab.records.auditLines(run.id)).flatMap(({ detail }) => detail.step ?? []);
      assert.deepEqual(steps.slice(-3), ['copying', 'closing-session', 'drilling']);
    });
  }

  it('without usable programs is not made, and that is said where people look, but not of the backup', async (t) => {
    const room = await openDrillRoom(t, { '3.6': '/nowhere' });
    const run = await room.done();
    assert.equal(failedDrill(run).failure?.kind, 'no-tools');
    assert.equal(verdict(run), 'not-made: place');
    assert.deepEqual(await proven(room), [run.id]);
    assert.deepEqual(toOwners(await room.lab.notices(run.id)), []);
    await reportDrillTools(room.lab.deps);
    const warned = room.lab.log.filter(({ level }) => level === 'warn').map(({ message }) => message);
    assert.match(warned.join('\n'), /no restore drills with this set: no etcd and etcdctl in \/nowhere/);
    assert.match(
      warned.join('\n'),
      /drills of prod-east need programs of etcd 3\.5, found none: no drill is made/,
    );
    const asked = room.lab.asked(who.requester);
    const doctor = await room.lab.backups.doctor(asked, { cluster: 'prod-east' });
    const codes = doctor.outcome === 'examined' ? doctor.lines.map(({ code }) => code) : [];
    assert.ok(codes.includes('drill.tools-unusable') && codes.includes('drill.tools-missing'), codes.join());
    const metrics = await scraped(room);
    assert.match(metrics, /^etcd_backup_drill_tools\{minor="3\.6"\} 0$/m);
    assert.doesNotMatch(metrics, /etcd_backup_drill_success\{/);
    const answer = await room.lab.backups.drill(asked, { runId: run.id });
    assert.equal(answer.outcome, 'no-etcd-tools');
  });

  it('holds the only place for drills: people are notified, and the drills of other runs wait', async (t) => {
    if (!need(t, etcd35Name, etcd35())) return;
    const room = await openDrillRoom(t, sets);
    const run = await room.done();
    const real = room.off.drill;
    const inside = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    let atOnce = 0;
    let most = 0;
    room.off.drill = {
      ...real,
      async restore(...input) {
        atOnce += 1;
        most = Math.max(most, atOnce);
        inside.resolve();
        await goesOn.promise;
        const attempt = await real.restore(...input);
        atOnce -= 1;
        return attempt;
      },
    };
    const ask = () => room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
    const first = ask();
    await inside.promise;
    const second = await ask();
    assert.ok(second.outcome === 'drill-under-way', second.outcome);
    assert.equal(second.holder?.runId, run.id);
    const next = await room.done();
    assert.equal(next.success?.drill, undefined);
    goesOn.resolve();
    assert.equal((await first).outcome, 'drilled');
    room.lab.clock.forward(60_000);
    assert.equal((await room.lab.turn())?.id, next.id);
    assert.equal(verdict(await room.lab.run(next.id)), 'restores');
    assert.equal(most, 1);
  });
});
