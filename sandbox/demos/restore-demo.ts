import { createHash } from 'node:crypto';
import path from 'node:path';
import { firstScriptedMinor } from '../../src/domain/restore/release-lines.ts';
import { type EtcdTools, findEtcdTools } from '../../src/drill/find-etcd.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { etcd35Dir } from '../etcd-3.5.ts';
import { findProgram } from '../node/etcd.ts';
import type { EtcdState } from '../restore-host/etcd-state.ts';
import { startWorld, type World } from '../world.ts';
import { complainOnStandardError, type DemoOptions, keepHint, playDemo } from './demo.ts';
import { playRestore, type RestoreEnd, type RestorePlot } from './restore-story.ts';

export interface RestoreDemoOptions extends DemoOptions, Pick<RestorePlot, 'meanwhile'> {
  /** The z-stream of the cluster; the sandbox's own by default. */
  readonly release?: string | undefined;
}

/** One etcd for all: an older one does not start on what a newer one restored. */
const searchPath = `${etcd35Dir}${path.delimiter}${process.env.PATH ?? ''}`;

/** The program that this machine lacks, as the subject of a sentence; undefined: none. */
export function restoreLacks(): string | undefined {
  if (!findEtcdTools(searchPath)) return 'etcd with etcdctl (.ci/etcd-3.5.sh fetches both)';
  return findProgram('age', searchPath) === undefined ? 'age' : undefined;
}

/**
 * A cluster is lost, and people follow the restore in the thread. Returns the exit code: 0 only if the restored etcd has the
 * backup's live keys and its revision, raised from 4.18 on.
 */
export async function runRestoreDemo(options: RestoreDemoOptions): Promise<number> {
  const { dir, language, json, meanwhile, release, isKept = true } = options;
  const complain = options.complain ?? complainOnStandardError;
  const tools = findEtcdTools(searchPath);
  const lacks = restoreLacks();
  if (!tools || lacks !== undefined) {
    complain(`The restore cannot be played: ${lacks} is not on this machine.`);
    return 1;
  }
  const starting = startWorld({
    dir,
    language,
    etcd: { searchPath },
    ...(release === undefined ? {} : { seed: { version: release } }),
    clusterConfig: { drill: false },
    config: { watch: { every: '1s' } },
  });
  return playDemo(options, starting, async (world) => {
    await world.startBot();
    const records = await openSqliteRecords({ file: world.recordsFile });
    const plot = { world, records, tools, meanwhile };
    const end = await playRestore(plot).finally(() => records.close());
    return json ? JSON.stringify(summary(world, end, tools), undefined, 2) : transcript(world, end, isKept);
  });
}

function summary(world: World, end: RestoreEnd, tools: EtcdTools): object {
  const { run, steps, checks, restored, state, bump, host } = end;
  return {
    run: { id: run.id, zStream: run.plan?.zStream, node: run.plan?.node },
    steps,
    checks,
    restored,
    state: { backup: brief(state.backup), lost: brief(state.lost), restored: brief(state.restored) },
    bump,
    aboutRevision: aboutRevision(end),
    host,
    real: { etcd: world.plane.etcd?.version, restoredBy: path.basename(tools.etcdutl ?? tools.etcdctl) },
  };
}

/** Live keys as their number and one digest of all. */
function brief({ revision, keys }: EtcdState): object {
  const sha256 = createHash('sha256').update(keys.join('\n')).digest('hex');
  return { revision, keys: keys.length, keysSha256: sha256 };
}

function transcript(world: World, end: RestoreEnd, isKept: boolean): string {
  const { run, steps, state, host } = end;
  const { backup, lost, restored } = state;
  const of = ({ revision, keys }: EtcdState) => `revision ${revision}, ${keys.length} live keys`;
  return [
    // The room's first message is edited at each step, and is long.
    world.workspace.transcript({ edits: 'changes' }),
    '',
    `Restored from ${run.id} by the ${steps.length} steps of the thread, with a real etcd (${world.plane.etcd?.version ?? ''}):`,
    `  as the backup was taken:  ${of(backup)}`,
    `  as the cluster was lost:  ${of(lost)}`,
    `  as it was restored:       ${of(restored)}`,
    aboutRevision(end),
    ...(isKept ? ['The recovery host, as it lies on this disk:', `  ${host}`] : [keepHint]),
  ].join('\n');
}

function aboutRevision({ run, bump }: Pick<RestoreEnd, 'run' | 'bump'>): string {
  const release = run.plan?.zStream ?? '';
  if (bump > 0) return `Releases from 4.18 on raise the revision; here by ${bump}.`;
  return Number(release.split('.')[1]) >= firstScriptedMinor
    ? 'Releases from 4.18 on raise the revision. The etcd tools of this machine cannot, so it is the backup’s.'
    : 'Releases up to 4.17 keep the revision of the backup.';
}
