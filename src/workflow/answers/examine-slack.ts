import { type DoctorLine, doctorLine } from '../../domain/doctor/doctor.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { SlackSelf } from '../ports/ports.ts';
import { type Examination, lookedAt, within } from './examining.ts';

type Deps = Pick<Examination, 'clock' | 'log'> & { readonly self: SlackSelf };

/** What Slack lets the bot do: its scopes, and the channels of these clusters. */
export async function examineSlack(
  deps: Deps,
  clusters: readonly ClusterPolicy[],
  /** undefined: there is no summary, or it is not asked about. */
  summaryChannel: string | undefined,
): Promise<readonly DoctorLine[]> {
  const lines = await Promise.all([
    examineScopes(deps),
    ...(summaryChannel === undefined
      ? []
      : [examineChannel(deps, { cluster: undefined, channel: summaryChannel })]),
    ...clusters.flatMap((cluster) => [
      examineChannel(deps, { cluster: cluster.name, channel: cluster.channel }),
      ...cluster.allowedChannels.map((channel) => examineAllowedChannel(deps, cluster, channel)),
    ]),
  ]);
  return lines.flat();
}

function examineScopes(deps: Deps): Promise<readonly DoctorLine[]> {
  return lookedAt(
    deps,
    deps.self.scopes(),
    ({ granted, missing }) =>
      missing.length > 0
        ? doctorLine('scopes.missing', { missing })
        : doctorLine('scopes.complete', { count: granted.length }),
    (why) => doctorLine('scopes.unreadable', { why }),
  );
}

function examineChannel(
  deps: Deps,
  at: { readonly cluster: string | undefined; readonly channel: string },
): Promise<readonly DoctorLine[]> {
  const { botName } = deps.self;
  return lookedAt(
    deps,
    deps.self.channel(at.channel),
    (membership) => {
      if (membership === 'member' || membership === 'archived')
        return doctorLine(`channel.${membership}`, at);
      return doctorLine(`channel.${membership}`, { ...at, botName });
    },
    (why) => doctorLine('channel.unreadable', { ...at, why }),
  );
}

/** A command is answered also where the bot is no member: only an unusable channel is reported. */
function examineAllowedChannel(
  deps: Deps,
  { name: cluster, channel: own }: ClusterPolicy,
  channel: string,
): Promise<readonly DoctorLine[]> {
  if (channel === own) return Promise.resolve([]);
  const looking = deps.self
    .channel(channel)
    .then((read) =>
      read.ok && (read.value === 'archived' || read.value === 'not-found')
        ? [doctorLine('channel.no-commands', { cluster, channel, because: read.value })]
        : [],
    );
  return within(deps, looking, () => []);
}
