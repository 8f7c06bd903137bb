import { judgeClusterAccess } from '../../domain/doctor/cluster-access.ts';
import { type DoctorLine, doctorLine, worstFirst } from '../../domain/doctor/doctor.ts';
import { policyGaps } from '../../domain/doctor/policy-gaps.ts';
import type { ClusterPolicy } from '../../domain/policy/policy.ts';
import { redact } from '../../domain/redaction/redact.ts';
import { clustersHere } from '../access/asked-cluster.ts';
import { mayAct, mayActOn } from '../access/authorization.ts';
import type { Asked, DoctorAnswer } from '../access/backups.ts';
import { retentionStopOf } from '../copies/stop-in-force.ts';
import { lookAtDestination } from '../places/check-destinations.ts';
import { lookAtPlace, type PlaceLook } from '../places/place-look.ts';
import type { WorkflowDeps } from '../ports/deps.ts';
import { examineConfiguration } from './examine-configuration.ts';
import { examineDrills } from './examine-drills.ts';
import { examineNetwork } from './examine-network.ts';
import { examinePeople } from './examine-people.ts';
import { examineSlack } from './examine-slack.ts';
import { type Examination, lookedAt, textOf, within } from './examining.ts';

/** The doctor for a person who asks in Slack. */
export async function examine(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined },
): Promise<DoctorAnswer> {
  const access = await (input.cluster === undefined
    ? mayAct(deps, 'read', asked)
    : mayActOn(deps, 'read', asked, input.cluster));
  if (!access.ok) return access.answer;
  // Unlike elsewhere, no name means all: one look must show whatever is wrong.
  const clusters = 'cluster' in access ? [access.cluster] : clustersHere(deps.fleet, asked.channel);
  const named = input.cluster !== undefined;
  const lines = await examineAll({ ...deps, slack: deps }, clusters, { named });
  return { outcome: 'examined', cluster: named ? clusters[0]?.name : undefined, lines };
}

/**
 * Looks at all that the bot needs, everything at once; what does not answer in time becomes a line, never an error. Worst first.
 * `named`: these clusters alone were asked about, and nothing that belongs to none of them.
 */
export async function examineAll(
  deps: Examination,
  clusters: readonly ClusterPolicy[],
  { named }: { readonly named: boolean },
): Promise<readonly DoctorLine[]> {
  const { slack, clock, log } = deps;
  const summaryChannel = named ? undefined : deps.summaryChannel;
  const lines = await Promise.all([
    ...(slack ? [examineSlack({ self: slack.self, clock, log }, clusters, summaryChannel)] : []),
    examineClient(deps),
    examineRecords(deps),
    within(deps, examineConfiguration(deps), () => []),
    within(deps, examineNetwork(deps, clusters), () => []),
    ...destinationsOf(deps, clusters, named).map((name) => examineDestination(deps, name)),
    within(deps, examineRetention(deps, clusters), () => []),
    within(deps, examineDrills(deps, clusters), ({ detail }) => {
      return [doctorLine('drill.tools-unusable', { detail })];
    }),
    within(deps, examinePeople(deps, clusters), (why) => {
      return [doctorLine('people.unreadable', { count: deps.fleet.people.length, why })];
    }),
    ...clusters.map((cluster) => examineCluster(deps, cluster)),
    ...examinePolicies(clusters),
  ]);
  return worstFirst(lines.flat());
}

/** What works as it is configured, and would be missed at 3 a.m. */
function examinePolicies(clusters: readonly ClusterPolicy[]): readonly DoctorLine[] {
  const { onNodeOnly, withoutOwners } = policyGaps(clusters);
  return [
    ...(onNodeOnly.length > 0 ? [doctorLine('files.on-node-only', { clusters: onNodeOnly })] : []),
    ...(withoutOwners.length > 0 ? [doctorLine('owners.none', { clusters: withoutOwners })] : []),
  ];
}

