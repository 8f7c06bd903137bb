import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { FileCopy } from '../../src/domain/copies/file-copy.ts';
import type { FileKind } from '../../src/domain/copies/manifest-document.ts';
import type { RetentionPolicy } from '../../src/domain/copies/retention.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { directoryDestination } from '../../src/storage/directory/directory.ts';
import { copyTools } from '../../src/storage/verify/copy-tools.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { Destination } from '../../src/workflow/ports/destination.ts';
import { openWorkflowLab, type WorkflowLab } from './workflow-lab.ts';

/** The snapshot goes to a mounted volume, the resources to `vault`; both keep the newest backup alone. */
export interface PlaceRoom {
  readonly lab: WorkflowLab;
  /** Where the volume is mounted. */
  readonly mount: string;
  /** Replaced by a test that puts something between the bot and the place. */
  readonly places: Map<string, Destination>;
  /** A whole backup and all work that is due after it; whether its copies are proven is the test's to look at. */
  done(): Promise<BackupRun>;
  /** Turns of the worker until nothing is due. */
  allDue(): Promise<void>;
  /** As an unmount leaves it: the mount point, empty. */
  unmount(): Promise<void>;
  remount(): Promise<void>;
}

const newestOnly: RetentionPolicy = {
  newest: 1,
  days: undefined,
  daily: undefined,
  weekly: undefined,
  monthly: undefined,
  timeZone: 'UTC',
};

export async function openPlaceRoom(
  t: TestContext,
  options: { readonly vault?: Destination; readonly owners?: readonly string[] } = {},
): Promise<PlaceRoom> {
  const dir = await mkdtemp(path.join(tmpdir(), 'place-room-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const mount = path.join(dir, 'mount');
  await mkdir(mount);
  await mkdir(path.join(dir, 'vault'));
  const clock = systemClock();
  const vault =
    options.vault ?? directoryDestination({ name: 'vault', path: path.join(dir, 'vault'), clock });
  const places = new Map([
    ['nas-1', directoryDestination({ name: 'nas-1', path: mount, clock })],
    ['vault', vault],
  ]);
  const copy = (file: FileKind, destination: string) => ({
    file,
    destination,
    place: { kind: 'directory' as const, path: places.get(destination)?.label ?? '' },
    custodians: [],
    encryptFor: [],
  });
  const lab = await openWorkflowLab({
    offCluster: {
      destinations: { get: (name) => places.get(name) ?? assert.fail(name) },
      names: [...places.keys()],
      owners: { 'nas-1': options.owners ?? [], vault: options.owners ?? [] },
      tools: copyTools(),
      restoreText,
      drill: undefined,
    },
    policy: {
      copies: [copy('snapshot', 'nas-1'), copy('resources', 'vault')],
      retention: { 'nas-1': newestOnly, vault: newestOnly },
      keepOnNode: 3,
    },
  });
  t.after(() => lab[Symbol.asyncDispose]());
  // Pauses between tries are not what is looked at here.
  const { sleep } = lab.clock;
  lab.clock.sleep = (ms, signal) => sleep(Math.min(ms, 100), signal);
  async function allDue() {
    for (let turns = 0; await lab.turn(); turns += 1) assert.ok(turns < 100, 'it comes to no end');
  }
  return {
    lab,
    mount,
    places,
    async done() {
      await lab.approved();
      const run = await lab.turn();
      assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
      await allDue();
      return lab.run(run?.id ?? assert.fail());
    },
    allDue,
    async unmount() {
      await rename(mount, `${mount}.volume`);
      await mkdir(mount);
    },
    async remount() {
      await rm(mount, { recursive: true });
      await rename(`${mount}.volume`, mount);
    },
  };
}

export function copyIn(run: BackupRun | undefined, file: FileKind): FileCopy {
  return run?.success?.copies?.find((copy) => copy.file === file) ?? assert.fail(file);
}
