import type { Elsewhere } from '../../../../domain/policy/elsewhere.ts';
import type { Coverage, CoverageState, CoverageWarning } from '../../../../domain/watch/coverage.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

/** The bot cannot see the backups of others, so their quality is not mentioned. */
function who(elsewhere: Elsewhere | undefined): Markup {
  const where =
    elsewhere?.controlPlane === 'hosted'
      ? md`Its control plane runs on another cluster, so this bot cannot back it up.`
      : md`This bot does not back it up.`;
  return elsewhere?.by === undefined
    ? md`${where} No owner of its backups is configured: find out who backs it up, and have it written under backedUpBy in the bot's configuration.`
    : md`${where} Backed up by: ${elsewhere.by}. Ask there whether the backups are good; the bot cannot see them.`;
}

export const coverage = (t: Tools) => ({
  /** A sign and a few words. */
  state: {
    covered: md`✅ covered`,
    stale: md`🟡 backup too old`,
    uncovered: md`🔴 not covered`,
    updating: md`🔄 updating`,
    unknown: md`❔ unknown`,
    elsewhere: md`➖ not backed up by this bot`,
  } satisfies Record<CoverageState, Markup>,
  /** Instead of the state's, where the backup that covers the cluster is on a node alone. */
  coveredOnNode: md`⚠️ covered, on the node only`,
  /** Who backs up a cluster that this bot does not: one sentence for `list`, a few words for a line. */
  elsewhere: ({ cluster, elsewhere }: { cluster: string; elsewhere: Elsewhere }) =>
    md`➖ ${t.code(cluster)}: ${who(elsewhere)}`,
  elsewhereShort: (by: string | undefined) =>
    by === undefined ? md`no owner of its backups is configured` : md`backed up by: ${by}`,
  /** One sentence: what it means for a restore of the cluster now. */
  means: ({ state, release, since, why, backup, elsewhere }: Coverage) => {
    const version = release === undefined ? md`its release` : md`${release.version}`;
    switch (state) {
      case 'elsewhere':
        return who(elsewhere);
      case 'covered':
        return backup === undefined
          ? md`A verified backup restores ${version}.`
          : md`A verified backup restores ${version}: ${t.code(backup.runId)}, ${t.ago(backup.takenAt)}.`;
      case 'stale':
        return backup === undefined
          ? md`The newest backup that restores ${version} is too old.`
          : md`The newest backup that restores ${version} is too old: ${t.code(backup.runId)}, ${t.ago(backup.takenAt)}.`;
      case 'uncovered': {
        const from = since === undefined ? '' : md`, since ${t.time(since)}`;
        return md`There is no verified backup of ${version}${from}, so there is none to restore this cluster from as it is.`;
      }
      case 'updating': {
        const left =
          backup === undefined
            ? md`no verified backup restores the release that it leaves`
            : md`${t.code(backup.runId)} restores the release that it leaves (${backup.zStream})`;
        return md`Being updated to ${version}: no backup can be taken until it has arrived, and ${left}.`;
      }
      case 'unknown': {
        if (since === undefined && why === undefined) return md`The bot has not heard of this cluster yet.`;
        const from = since === undefined ? '' : md` since ${t.time(since)}`;
        const because = why === undefined ? '' : md`: ${t.why(why)}`;
        return md`The cluster has given no answer${from}${because}.`;
      }
    }
  },
  /** What does not change the state, but must be known: one sentence, with the next step where there is one. */
  warning: (warning: CoverageWarning) => {
    switch (warning.kind) {
      case 'signers-end':
        return warning.endAt <= t.now
          ? md`⚠️ A restore from it would meet signer certificates that ended at ${t.time(warning.endAt)}. Take a new backup now.`
          : md`⚠️ The signer certificates in it end at ${t.time(warning.endAt)}; a restore after that would meet expired ones. Take a new backup before then.`;
      case 'only-on-node':
        return md`⚠️ It lies on a control-plane node alone and may be lost together with the cluster. Copy both files off the cluster, or have destinations configured.`;
      case 'not-a-z-stream':
        return md`⚠️ This release is no z-stream (a nightly, CI or OKD build): a restore needs exactly this build, so keep its release image too.`;
      case 'preview-backups-not-counted':
        return md`⚠️ The cluster makes backups of its own through the preview Backup API. Its “completed” can be said after a failure, so they are not counted here.`;
    }
  },
  /** The same in a few words. */
  warningShort: {
    'signers-end': md`⚠️ certificates in the backup near or past their end`,
    'only-on-node': md`⚠️ on the node only`,
    'not-a-z-stream': md`⚠️ no z-stream`,
    'preview-backups-not-counted': md`⚠️ preview-API backups not counted`,
  } satisfies Record<CoverageWarning['kind'], Markup>,
});
