import type { FileKind } from '../../../../domain/copies/manifest-document.ts';
import type { DrillVerdict } from '../../../../domain/drill/drill.ts';
import { verdictOf } from '../../../../domain/run/drill-outcome.ts';
import type { DrillOutcome } from '../../../../domain/run/run.ts';
import { plural } from '../../kit/en/terms.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { drillReason, drillWhy } from '../drill-why.ts';
import { drillFailures, drillReasons } from './drill-failures.ts';

/** How far one file has come on its way to its destination. */
export type CopyState = 'proven' | 'unproven' | 'failed' | 'pending' | 'pruned' | 'leaving';

/** How well a backup is proven off the cluster: files of which a copy is proven, of all, at so many places. */
export interface Proof {
  readonly proven: number;
  /** Files of which retention removed a copy that was proven. */
  readonly pruned: number;
  readonly files: number;
  readonly places: number;
}

const signs = {
  proven: '✅',
  unproven: '⚠️',
  failed: '❌',
  pending: '🕓',
  pruned: '🗑️',
  leaving: '🗑️',
} as const;

export const copies = (t: Tools) => ({
  /** `copies`: some are named behind it. */
  onNode: ({ there, copies: some }: { there: boolean; copies: boolean }) => {
    if (there) return md`on the node: yes`;
    return some ? md`removed from the node by retention; copies` : md`removed from the node by retention`;
  },
  /** One file at one place, as a part of the one line that gives its actual state. */
  copyAt: (p: { file: FileKind; destination: string; state: Markup }) =>
    md`${t.terms.file[p.file]} at ${t.code(p.destination)}: ${p.state}`,
  /** `unread`: verified, and the newest look could not read it. */
  state: (p: { state: CopyState; tries: number; nextTryAt: number | undefined; unread: boolean }) => {
    if (p.state === 'proven')
      return p.unread ? md`copy verified, but not readable at the last look` : md`copy verified`;
    if (p.state === 'pruned') return md`removed by retention`;
    if (p.state === 'leaving') return md`being removed by retention`;
    if (p.state === 'pending') return md`not copied yet`;
    const said =
      p.state === 'unproven'
        ? md`stored, but not verified`
        : md`failed, tried ${plural(p.tries, 'time', 'times')}`;
    return p.nextTryAt === undefined ? said : md`${said}, next try ${t.moment(p.nextTryAt)}`;
  },

  /** What an approval is given to. */
  goesTo: (destinations: readonly Markup[]) => md`Goes to: ${join(destinations, ' · ')}`,
  destination: (p: { file: FileKind; destination: string; recipients: number }) => {
    const how =
      p.recipients === 0 ? '' : md`, encrypted for ${plural(p.recipients, 'recipient', 'recipients')}`;
    return md`${t.code(p.destination)} (${t.terms.file[p.file]}${how})`;
  },
  onePlace: (destination: string) =>
    md`⚠️ Both files go to one place: every user who can read ${t.code(destination)} holds the snapshot and the keys that open it.`,
  oneRecipient: (p: { file: FileKind; recipient: string }) =>
    md`⚠️ The ${t.terms.file[p.file]} can be opened by ${t.code(p.recipient)} alone: if that one key is lost, nothing can be restored.`,
  plainResources: () =>
    md`⚠️ The static pod resources are not encrypted: every user who can fetch them holds the keys of etcd and a cluster-admin token.`,

  /** `perSecond` in bytes; undefined: not known yet. */
  progress: (p: {
    file: FileKind;
    destination: string | undefined;
    bytes: number;
    total: number;
    perSecond: number | undefined;
    leftMs: number | undefined;
  }) => {
    const where =
      p.destination === undefined
        ? t.terms.file[p.file]
        : md`${t.terms.file[p.file]} → ${t.code(p.destination)}`;
    const speed = p.perSecond === undefined ? '' : md` · ${t.shortSize(p.perSecond)}/s`;
    const left = p.leftMs === undefined ? '' : md` · ${t.duration(p.leftMs)} left`;
    return md`• ${where}: ${t.shortSize(p.bytes)} of ${t.shortSize(p.total)}${speed}${left}`;
  },
  readingBack: (p: { file: FileKind; destination: string | undefined; total: number }) => {
    const where =
      p.destination === undefined
        ? t.terms.file[p.file]
        : md`${t.terms.file[p.file]} → ${t.code(p.destination)}`;
    return md`• ${where}: all ${t.shortSize(p.total)} sent, now stored and read back`;
  },
  removedFromNode: (node: string) =>
    md`Made on node ${t.code(node)}, and removed from there by retention after both copies were verified.`,
  drill: (drill: DrillOutcome) => {
    if (drill.ok)
      return md`✅ Restore drill: restored into a throw-away etcd, revision ${String(drill.revision)}, ${t.number(drill.keys)} live keys`;
    const why = drillWhy(drillFailures(t), drill, t);
    const reason = drillReason(drillReasons, drill, md`an unknown version`, t);
    switch (verdictOf(drill)) {
      case 'does-not-restore':
        return lines(
          md`❌ *Restore drill: this backup does not restore:* ${why}`,
          reason,
          md`It counts as no backup from now on. Make a new one.`,
        );
      case 'not-made':
        return lines(md`⚠️ Restore drill not made: ${why}`, reason, md`This says nothing about the backup.`);
      default:
        return lines(
          md`⚠️ Restore drill inconclusive: ${why}`,
          reason,
          md`The backup counts as before, but do not rely on it alone.`,
        );
    }
  },
  /** The drill of a run that is over is still to come: it waits for another one or for the node, or is being made. */
  drillToCome: (state: 'turn' | 'node' | 'begun') =>
    ({
      begun: md`🕓 Restore drill: being made now. This takes minutes; the result comes on the card.`,
      turn: md`🕓 Restore drill: waits for its turn, because the bot makes one at a time. The result comes on the card.`,
      node: md`⚠️ Restore drill: not made yet. The bot can read the snapshot on the node only, and could not open a session there. It tries again later by itself; the result comes on the card.`,
    })[state],
  /** Its copy did not come from there; it is tried again. */
  drillAway: (p: { destination: string; detail: string }) =>
    md`⚠️ Restore drill: not made yet. The snapshot could not be fetched from destination ${t.code(p.destination)}: ${t.quote(p.detail)}. The bot tries again later by itself; the result comes on the card.`,
  /** A later drill that decided nothing about the backup. */
  drillTry: (drill: DrillOutcome): Markup =>
    md`${copies(t).drill(drill)} What the drill before it showed still holds.`,

  noReport: () => md`This run has no backup to report.`,

  receipt: {
    /** `unread`: verified, and the newest look could not read it. */
    head: (p: { file: FileKind; destination: string; state: CopyState; unread: boolean }) =>
      md`${p.unread ? '⚠️' : signs[p.state]} *${t.terms.file[p.file]}* at ${t.code(p.destination)}`,
    stored: (p: { size: number; sha256: string; at: number }) =>
      lines(md`Stored ${t.time(p.at)}: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    /** Of the file before it was encrypted. */
    plain: (p: { size: number; sha256: string }) =>
      lines(md`Decrypted: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    proven: (at: number) => md`*Copy verified:* read back ${t.time(at)}, every byte as it was stored`,
    notProven: () => md`*Copy not verified:* it was not read back whole, so do not rely on it`,
    /** A proven copy that the newest look could not reach. */
    unread: (p: { said: Markup; at: number }) =>
      md`*Not read* ${t.time(p.at)}: ${p.said}. This says nothing of the bytes; it was verified before, and that still counts`,
    lockedUntil: (at: number) => md`Cannot be deleted before ${t.time(at)}`,
    encryptedFor: (names: readonly string[]) =>
      md`Encrypted; any one of these can open it: ${t.names(names)}`,
    notEncrypted: () => md`Not encrypted: every user who can fetch it can read it`,
    custodians: (p: { names: readonly string[]; destination: string }) =>
      p.names.length === 0
        ? md`Who can fetch it: every holder of the credentials of ${t.code(p.destination)}`
        : md`Who can fetch it: ${t.names(p.names)}`,
    failed: (p: { said: Markup; tries: number; at: number }) =>
      md`*Failed* ${t.time(p.at)}, tried ${plural(p.tries, 'time', 'times')}: ${p.said}`,
    detail: (detail: Markup) => md`In detail: ${detail}`,
    next: (next: Markup) => md`*What to do:* ${next}`,
    nextTry: (at: number) => md`The bot tries again ${t.moment(at)}.`,
    noNextTry: () => md`The bot does not try again by itself.`,
    originalGone: (cluster: string) =>
      md`The original is not on the node any more. Make a new backup: ${t.command(`run ${cluster}`)}`,
    originalOnNode: (p: { node: string; path: string }) =>
      md`The original is on node ${t.code(p.node)}: ${t.path(p.path)}`,
  },
  restoreFiles: (p: { cluster: string; zStream: string }) =>
    md`📎 How to restore ${p.cluster} (${p.zStream}): manifest.json and RESTORE.md. Keep these where you find them without the cluster; they hold no secret.`,
  manifestMissing: (destinations: readonly string[]) =>
    md`⚠️ manifest.json and RESTORE.md could not be written beside the files at ${t.names(destinations)}. The files themselves are not touched by that. The documents at those places are outdated or missing; ${t.command('restore-plan')} sends the newest RESTORE.md.`,
  restoreFilesMissing: (p: { cluster: string; why: string }) =>
    md`⚠️ manifest.json and RESTORE.md of ${p.cluster} could not be put into this thread: ${p.why}. ${t.command(`restore-plan ${p.cluster}`)} sends RESTORE.md again, and both lie beside the files at each destination where they could be written. The backup itself does not depend on it.`,

  offTitle: () => md`*Off the cluster*`,
  /** `location`: absolute path or `s3://bucket/key`; undefined: nothing is there. */
  place: (p: { file: FileKind; destination: string; location: string | undefined; state: Markup }) =>
    lines(
      md`• ${t.terms.file[p.file]} at ${t.code(p.destination)}: ${p.state}`,
      p.location === undefined ? undefined : t.path(p.location),
    ),
  proof: (p: Proof) => {
    if (p.files === 0) return md`⚠️ on the node only`;
    if (p.pruned === p.files) return md`🗑️ removed by retention`;
    if (p.pruned > 0 && p.proven + p.pruned === p.files)
      return md`🗑️ ${p.proven} of ${p.files} files left, the rest removed by retention`;
    return p.proven === p.files
      ? md`✅ copies verified at ${plural(p.places, 'place', 'places')}`
      : md`⚠️ copies of ${p.proven} of ${p.files} files verified`;
  },
  drillShort: (verdict: DrillVerdict | undefined) => {
    if (verdict === 'restores') return md`drill ✅`;
    if (verdict === 'does-not-restore') return md`drill ❌`;
    return verdict === 'inconclusive' ? md`drill ⚠️ inconclusive` : md`drill –`;
  },
  listLine: (p: {
    id: string;
    cluster: string;
    zStream: string | undefined;
    at: number;
    bytes: number | undefined;
    proof: Markup;
    drill: Markup;
  }) => {
    const size = p.bytes === undefined ? '' : md` · ${t.shortSize(p.bytes)}`;
    const version = p.zStream === undefined ? '' : md` · ${p.zStream}`;
    return md`${t.code(p.id)} · ${p.cluster}${version} · ${t.ago(p.at)}, ${t.time(p.at)}${size} · ${p.proof} · ${p.drill}`;
  },
});
