import type { ToolSet } from '../../domain/drill/drill-tools.ts';
import type { ControlShown } from '../../domain/drill/drill-verdict.ts';
import type { BackupRun, RunSuccess } from '../../domain/run/run.ts';
import { type DrillPlaces, fetchSnapshot, readableCopy } from '../copies/fetch-snapshot.ts';
import { type DrillDeps, type DrillSubject, neededMinor } from './drill-subject.ts';

/** Candidates that are looked at, and those of them that are really tried. */
const lookedAt = 50;
const tried = 3;

/**
 * Drills, with the same programs, the newest backup that a drill has restored before: of any cluster, of the programs' own etcd
 * minor, of at least half the size, with a copy that can be read. A candidate that cannot be fetched or that this machine has no
 * room or time for shows nothing; then the next one is tried.
 */
export async function drillControl(
  deps: DrillDeps,
  off: DrillPlaces,
  { run, success }: DrillSubject,
  set: ToolSet,
  signal: AbortSignal,
): Promise<ControlShown> {
  const minBytes = success.artifacts.snapshot.size / 2;
  const before = await deps.records.restoredBackups({ minBytes, limit: lookedAt });
  const candidates = before.filter((each) => each.id !== run.id && isControl(each, set)).slice(0, tried);
  for (const { id, success: known } of candidates) {
    if (!known || signal.aborted) continue;
    const shown = await drillOne(off, known, set, signal);
    deps.log.info({ run: run.id, control: id, shown }, 'a drill was checked against another backup');
    if (shown !== 'nothing') return { kind: shown, runId: id };
  }
  return { kind: 'none' };
}

function isControl(run: BackupRun, set: ToolSet): boolean {
  const { success } = run;
  return (
    run.abandoned === undefined &&
    success?.drill?.ok === true &&
    readableCopy(success) !== undefined &&
    neededMinor({ run, success }) === set.minor
  );
}

async function drillOne(
  off: DrillPlaces,
  success: RunSuccess,
  set: ToolSet,
  signal: AbortSignal,
): Promise<'restored' | 'failed' | 'nothing'> {
  const fetched = await fetchSnapshot(off, success, undefined, signal);
  if (!fetched.ok) return 'nothing';
  try {
    const attempt = await off.drill.restore(fetched.snapshot, {
      set,
      expected: success.artifacts.snapshot.status,
      scriptEtcdVersion: success.manifestFacts?.etcdctlVersion,
      signal,
    });
    if (attempt.ok) return 'restored';
    return saysNothing(attempt.failure.kind) ? 'nothing' : 'failed';
  } finally {
    await fetched.snapshot.remove();
  }
}

function saysNothing(kind: string): boolean {
  return kind === 'no-room' || kind === 'deadline' || kind === 'aborted';
}
