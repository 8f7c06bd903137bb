import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { known, unknown } from '../../src/domain/cluster/reading.ts';
import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import { fileKinds } from '../../src/domain/copies/manifest-document.ts';
import type { RetentionPolicy } from '../../src/domain/copies/retention.ts';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import type { BackupRun, RunSuccess } from '../../src/domain/run/run.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { openDestinations } from '../../src/storage/open-destinations.ts';
import { copyTools } from '../../src/storage/verify/copy-tools.ts';
import { randomIds } from '../../src/system/ids.ts';
import { finishSucceeded } from '../../src/workflow/backup/finish-run.ts';
import { workOnEnded } from '../../src/workflow/backup/work-on-ended.ts';
import type { OffCluster } from '../../src/workflow/ports/copy-ports.ts';
import type { WorkflowDeps } from '../../src/workflow/ports/deps.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';
import type { Claim, Records } from '../../src/workflow/ports/records.ts';
import { policy as aPolicy } from './cluster-facts.ts';
import { type HungMount, placeOnMount } from './hung-mount.ts';
import { fleetOf } from './policies.ts';
import { aPlan, aRun } from './runs.ts';
import { unusedPorts } from './unused-ports.ts';
import { keptLog, type LabClock, type LogLine, labClock, labPeople, labSelf } from './workflow-lab.ts';

const cluster = 'prod-east';
const never = new AbortController().signal;
const { signal } = new AbortController();

/** What happens around one call to records or a place. */
export type Around = (call: string, act: () => Promise<unknown>) => Promise<unknown>;

/** Backups on record whose files really lie at two places, and the work that removes old ones; no cluster is needed for it. */
export interface RetentionLab {
  readonly records: Records;
  readonly clock: LabClock;
  readonly log: readonly LogLine[];
  readonly deps: WorkflowDeps;
  /** Directories of the destinations; another one may be put there. */
  readonly paths: Readonly<Record<string, string>>;
  /** Rules of each destination, as the configuration has them. */
  retention: ClusterPolicy['retention'] | undefined;
  /** Destinations that left the configuration. */
  readonly left: Set<string>;
  /** Wraps every call of the work; undefined: nothing is in its way. */
  around: Around | undefined;
  /** What the API server answers for its time; false: nothing. */
  apiAnswers: boolean;
  /** The cluster's own clocks by true time. */
  clusterAheadMs: number;
  /** A run that succeeded with both copies proven; removing older ones is due. */
  backup(input?: { zStream?: string; revision?: number }): Promise<string>;
  /** Does once what is due; false: nothing is. Throws what the work throws; the next turn is another process. */
  turn(): Promise<boolean>;
  /** Works on what is due after this very run, whatever else is worked on at the moment. */
  round(id: string): Promise<void>;
  /** Turns until nothing is due. */
  settle(): Promise<void>;
  run(id: string): Promise<BackupRun>;
  drilledWrong(id: string): Promise<void>;
  /** Files of this run that are at their places. */
  there(run: BackupRun): readonly FileCopy[];
  close(): Promise<void>;
}

