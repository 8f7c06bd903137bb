import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { type RestoreDemoOptions, restoreLacks, runRestoreDemo } from '../../sandbox/demos/restore-demo.ts';
import { etcd35, etcd35Name } from '../support/etcd-programs.ts';
import { need } from '../support/need.ts';

const timeout = 600_000;
const project = fileURLToPath(new URL('../..', import.meta.url));
const otherSnapshot = new URL('../fixtures/snapshot/snapshot_etcd-3.5.16.db.gz', import.meta.url);
const run = promisify(execFile);

const state = z.strictObject({
  revision: z.int().positive(),
  keys: z.int().positive(),
  keysSha256: z.string().regex(/^[0-9a-f]{64}$/),
});
/** What `--demo=restore --json` promises to print. */
const demoOutput = z.strictObject({
  run: z.strictObject({ id: z.string().regex(/^r-[a-z0-9]{8}$/), zStream: z.string(), node: z.string() }),
  steps: z.array(
    z.strictObject({
      number: z.int(),
      kind: z.string(),
      end: z.enum(['done', 'skipped']),
      failures: z.int(),
      commands: z.enum(['message', 'file', 'none']),
      text: z.string().min(10),
    }),
  ),
  checks: z.array(z.string()),
  restored: z.string(),
  state: z.strictObject({ backup: state, lost: state, restored: state }),
  bump: z.int(),
  aboutRevision: z.string(),
  host: z.string().startsWith('/'),
  real: z.strictObject({ etcd: z.string(), restoredBy: z.string() }),
});

/** undefined: the test is skipped. */
async function emptyDirectory(t: TestContext): Promise<string | undefined> {
  const lacks = restoreLacks();
  if (!need(t, etcd35Name, etcd35()) || !need(t, lacks ?? '', lacks === undefined)) return undefined;
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-restore-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

describe('npm run sandbox -- --demo=restore', { timeout }, () => {
  it('brings a lost cluster back to its backup by the steps in the thread', async (t) => {
    const dir = await emptyDirectory(t);
    if (dir === undefined) return;
    const args = ['sandbox/main.ts', '--demo=restore', '--json', `--dir=${dir}`];
    const { stdout } = await run(process.execPath, args, { cwd: project, timeout });
    const said = demoOutput.parse(JSON.parse(stdout));

    assert.deepEqual(
      said.steps.map(({ kind }) => kind),
      [
        'room',
        'fetch',
        'fetch',
        'decrypt',
        'digests',
        'trailer',
        'archive',
        'recovery-host',
        'place',
        'obstacles',
        'stop-others',
        'keepalived',
        'restore',
        'kubelet-certificates',
        'kubelets',
        'requests',
        'single-member',
        'webhooks',
        'ovn-control-plane',
        'ovn-nodes',
        'guard-off',
        'redeploy',
        'guard-on',
        'etcd-rollout',
        'rollouts',
        'keepalived-back',
        'members',
        'webhooks-back',
        'stable',
        'restart-nodes',
        'tidy',
      ],
    );
    const { backup, lost, restored } = said.state;
    assert.deepEqual(restored, backup);
    assert.ok(
      lost.revision > backup.revision && lost.keys > backup.keys,
      'data was written after the backup',
    );
    assert.equal(said.bump, 0);
    const of = (fits: (step: (typeof said.steps)[number]) => boolean) =>
      said.steps.filter(fits).map(({ kind }) => kind);
    assert.deepEqual(
      of(({ failures }) => failures > 0),
      ['decrypt'],
    );
    assert.deepEqual(
      of(({ end }) => end === 'skipped'),
      ['webhooks-back'],
    );
    assert.equal(said.checks.length, 6);
    assert.match(said.checks.join('\n'), /All 4 nodes are Ready[\s\S]*3 members of etcd/);
    assert.ok(said.restored.includes(`prod-east was restored from ${said.run.id}`), said.restored);
  });

  it('ends with another exit code where the snapshot that was restored is another', async (t) => {
    const dir = await emptyDirectory(t);
    if (dir === undefined) return;
    const [printed, complaints]: [string[], string[]] = [[], []];
    const plant: RestoreDemoOptions['meanwhile'] = async (kind, hosts) => {
      if (kind === 'restore')
        await plantSnapshot(path.join(hosts.root('master-0'), 'home/core/assets/backup'));
    };
    const code = await runRestoreDemo({
      dir,
      language: 'en',
      json: true,
      release: '4.20.5',
      print: (text) => void printed.push(text),
      complain: (text) => void complaints.push(text),
      meanwhile: plant,
    });
    assert.equal(code, 1);
    assert.deepEqual(printed, []);
    assert.match(
      complaints.join('\n'),
      /The demo failed: etcd has revision 6061, and 6031 was expected of the backup/,
    );
  });
});

async function plantSnapshot(below: string): Promise<void> {
  const names = await readdir(below, { recursive: true });
  const snapshots = names.filter((name) => /snapshot_[^/]*\.db$/.test(name));
  assert.equal(snapshots.length, 1, names.join('\n'));
  await writeFile(path.join(below, snapshots[0] ?? ''), gunzipSync(await readFile(otherSnapshot)));
}
