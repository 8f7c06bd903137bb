import type { SnapshotStatus } from './artifacts.ts';
import { type Failure, failure } from './failure.ts';

/** What `cluster-backup.sh` said on stdout, as far as it is known from any release. */
export interface ScriptReport {
  /** Path in `Snapshot saved at …`; it prints before the status check, so it proves nothing alone. */
  readonly savedAt: string | undefined;
  readonly status: SnapshotStatus | undefined;
  /** Directory in the closing line: the only sign that the script came to its end. */
  readonly successDirectory: string | undefined;
  readonly etcdctlVersion: string | undefined;
  /** `kube-apiserver` → `/etc/kubernetes/static-pod-resources/kube-apiserver-pod-7` */
  readonly latest: Readonly<Record<string, string>>;
}

const savedLine = /^Snapshot saved at (\/.+\.db)$/;
const closingLine = /^snapshot db and kube resources are successfully saved to (\/.+)$/;
// 4.6 and older print `kube-apiserver-pod:`, later releases `kube-apiserver:`.
const latestLine = /^found latest ([a-z-]+?)(?:-pod)?: (\/\S+)$/;
const versionLine = /^etcdctl version: (\S+)$/;

/** Reads complete lines only: half a line at the start or end of a cut output matches nothing. */
export function parseScriptOutput(stdout: string): ScriptReport {
  const latest: Record<string, string> = {};
  let savedAt: string | undefined;
  let status: SnapshotStatus | undefined;
  let successDirectory: string | undefined;
  let etcdctlVersion: string | undefined;
  for (const raw of stdout.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    savedAt = savedLine.exec(line)?.[1] ?? savedAt;
    status = parseStatus(line) ?? status;
    successDirectory = closingLine.exec(line)?.[1] ?? successDirectory;
    etcdctlVersion = versionLine.exec(line)?.[1] ?? etcdctlVersion;
    const found = latestLine.exec(line);
    if (found?.[1] !== undefined && found[2] !== undefined) latest[found[1]] = found[2];
  }
  return { savedAt, status, successDirectory, etcdctlVersion, latest };
}

function parseStatus(line: string): SnapshotStatus | undefined {
  if (!line.startsWith('{') || !line.includes('"totalSize"') || line.length > 1000) return undefined;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { hash, revision, totalKey, totalSize, version } = value;
  if (!isCount(hash) || !isCount(revision) || !isCount(totalKey) || !isCount(totalSize)) return undefined;
  return { hash, revision, totalKey, totalSize, version: typeof version === 'string' ? version : undefined };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Signatures of the script's own messages (they go to stdout) and of what it calls (stderr), most telling first. */
const signatures: readonly (readonly [RegExp, (found: string) => Failure])[] = [
  [/no space left on device/i, () => failure('script-disk-full', {})],
  [
    /^Currently the (\S{1,100}) operator is progressing/m,
    (operator) => failure('script-operator-progressing', { operator }),
  ],
  [
    // The name may end the sentence.
    /^Could not find the status of the ([A-Za-z0-9-]{1,100})/m,
    (operator) => failure('script-operator-unknown', { operator }),
  ],
  [/error finding manifests for the (\S+) pod/i, (pod) => failure('script-manifests-missing', { pod })],
  // 4.6 and later name the pod, 4.4 and 4.5 what they looked for.
  [
    /error finding static-pod-resources? (?:for the )?([a-z][a-z-]{0,60}?)(?:-pod)?(?:[^a-z-]|$)/im,
    (pod) => failure('script-resources-missing', { pod }),
  ],
  // The manifest names a revision whose directory is gone.
  [
    /^tar: static-pod-resources\/([a-z-]{1,60}?)-pod-\d{1,10}: Cannot stat/m,
    (pod) => failure('script-resources-missing', { pod }),
  ],
  [/^tar: .{1,500}: file changed as we read it$/m, () => failure('script-files-changed', {})],
  [/Valid kubeconfig is not found/i, () => failure('script-kubeconfig-missing', {})],
  [/required dependencies not found/i, () => failure('script-dependencies-missing', {})],
  [
    /^Certificate (\S{1,500})\s.{0,200}?also missing/m,
    (certificate) => failure('script-certificate-missing', { certificate }),
  ],
  [/Backup integrity verification failed/i, () => failure('script-integrity', {})],
  [
    /Could neither pull etcdctl nor find it|unable to pull|cannot stat '\/bin\/etcdctl'/i,
    () => failure('script-image-pull', {}),
  ],
  [/^Path to backup dir required/m, () => failure('script-usage', {})],
];

/**
 * Why the script failed, by what it printed; undefined when it came to its end:
 * exit 0 and the closing line names the directory that it was given.
 */
export function scriptFailure(result: {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What stdout says, where it was read already. */
  readonly report?: ScriptReport;
  readonly directory: string;
  readonly scriptPath: string;
}): Failure | undefined {
  const { exitCode, stdout, stderr, report = parseScriptOutput(stdout) } = result;
  if (exitCode === 0) {
    const ended = report.successDirectory === result.directory;
    return ended ? undefined : failure('script-unfinished', {});
  }
  if (exitCode === 127 && isNotFound(result.scriptPath, `${stdout}\n${stderr}`)) {
    return failure('script-missing', { path: result.scriptPath });
  }
  for (const [signature, build] of signatures) {
    const found = signature.exec(stdout) ?? signature.exec(stderr);
    if (found) return build(found[1] ?? '');
  }
  if (exitCode > 128) return failure('script-killed', { exitCode });
  return failure('script-failed', { exitCode });
}

/** A shell says this of the script itself. Of a command inside it says `<script>: line 30: crictl: command not found`. */
function isNotFound(path: string, output: string): boolean {
  return output.split('\n').some((line) => {
    const after = line.split(path).at(-1) ?? '';
    return (
      line.includes(path) && /^['’"]?: (?:No such file or directory|(?:command )?not found)\s*$/.test(after)
    );
  });
}

/** The last lines worth showing: stdout first (the script's own words are there), then stderr; no control characters. */
export function outputTail(output: { stdout: string; stderr: string }, lines = 12): readonly string[] {
  const clean = (text: string) =>
    text
      .split(/\r?\n|\r/)
      .map((line) => line.replace(/\p{Cc}\[[0-9;]*[A-Za-z]|\p{Cc}/gu, '').slice(0, 500))
      .filter((line) => line.trim() !== '' && !isClientNoise(line));
  const stderr = clean(output.stderr).slice(-Math.ceil(lines / 2));
  return [...clean(output.stdout).slice(-(lines - stderr.length)), ...stderr];
}

// The WebSocket client prints this in up to a third of exact runs, and the exit code again as text: neither says anything.
export function isClientNoise(line: string): boolean {
  return /Unknown stream id \d+, discarding message|^command terminated with exit code \d+$/.test(line);
}
