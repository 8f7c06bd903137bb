import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { parseManifest } from '../../../src/catalog/manifest-schema.ts';
import type { FileCopy } from '../../../src/domain/copies/file-copy.ts';
import type { FileKind, Manifest } from '../../../src/domain/copies/manifest-document.ts';
import type { RetentionPolicy } from '../../../src/domain/copies/retention.ts';
import type { ClusterPolicy } from '../../../src/domain/policy/policy.ts';
import { manifestOf } from '../../../src/domain/restore/manifest.ts';
import { type BackupRun, dueAt } from '../../../src/domain/run/run.ts';
import { restoreText } from '../../../src/restore/restore-text.ts';
import { openDestinations } from '../../../src/storage/open-destinations.ts';
import { copyTools } from '../../../src/storage/verify/copy-tools.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { Destinations, OffCluster } from '../../../src/workflow/ports/copy-ports.ts';
import { StorageError } from '../../../src/workflow/ports/destination.ts';
import type { DrillAttempt } from '../../../src/workflow/ports/drill-ports.ts';
import { s3Options } from '../../storage/s3-options.ts';
import { filesBelow, sha256Of } from '../../support/backups.ts';
import { labPolicy } from '../../support/cluster-lab.ts';
import { putWatch, settledWatch } from '../../support/fleet-records.ts';
import { labDrill } from '../../support/lab-drill.ts';
import { openWorkflowLab, type WorkflowLab, who } from '../../support/workflow-lab.ts';
import { wrapped } from '../../support/wrapped-destination.ts';

const timeout = 600_000;
const hourMs = 3_600_000;
const newestOnly: RetentionPolicy = {
  newest: 1,
  days: undefined,
  daily: undefined,
  weekly: undefined,
  monthly: undefined,
  timeZone: 'UTC',
};

interface Room {
  readonly lab: WorkflowLab;
  readonly off: { -readonly [Key in keyof OffCluster]: OffCluster[Key] };
  readonly nas: string;
  readonly vault: string;
  done(): Promise<BackupRun>;
  /** Whether the run's directory is on its node. */
  onNode(run: BackupRun): boolean;
}

