import type { DoctorState } from '../../../../domain/doctor/doctor.ts';
import { plural } from '../../kit/en/terms.ts';
import { type Markup, md } from '../../kit/markup.ts';

export const doctor = () => ({
  title: (cluster: string | undefined) =>
    cluster === undefined ? md`*What the bot needs*` : md`*What the bot needs, with ${cluster}*`,
  verdict: ({ bad, warning: warnings, unknown, good }: Readonly<Record<DoctorState, number>>) => {
    const warned = warnings === 0 ? '' : md`, ${plural(warnings, 'warning', 'warnings')}`;
    if (bad > 0)
      return md`❌ ${plural(bad, 'thing has', 'things have')} to be put right${warned}, ${good} in order.`;
    if (warnings > 0)
      return unknown > 0
        ? md`⚠️ ${plural(warnings, 'warning', 'warnings')}, ${plural(unknown, 'thing', 'things')} could not be looked at, ${good} in order.`
        : md`⚠️ ${plural(warnings, 'warning', 'warnings')}, ${good} in order.`;
    return unknown > 0
      ? md`❔ ${plural(unknown, 'thing', 'things')} could not be looked at, ${good} in order.`
      : md`✅ Everything is in order.`;
  },
  more: (count: number) =>
    md`… and ${plural(count, 'more line', 'more lines')}; name one cluster to see fewer`,
  fix: (text: Markup) => md`→ ${text}`,
  /** Under the lines in a terminal. */
  inTerminal: (command: Markup) => md`Before Slack is there, a destination is adopted with: ${command}`,
});
