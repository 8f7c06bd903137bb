import type { RestoreMark } from '../copies/restore-mark.ts';
import { type BackupRun, takenAt } from './run.ts';
import { revisionOf } from './time-line.ts';

/** What the place of a run in its cluster's order is found by, where the records did not see it happen. */
export interface OrderKey {
  readonly id: string;
  /** `spec.clusterID`; undefined: the run never came so far. */
  readonly clusterId: string | undefined;
  /** etcd's revision in the snapshot: it only rises on one time line. Undefined: there is none, or it was not read. */
  readonly revision: number | undefined;
  /** When it was begun, by the clock of the bot that took it. ms UTC */
  readonly at: number;
  /** Of the restore by which the cluster left its time line; absent: it is on the line. */
  readonly abandoned?: Pick<RestoreMark, 'id' | 'from' | 'at'> | undefined;
}

export function orderKey(run: BackupRun): OrderKey {
  return {
    id: run.id,
    clusterId: run.plan?.clusterId,
    revision: revisionOf(run),
    at: takenAt(run),
    abandoned: run.abandoned,
  };
}

/**
 * Where an imported run belongs among those of its cluster (oldest first), as the index before which it
 * goes: by revision among backups of one time line of one cluster id, else by time. The order that is there stays as it is.
 */
export function placeAmong(ordered: readonly OrderKey[], added: OrderKey): number {
  const index = placeOnLine(ordered, added);
  const leftSince = ordered.findIndex(({ abandoned }) => abandoned?.from === added.id);
  return leftSince === -1 ? index : Math.min(index, leftSince);
}

function placeOnLine(ordered: readonly OrderKey[], added: OrderKey): number {
  const measured = indexesWhere(
    ordered,
    (each) =>
      each.clusterId === added.clusterId &&
      each.abandoned?.id === added.abandoned?.id &&
      each.revision !== undefined,
  );
  if (added.revision !== undefined && measured.length > 0) {
    const index = afterLast(ordered, measured, (each) => byRevision(each, added) < 0);
    // What was left behind by a restore from the one before it is older than what was taken after that restore.
    return index === measured[0] || added.abandoned ? index : pastLeft(ordered, index, () => true);
  }
  const { abandoned } = added;
  const from = abandoned ? ordered.findIndex(({ id }) => id === abandoned.from) : -1;
  return abandoned && from >= 0
    ? pastLeft(ordered, from + 1, ({ at }) => at < abandoned.at)
    : amongTimes(ordered, added);
}

/** From `index` on past backups of time lines that were left, as long as they are `earlier`. */
function pastLeft(
  ordered: readonly OrderKey[],
  index: number,
  earlier: (mark: NonNullable<OrderKey['abandoned']>) => boolean,
): number {
  const ahead = ordered.slice(index).findIndex(({ abandoned }) => !abandoned || !earlier(abandoned));
  return ahead === -1 ? ordered.length : index + ahead;
}

/** Where the fewest dates contradict: one clock that was wrong once moves nothing else. */
function amongTimes(ordered: readonly OrderKey[], added: OrderKey): number {
  const isLater = (each: OrderKey) => byTime(each, added) > 0;
  let contradictions = ordered.filter((each) => !isLater(each)).length;
  let best = { index: 0, contradictions };
  for (const [index, each] of ordered.entries()) {
    contradictions += isLater(each) ? 1 : -1;
    if (contradictions <= best.contradictions) best = { index: index + 1, contradictions };
  }
  return best.index;
}

/**
 * All runs, oldest first, in one order that does not depend on the order of the input: within a cluster as `placeAmong`
 * has it, clusters among each other by time.
 */
export function inOrder<T>(
  runs: readonly T[],
  keyOf: (run: T) => OrderKey & { readonly cluster: string },
): readonly T[] {
  const clusters = Map.groupBy(
    runs.map((run) => ({ run, key: keyOf(run) })),
    ({ key }) => key.cluster,
  );
  const lines = [...clusters.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => orderOfCluster(line));
  return interleaved(lines).map(({ run }) => run);
}

interface Keyed<T> {
  readonly run: T;
  readonly key: OrderKey;
}

function orderOfCluster<T>(line: readonly Keyed<T>[]): Keyed<T>[] {
  const groups = [...Map.groupBy(line, ({ key }) => key.clusterId)]
    .map(([clusterId, group]) => ({ clusterId, group, at: medianTime(group.map(({ key }) => key)) }))
    .sort((a, b) => a.at - b.at || ((a.clusterId ?? '') < (b.clusterId ?? '') ? -1 : 1));
  return groups.flatMap(({ group }) => {
    const measured = group
      .filter(({ key }) => key.revision !== undefined)
      .sort((a, b) => byRevision(a.key, b.key));
    const ordered = measured.filter(({ key }) => !key.abandoned);
    // A restore may go back to a backup that an earlier one had left: the later one's are placed first.
    const left = measured
      .filter(({ key }) => key.abandoned)
      .sort((a, b) => (b.key.abandoned?.at ?? 0) - (a.key.abandoned?.at ?? 0));
    const rest = group.filter(({ key }) => key.revision === undefined).sort((a, b) => byTime(a.key, b.key));
    for (const each of [...left, ...rest]) {
      const keys = ordered.map(({ key }) => key);
      ordered.splice(placeAmong(keys, each.key), 0, each);
    }
    return ordered;
  });
}

/** Of the heads of all lines the earliest goes first; no line's own order changes. */
function interleaved<T>(lines: readonly Keyed<T>[][]): readonly Keyed<T>[] {
  const all: Keyed<T>[] = [];
  const next = lines.map(() => 0);
  for (;;) {
    let first: { line: number; head: Keyed<T> } | undefined;
    for (const [line, keyed] of lines.entries()) {
      const head = keyed[next[line] ?? 0];
      if (head && (!first || head.key.at < first.head.key.at)) first = { line, head };
    }
    if (!first) return all;
    all.push(first.head);
    next[first.line] = (next[first.line] ?? 0) + 1;
  }
}

function byRevision(a: OrderKey, b: OrderKey): number {
  return (a.revision ?? 0) - (b.revision ?? 0) || byTime(a, b);
}

/** Equal times are decided by the id, so that the same runs always have the same order. */
function byTime(a: OrderKey, b: OrderKey): number {
  return a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function medianTime(group: readonly OrderKey[]): number {
  const times = group.map(({ at }) => at).sort((a, b) => a - b);
  return times[Math.floor((times.length - 1) / 2)] ?? 0;
}

function indexesWhere<T>(items: readonly T[], fits: (item: T) => boolean): readonly number[] {
  return items.flatMap((item, index) => (fits(item) ? [index] : []));
}

/** After the last of these that is earlier; before the first of them where none is. `among` is not empty. */
function afterLast(
  ordered: readonly OrderKey[],
  among: readonly number[],
  isEarlier: (each: OrderKey) => boolean,
): number {
  const last = among.findLast((index) => {
    const each = ordered[index];
    return each !== undefined && isEarlier(each);
  });
  return last === undefined ? (among[0] ?? 0) : last + 1;
}