/** A cluster whose files go to two directories; what of it is special, tests say. */
async function openRoom(
  t: TestContext,
  policy: Partial<ClusterPolicy> = {},
  to: Readonly<Record<FileKind, 'nas-1' | 'vault'>> = { snapshot: 'nas-1', resources: 'vault' },
): Promise<Room> {
  const dir = await mkdtemp(path.join(tmpdir(), 'leave-cluster-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const [nas, vault] = [path.join(dir, 'nas'), path.join(dir, 'vault')];
  for (const place of [nas, vault]) await mkdir(place);
  const paths = { 'nas-1': nas, vault };
  const publicKey = await identityToRecipient(await generateX25519Identity());
  const copy = (file: FileKind) => ({
    file,
    destination: to[file],
    place: { kind: 'directory' as const, path: paths[to[file]] },
    custodians: [],
    encryptFor: file === 'resources' ? [{ name: 'ops-a', publicKey }] : [],
  });
  const off = {
    destinations: openDestinations(
      [
        { kind: 'directory', name: 'nas-1', path: nas },
        { kind: 'directory', name: 'vault', path: vault },
      ],
      systemClock(),
    ),
    tools: copyTools(),
    restoreText,
    drill: undefined,
  };
  const copies = [copy('snapshot'), copy('resources')];
  const lab = await openWorkflowLab({ offCluster: off, policy: { copies, ...policy } });
  t.after(() => lab[Symbol.asyncDispose]());
  // Pauses between tries are not what is looked at here.
  const { sleep } = lab.clock;
  lab.clock.sleep = (ms, signal) => sleep(Math.min(ms, 200), signal);
  const node = (run: BackupRun) => lab.lab.plane.nodes.find(({ name }) => name === run.plan?.node)?.dir ?? '';
  return {
    lab,
    off,
    nas,
    vault,
    async done() {
      await lab.approved();
      const run = await lab.turn();
      assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
      // Removing old backups is work of its own.
      if (run && dueAt(run) === 0) await lab.turn();
      return lab.run(run?.id ?? '');
    },
    onNode: (run) => existsSync(path.join(node(run), run.plan?.directory ?? '-')),
  };
}

function copyOf(run: BackupRun, file: FileKind): FileCopy {
  return run.success?.copies?.find((copy) => copy.file === file) ?? assert.fail(file);
}

function isProven(run: BackupRun): boolean {
  return run.success?.copies?.every(({ provenAt }) => provenAt !== undefined) ?? false;
}

async function away(place: string): Promise<() => Promise<void>> {
  await rename(place, `${place}.away`);
  return () => rename(`${place}.away`, place);
}

/** The same places, but the vault does not answer. */
function silentVault(nas: string): Destinations {
  return openDestinations(
    [{ kind: 'directory', name: 'nas-1', path: nas }, s3Options('vault', {})],
    systemClock(),
  );
}

describe('what stays on the node', { timeout, concurrency: 3 }, () => {
  it('is nothing where nothing shall be kept, once both copies are proven', async (t) => {
    const { done, onNode, lab } = await openRoom(t, { keepOnNode: 0 });
    const run = await done();
    assert.ok(isProven(run));
    assert.equal(run.success?.onNode, 'removed');
    assert.equal(onNode(run), false);
    assert.equal(lab.sessionPods().length, 0);
  });

  it('is the newest, and whatever is not proven elsewhere, until it is', async (t) => {
    const room = await openRoom(t, { keepOnNode: 1 });
    const first = await room.done();
    const bringBack = await away(room.vault);
    const second = await room.done();
    await bringBack();
    const third = await room.done();

    assert.ok(isProven(third) && !isProven(second));
    assert.deepEqual([first, second, third].map(room.onNode), [false, true, true]);
    assert.equal((await room.lab.run(first.id)).success?.onNode, 'removed');

    room.lab.clock.forward(hourMs);
    const recovered = await room.lab.turn();

    assert.equal(recovered?.id, second.id);
    assert.ok(recovered && isProven(recovered));
    // A newer one is there, so that this one need not be.
    assert.deepEqual([first, second, third].map(room.onNode), [false, false, true]);
    assert.equal(recovered.success?.onNode, 'removed');
    assert.equal(room.lab.sessionPods().length, 0);
    assert.equal(await room.lab.turn(), undefined);
  });
});

describe('retention', { timeout, concurrency: 3 }, () => {
  const retention = { 'nas-1': newestOnly, vault: newestOnly };

  it('removes the older backup at both places after the newer is proven, and says so before', async (t) => {
    const room = await openRoom(t, { retention, keepOnNode: 3 });
    const first = await room.done();
    const second = await room.done();

    for (const place of [room.nas, room.vault]) {
      const left = await filesBelow(place);
      assert.equal(left.length, 3, left.join());
      assert.ok(left.every((name) => name.includes(second.id)));
    }
    const { success } = await room.lab.run(first.id);
    assert.deepEqual(
      success?.copies?.map(({ stored, prunedAt }) => [stored, typeof prunedAt]),
      [
        [undefined, 'number'],
        [undefined, 'number'],
      ],
    );
    const said = (await room.lab.records.auditLines(second.id)).flatMap((line) =>
      line.action === 'pruned' || line.action === 'succeeded' ? [line.detail.willRemove ?? line.action] : [],
    );
    assert.deepEqual(said, ['succeeded', first.id, first.id]);
    const asked = room.lab.asked(who.requester);
    assert.equal((await room.lab.backups.verify(asked, { runId: first.id })).outcome, 'no-copies');
    const plan = await room.lab.backups.restorePlan(asked, { what: first.id, zStream: undefined });
    assert.ok(plan.outcome === 'restore-plan' && plan.answer.outcome === 'none', 'it is nowhere any more');
  });

  it('and restore plans pass over a backup that a drill has disproved', async (t) => {
    const room = await openRoom(t, { retention: { 'nas-1': { ...newestOnly, newest: 2 } }, keepOnNode: 3 });
    const [first, second] = [await room.done(), await room.done()];
    const failure = { kind: 'snapshot-damaged', size: 1 } as const;
    const drill = { ok: false, failure, why: 'damaged', at: room.lab.clock.now() } as const;
    await room.lab.records.decide({
      runId: second.id,
      deliveryId: 'drill',
      now: room.lab.clock.now(),
      decision: ({ success }) => ({
        set: { success: success && { ...success, drill } },
        audit: [],
        notices: [],
      }),
    });
    const asked = room.lab.asked(who.requester);
    const plan = await room.lab.backups.restorePlan(asked, { what: undefined, zStream: undefined });
    assert.ok(plan.outcome === 'restore-plan' && plan.answer.outcome === 'plan', plan.outcome);
    assert.equal(plan.answer.plan.manifest.runId, first.id);
    assert.deepEqual(
      plan.answer.plan.rejected.map(({ manifest, because }) => [manifest.runId, because.kind]),
      [[second.id, 'disproven']],
    );
    const third = await room.done();
    const left = await filesBelow(room.nas);
    for (const { id } of [first, second, third]) {
      assert.ok(
        left.some((name) => name.includes(id)),
        `${id}: ${left.join()}`,
      );
    }
  });

  it('and restore plans go by the release that the watch saw last, also when the cluster is gone', async (t) => {
    const room = await openRoom(t, { keepOnNode: 3 });
    const run = await room.done();
    const { plan } = await room.lab.run(run.id);
    assert.ok(plan);
    const now = room.lab.clock.now();
    const asked = room.lab.asked(who.requester);
    const planned = async (what: string | undefined, zStream?: string) => {
      const answer = await room.lab.backups.restorePlan(asked, { what, zStream });
      assert.ok(answer.outcome === 'restore-plan');
      return answer.answer;
    };
    const warnings = async (what: string | undefined, zStream?: string) => {
      const answer = await planned(what, zStream);
      return answer.outcome === 'plan' ? answer.plan.warnings.map(({ kind }) => kind) : answer.outcome;
    };
    const seenOn = async (version: string, clusterId = plan.clusterId) => {
      const watch = settledWatch(run.cluster, { version, since: now, seenAt: now });
      const { seen, settled } = watch;
      assert.ok(seen && settled);
      const own = { ...watch, seen: { ...seen, clusterId }, settled: { ...settled, clusterId } };
      await putWatch(room.lab.records, own, now);
    };
    assert.ok((await warnings(undefined)).includes('z-stream-unknown'));
    await seenOn(plan.zStream);
    assert.ok((await warnings(undefined)).includes('z-stream-seen'));
    assert.ok(!(await warnings(undefined, plan.zStream)).includes('z-stream-seen'));
    await seenOn('4.99.1');
    assert.equal(await warnings(undefined), 'none');
    assert.ok((await warnings(run.id)).includes('z-stream-differs'));
    await seenOn(plan.zStream, 'installed-again');
    const reinstalled = await planned(undefined);
    assert.deepEqual(
      reinstalled.outcome === 'none' && reinstalled.rejected.map(({ because }) => because.kind),
      ['other-cluster'],
    );
    assert.equal((await planned(run.id)).outcome, 'plan');
  });

  it('at one place alone leaves documents at the other that no longer promise what is gone', async (t) => {
    const room = await openRoom(t, { retention: { 'nas-1': newestOnly }, keepOnNode: 3 });
    const first = await room.done();
    const documents = async () => {
      const names = (await filesBelow(room.vault)).filter((name) => name.includes(first.id));
      const read = async (which: string) => {
        const found = names.filter((name) => name.includes(which));
        assert.equal(found.length, 1, names.join());
        return readFile(path.join(room.vault, found[0] ?? ''), 'utf8');
      };
      return {
        manifest: JSON.parse(await read('manifest.json')) as Manifest,
        restore: await read('RESTORE.md'),
      };
    };
    const snapshot = copyOf(first, 'snapshot');
    const before = await documents();
    assert.equal(before.manifest.files.snapshot.copies[0]?.key, snapshot.key);
    assert.ok(before.restore.includes(snapshot.location));

    await room.done();

    const after = await documents();
    assert.deepEqual(after.manifest.files.snapshot.copies, []);
    assert.equal(after.manifest.files.resources.copies[0]?.key, copyOf(first, 'resources').key);
    assert.ok(!after.restore.includes(snapshot.location), after.restore);
    const now = await room.lab.run(first.id);
    assert.deepEqual(manifestOf(now), after.manifest);
    assert.ok(now.success?.copies?.find(({ file }) => file === 'resources')?.provenAt);
  });

  it('at one place alone ends well when the other does not take the documents', async (t) => {
    const room = await openRoom(t, { retention: { 'nas-1': newestOnly }, keepOnNode: 3 });
    const first = await room.done();
    const { destinations } = room.off;
    room.off.destinations = {
      get(name) {
        const real = destinations.get(name);
        if (name !== 'vault') return real;
        return wrapped(real, {
          async put(...[key, body, options]: Parameters<typeof real.put>) {
            if (!key.includes(first.id)) return real.put(key, body, options);
            throw new StorageError({ op: 'put', key, kind: 'full', message: 'no space', hint: 'Make some' });
          },
        });
      },
    };
    const second = await room.done();
    assert.ok(isProven(second));
    assert.equal(typeof copyOf(await room.lab.run(first.id), 'snapshot').prunedAt, 'number');
    assert.ok(room.lab.log.some(({ message }) => /manifest not written/.test(message)));
  });

  it('a directory on the node whose copies retention removed is still an old one', async (t) => {
    const room = await openRoom(t, { retention, keepOnNode: 2 });
    const runs = [await room.done(), await room.done(), await room.done()];
    assert.deepEqual(runs.map(room.onNode), [false, true, true]);
  });

  it('acts as soon as a copy that failed is proven in a later round, unless a newer run failed meanwhile', async (t) => {
    for (const failsMeanwhile of [false, true]) {
      const room = await openRoom(t, { retention, keepOnNode: 3 });
      const first = await room.done();
      const bringBack = await away(room.vault);
      const second = await room.done();
      await bringBack();
      if (failsMeanwhile) {
        await room.lab.approved();
        await room.lab.lab.plane.nodes[0]?.behave({ outcome: 'disk-full' });
        assert.equal((await room.lab.turn())?.status, 'failed');
        await room.lab.lab.plane.nodes[0]?.behave({});
      }
      room.lab.clock.forward(hourMs);
      const recovered = (await room.lab.turn()) ?? assert.fail();
      assert.ok(recovered.id === second.id && isProven(recovered));
      // What was due after the first two runs, and after the copy that is proven now.
      for (let due = await room.lab.turn(); due; due = await room.lab.turn());

      const left = (await Promise.all([room.nas, room.vault].map(filesBelow))).flat();
      assert.ok(left.some((name) => name.includes(second.id)));
      assert.equal(
        left.some((name) => name.includes(first.id)),
        failsMeanwhile,
        left.join(),
      );
    }
  });

  it('removes nothing after a run that failed, or whose copies are not proven', async (t) => {
    const room = await openRoom(t, { retention });
    const first = await room.done();
    await room.lab.approved();
    await room.lab.lab.plane.nodes[0]?.behave({ outcome: 'disk-full' });
    assert.equal((await room.lab.turn())?.status, 'failed');
    await room.lab.lab.plane.nodes[0]?.behave({});
    const bringBack = await away(room.vault);
    assert.equal(isProven(await room.done()), false);
    await bringBack();

    for (const file of ['snapshot', 'resources'] as const) {
      const { location, stored } = copyOf(await room.lab.run(first.id), file);
      assert.equal(await sha256Of(location), stored?.sha256);
    }
  });
});

describe('a bot that died', { timeout, concurrency: 3 }, () => {
  /** Both files are stored, the word of it is not on record: the next worker finds the run so. */
  async function diedAfterStoring(room: Room): Promise<BackupRun> {
    const { restoreText: text } = room.off;
    const { id } = await room.lab.approved();
    room.off.restoreText = () => {
      throw new Error('died here');
    };
    await assert.rejects(room.lab.turn(), /died here/);
    room.off.restoreText = text;
    // A gap between two looks at a lease's heartbeat counts for half of it at most.
    for (let look = 0; look < 2; look += 1) {
      assert.equal(await room.lab.turn(), undefined);
      room.lab.clock.forward(hourMs);
    }
    return room.lab.run(id);
  }

  it('after storing, before saying so: the plain file is taken as it is, the encrypted one made again', async (t) => {
    const room = await openRoom(t);
    const left = await diedAfterStoring(room);
    assert.equal(left.step, 'copying');
    const before = await Promise.all([room.nas, room.vault].map(filesBelow));
    const snapshot = copyOf(left, 'snapshot').location;
    const { ino } = await stat(snapshot);

    const run = (await room.lab.turn()) ?? assert.fail();

    assert.equal(run.status, 'succeeded');
    assert.ok(isProven(run), JSON.stringify(run.success?.copies));
    assert.equal((await stat(snapshot)).ino, ino);
    for (const { location, stored } of run.success?.copies ?? []) {
      assert.equal(await sha256Of(location), stored?.sha256);
    }
    const after = await Promise.all([room.nas, room.vault].map(filesBelow));
    const objects = (found: readonly (readonly string[])[]) =>
      found.flat().filter((name) => !/manifest\.json|RESTORE\.md/.test(name));
    assert.deepEqual(objects(after), objects(before));
  });

  it('and whose node cannot be reached now: the backup is made, the copies wait', async (t) => {
    const { session } = labPolicy();
    const room = await openRoom(t, { session: { ...session, startDeadlineMs: 5_000 } });
    const { id } = await diedAfterStoring(room);
    const endFault = room.lab.lab.cluster.faults.add({
      match: ({ resource }) => resource === 'pods',
      kind: 'reset',
    });

    const run = (await room.lab.turn()) ?? assert.fail();

    assert.equal(run.id, id);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.failed));
    assert.equal(isProven(run), false);
    assert.ok(copyOf(run, 'snapshot').failure && copyOf(run, 'snapshot').nextTryAt);
    assert.ok(room.onNode(run));
    endFault();
    room.lab.clock.forward(hourMs);
    const recovered = (await room.lab.turn()) ?? assert.fail();
    assert.ok(isProven(recovered), JSON.stringify(recovered.success?.copies));
    assert.equal(room.lab.sessionPods().length, 0);
  });
});