export async function openRetentionLab(
  rules: Partial<RetentionPolicy>,
  owners: readonly string[] = [],
  /** By destination: file systems that can be made to hang. */
  mounts: Readonly<Record<string, HungMount>> = {},
): Promise<RetentionLab> {
  const dir = await mkdtemp(path.join(tmpdir(), 'retention-'));
  const paths = { 'nas-1': path.join(dir, 'nas'), vault: path.join(dir, 'vault') };
  for (const place of Object.values(paths)) await mkdir(place);
  const records = await openSqliteRecords({ file: path.join(dir, 'records.sqlite') });
  const clock = labClock();
  const log: LogLine[] = [];
  const opened = openDestinations(
    Object.entries(paths).map(([name, at]) => ({ kind: 'directory', name, path: at })),
    clock,
  );
  const mounted = new Map(
    Object.entries(mounts).map(([name, mount]) => [
      name,
      placeOnMount(mount, path.join(dir, name === 'nas-1' ? 'nas' : name), name),
    ]),
  );
  const places = { get: (name: string) => mounted.get(name) ?? opened.get(name) };
  const retention = {
    ...{ newest: undefined, days: undefined, daily: undefined, weekly: undefined, monthly: undefined },
    timeZone: 'UTC',
    ...rules,
  };
  const lab = {
    around: undefined as Around | undefined,
    apiAnswers: true,
    clusterAheadMs: 0,
    retention: { 'nas-1': retention, vault: retention } as ClusterPolicy['retention'] | undefined,
    left: new Set<string>(),
  };
  const policy = (): ClusterPolicy => ({
    ...aPolicy(),
    name: cluster,
    owners,
    ...(lab.retention ? { retention: lab.retention } : {}),
  });
  const around = (call: string, act: () => Promise<unknown>) => (lab.around ? lab.around(call, act) : act());
  const watched = <T extends object>(target: T, calls: readonly (keyof T & string)[]): T => ({
    ...target,
    ...Object.fromEntries(
      calls.map((call) => [
        call,
        (...args: unknown[]) =>
          around(call, () => (target[call] as (...a: unknown[]) => Promise<unknown>).apply(target, args)),
      ]),
    ),
  });
  const off: OffCluster = {
    destinations: {
      get: (name) =>
        watched(bound(places.get(lab.left.has(name) ? `${name}, which left` : name)), [
          ...(['remove', 'list', 'stat'] as const),
        ]),
    },
    tools: copyTools(),
    restoreText,
    drill: undefined,
  };
  const trueTime = () => Date.now() + clock.passed();
  const deps: WorkflowDeps = {
    ...unusedPorts,
    fleet: fleetOf([policy()], []),
    people: labPeople([]),
    self: labSelf,
    ids: randomIds(),
    log: keptLog(log),
    wake: () => undefined,
    offCluster: off,
    clock,
    records: watched(records, ['advance', 'decide', 'runs', 'run']),
    clusters: {
      ...unusedPorts.clusters,
      async serverTime() {
        if (!lab.apiAnswers) return unknown('unreachable', 'connect ECONNREFUSED');
        const [askedAt, serverAt] = [clock.now(), trueTime() + lab.clusterAheadMs];
        return known({ askedAt, answeredAt: clock.now(), serverAt: Math.floor(serverAt / 1_000) * 1_000 });
      },
    },
  };
  let count = 0;

  async function backup({ zStream = '4.16.8', revision = undefined as number | undefined } = {}) {
    count += 1;
    const id = `r-${String(count).padStart(8, '2')}`;
    const now = clock.now();
    const plan = { ...aPlan, zStream, directory: `/home/core/assets/backup/2026-11-23T061444Z-${id}` };
    const requested = aRun({ id, cluster, requestedAt: now });
    await records.accept({ run: requested, deliveryId: id, audit: [], notices: [] });
    const claim = (await claimOf(id)) ?? assert.fail(`${id} is not due`);
    const nothing = { audit: [], notices: [] };
    await records.advance(claim, { set: { status: 'approved', plan }, ...nothing });
    const nodeClock = { aheadMs: trueTime() + lab.clusterAheadMs - now, at: now };
    await records.advance(claim, { set: { status: 'running', startedAt: now, nodeClock }, ...nothing });
    const success = await stored(id, now, revision);
    await records.advance(claim, { set: { step: 'closing-session', success }, ...nothing });
    const running = (await records.run(id)) ?? assert.fail();
    const work = {
      deps: { ...deps, records },
      claim: { ...claim, run: running },
      cluster: policy(),
      plan,
      signal,
    };
    await finishSucceeded(work, success);
    return id;
  }

  /** Of this run: others may be due, too. */
  async function claimOf(id: string): Promise<Claim | undefined> {
    for (;;) {
      const claim = await records.claim({
        owner: id,
        now: clock.now(),
        monotonic: clock.monotonic(),
        leaseMs: 600_000,
        forPeople: true,
      });
      if (!claim || claim.run.id === id) return claim;
    }
  }

  async function stored(id: string, at: number, revision: number | undefined): Promise<RunSuccess> {
    const copies = await Promise.all(
      fileKinds.map(async (file): Promise<FileCopy> => {
        const destination = file === 'snapshot' ? 'nas-1' : 'vault';
        const key = `${cluster}/${id}/${file}`;
        const { location } = await places.get(destination).put(key, bytes(id), { signal: never });
        return {
          ...{ file, destination, place: { kind: 'directory', path: paths[destination] }, key, location },
          ...{ custodians: [], encryptFor: [], tries: 1, failure: undefined, nextTryAt: undefined },
          stored: { size: id.length, sha256: '1f', at, lockedUntil: undefined },
          provenAt: at,
        };
      }),
    );
    const status =
      revision === undefined
        ? undefined
        : { hash: 1, revision, totalKey: 1, totalSize: 1, version: undefined };
    return {
      artifacts: {
        snapshot: { path: '/backup/snapshot.db', size: 1, sha256: '1f', status },
        resources: { path: '/backup/resources.tar.gz', size: 1, sha256: '2f' },
      },
      scriptMs: 1,
      sessionPodLeft: undefined,
      copies,
    };
  }

  async function turn(): Promise<boolean> {
    // A lease that is over at once: the next worker takes the work up as after a crash.
    const claim = await records.claim({
      owner: 'bot',
      now: clock.now(),
      monotonic: clock.monotonic(),
      leaseMs: 0,
    });
    if (!claim) return false;
    await workOn(claim);
    return true;
  }

  async function workOn(claim: Claim): Promise<void> {
    const plan = claim.run.plan ?? assert.fail('no plan');
    await workOnEnded({ deps, claim, cluster: policy(), plan, signal });
    await records.release(claim);
  }

  async function round(id: string): Promise<void> {
    const times = { now: clock.now(), monotonic: clock.monotonic(), leaseMs: 600_000 };
    for (const others: string[] = []; ; ) {
      const claim = await records.claim({ owner: id, ...times, working: others });
      if (!claim) assert.fail(`${id} is not due`);
      if (claim.run.id === id) return workOn(claim);
      await records.release(claim);
      others.push(claim.run.id);
    }
  }

  return Object.assign(lab, {
    records,
    clock,
    log,
    deps,
    paths,
    backup,
    turn,
    round,
    async settle() {
      for (let turns = 0; await turn(); turns += 1) assert.ok(turns < 500, 'it comes to no end');
    },
    run: async (id: string) => (await records.run(id)) ?? assert.fail(id),
    async drilledWrong(id: string) {
      const failure = { kind: 'snapshot-damaged', size: 1 } as const;
      const drill = { ok: false, failure, why: 'damaged', at: clock.now() } as const;
      await records.decide({
        runId: id,
        deliveryId: `drill-${id}`,
        now: clock.now(),
        decision: ({ success }) => ({
          set: { success: success && { ...success, drill } },
          audit: [],
          notices: [],
        }),
      });
    },
    there: (run: BackupRun) => (run.success?.copies ?? []).filter(({ location }) => existsSync(location)),
    async close() {
      await records.close();
      await rm(dir, { recursive: true, force: true });
    },
  });
}

function bound(place: Destination): Destination {
  return {
    name: place.name,
    label: place.label,
    kind: place.kind,
    put: place.put.bind(place),
    open: place.open.bind(place),
    stat: place.stat.bind(place),
    list: place.list.bind(place),
    remove: place.remove.bind(place),
    check: place.check.bind(place),
  };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(text);
}
