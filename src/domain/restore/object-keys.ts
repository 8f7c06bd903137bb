import type { FileKind } from '../copies/manifest-document.ts';

/** Keys of one backup at any destination: the same ones at both, so that one file leads to the other. */
export interface ObjectKeys {
  /** Ends with `/`. */
  readonly prefix: string;
  readonly snapshot: string;
  readonly resources: string;
  readonly manifest: string;
  readonly restoreText: string;
}

/** What the prefix of a backup says by itself, before any manifest is read. */
export interface BackupPrefix {
  readonly cluster: string;
  /** ms UTC, whole seconds. */
  readonly startedAt: number;
  readonly zStream: string;
  readonly runId: string;
}

export interface KeysInput extends BackupPrefix {
  readonly fileNames: Readonly<Record<FileKind, string>>;
  readonly encrypted: Readonly<Record<FileKind, boolean>>;
}

/** `<cluster>/<utc time>Z-<zStream>-<runId>/`: names sort by time, and two runs never share a prefix. */
export function backupPrefix(backup: BackupPrefix): string {
  const time = new Date(backup.startedAt).toISOString().slice(0, 19).replaceAll(':', '');
  return `${backup.cluster}/${time}Z-${backup.zStream}-${backup.runId}/`;
}

export function objectKeys(input: KeysInput): ObjectKeys {
  const prefix = backupPrefix(input);
  const file = (kind: FileKind) => `${prefix}${input.fileNames[kind]}${input.encrypted[kind] ? '.age' : ''}`;
  return {
    prefix,
    snapshot: file('snapshot'),
    resources: file('resources'),
    manifest: `${prefix}manifest.json`,
    restoreText: `${prefix}RESTORE.md`,
  };
}

/** Whether a file with this key lies in the directory of this run, where nothing of another run is. */
export function liesWithRun(key: string, runId: string): boolean {
  return key.split('/').at(-2)?.endsWith(runId) ?? false;
}

const prefixForm =
  /^([a-z0-9][a-z0-9-]*)\/(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})Z-([0-9A-Za-z.+-]+?)-(r-[a-z0-9]{8})\//;

/** The place that this manifest lies at, by its absolute path; undefined: it lies in no directory of a backup of ours. */
export function placeOfManifest(path: string): string | undefined {
  const parts = path.split('/');
  const key = parts.slice(-3).join('/');
  if (parts.length < 4 || !/\/manifest(?:\.\d+)?\.json$/.test(key) || !readBackupPrefix(key))
    return undefined;
  return parts.slice(0, -3).join('/') || '/';
}

/** Reads back what `backupPrefix` wrote, from any key below it; undefined: not a backup of ours. */
export function readBackupPrefix(key: string): BackupPrefix | undefined {
  const [, cluster, date, hours, minutes, seconds, zStream, runId] = prefixForm.exec(key) ?? [];
  if (cluster === undefined || zStream === undefined || runId === undefined) return undefined;
  const startedAt = Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(startedAt) ? undefined : { cluster, startedAt, zStream, runId };
}
