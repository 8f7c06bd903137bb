import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram, startEtcd } from '../../sandbox/node/etcd.ts';
import type { EtcdState } from '../../sandbox/restore-host/etcd-state.ts';
import { followStep, type StepOutcome } from '../../sandbox/restore-host/follow-step.ts';
import { staticPodFiles } from '../../sandbox/restore-host/furnish-hosts.ts';
import { createRestoreHosts, type RestoreHosts } from '../../sandbox/restore-host/hosts.ts';
import { clusterOfRelease } from '../../sandbox/restore-host/of-release.ts';
import { type PaperStep, paperSteps } from '../../sandbox/restore-host/paper-steps.ts';
import { verdict } from '../../sandbox/restore-host/verdict.ts';
import type { Manifest } from '../../src/domain/copies/manifest-document.ts';
import { restorePlan } from '../../src/domain/restore/restore-plan.ts';
import type { EtcdTools } from '../../src/drill/find-etcd.ts';
import { restoreText } from '../../src/restore/restore-text.ts';
import { anotherManifest } from './manifests.ts';
import { storedFile } from './stored-file.ts';

const exec = promisify(execFile);

export interface BackupFiles extends AsyncDisposable {
  readonly dir: string;
  readonly snapshot: Buffer;
  readonly resources: Buffer;
  /** The resources, encrypted for `keyFile`. */
  readonly sealed: Buffer;
  readonly keyFile: string;
  /** Of the etcd that the snapshot was taken from, at that moment. */
  readonly state: EtcdState;
  readonly tools: EtcdTools;
}

/** Both files of a backup: a snapshot of a real etcd in which keys were also deleted, and an archive that is really encrypted. */
export async function takeBackup(tools: EtcdTools): Promise<BackupFiles> {
  const dir = await mkdtemp(path.join(tmpdir(), 'rehearsal-'));
  const searchPath = path.dirname(tools.etcd);
  const etcd =
    (await startEtcd({ dir: path.join(dir, 'etcd'), keys: 60, valueBytes: 200, searchPath })) ??
    assert.fail();
  try {
    const etcdctl = (...words: string[]) =>
      exec(tools.etcdctl, ['--endpoints', etcd.clientUrl, ...words], {
        env: { ETCDCTL_API: '3', PATH: '/usr/bin:/bin' },
      });
    await etcdctl('del', '/kubernetes.io/secrets/project-00/', '--prefix');
    await etcdctl('put', '/kubernetes.io/only', 'live');
    const { stdout } = await etcdctl('get', '', '--prefix', '--keys-only');
    const status = await etcdctl('endpoint', 'status', '-w', 'json');
    await etcdctl('snapshot', 'save', path.join(dir, 'snapshot.db'));
    const state = {
      revision: Number(/"revision":(\d+)/.exec(status.stdout)?.[1]),
      keys: stdout.split('\n').filter((line) => line !== ''),
    };
    for (const [file, text] of staticPodFiles()) {
      await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
      await writeFile(path.join(dir, file), text);
    }
    await exec('tar', ['-czf', 'archive', 'static-pod-resources'], { cwd: dir });
    const keyFile = path.join(dir, 'key.txt');
    await exec(findProgram('age-keygen', process.env.PATH ?? '') ?? assert.fail(), ['-o', keyFile]);
    const publicKey = /age1\w+/.exec(await readFile(keyFile, 'utf8'))?.[0] ?? assert.fail();
    await exec('age', ['-r', publicKey, '-o', 'sealed', 'archive'], { cwd: dir });
    const read = (name: string) => readFile(path.join(dir, name));
    return {
      dir,
      snapshot: await read('snapshot.db'),
      resources: await read('archive'),
      sealed: await read('sealed'),
      keyFile,
      state,
      tools,
      [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
    };
  } finally {
    await etcd.stop();
  }
}

export interface Rehearsal {
  readonly hosts: RestoreHosts;
  readonly steps: readonly PaperStep[];
  /** Follows these steps from the state before the step of this number in the paper; stops where the person must stop. */
  follow(steps: readonly PaperStep[], from?: number): Promise<Followed>;
  /** Does something to the state before a step of the paper, and follows the paper from there. */
  followAfter(from: number, change: () => Promise<void>): Promise<Followed>;
  readonly fileNames: { readonly snapshot: string; readonly resources: string };
}

export interface Followed {
  /** Undefined: every step was done, and the cluster is as it should be. */
  readonly stopped: string | undefined;
  /** The step at which the person stopped; undefined: none, or what is wrong shows only at the end. */
  readonly at: PaperStep | undefined;
  readonly output: string;
}

/** The paper of one release and topology, with hosts on which it can be followed. The directory goes with the backup's. */
export async function openRehearsal(
  files: BackupFiles,
  zStream: string,
  topology: string,
): Promise<Rehearsal> {
  const name = `${zStream}-${topology}`;
  const manifest = await stored(files, name, zStream, topology);
  const need = { zStream, clusterId: undefined, runId: undefined, now: Date.now() };
  const answer = restorePlan([manifest], need);
  assert.ok(answer.outcome === 'plan');
  const steps = paperSteps(answer.plan, restoreText(answer, 'prod-east', 'en'));
  const dir = path.join(files.dir, name, 'world');
  const hosts = await createRestoreHosts({
    dir,
    tools: files.tools,
    hosts: manifest.members.map((each, index) => ({ name: each, address: `172.31.77.${10 + index}` })),
    ...clusterOfRelease(zStream, manifest.members),
  });
  const saved = (index: number) => path.join(files.dir, name, 'saved', String(index));
  await mkdir(path.join(files.dir, name, 'saved'));

  async function walk(walked: readonly PaperStep[], first: number, keep: boolean): Promise<Followed> {
    let outcome: StepOutcome | undefined;
    for (const [index, step] of walked.entries()) {
      if (keep) await copyWorld(dir, saved(first + index));
      outcome = await followStep(
        hosts,
        { kind: step.step.kind, block: step.block },
        { ageKeyFile: files.keyFile },
      );
      const { stopped, output } = outcome;
      if (stopped !== undefined) return { stopped: `${step.step.kind}: ${stopped}`, at: step, output };
    }
    return {
      stopped: await verdict(hosts, zStream),
      at: undefined,
      output: outcome?.output ?? '',
    };
  }
  async function back(index: number): Promise<void> {
    await rm(dir, { recursive: true });
    await copyWorld(saved(index), dir);
  }
  return {
    hosts,
    steps,
    fileNames: { snapshot: manifest.files.snapshot.name, resources: manifest.files.resources.name },
    async follow(walked, from) {
      if (from === undefined) return walk(walked, 0, true);
      await back(from);
      return walk(walked, from, false);
    },
    async followAfter(from, change) {
      await back(from);
      await change();
      return walk(steps.slice(from), from, false);
    },
  };
}

async function copyWorld(from: string, to: string): Promise<void> {
  await exec('cp', ['-a', from, to]);
}

/** The files at two places of this disk, as the manifest says. */
async function stored(
  files: BackupFiles,
  name: string,
  zStream: string,
  topology: string,
): Promise<Manifest> {
  const base = anotherManifest({ runId: 'r-abcdefgh', zStream, topology });
  const place = (of: string) => path.join(files.dir, name, of);
  return {
    ...base,
    members: topology === 'SingleReplica' ? ['master-0'] : ['master-0', 'master-1', 'master-2'],
    files: {
      snapshot: await storedFile(base.files.snapshot, place('nas'), files.snapshot, files.snapshot),
      resources: await storedFile(base.files.resources, place('vault'), files.resources, files.sealed),
    },
  };
}
