import { judgeStanding } from '../domain/cluster-standing.ts';
import { type DoctorLine, doctorLine, worstFirst } from '../domain/doctor.ts';
import type { ClusterPolicy } from '../domain/policy.ts';
import type { Reading, Unreadable } from '../domain/reading.ts';
import { admit, meantCluster, wrongChannel } from './admission.ts';
import type { Asked, DoctorAnswer } from './backups.ts';
import { destinationProblem } from './check-destinations.ts';
import type { WorkflowDeps } from './deps.ts';
import { examinePeople } from './examine-people.ts';

/** Longer than one call's usual deadline, so that the call itself can say why it had no answer. */
const examinationMs = 20_000;

/** Looks at all that the bot needs, everything at once; what does not answer in time becomes a line, never an error. */
export async function examine(
  deps: WorkflowDeps,
  asked: Asked,
  input: { cluster: string | undefined },
): Promise<DoctorAnswer> {
  const admitted = await admit(deps, asked);
  if (!admitted.ok) return admitted.answer;
  const chosen = chooseClusters(deps, asked, input.cluster);
  if ('answer' in chosen) return chosen.answer;
  const { clusters } = chosen;
  const lines = await Promise.all([
    examineScopes(deps),
    examineClient(deps),
    examineRecords(deps),
    ...destinationsOf(clusters).map((name) => examineDestination(deps, name)),
    within(deps, examinePeople(deps, clusters), (why) => {
      return [doctorLine('people.unreadable', { count: deps.fleet.people.length, why })];
    }),
    ...clusters.flatMap((cluster) => [examineChannel(deps, cluster), examineCluster(deps, cluster)]),
  ]);
  return {
    outcome: 'examined',
    cluster: input.cluster && clusters[0]?.name,
    lines: worstFirst(lines.flat()),
  };
}

/** Unlike elsewhere, no name means all: one look must show whatever is wrong. */
function chooseClusters(
  { fleet }: WorkflowDeps,
  asked: Asked,
  name: string | undefined,
): { readonly clusters: readonly ClusterPolicy[] } | { readonly answer: DoctorAnswer } {
  if (name === undefined) {
    return { clusters: fleet.clusters.filter((each) => wrongChannel(each, asked.channel) === undefined) };
  }
  const meant = meantCluster(fleet, name, asked.channel);
  if ('question' in meant) return { answer: meant.question };
  const elsewhere = wrongChannel(meant.cluster, asked.channel);
  return elsewhere ? { answer: elsewhere } : { clusters: [meant.cluster] };
}

function examineScopes(deps: WorkflowDeps): Promise<readonly DoctorLine[]> {
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

function examineChannel(deps: WorkflowDeps, policy: ClusterPolicy): Promise<readonly DoctorLine[]> {
  const at = { cluster: policy.name, channel: policy.channel };
  const { botName } = deps.self;
  return lookedAt(
    deps,
    deps.self.channel(policy.channel),
    (standing) => {
      if (standing === 'member' || standing === 'archived') return doctorLine(`channel.${standing}`, at);
      return doctorLine(`channel.${standing}`, { ...at, botName });
    },
    (why) => doctorLine('channel.unreadable', { ...at, why }),
  );
}

function examineClient(deps: WorkflowDeps): Promise<readonly DoctorLine[]> {
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

function examineRecords(deps: WorkflowDeps): Promise<readonly DoctorLine[]> {
  const probing = deps.records.probe({ now: deps.clock.now() }).then(
    () => doctorLine('records.writable', {}),
    (error: unknown) => doctorLine('records.unwritable', { detail: textOf(error) }),
  );
  return within(deps, probing, ({ detail }) => doctorLine('records.unwritable', { detail }));
}

function destinationsOf(clusters: readonly ClusterPolicy[]): readonly string[] {
  return [...new Set(clusters.flatMap(({ copies = [] }) => copies.map(({ destination }) => destination)))];
}

async function examineDestination(deps: WorkflowDeps, destination: string): Promise<readonly DoctorLine[]> {
  const found = deps.offCluster?.destinations.get(destination);
  if (!found) return [];
  const at = { destination, place: found.label };
  const checking = destinationProblem(found).then((detail) =>
    detail === undefined
      ? doctorLine('destination.works', at)
      : doctorLine('destination.broken', { ...at, detail }),
  );
  return within(deps, checking, ({ detail }) => doctorLine('destination.broken', { ...at, detail }));
}

function examineCluster(deps: WorkflowDeps, cluster: ClusterPolicy): Promise<readonly DoctorLine[]> {
  const examining = deps.clusters.standing(cluster).then((standing) => judgeStanding(cluster, standing));
  return within(deps, examining, (why) => doctorLine('api.unreachable', { cluster: cluster.name, why }));
}

function lookedAt<T>(
  deps: WorkflowDeps,
  reading: Promise<Reading<T>>,
  good: (value: T) => DoctorLine,
  bad: (why: Unreadable) => DoctorLine,
): Promise<readonly DoctorLine[]> {
  return within(
    deps,
    reading.then((read) => (read.ok ? good(read.value) : bad(read.why))),
    bad,
  );
}

/** Ends in time and never rejects: lateness and surprises are told as reasons. */
async function within(
  deps: WorkflowDeps,
  examining: Promise<DoctorLine | readonly DoctorLine[]>,
  otherwise: (why: Unreadable) => DoctorLine | readonly DoctorLine[],
): Promise<readonly DoctorLine[]> {
  const timer = new AbortController();
  const late = deps.clock.sleep(examinationMs, timer.signal).then(() => {
    return otherwise({ reason: 'timeout', detail: `no answer within ${examinationMs / 1000} s` });
  });
  const found = examining.catch((error: unknown) => {
    deps.log.error({ err: error }, 'an examination by the doctor failed');
    return otherwise({ reason: 'malformed', detail: textOf(error) });
  });
  const lines = await Promise.race([found, late]);
  timer.abort();
  return [lines].flat();
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