/** What keeps old backups from being removed is reported once in a message; doctor shows it for as long as it lasts. */
async function examineRetention(
  deps: Examination,
  clusters: readonly ClusterPolicy[],
): Promise<readonly DoctorLine[]> {
  const found = await Promise.all(
    clusters.map(async ({ name: cluster }) => {
      const found = await retentionStopOf(deps, cluster);
      return found ? [doctorLine('retention.stopped', { cluster, ...found })] : [];
    }),
  );
  return found.flat();
}

function examineClient(deps: Examination): Promise<readonly DoctorLine[]> {
  const { path } = deps.client;
  return lookedAt(
    deps,
    deps.client.version(),
    (version) => doctorLine('client.usable', { path, version }),
    (why) =>
      why.reason === 'absent'
        ? doctorLine('client.absent', { path })
        : doctorLine('client.unusable', { path, why }),
  );
}

function examineRecords(deps: Examination): Promise<readonly DoctorLine[]> {
  const probing = deps.records.probe({ now: deps.clock.now() }).then(
    () => doctorLine('records.writable', {}),
    (error: unknown) => doctorLine('records.unwritable', { detail: textOf(error) }),
  );
  return within(deps, probing, ({ detail }) => doctorLine('records.unwritable', { detail }));
}

/** With no cluster named all of the configuration: backups of earlier days lie also where no cluster copies to now. */
function destinationsOf(
  { offCluster }: Examination,
  clusters: readonly ClusterPolicy[],
  named: boolean,
): readonly string[] {
  const used = clusters.flatMap(({ copies = [] }) => copies.map(({ destination }) => destination));
  return [...new Set([...(named ? [] : (offCluster?.names ?? [])), ...used])];
}

/**
 * Whether it is the place that the records mean, and takes files. Nothing is written where something else is reached: not even
 * a file of a few bytes that is removed again.
 */
async function examineDestination(deps: Examination, destination: string): Promise<readonly DoctorLine[]> {
  const { offCluster } = deps;
  if (!offCluster) return [];
  const looking = lookAtPlace({ ...deps, destinations: offCluster.destinations }, destination);
  const place = await within(deps, looking.then(placeLine), ({ detail }) =>
    doctorLine('place.not-looked-at', { destination, detail }),
  );
  if (place.some(({ state }) => state === 'bad')) return place;
  return [...(await examineWrites(deps, destination)), ...place];
}

async function examineWrites(deps: Examination, destination: string): Promise<readonly DoctorLine[]> {
  const found = deps.offCluster?.destinations.get(destination);
  if (!found) return [];
  const at = { destination, place: redact(found.label) };
  const checking = lookAtDestination(found).then((looked) =>
    'problem' in looked
      ? [doctorLine('destination.broken', { ...at, detail: looked.problem })]
      : [
          doctorLine('destination.works', at),
          ...looked.notes.map((note) => doctorLine(`destination.${note}`, { destination })),
        ],
  );
  return within(deps, checking, ({ detail }) => doctorLine('destination.broken', { ...at, detail }));
}

function placeLine({ destination, place, state, seen }: PlaceLook): DoctorLine {
  const detail = 'detail' in seen ? seen.detail : '';
  switch (state) {
    case 'known':
    case 'new':
      return doctorLine(`place.${state}`, { destination });
    case 'absent':
    case 'different':
    case 'adopt-needed':
      return doctorLine(`place.${state}`, { destination, kind: place?.kind ?? 'directory' });
    case 'unreadable':
      return doctorLine('place.unreadable', { destination, detail });
    case 'unreachable':
      return doctorLine('place.not-looked-at', { destination, detail });
  }
}

function examineCluster(deps: Examination, cluster: ClusterPolicy): Promise<readonly DoctorLine[]> {
  const examining = deps.clusters.access(cluster).then((access) => judgeClusterAccess(cluster, access));
  return within(deps, examining, (why) => doctorLine('api.unreachable', { cluster: cluster.name, why }));
}
