import type { Finding } from '../../../../domain/preflight/finding.ts';
import { plural } from '../../kit/en/terms.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { FindingText } from '../finding-text.ts';

/** How many checks came out how. */
export interface Counts {
  readonly passed: number;
  readonly warnings: number;
  readonly blockers: number;
  readonly later: number;
}

export const check = (t: Tools) => ({
  checkTitle: (p: { cluster: string; version: string | undefined; node: string | undefined }) => {
    const version = p.version === undefined ? '' : md` · ${p.version}`;
    const node = p.node === undefined ? '' : md` · node ${t.code(p.node)}`;
    return md`*Check of ${p.cluster}*${version}${node}`;
  },
  /** `wanted`: the node that was named. */
  checkVerdict: (p: { cluster: string; counts: Counts; planned: boolean; wanted: string | undefined }) => {
    if (p.counts.blockers > 0) return md`⛔ A backup cannot run now. Nothing was changed on the cluster.`;
    return p.planned
      ? md`✅ A backup can run now: ${t.command(p.wanted === undefined ? `run ${p.cluster}` : `run ${p.cluster} node=${p.wanted}`)}`
      : md`⛔ A backup cannot run now: not everything that a plan needs could be read. The warnings say what; nothing was changed on the cluster.`;
  },
  counts: (p: Counts) =>
    sentence([
      p.blockers > 0 ? md`⛔ ${plural(p.blockers, 'blocker', 'blockers')}` : undefined,
      md`✅ ${plural(p.passed, 'check', 'checks')} passed`,
      p.warnings > 0 ? md`⚠️ ${plural(p.warnings, 'warning', 'warnings')}` : undefined,
      p.later > 0 ? md`🕓 ${plural(p.later, 'check', 'checks')} on the node at the start` : undefined,
    ]),
  warning: (text: FindingText) =>
    lines(
      md`⚠️ *${text.looked}:* ${text.found}`,
      md`Why it matters: ${text.why}`,
      text.next ? md`What to do: ${text.next}` : undefined,
    ),
  /** `canRun`: nothing else blocks the backup. `over`: the run is, so that this shows what was found then. */
  group: (p: { outcome: Finding['outcome']; count: number; canRun: boolean; over: boolean }) => {
    const { outcome, count, over } = p;
    if (over && outcome === 'blocker')
      return md`⛔ *${plural(count, 'blocker', 'blockers')}*: kept the backup from running`;
    if (over && outcome === 'warning')
      return md`⚠️ *${plural(count, 'warning', 'warnings')}*, as things were then`;
    if (over && outcome === 'passed')
      return md`✅ *${plural(count, 'check', 'checks')} passed*, as things were then`;
    if (outcome === 'blocker') return md`⛔ *${plural(count, 'blocker', 'blockers')}*: the backup cannot run`;
    if (outcome === 'warning') {
      const title = md`⚠️ *${plural(count, 'warning', 'warnings')}*`;
      return p.canRun ? md`${title}: the backup can run, but read this first` : title;
    }
    if (outcome === 'later') return md`🕓 *${plural(count, 'check', 'checks')}* on the node, at the start`;
    return md`✅ *${plural(count, 'check', 'checks')} passed*`;
  },
  /** What was to be checked on the node at the start of a run that is over. `made`: they were, and passed. */
  laterOver: ({ made, looked }: { made: boolean; looked: readonly Markup[] }) =>
    made
      ? md`✅ *${plural(looked.length, 'check', 'checks')} passed on the node, at the start*: ${join(looked, ', ')}`
      : md`⚪ *${plural(looked.length, 'check', 'checks')} on the node not made*: ${join(looked, ', ')}`,
  findingLong: (text: FindingText) =>
    lines(
      md`• ${text.looked}: ${text.found}`,
      md`   Why it matters: ${text.why}`,
      text.next ? md`   What to do: ${text.next}` : undefined,
    ),
  findingShort: (text: FindingText) => md`• ${text.looked}: ${text.found}`,
  /** `acted`: of those that a person must act on. */
  moreFindings: (count: number, acted: boolean) =>
    acted
      ? md`… and ${count} more that do not fit here: settle those above first, then check again`
      : md`… and ${count} more that do not fit here`,
  nothingChecked: () => md`The checks have no result yet.`,
});

function sentence(parts: readonly (Markup | undefined)[]): Markup {
  return join(
    parts.filter((part) => part !== undefined),
    ' · ',
  );
}
