import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import type { FileKind } from '../../src/domain/copies/manifest-document.ts';
import type { ClusterPolicy } from '../../src/domain/policy/policy.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { openDrill } from '../../src/drill/copy-drill.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { openDestinations } from '../../src/storage/open-destinations.ts';
import { copyTools } from '../../src/storage/verify/copy-tools.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { OffCluster } from '../../src/workflow/ports/copy-ports.ts';
import type { Drill } from '../../src/workflow/ports/drill-ports.ts';
import { openWorkflowLab, type WorkflowLab, who } from './workflow-lab.ts';

export interface DrillRoom {
  readonly lab: WorkflowLab;
  readonly off: { -readonly [Key in keyof OffCluster]: OffCluster[Key] } & { drill: Drill };
  /** Where drills keep their files. */
  readonly rooms: string;
  /** What the backup script hands out from now on. */
  handOut(snapshot: Uint8Array): Promise<void>;
  done(): Promise<BackupRun>;
}

/** A cluster with drills, real programs of etcd and two destinations; the snapshot's copy is plain, or encrypted for people. */
export async function openDrillRoom(
  t: TestContext,
  toolDirs: Readonly<Record<string, string>>,
  options: { readonly encrypted?: boolean; readonly policy?: Partial<ClusterPolicy> } = {},
): Promise<DrillRoom> {
  const dir = await mkdtemp(path.join(tmpdir(), 'drill-room-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const places = { snapshot: path.join(dir, 'nas'), resources: path.join(dir, 'vault') };
  const rooms = path.join(dir, 'rooms');
  for (const place of [places.snapshot, places.resources, rooms]) await mkdir(place);
  const publicKey = await identityToRecipient(await generateX25519Identity());
  const copy = (file: FileKind) => ({
    file,
    destination: file,
    place: { kind: 'directory' as const, path: places[file] },
    custodians: [],
    encryptFor: file === 'resources' || options.encrypted ? [{ name: 'ops-a', publicKey }] : [],
  });
  const drill = await openDrill({ toolDirs, pathEnv: '', dir: rooms, deadlineMs: 120_000 });
  const off = {
    destinations: openDestinations(
      (['snapshot', 'resources'] as const).map((name) => ({ kind: 'directory', name, path: places[name] })),
      systemClock(),
    ),
    tools: copyTools(),
    restoreText,
    drill,
  };
  const policy = {
    copies: [copy('snapshot'), copy('resources')],
    drill: true,
    owners: [who.deputy],
    ...options.policy,
  };
  const lab = await openWorkflowLab({ offCluster: off, policy });
  t.after(() => lab[Symbol.asyncDispose]());
  return {
    lab,
    off,
    rooms,
    async handOut(snapshot) {
      for (const node of lab.lab.plane.nodes) {
        await writeFile(path.join(node.dir, '.sandbox', 'snapshot.db.gz'), gzipSync(snapshot));
      }
    },
    async done() {
      await lab.approved();
      const run = await lab.turn();
      assert.equal(run?.status, 'succeeded', JSON.stringify(run?.failed));
      return run ?? assert.fail();
    },
  };
}

/** Programs of a set, of which etcdutl fails by `text` (shell) before the real one is asked. */
export async function failingSet(t: TestContext, from: string, text: string): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'drill-set-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await writeToolSet(dir, from, text);
  return dir;
}

/** Programs of etcd in `dir` that are those of `from`, and this text of a shell before etcdutl. */
export async function writeToolSet(dir: string, from: string, text: string): Promise<void> {
  for (const name of ['etcd', 'etcdctl', 'etcdutl']) {
    const before = name === 'etcdutl' ? `${text}\n` : '';
    await writeFile(path.join(dir, name), `#!/bin/sh\n${before}exec ${from}/${name} "$@"\n`, { mode: 0o755 });
  }
}
