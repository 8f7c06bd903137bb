import { z } from 'zod';
import type { SnapshotStatus } from '../domain/backup/artifacts.ts';
import type { StatusField } from '../domain/drill/drill.ts';
import { minorOf } from '../domain/drill/etcd-minor.ts';

const count = z.int().min(0);

const status = z.object({
  hash: count,
  revision: count,
  totalKey: count,
  totalSize: count,
  version: z.string().optional(),
});

/** `snapshot status --write-out json`; undefined: not what it should be. */
export function readStatus(stdout: string): SnapshotStatus | undefined {
  const parsed = status.safeParse(json(stdout));
  return parsed.success ? { ...parsed.data, version: parsed.data.version } : undefined;
}

const range = z.object({
  header: z.object({ revision: count }),
  kvs: z.array(z.object({ key: z.base64() })).default([]),
  /** All keys of the range, whatever the limit; left out when it is 0. */
  count: count.default(0),
});

export interface KeyRange {
  readonly revision: number;
  readonly count: number;
  readonly keys: readonly Buffer[];
}

/** `etcdctl get … --write-out json`; undefined: not what it should be. */
export function readRange(stdout: string): KeyRange | undefined {
  const parsed = range.safeParse(json(stdout));
  if (!parsed.success) return undefined;
  const { header, kvs } = parsed.data;
  return {
    revision: header.revision,
    count: parsed.data.count,
    keys: kvs.map(({ key }) => Buffer.from(key, 'base64')),
  };
}

/** `etcdctl version: 3.4.23`, `etcd Version: 3.4.23` → `3.4.23` */
export function readVersion(stdout: string): string | undefined {
  return /^etcd(?:ctl|utl)? version: (\d{1,5}\.\d{1,5}\.\d{1,5}\S{0,60})$/im.exec(stdout)?.[1];
}

export function sameMinor(a: string, b: string): boolean {
  return minorOf(a) !== undefined && minorOf(a) === minorOf(b);
}

export function differingFields(
  compared: readonly StatusField[],
  expected: SnapshotStatus,
  found: SnapshotStatus,
): readonly StatusField[] {
  return compared.filter((field) => expected[field] !== found[field]);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
