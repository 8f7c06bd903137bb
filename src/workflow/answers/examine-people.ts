import { type DoctorLine, doctorLine } from '../../domain/doctor/doctor.ts';
import { accountKindOf } from '../../domain/people/person.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import type { SlackPeople } from '../ports/ports.ts';
import type { Examination } from './examining.ts';

/** Slack allows some hundred questions a minute, and the bot's other work needs them too. */
const maxAsked = 50;

/** Whether those on whom approvals depend, and those who are notified of failures, are still there, in Slack and in the configuration. */
export async function examinePeople(
  deps: Pick<Examination, 'fleet' | 'slack'>,
  clusters: readonly ClusterPolicy[],
): Promise<readonly DoctorLine[]> {
  const { fleet, slack } = deps;
  const configured = [
    doctorLine('people.mapped', { count: fleet.people.length }),
    ...clusters.flatMap((cluster) => unmapped(deps, cluster)),
  ];
  if (!slack) return configured;
  const named = [...new Set(clusters.flatMap(neededAccounts))];
  const anyMapped = clusters.some(({ approval }) => approval.approvers.length === 0);
  const mapped = anyMapped ? fleet.people.map((each) => each.slackUser) : [];
  const accounts = [...new Set([...named, ...mapped])];
  const asked = await askSlack(slack.people, accounts.slice(0, maxAsked));
  const rest = accounts.length - maxAsked;
  return [...configured, ...asked, ...(rest > 0 ? [doctorLine('people.not-asked', { count: rest })] : [])];
}

function neededAccounts({ approval, owners }: ClusterPolicy): readonly string[] {
  const { approvers, breakGlass } = approval;
  return [...approvers, ...owners, ...(breakGlass ? [...breakGlass.people, ...breakGlass.owners] : [])];
}

/** An approver whom the configuration does not map to a cluster user can decide nothing. */
function unmapped(
  { fleet }: Pick<Examination, 'fleet'>,
  { name: cluster, approval }: ClusterPolicy,
): readonly DoctorLine[] {
  return approval.approvers
    .filter((slackUser) => fleet.person(slackUser) === undefined)
    .map((slackUser) => doctorLine('approver.not-mapped', { cluster, slackUser }));
}

async function askSlack(people: SlackPeople, accounts: readonly string[]): Promise<readonly DoctorLine[]> {
  const profiles = await Promise.all(
    accounts.map(async (slackUser) => ({ slackUser, profile: await people.profile(slackUser) })),
  );
  const unfit: DoctorLine[] = [];
  const silent: Extract<(typeof profiles)[number]['profile'], { ok: false }>[] = [];
  for (const { slackUser, profile } of profiles) {
    if (profile.ok) {
      const accountKind = accountKindOf(profile.value, people.teamId);
      if (accountKind !== 'member')
        unfit.push(doctorLine('person.unfit', { slackUser, because: accountKind }));
    } else if (profile.why.reason === 'absent') {
      unfit.push(doctorLine('person.unfit', { slackUser, because: 'absent' }));
    } else silent.push(profile);
  }
  const [first] = silent;
  const members = profiles.length - unfit.length - silent.length;
  return [
    ...unfit,
    ...(first ? [doctorLine('people.unreadable', { count: silent.length, why: first.why })] : []),
    ...(members > 0 ? [doctorLine('people.members', { count: members })] : []),
  ];
}
