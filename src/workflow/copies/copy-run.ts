import { type FileCopy, isLeaving, nextTry } from '../../domain/copies/file-copy.ts';
import type { FileKind } from '../../domain/copies/manifest-document.ts';
import { objectKeys } from '../../domain/restore/object-keys.ts';
import { type CopyProgress, type RunSuccess, takenAt } from '../../domain/run/run.ts';
import { placesOf } from '../places/place-identity.ts';
import { warnOfPlaces } from '../places/warn-of-place.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import type { NodeSession } from '../ports/ports.ts';
import type { RunWork } from '../ports/run-work.ts';
import { type CopySource, copyFile } from './copy-file.ts';

const progressEveryMs = 5_000;

/**
 * Both files at the same time, each to its own place. Copies that are proven already (a bot that died, an earlier round) are
 * left as they are. Never throws for failures of nodes and places: the copies hold them.
 */
export async function copyRun(
  work: RunWork,
  off: OffCluster,
  session: NodeSession,
  success: RunSuccess,
): Promise<readonly FileCopy[]> {
  const { deps, claim, signal } = work;
  const planned = success.copies ?? [];
  const places = placesOf({ ...deps, offCluster: off });
  // What was planned before this claim may have been stored without a word on record.
  const again = claim.run.success?.copies !== undefined;
  const progress = new Map<FileKind, CopyProgress>();
  await warnOfPlaces(
    work,
    places,
    planned.map(({ destination }) => destination),
  );
  const reporting = reportProgress(work, progress);
  try {
    return await Promise.all(
      planned.map(async (copy) => {
        if (copy.provenAt !== undefined || isLeaving(copy)) return copy;
        const file = success.artifacts[copy.file];
        const startedAt = deps.clock.now();
        const onProgress = (bytes: number) => {
          progress.set(copy.file, {
            file: copy.file,
            bytes,
            total: file.size,
            startedAt,
            at: deps.clock.now(),
          });
        };
        const source: CopySource = {
          open: () => session.readFile(file.path),
          into: (part) => session.readFile(file.path, part),
          size: file.size,
          sha256: file.sha256,
          mayExist: again,
          onProgress,
        };
        const done = await copyFile({ ...off, places, clock: deps.clock }, copy, source, signal);
        progress.delete(copy.file);
        return withNextTry(done, success.copyRounds ?? 0, deps.clock.now());
      }),
    );
  } finally {
    reporting.stop();
  }
}

function withNextTry(copy: FileCopy, rounds: number, now: number): FileCopy {
  return copy.provenAt === undefined ? { ...copy, nextTryAt: nextTry(rounds, now) } : copy;
}

/** On record before the first byte goes, so that a bot that takes over goes on under the same keys. */
export async function plannedCopies(
  { deps, claim, cluster }: RunWork,
  { artifacts }: RunSuccess,
  off: OffCluster,
): Promise<readonly FileCopy[]> {
  const policies = cluster.copies ?? [];
  const run = (await deps.records.run(claim.run.id)) ?? claim.run;
  const encrypted = (file: FileKind) =>
    policies.some((each) => each.file === file && each.encryptFor.length > 0);
  const keys = objectKeys({
    cluster: run.cluster,
    startedAt: takenAt(run),
    zStream: run.plan?.zStream ?? 'unknown',
    runId: run.id,
    fileNames: { snapshot: baseName(artifacts.snapshot.path), resources: baseName(artifacts.resources.path) },
    encrypted: { snapshot: encrypted('snapshot'), resources: encrypted('resources') },
  });
  return policies.map((policy) => ({
    ...policy,
    key: keys[policy.file],
    location: `${off.destinations.get(policy.destination).label}/${keys[policy.file]}`,
    tries: 0,
    stored: undefined,
    provenAt: undefined,
    failure: undefined,
    nextTryAt: undefined,
  }));
}

/** Long copies show on the card how far they are; short ones are over before the first report. */
function reportProgress(work: RunWork, progress: ReadonlyMap<FileKind, CopyProgress>) {
  const stopped = new AbortController();
  const reporting = (async () => {
    for (;;) {
      await work.deps.clock.sleep(progressEveryMs, stopped.signal);
      if (stopped.signal.aborted) return;
      const copyProgress = [...progress.values()];
      await work.deps.records.advance(work.claim, {
        set: { copyProgress },
        audit: [],
        notices: [{ kind: 'card' }],
      });
      work.deps.wake();
    }
  })();
  // A lost claim ends the work itself; progress is no reason to fail.
  reporting.catch((error) =>
    work.deps.log.warn({ run: work.claim.run.id, err: error }, 'progress not recorded'),
  );
  return { stop: () => stopped.abort() };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
