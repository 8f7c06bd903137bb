import { randomUUID } from 'node:crypto';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const SCRIPT = 'usr/local/bin/cluster-backup.sh';
const DF = '.sandbox/bin/df';
const DATE = '.sandbox/bin/date';
const OPERATORS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;
type ScriptOperator = (typeof OPERATORS)[number];

/** How one run of the backup script ends on this node. */
export type ScriptOutcome =
  | 'ok'
  /** The script's file is gone. */
  | 'script-missing'
  /** The manifest of the etcd static pod is gone. */
  | 'manifests-missing'
  /** etcd.env is gone: no functional etcd static pod. */
  | 'dependencies-missing'
  /** The CA bundle is in neither directory. */
  | 'certificate-missing'
  | 'etcdctl-missing'
  | 'image-unpullable'
  /** The image can be pulled only with HTTPS_PROXY in the script's environment. */
  | 'image-behind-proxy'
  /** Never ends. */
  | 'etcd-down'
  | 'disk-full'
  /** Exit 137; `.db.part` and the tarball stay. */
  | 'killed-half-way'
  | 'integrity-failed'
  /** Exit 0 and every line, but bytes of the snapshot are wrong: only its trailer shows it. */
  | 'torn-snapshot'
  /** Exit 0 and every line, but the snapshot lost its last page after the script had looked at it. */
  | 'short-snapshot'
  /** Exit 0 and every line, but the tarball is not there. */
  | 'half-pair'
  /** Exit 0 and every line, but neither file is there. */
  | 'files-vanish';

export interface Behaviour {
  outcome: ScriptOutcome;
  /**
   * Form of the output: `4.4` and early `4.6` (no status line, other order), `4.16` (as recorded), `3.6` (etcd's, `version` in the
   * status line).
   */
  release: '4.4' | '4.6' | '4.16' | '3.6';
  /** Operators whose Progressing is True; `unreadable` plays an API that gives no status. */
  progressing: readonly ScriptOperator[] | 'unreadable';
  /** How long the download of the snapshot lasts at least, in whole seconds, with its `.db.part` in place. */
  slowSeconds: number;
  /** What `df` says is free, in KiB; undefined: what this machine has. */
  diskFreeKiB: number | undefined;
  /** Members of etcd by address that do not answer; `all`: etcdctl itself never answers. */
  silentMembers: readonly string[] | 'all';
  /** Members by address that are learners. */
  learners: readonly string[];
  /** How far the node's clock is ahead of the world's, in whole seconds; negative: behind. */
  clockSkewSeconds: number;
}

export const HEALTHY: Behaviour = {
  outcome: 'ok',
  release: '4.16',
  progressing: [],
  slowSeconds: 0,
  diskFreeKiB: undefined,
  silentMembers: [],
  learners: [],
  clockSkewSeconds: 0,
};

/** What the script needs to know of the node; `etcdctl`, `statusTool`, `endpoint` only where a real etcd runs. */
export interface ScriptSettings {
  internalIp: string;
  /** Addresses of all members of etcd, the node's own among them. */
  members: readonly string[];
  etcdctl?: string;
  statusTool?: string;
  endpoint?: string;
}

/**
 * Puts the behaviour into the node's tree; each call replaces the one before. What a real node would lack is really
 * taken away; the rest goes to `.sandbox/`, which no real node has.
 */
export async function applyBehaviour(
  root: string,
  behaviour: Behaviour,
  settings: ScriptSettings,
): Promise<void> {
  const { outcome, release, slowSeconds } = behaviour;
  const { members: _, ...rest } = settings;
  const conf = Object.entries({ outcome, release, slowSeconds, ...rest });
  await replace(root, '.sandbox/conf', conf.map(([name, value]) => `${name}=${value}\n`).join(''));
  await replace(root, '.sandbox/progressing', progressingLines(behaviour));
  await replace(root, '.sandbox/members', memberLines(behaviour, settings.members));
  await placePieces(root, outcome);
  await placeDf(root, behaviour.diskFreeKiB);
  await placeDate(root, behaviour.clockSkewSeconds);
}

function progressingLines({ progressing }: Behaviour): string {
  if (progressing === 'unreadable') return '';
  return OPERATORS.map((name) => `${name}=${progressing.includes(name) ? 'True' : 'False'}\n`).join('');
}

/** `ADDRESS answers|silent voter|learner`, one line a member. */
function memberLines({ silentMembers, learners }: Behaviour, members: readonly string[]): string {
  if (silentMembers === 'all') return 'all silent\n';
  return members
    .map((address) => {
      const state = silentMembers.includes(address) ? 'silent' : 'answers';
      return `${address} ${state} ${learners.includes(address) ? 'learner' : 'voter'}\n`;
    })
    .join('');
}

const PIECES: Partial<Record<ScriptOutcome, string>> = {
  'script-missing': SCRIPT,
  'manifests-missing': 'etc/kubernetes/manifests/etcd-pod.yaml',
  'dependencies-missing': 'etc/kubernetes/static-pod-resources/etcd-certs/configmaps/etcd-scripts/etcd.env',
  'certificate-missing':
    'etc/kubernetes/static-pod-resources/etcd-certs/configmaps/etcd-all-bundles/server-ca-bundle.crt',
};

/** Every piece is there except the one that this outcome lacks; `.sandbox/pieces` keeps a copy of each. */
async function placePieces(root: string, outcome: ScriptOutcome): Promise<void> {
  for (const [owner, piece] of Object.entries(PIECES)) {
    if (owner === outcome) await rm(path.join(root, piece), { force: true });
    else await replace(root, piece, await readFile(keptPiece(root, piece)), piece === SCRIPT ? 0o755 : 0o644);
  }
}

/** Keeps a copy of what `placePieces` may take away. Once, when the tree is made. */
export async function keepPieces(root: string): Promise<void> {
  for (const piece of Object.values(PIECES)) {
    await copyFile(path.join(root, piece), keptPiece(root, piece));
  }
}

function keptPiece(root: string, piece: string): string {
  return path.join(root, '.sandbox/pieces', path.basename(piece));
}

/** By rename: a shell reads its script piece by piece, so a file that runs must not change under it. */
async function replace(root: string, file: string, content: string | Buffer, mode = 0o644): Promise<void> {
  const next = path.join(root, `.sandbox/${randomUUID()}.next`);
  await writeFile(next, content, { mode });
  await rename(next, path.join(root, file));
}

async function placeDf(root: string, freeKiB: number | undefined): Promise<void> {
  if (freeKiB === undefined) return rm(path.join(root, DF), { force: true });
  const total = freeKiB + 41_943_040;
  const text = `#!/bin/sh
# The disk of a node that is nearly full: \`df -Pk\` of whatever path.
echo 'Filesystem     1024-blocks      Used Available Capacity Mounted on'
echo '/dev/sda4 ${total} 41943040 ${freeKiB} ${Math.ceil((41_943_040 / total) * 100)}% /'
`;
  await replace(root, DF, text, 0o755);
}

/** A `date` that prints another time, as a node does whose clock is off. Where a time is given it only puts it into form. */
async function placeDate(root: string, skewSeconds: number): Promise<void> {
  if (skewSeconds === 0) return rm(path.join(root, DATE), { force: true });
  const text = `#!/bin/sh
PATH=/usr/bin:/bin
for word in "$@"; do
  case $word in -d* | --date* | -r* | --reference* | -f* | --file*) exec date "$@" ;; esac
done
exec date -d "@$(($(date +%s) + ${skewSeconds}))" "$@"
`;
  await replace(root, DATE, text, 0o755);
}
