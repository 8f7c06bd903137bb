import type { CopiesWording } from '../copies-wording.ts';
import { drillWhy } from '../drill-why.ts';
import { join, lines, md } from '../markup.ts';
import { plural } from './card.ts';
import { copyAnswers } from './copy-answers.ts';
import { copyFailures, otherFailure } from './copy-failures.ts';
import { drillFailures } from './drill-failures.ts';

const file: CopiesWording['file'] = { snapshot: md`etcd snapshot`, resources: md`static pod resources` };
const signs = { proven: '✅', unproven: '⚠️', failed: '❌', pending: '🕓', pruned: '🗑️' } as const;

export const copies: CopiesWording = {
  file,
  onNode: (there) => (there ? md`on the node: yes` : md`on the node: removed`),
  copyAt: (p, t) => md`${file[p.file]} at ${t.code(p.destination)}: ${p.state}`,
  state: (p, t) => {
    if (p.state === 'proven') return md`proven`;
    if (p.state === 'pruned') return md`removed by retention`;
    if (p.state === 'pending') return md`not copied yet`;
    const said =
      p.state === 'unproven'
        ? md`stored, but not proven`
        : md`failed, tried ${plural(p.tries, 'time', 'times')}`;
    return p.nextTryAt === undefined ? said : md`${said}, next try ${t.moment(p.nextTryAt)}`;
  },

  goesTo: (destinations) => md`Goes to: ${join(destinations, ' · ')}`,
  destination: (p, t) => {
    const how =
      p.recipients === 0 ? '' : md`, encrypted for ${plural(p.recipients, 'recipient', 'recipients')}`;
    return md`${t.code(p.destination)} (${file[p.file]}${how})`;
  },
  onePlace: (destination, t) =>
    md`⚠️ Both files go to one place: whoever can read ${t.code(destination)} holds the snapshot and the keys that open it.`,
  oneRecipient: (p, t) =>
    md`⚠️ The ${file[p.file]} can be opened by ${t.code(p.recipient)} alone: if that one key is lost, nothing can be restored.`,
  plainResources: () =>
    md`⚠️ The static pod resources are not encrypted: whoever can fetch them holds the keys of etcd and a cluster-admin token.`,

  progress: (p, t) => {
    const where = p.destination === undefined ? file[p.file] : md`${file[p.file]} → ${t.code(p.destination)}`;
    const speed = p.perSecond === undefined ? '' : md` · ${t.shortSize(p.perSecond)}/s`;
    const left = p.leftMs === undefined ? '' : md` · ${t.duration(p.leftMs)} left`;
    return md`• ${where}: ${t.shortSize(p.bytes)} of ${t.shortSize(p.total)}${speed}${left}`;
  },
  readingBack: (p, t) => {
    const where = p.destination === undefined ? file[p.file] : md`${file[p.file]} → ${t.code(p.destination)}`;
    return md`• ${where}: all ${t.shortSize(p.total)} sent, now stored and read back`;
  },

  notOffYet: (p, t) => {
    const took = p.durationMs === undefined ? '' : md` in ${t.duration(p.durationMs)}`;
    const said = md`⚠️ *Backup made*${took}, *but not every file is proven off the cluster*`;
    return p.approvers.length === 0 ? said : md`${said} · approved by ${t.people(p.approvers)}`;
  },
  notOffYetStatus: () => md`⚠️ not every file is proven off the cluster`,
  notOffYetTitle: (cluster) =>
    md`⚠️ *The backup of ${cluster} is made, but not every file is proven off the cluster*`,
  removedFromNode: (node, t) =>
    md`Made on node ${t.code(node)}, and removed from there after both copies were proven.`,
  drill: (drill, t) =>
    drill.ok
      ? md`✅ Restore drill: restored into a throw-away etcd, revision ${String(drill.revision)}, ${t.number(drill.keys)} live keys`
      : md`❌ Restore drill failed: ${drillWhy(drillFailures, drill, t)}`,

  receipt: {
    head: (p, t) => md`${signs[p.state]} *${file[p.file]}* at ${t.code(p.destination)}`,
    stored: (p, t) => lines(md`Stored ${t.time(p.at)}: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    plain: (p, t) => lines(md`Decrypted: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    proven: (at, t) => md`*Proven:* read back ${t.time(at)}, every byte as it was stored`,
    notProven: () => md`*Not proven:* it was not read back whole, so do not rely on it`,
    unread: (p, t) =>
      md`*Not read* ${t.time(p.at)}: ${p.said}. This says nothing of the bytes; the proof above stands`,
    lockedUntil: (at, t) => md`Cannot be deleted before ${t.time(at)}`,
    encryptedFor: (names, t) => md`Encrypted; any one of these can open it: ${t.names(names)}`,
    notEncrypted: () => md`Not encrypted: whoever can fetch it can read it`,
    custodians: (p, t) =>
      p.names.length === 0
        ? md`Who can fetch it: whoever holds the credentials of ${t.code(p.destination)}`
        : md`Who can fetch it: ${t.names(p.names)}`,
    failed: (p, t) => md`*Failed* ${t.time(p.at)}, tried ${plural(p.tries, 'time', 'times')}: ${p.said}`,
    detail: (detail) => md`In detail: ${detail}`,
    next: (next) => md`*What to do:* ${next}`,
    nextTry: (at, t) => md`The bot tries again ${t.moment(at)}.`,
    noNextTry: () => md`The bot does not try again by itself.`,
    originalGone: (cluster, t) =>
      md`The original is not on the node any more. Make a new backup: ${t.command(`run ${cluster}`)}`,
    originalOnNode: (p, t) => md`The original is on node ${t.code(p.node)}: ${t.path(p.path)}`,
  },
  failures: copyFailures,
  otherFailure,
  restoreFiles: (p) =>
    md`📎 How to restore ${p.cluster} (${p.zStream}): manifest.json and RESTORE.md. Keep these where you find them without the cluster; they hold no secret.`,
  manifestMissing: (destinations, t) =>
    md`⚠️ The files are there, but manifest.json and RESTORE.md could not be written beside them at ${t.names(destinations)}. Whoever finds the files there finds older documents or none; ${t.command('restore-plan')} sends the newest RESTORE.md.`,
  restoreFilesMissing: (p, t) =>
    md`⚠️ manifest.json and RESTORE.md of ${p.cluster} could not be put into this thread: ${p.why}. Both lie beside each of the two files, and ${t.command(`restore-plan ${p.cluster}`)} sends RESTORE.md again. The backup itself does not depend on it.`,

  offTitle: () => md`*Off the cluster*`,
  place: (p, t) =>
    lines(
      md`• ${file[p.file]} at ${t.code(p.destination)}: ${p.state}`,
      p.location === undefined ? undefined : t.path(p.location),
    ),
  proof: (p) => {
    if (p.files === 0) return md`⚠️ on the node only`;
    if (p.pruned === p.files) return md`🗑️ removed by retention`;
    if (p.pruned > 0 && p.proven + p.pruned === p.files)
      return md`🗑️ ${p.proven} of ${p.files} files left, the rest removed by retention`;
    return p.proven === p.files
      ? md`✅ proven at ${plural(p.places, 'place', 'places')}`
      : md`⚠️ ${p.proven} of ${p.files} files proven`;
  },
  drillShort: (ok) => (ok === undefined ? md`drill –` : ok ? md`drill ✅` : md`drill ❌`),
  listLine: (p, t) => {
    const size = p.bytes === undefined ? '' : md` · ${t.shortSize(p.bytes)}`;
    const version = p.zStream === undefined ? '' : md` · ${p.zStream}`;
    return md`${t.code(p.id)} · ${p.cluster}${version} · ${t.ago(p.at)}, ${t.time(p.at)}${size} · ${p.proof} · ${p.drill}`;
  },
  answers: copyAnswers,
};
