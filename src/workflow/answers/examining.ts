import type { Reading, Unreadable } from '../../domain/cluster/reading.ts';
import type { DoctorLine } from '../../domain/doctor/doctor.ts';
import type { NetworkWay } from '../../domain/network/network-way.ts';
import type { Fleet } from '../../domain/policy/policy.ts';
import type { ConfigStatus } from '../ports/configuration.ts';
import type { OffCluster } from '../ports/copy-ports.ts';
import { withDeadline } from '../ports/deadline.ts';
import type { ClientTool, Clock, ClusterReader, Log, SlackPeople, SlackSelf } from '../ports/ports.ts';
import type { Records } from '../ports/records.ts';

/** What the doctor looks through: a part of the bot's own dependencies, or what a terminal has of them. */
export interface Examination {
  readonly offCluster?: OffCluster;
  readonly records: Pick<Records, 'probe' | 'place' | 'storedCopies' | 'runs' | 'watch' | 'bots'>;
  readonly fleet: Fleet;
  /** undefined: what is looked at is the configuration on disk itself. */
  readonly configuration?: () => ConfigStatus;
  readonly clusters: Pick<ClusterReader, 'access'>;
  /** undefined: there is no way to Slack, and nothing of it is looked at. */
  readonly slack: { readonly people: SlackPeople; readonly self: SlackSelf } | undefined;
  readonly ways?: () => Promise<readonly NetworkWay[]>;
  readonly client: ClientTool;
  readonly summaryChannel?: string;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
}

/** Longer than one call's usual deadline, so that the call itself can say why it had no answer. */
const examinationMs = 20_000;

export function lookedAt<T>(
  deps: Pick<Examination, 'clock' | 'log'>,
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

/** Ends in time and never rejects: timeouts and unexpected errors are reported as reasons. */
export async function within(
  deps: Pick<Examination, 'clock' | 'log'>,
  examining: Promise<DoctorLine | readonly DoctorLine[]>,
  otherwise: (why: Unreadable) => DoctorLine | readonly DoctorLine[],
): Promise<readonly DoctorLine[]> {
  const found = examining.catch((error: unknown) => {
    deps.log.error({ err: error }, 'an examination by the doctor failed');
    return otherwise({ reason: 'malformed', detail: textOf(error) });
  });
  const examined = await withDeadline(deps.clock, examinationMs, found);
  const late = { reason: 'timeout', detail: `no answer within ${examinationMs / 1000} s` } as const;
  return [examined.inTime ? examined.value : otherwise(late)].flat();
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
