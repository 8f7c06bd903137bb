import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingTexts } from '../finding-text.ts';

const node = {
  looked: md`Control-plane node`,
  why: md`The backup runs on exactly one healthy control-plane node, never on each.`,
};
const proxy = {
  looked: md`Cluster-wide proxy`,
  why: md`The script needs the proxy to pull an image, and etcd's own traffic must not go through it.`,
};
const offPeak = {
  looked: md`Off-peak window`,
  why: md`A backup reads and writes a lot on the node and can slow the cluster down.`,
};
const disk = {
  looked: md`Disk space on the node`,
  why: md`A full disk on a control-plane node can take etcd down with it, so twice the size of the database must be free.`,
};
const clock = {
  looked: md`Clock of the node`,
  why: md`The files are named by the node's clock and the records kept by the bot's: a person who looks for the newest backup could take the wrong one.`,
};
const script = {
  looked: md`Backup script on the node`,
  why: md`The backup is made by OpenShift's own script, which every control-plane node carries.`,
};

/** The node on which it runs, and when; where its files go. */
export const nodeFindings = (t: Tools) =>
  ({
    'node.chosen': (p) => ({
      ...node,
      found:
        p.because === 'named'
          ? md`The node ${t.code(p.node)}, which the request names, is fit.`
          : p.because === 'approved'
            ? md`The node ${t.code(p.node)} of the plan before is still fit.`
            : p.because === 'only'
              ? md`The node ${t.code(p.node)} is the only one that is fit.`
              : p.because === 'other-failed'
                ? md`The node ${t.code(p.node)} was chosen: it is fit, and an earlier run of this scheduled backup failed on another one.`
                : md`The node ${t.code(p.node)} was chosen: the first one that is fit.`,
    }),
    'node.cordoned': (p) => ({
      ...node,
      found: md`The node ${t.code(p.node)} is cordoned: maintenance may be in progress on it.`,
      next: md`Ask whether it is about to be restarted, or name another node with ${t.code('node=…')}.`,
    }),
    'node.none-fit': (p) => ({
      ...node,
      found:
        p.rejected.length === 0
          ? md`The cluster shows no control-plane node.`
          : md`No control-plane node is fit: ${t.list(p.rejected.map((each) => md`${t.code(each.node)} ${t.unfit(each.because)}`))}.`,
      next: md`Get one control-plane node Ready with a running etcd pod, then ask again.`,
    }),
    'node.not-found': (p) => ({
      ...node,
      found: md`The cluster has no node named ${t.code(p.node)}.`,
      next:
        p.known.length === 0
          ? md`Leave the node out and the bot chooses one.`
          : md`Control-plane nodes are ${t.names(p.known)}. Or leave the node out and the bot chooses one.`,
    }),
    'node.unfit': (p) => ({
      ...node,
      found: md`The node ${t.code(p.node)} ${t.unfit(p.because)}.`,
      next:
        p.fit.length === 0
          ? md`No other node is fit either. Get one Ready, then ask again.`
          : md`Ask again with one of ${t.names(p.fit)}, or leave the node out.`,
    }),
    'node.etcd-pod-unknown': (p) => ({
      ...node,
      found: md`Whether the etcd pod on ${t.code(p.node)} is ready could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Let the bot list pods in ${t.code('openshift-etcd')}.`),
    }),
    'nodes.unreadable': (p) => ({
      ...node,
      found: md`The nodes could not be read: ${t.why(p.why)}.`,
      next: t.remedy(p.why, md`Let the bot list nodes.`),
    }),

    'proxy.none': () => ({ ...proxy, found: md`The cluster uses no proxy.` }),
    'proxy.exported': () => ({ ...proxy, found: md`In use; the script gets all of its settings.` }),
    'proxy.node-not-excluded': (p) => ({
      ...proxy,
      found: md`In use, and its noProxy list lacks the node's address ${t.code(p.nodeIp)}.`,
      next: md`In a run the bot adds the address itself. Add the machine network to ${t.code('spec.noProxy')} of the cluster's Proxy to settle it for good.`,
    }),
    'proxy.unreadable': (p) => ({
      ...proxy,
      found: md`The proxy's settings could not be read: ${t.why(p.why)}.`,
      next: md`${t.remedy(p.why, md`Let the bot read ${t.code('proxies/cluster')}.`)} Until then the script runs without a proxy.`,
    }),

    'off-peak.inside': (p) => ({
      ...offPeak,
      found: md`It is off-peak now (${t.code(p.window)}, ${p.timeZone}).`,
    }),
    'off-peak.outside': (p) => ({
      ...offPeak,
      found: md`It is outside the off-peak window (${t.code(p.window)}, ${p.timeZone}).`,
      next: md`If it can wait: the next window begins ${t.moment(p.nextStart)}.`,
    }),
    'cluster.paused': (p) => ({
      looked: md`Pause`,
      found: md`The cluster is paused until ${t.moment(p.until)} by ${t.person(p.by)}: ${t.quote(p.reason)}.`,
      why: md`It is switched off or being rebuilt: ask whether this is the moment. Nothing is scheduled or raised there meanwhile; a backup by hand runs as any other.`,
    }),
    'destination.not-known': (p) => ({
      looked: md`Destination of the files`,
      found: md`Destination ${t.code(p.destination)} is not the known place: ${t.terms.placeNotKnown[p.state]}.`,
      why:
        p.kind === 'directory'
          ? md`It may be the empty mount point of a volume that is not mounted. The backup is taken, but no copy is written there until this is settled.`
          : md`The backup is written there all the same. Old backups are not removed there until this is settled.`,
      next: md`${p.kind === 'directory' ? md`Mount the right volume there.` : md`Check bucket and prefix in the bot's configuration.`} If it is the right place${p.state === 'unreadable' ? md`, move the unreadable marker away by hand and` : md`,`} send ${t.command(`destination adopt ${p.destination}`)}`,
    }),
    'off-peak.not-set': () => ({ ...offPeak, found: md`No off-peak window is configured for this cluster.` }),

    'disk.later': () => ({ ...disk, found: md`Will be checked on the node at the start.` }),
    'disk.enough': (p) => ({
      ...disk,
      found: md`${t.size(p.freeBytes)} are free; the database has ${t.size(p.databaseBytes)}.`,
    }),
    'disk.too-small': (p) => ({
      ...disk,
      found: md`Only ${t.size(p.freeBytes)} are free; the database has ${t.size(p.databaseBytes)} and twice that is needed.`,
      next: md`Make room on the node (old backups are the usual cause), or name another node with ${t.code('node=…')}.`,
    }),
    'clock.skewed': (p) => ({
      ...clock,
      found: md`The clock of node ${t.code(p.node)} is ${t.duration(Math.abs(p.seconds) * 1000)} ${p.seconds < 0 ? 'behind' : 'ahead of'} the bot's.`,
      next: md`The backup goes on. Find out which of the two clocks is wrong (${t.code('chronyc tracking')} on the node) and let it follow its time server.`,
    }),
    'script.later': (p) => ({
      ...script,
      found: md`Will be looked for on the node at the start (${t.path(p.path)}).`,
    }),
    'script.present': (p) => ({ ...script, found: md`It is there: ${t.path(p.path)}.` }),
    'script.missing': (p) => ({
      ...script,
      found: md`The backup script is not there: ${t.path(p.path)}.`,
      next: md`Check that the node runs OpenShift 4.4 or later and that its files are intact, or name another node.`,
    }),
  }) satisfies Partial<FindingTexts>;
