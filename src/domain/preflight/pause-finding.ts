import type { ActivePause } from '../policy/pause.ts';
import { type Finding, finding } from './finding.ts';

/** The approver of a backup of such a cluster should know why it is quiet. */
export function pauseFinding({ by, until, reason }: ActivePause): Finding {
  return finding('warning', 'cluster.paused', { by: by.slackUser, until, reason });
}

/** What was found, with the pause as it is now; the very same findings when that is what they say. */
export function withPauseNow(
  findings: readonly Finding[],
  pause: ActivePause | undefined,
): readonly Finding[] {
  const known = findings.find((each) => each.code === 'cluster.paused')?.params;
  const same = known?.until === pause?.until && known?.reason === pause?.reason;
  if (same && known?.by === pause?.by.slackUser) return findings;
  const others = findings.filter(({ code }) => code !== 'cluster.paused');
  if (!pause) return others;
  const place = others.findLastIndex(({ code }) => code.startsWith('off-peak.')) + 1;
  return [...others.slice(0, place), pauseFinding(pause), ...others.slice(place)];
}
