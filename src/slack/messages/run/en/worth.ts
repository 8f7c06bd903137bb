import type { PoorWorth } from '../../../../domain/run/backup-worth.ts';
import { join, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

function unusable(worth: Extract<PoorWorth, { kind: 'unusable' }>, t: Tools): Markup {
  const files = worth.files.map((each) => t.terms.file[each]);
  return md`no verified copy of the ${join(files, ' and the ')} is left`;
}

function made(took: Markup | ''): Markup | '' {
  return took === '' ? '' : md` · made${took}`;
}

function headline(worth: PoorWorth, took: Markup | '', t: Tools): Markup {
  switch (worth.kind) {
    case 'disproven':
      return md`❌ *No usable backup: it does not restore*${made(took)}`;
    case 'unusable':
      return md`❌ *No usable backup: ${unusable(worth, t)}*${made(took)}`;
    case 'abandoned':
      return md`🔀 *Backed up*${took}, *but the cluster was restored from an earlier backup since*`;
    case 'removed':
      return md`🗑️ *Backed up*${took}; *its copies were removed by retention since, or are being removed*`;
    case 'not-off-yet':
      return took === ''
        ? md`⚠️ *Backed up, but not every copy off the cluster is verified*`
        : md`⚠️ *Backed up*${took}, *but not every copy off the cluster is verified*`;
    case 'node-only':
      return took === '' ? md`⚠️ *Backed up, on the node only*` : md`⚠️ *Backed up*${took}, *on the node only*`;
  }
}

export const worth = (t: Tools) => ({
  /** First line of the card. */
  done: (p: { worth: PoorWorth; durationMs: number | undefined; approvers: readonly string[] }) => {
    const took = p.durationMs === undefined ? '' : md` in ${t.duration(p.durationMs)}`;
    const by = p.approvers.length === 0 ? '' : md` · approved by ${t.people(p.approvers)}`;
    return md`${headline(p.worth, took, t)}${by}`;
  },
  /** In a list. */
  status: (of: PoorWorth) => {
    switch (of.kind) {
      case 'disproven':
        return md`❌ no usable backup: does not restore`;
      case 'unusable':
        return md`❌ no usable backup: ${unusable(of, t)}`;
      case 'abandoned':
        return md`🔀 of a time line that the cluster left by a restore`;
      case 'removed':
        return md`🗑️ removed by retention`;
      case 'not-off-yet':
        return md`⚠️ on the node, but not every copy off the cluster is verified`;
      case 'node-only':
        return md`⚠️ backed up on the node only`;
    }
  },
  /** Over the report in the thread. */
  title: ({ worth: of, cluster }: { worth: PoorWorth; cluster: string }) => {
    switch (of.kind) {
      case 'disproven':
        return md`❌ *No usable backup of ${cluster}: it does not restore*`;
      case 'unusable':
        return md`❌ *No usable backup of ${cluster}: ${unusable(of, t)}*`;
      case 'abandoned':
        return md`🔀 *${cluster} was restored from an earlier backup since: this one is of the time line that it left*`;
      case 'removed':
        return md`🗑️ *The copies of this backup of ${cluster} were removed by retention, or are being removed*`;
      case 'not-off-yet':
        return md`⚠️ *The backup of ${cluster} is on the node, but not every copy off the cluster is verified*`;
      case 'node-only':
        return md`⚠️ *The backup of ${cluster} is complete, and on the node only*`;
    }
  },
  makeNew: (cluster: string) => md`*Next step:* make a new backup now: ${t.command(`run ${cluster}`)}`,
});