describe('places', { timeout, concurrency: 3 }, () => {
  it('that are one: both files go there, one prefix, one manifest', async (t) => {
    const room = await openRoom(t, {}, { snapshot: 'nas-1', resources: 'nas-1' });
    const run = await room.done();
    assert.ok(isProven(run));
    assert.equal((await filesBelow(room.nas)).length, 4);
    assert.deepEqual(run.plan?.copies, [
      { file: 'snapshot', destination: 'nas-1', encryptedFor: [] },
      { file: 'resources', destination: 'nas-1', encryptedFor: ['ops-a'] },
    ]);
  });

  it('that take the files and not the documents: said in the thread, and the backup is proven all the same', async (t) => {
    const room = await openRoom(t);
    const { destinations } = room.off;
    room.off.destinations = {
      get(name) {
        const real = destinations.get(name);
        if (name !== 'vault') return real;
        return wrapped(real, {
          async put(...[key, body, options]: Parameters<typeof real.put>) {
            if (!key.endsWith('manifest.json')) return real.put(key, body, options);
            throw new StorageError({ op: 'put', key, kind: 'full', message: 'no space', hint: 'Make some' });
          },
        });
      },
    };
    const run = await room.done();
    assert.ok(isProven(run));
    const said = (await room.lab.notices(run.id)).flatMap((each) =>
      each.kind === 'thread' && each.entry.type === 'manifest-missing' ? [each.entry.destinations] : [],
    );
    assert.deepEqual(said, [['vault']]);
  });

  it('get later findings into their documents, once: drills, proofs that fell', async (t) => {
    const outcomes: DrillAttempt[] = [
      { ok: true, revision: 5346, keys: 8_124 },
      { ok: true, revision: 5346, keys: 8_124 },
      { ok: false, failure: { kind: 'snapshot-damaged', size: 1 } },
    ];
    const room = await openRoom(t, { drill: true });
    room.off.drill = labDrill(() => outcomes.shift() ?? assert.fail('one drill too many'));
    const run = await room.done();
    const [snapshot, resources] = [copyOf(run, 'snapshot'), copyOf(run, 'resources')];
    const beside = (copy: FileCopy, name: string) =>
      readFile(path.join(path.dirname(copy.location), name), 'utf8');
    const manifestBeside = async (copy: FileCopy) => parseManifest(await beside(copy, 'manifest.json'));
    const first = await manifestBeside(resources);
    assert.deepEqual([first.drill?.ok, first.drill?.keys], [true, 8_124], 'the drill after the backup');
    assert.deepEqual(await manifestBeside(snapshot), first);
    assert.deepEqual(manifestOf(run), first);
    const drilled = async () => {
      const answer = await room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
      assert.equal(answer.outcome, 'drilled');
      return manifestBeside(resources);
    };
    assert.deepEqual(await drilled(), first, 'the same again is no news');
    const second = await drilled();
    assert.equal(second.drill?.disproven, true);
    assert.match(second.drill?.why ?? '', /damaged/);
    assert.match(await beside(snapshot, 'RESTORE.md'), /A restore drill has shown/);
    await writeFile(resources.location, 'rotten');
    await room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    const third = await manifestBeside(snapshot);
    assert.equal(third.files.resources.copies[0]?.provenAt, null);
    assert.equal(third.drill?.disproven, true);
    assert.deepEqual(manifestOf(await room.lab.run(run.id)), third);
  });

  it('never lack a document: a bot that is ended in between leaves the old one, or both', async (t) => {
    const room = await openRoom(t);
    const run = await room.done();
    const folder = path.dirname(copyOf(run, 'resources').location);
    const documents = async () =>
      (await readdir(folder)).filter((name) => /^(manifest|RESTORE)/.test(name)).sort();
    const seen: string[] = [];
    const real = room.off.destinations;
    room.off.destinations = {
      get(name) {
        const place = real.get(name);
        const after = async <T>(step: Promise<T>): Promise<T> => {
          const done = await step;
          if (name === 'vault') seen.push((await documents()).join(' '));
          return done;
        };
        return wrapped(place, {
          put: (...args: Parameters<typeof place.put>) => after(place.put(...args)),
          remove: (...args: Parameters<typeof place.remove>) => after(place.remove(...args)),
        });
      },
    };
    room.off.drill = labDrill(() => ({ ok: true, revision: 1, keys: 1 }));
    const asked = room.lab.asked(who.requester);
    assert.equal((await room.lab.backups.drill(asked, { runId: run.id })).outcome, 'drilled');
    assert.ok(seen.length >= 8, seen.join('\n'));
    for (const names of seen) assert.match(names, /^(?=.*RESTORE)(?=.*manifest)/);
    assert.deepEqual(await documents(), ['RESTORE.md', 'manifest.json']);
    const manifest = parseManifest(await readFile(path.join(folder, 'manifest.json'), 'utf8'));
    assert.equal(manifest.drill?.ok, true);
  });

  it('whose documents cannot be written again are named in the thread, and caught up with at the next look', async (t) => {
    const room = await openRoom(t);
    room.off.drill = labDrill(() => ({ ok: false, failure: { kind: 'no-keys' } }));
    const run = await room.done();
    await room.lab.notices(run.id);
    const bringBack = await away(room.vault);
    const drill = () => room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
    const disproven = async (file: FileKind) => {
      const manifest = path.join(path.dirname(copyOf(run, file).location), 'manifest.json');
      return parseManifest(await readFile(manifest, 'utf8')).drill?.disproven;
    };
    assert.equal((await drill()).outcome, 'drilled');
    await bringBack();
    const said = (await room.lab.notices(run.id)).flatMap((each) =>
      each.kind === 'thread' && each.entry.type === 'manifest-missing' ? [each.entry.destinations] : [],
    );
    assert.deepEqual(said, [['vault']]);
    assert.deepEqual([await disproven('snapshot'), await disproven('resources')], [true, undefined]);
    const before = await stat(path.join(path.dirname(copyOf(run, 'snapshot').location), 'manifest.json'));
    await drill();
    assert.deepEqual([await disproven('snapshot'), await disproven('resources')], [true, true]);
    const after = await stat(path.join(path.dirname(copyOf(run, 'snapshot').location), 'manifest.json'));
    assert.equal(after.mtimeMs, before.mtimeMs, 'what says the same is left alone');
  });

  it('get no new documents where none of the files is: it may be a volume that is not mounted', async (t) => {
    const room = await openRoom(t);
    const run = await room.done();
    const steps = path.join(path.dirname(copyOf(run, 'snapshot').location), 'RESTORE.md');
    const before = await readFile(steps, 'utf8');
    await away(room.vault);
    await mkdir(room.vault);
    await room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    const { provenAt, unread } = copyOf(await room.lab.run(run.id), 'resources');
    assert.deepEqual([typeof provenAt, unread?.kind], ['number', 'not-known-place']);
    assert.deepEqual(await readdir(room.vault), []);
    assert.equal(
      await readFile(steps, 'utf8'),
      before,
      'steps are not replaced by the word that there are none',
    );
  });

  it('whose file was found wrong while an older look hung: what was found last counts', async (t) => {
    const room = await openRoom(t);
    const run = await room.done();
    const real = room.off.destinations;
    const [hangs, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    room.off.destinations = {
      get(name) {
        const place = real.get(name);
        if (name !== 'vault') return place;
        return wrapped(place, {
          async open(key: string) {
            hangs.resolve();
            await goesOn.promise;
            throw new StorageError({ op: 'open', key, kind: 'timeout', message: 'no answer', hint: 'Wait' });
          },
        });
      },
    };
    const verify = () => room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    const slow = verify();
    await hangs.promise;
    room.off.destinations = real;
    await writeFile(copyOf(run, 'resources').location, 'rotten');
    await verify();
    goesOn.resolve();
    await slow;
    const resources = copyOf(await room.lab.run(run.id), 'resources');
    assert.deepEqual([resources.provenAt, resources.unread], [undefined, undefined]);
  });

  it('whose file was found whole by a look that ends after another found it wrong: what was found last counts', async (t) => {
    const room = await openRoom(t);
    const run = await room.done();
    const real = room.off.destinations;
    const [wasRead, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    async function* telling(body: AsyncIterable<Uint8Array>) {
      yield* body;
      wasRead.resolve();
    }
    room.off.destinations = {
      get(name) {
        const place = real.get(name);
        return wrapped(place, {
          async open(...args) {
            // Its marker is read from there, too.
            if (args[0] === copyOf(run, 'resources').key) return telling(await place.open(...args));
            if (name === 'vault') return place.open(...args);
            await goesOn.promise;
            return place.open(...args);
          },
        });
      },
    };
    const verify = () => room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    const slow = verify();
    await wasRead.promise;
    room.off.destinations = real;
    await room.lab.clock.sleep(5);
    await writeFile(copyOf(run, 'resources').location, 'rotten');
    await verify();
    goesOn.resolve();
    await slow;
    assert.equal(copyOf(await room.lab.run(run.id), 'resources').failure?.kind, 'sha256');
  });

  it('are written one after the other when several people look at once', async (t) => {
    const room = await openRoom(t);
    const run = await room.done();
    let drills = 0;
    room.off.drill = labDrill(() =>
      drills++ % 2 === 0 ? { ok: true, revision: 1, keys: 1 } : { ok: false, failure: { kind: 'no-keys' } },
    );
    // One drill at a time: the next one begins while the documents of the last are still written.
    const drill = async () => {
      for (;;) {
        const answer = await room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
        if (answer.outcome !== 'drill-under-way') return;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await Promise.all(Array.from({ length: 6 }, drill));
    const { success } = await room.lab.run(run.id);
    for (const file of ['snapshot', 'resources'] as const) {
      const folder = path.dirname(copyOf(run, file).location);
      const names = (await readdir(folder)).filter((name) => /^(manifest|RESTORE)/.test(name)).sort();
      assert.deepEqual(names, ['RESTORE.md', 'manifest.json']);
      const { drill } = parseManifest(await readFile(path.join(folder, 'manifest.json'), 'utf8'));
      assert.equal(drill?.ok, success?.drill?.ok);
      const steps = await readFile(path.join(folder, 'RESTORE.md'), 'utf8');
      assert.equal(/A restore drill has shown/.test(steps), success?.drill?.ok === false);
    }
    const missing = (await room.lab.notices(run.id)).filter(
      (each) => each.kind === 'thread' && each.entry.type === 'manifest-missing',
    );
    assert.deepEqual(missing, []);
  });

  it('keep what a drill showed while another round of copies ran', async (t) => {
    const room = await openRoom(t);
    room.off.drill = labDrill(() => ({ ok: false, failure: { kind: 'no-keys' } }));
    const bringBack = await away(room.vault);
    const run = await room.done();
    await bringBack();
    const real = room.off.destinations;
    let drilled = 0;
    room.off.destinations = {
      get(name) {
        const place = real.get(name);
        if (name !== 'vault') return place;
        return wrapped(place, {
          async put(...args: Parameters<typeof place.put>) {
            if (drilled++ === 0)
              await room.lab.backups.drill(room.lab.asked(who.requester), { runId: run.id });
            return place.put(...args);
          },
        });
      },
    };
    room.lab.clock.forward(hourMs);
    const recovered = (await room.lab.turn()) ?? assert.fail();
    assert.ok(recovered.id === run.id && isProven(recovered) && drilled > 0);
    assert.equal(recovered.success?.drill?.ok, false);
    assert.equal(manifestOf(recovered)?.drill?.disproven, true);
    const manifest = path.join(path.dirname(copyOf(recovered, 'resources').location), 'manifest.json');
    assert.equal(parseManifest(await readFile(manifest, 'utf8')).drill?.disproven, true);
  });

  it('that is away during a verify leaves its copies verified; one that lost or changed the file does not', async (t) => {
    const room = await openRoom(t);
    const run = await room.done();
    const verify = async () => {
      const answer = await room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
      assert.ok(answer.outcome === 'verified', answer.outcome);
      return copyOf(answer.run, 'resources');
    };
    const planned = async () => {
      const asked = room.lab.asked(who.requester);
      const plan = await room.lab.backups.restorePlan(asked, { what: run.id, zStream: undefined });
      return plan.outcome === 'restore-plan' ? plan.answer.outcome : plan.outcome;
    };
    const before = copyOf(run, 'resources');
    const { destinations } = room.off;
    const bringBack = await away(room.vault);
    const { unread, provenAt, failure } = await verify();
    assert.deepEqual([unread?.kind, provenAt, failure], ['unreachable', before.provenAt, undefined]);
    assert.equal(await planned(), 'plan');
    await bringBack();
    const missing = (await room.lab.notices(run.id)).filter(
      (each) => each.kind === 'thread' && each.entry.type === 'manifest-missing',
    );
    assert.deepEqual(missing, [], 'the documents there say all that is known');
    const back = await verify();
    assert.equal(back.unread, undefined);
    assert.ok((back.provenAt ?? 0) > (before.provenAt ?? 0));
    const stored = await readFile(back.location);
    stored[stored.length - 1] = (stored.at(-1) ?? 0) ^ 1;
    await writeFile(back.location, stored);
    const rotten = await verify();
    assert.deepEqual(
      [rotten.failure?.kind, rotten.provenAt, rotten.unread],
      ['sha256', undefined, undefined],
    );
    assert.equal(await planned(), 'none');
    room.off.destinations = silentVault(room.nas);
    const still = await verify();
    assert.deepEqual(
      [still.failure?.kind, still.provenAt],
      ['unreachable', undefined],
      'no proof comes back',
    );
    room.off.destinations = destinations;
    await rm(back.location);
    assert.equal((await verify()).failure?.kind, 'not-found');
    const details = (await room.lab.records.auditLines(run.id)).flatMap((line) =>
      line.action === 'verified' ? [line.detail.resources] : [],
    );
    assert.deepEqual(details, [
      'not read: unreachable',
      'whole',
      'not whole: sha256',
      'not whole: unreachable',
      'not whole: not-found',
    ]);
  });

  it('that left the configuration: verify says so, and nothing breaks', async (t) => {
    const room = await openRoom(t);
    const run = await room.done();
    room.off.destinations = openDestinations(
      [{ kind: 'directory', name: 'nas-1', path: room.nas }],
      systemClock(),
    );
    const answer = await room.lab.backups.verify(room.lab.asked(who.requester), { runId: run.id });
    assert.ok(answer.outcome === 'verified');
    assert.equal(typeof copyOf(answer.run, 'snapshot').provenAt, 'number');
    const resources = copyOf(answer.run, 'resources');
    assert.match(resources.unread?.detail ?? '', /no destination is called vault/);
    assert.equal(resources.provenAt, copyOf(run, 'resources').provenAt, 'nothing was learnt about the bytes');
  });
});
