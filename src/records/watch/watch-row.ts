import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { ReleaseState } from '../../domain/cluster/release.ts';
import type { MessagePlace } from '../../domain/people/message-place.ts';
import type { Pause } from '../../domain/policy/pause.ts';
import type { RetryReason } from '../../domain/run/retry-origin.ts';
import type {
  ClusterWatch,
  Reminder,
  ScheduleRetry,
  ScheduleWatch,
  SeenVersion,
  UpdateAlarm,
} from '../../domain/watch/cluster-watch.ts';
import type { WatchesTable, WatchMessagesTable } from '../engine/schema.ts';

/** Rises when the JSON of a watch changes in a way that older programs would misread. */
const watchFormat = 1;

export type WatchRow = Pick<Selectable<WatchesTable>, 'cluster' | 'format' | 'watch'>;
export type MessageRow = Pick<Selectable<WatchMessagesTable>, 'id' | 'channel' | 'ts'>;

/** Keys that a value always has, be it with undefined; a key that may be missing (`key?:`) says so by being absent. */
type Valueless<T> = T extends unknown
  ? {
      [Key in keyof T]-?: undefined extends T[Key] ? (object extends Pick<T, Key> ? never : Key) : never;
    }[keyof T]
  : never;

/** JSON drops fields that are undefined; what was read has them all the same, so that it equals what was written. */
function whole<T extends object>(absent: Readonly<Record<Valueless<T>, undefined>>): (read: object) => T {
  // The fields that were not looked at are as this program wrote them.
  return (read) => ({ ...absent, ...read }) as T;
}

const release = z.looseObject({ version: z.string(), image: z.string() });
const at = z.number();

const silence = z
  .looseObject({
    since: at,
    why: z.looseObject({ reason: z.string() }),
    told: z.literal(true).optional(),
  })
  .transform(({ told, ...read }) => ({ ...read, ...(told ? { reported: told } : {}) }));

const state = z
  .discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('settled'), release, since: at.optional() }),
    z.looseObject({
      kind: z.literal('updating'),
      from: release.optional(),
      to: release,
      since: at.optional(),
      failing: z.boolean(),
      arrived: z.boolean(),
    }),
  ])
  .transform((read) =>
    read.kind === 'settled'
      ? whole<Extract<ReleaseState, { kind: 'settled' }>>({ since: undefined })(read)
      : whole<Extract<ReleaseState, { kind: 'updating' }>>({ since: undefined, from: undefined })(read),
  );

const seen = z
  .looseObject({ at, clusterId: z.string(), state, requested: release.optional() })
  .transform(whole<SeenVersion>({ requested: undefined }));

const end = z.looseObject({ kind: z.string(), at });

const reminder = z
  .looseObject({
    id: z.string(),
    from: release.optional(),
    to: release,
    openedAt: at,
    findings: z.array(z.looseObject({ code: z.string(), outcome: z.string() })).optional(),
    checkedAt: at.optional(),
    nags: z.number(),
    nextNagAt: at.optional(),
    end: end.optional(),
  })
  .transform(({ nags, nextNagAt, ...read }) =>
    whole<Reminder>({
      from: undefined,
      findings: undefined,
      checkedAt: undefined,
      nextRepeatAt: undefined,
      end: undefined,
      message: undefined,
    })({ ...read, repeats: nags, nextRepeatAt: nextNagAt }),
  );

const alarm = z
  .looseObject({
    id: z.string(),
    from: release,
    to: release,
    phase: z.enum(['requested', 'begun'] satisfies UpdateAlarm['phase'][]),
    failing: z.boolean(),
    openedAt: at,
    backupTakenAt: at.optional(),
    end: end.optional(),
  })
  .transform(whole<UpdateAlarm>({ backupTakenAt: undefined, end: undefined, message: undefined }));

const retry = z
  .looseObject({
    slot: at,
    from: at,
    endsAt: at,
    made: z.number(),
    of: z.number(),
    nextAt: at.optional(),
    after: z.string(),
    because: z.looseObject({ kind: z.enum(['failed', 'blocked'] satisfies RetryReason['kind'][]) }),
    nodes: z.array(z.string()),
    avoid: z.array(z.string()),
  })
  .transform(whole<ScheduleRetry>({ nextAt: undefined }));

const schedule = z
  .looseObject({
    rule: z.string(),
    lastSlot: at.optional(),
    next: z.looseObject({ slot: at, startAt: at }).optional(),
    judgedRun: z.string().optional(),
    openRun: z.string().optional(),
    failures: z.number(),
    retry: retry.optional(),
  })
  .transform(
    whole<ScheduleWatch>({
      lastSlot: undefined,
      next: undefined,
      judgedRun: undefined,
      openRun: undefined,
    }),
  );

const who = z.looseObject({ slackUser: z.string(), clusterUser: z.string() });

const pause = z
  .looseObject({
    id: z.string(),
    openedAt: at,
    by: who,
    reason: z.string(),
    until: at,
    since: at.optional(),
    approvedBy: who.optional(),
    expiresAt: at.optional(),
    end: end.optional(),
  })
  .transform(
    whole<Pause>({
      since: undefined,
      approvedBy: undefined,
      expiresAt: undefined,
      resumeAsked: undefined,
      end: undefined,
      message: undefined,
    }),
  );

/** Our own data: checked as far as the watch's decisions depend on it. */
const trusted = z
  .looseObject({
    cluster: z.string(),
    seen: seen.optional(),
    silent: silence.optional(),
    settled: z.looseObject({ release, clusterId: z.string(), since: at, arrival: z.string() }).optional(),
    reminder: reminder.optional(),
    alarm: alarm.optional(),
    earlier: z.array(
      z.discriminatedUnion('kind', [
        z.looseObject({ kind: z.literal('reminder'), reminder }),
        z.looseObject({ kind: z.literal('alarm'), alarm }),
      ]),
    ),
    schedule: schedule.optional(),
    pauses: z.array(pause).optional(),
    previewBackups: z.boolean().optional(),
    topology: z.string().optional(),
    credentials: z
      .looseObject({
        life: z.looseObject({ endsAt: at, since: at.optional() }).optional(),
        warned: z.number().optional(),
        refused: z.literal(true).optional(),
      })
      .optional(),
  })
  .transform(
    whole<ClusterWatch>({
      seen: undefined,
      silent: undefined,
      settled: undefined,
      reminder: undefined,
      alarm: undefined,
      schedule: undefined,
      previewBackups: undefined,
    }),
  );

/**
 * Without the places of its messages, which only the sender knows. The writer of the row reads it again in the
 * same transaction: an unreadable one must never stay.
 */
export function toWatchRow(watch: ClusterWatch): WatchRow {
  return {
    cluster: watch.cluster,
    format: watchFormat,
    watch: JSON.stringify(underStoredNames(withMessages(watch, []))),
  };
}

/** The JSON keeps the names of the first format, so that older and newer versions of the program read it. */
function underStoredNames({ silent, reminder, earlier, ...rest }: ClusterWatch) {
  return {
    ...rest,
    silent: silent && { since: silent.since, why: silent.why, told: silent.reported },
    reminder: reminder && storedReminder(reminder),
    earlier: earlier.map((each) =>
      each.kind === 'reminder' ? { ...each, reminder: storedReminder(each.reminder) } : each,
    ),
  };
}

function storedReminder({ repeats, nextRepeatAt, ...rest }: Reminder) {
  return { ...rest, nags: repeats, nextNagAt: nextRepeatAt };
}

/**
 * Equal to what was written, field by field, with those that are undefined; below a finding such fields are absent.
 * Throws an error that names the row when it holds no watch that this program can trust.
 */
export function fromWatchRow(row: WatchRow, messages: readonly MessageRow[]): ClusterWatch {
  if (row.format !== watchFormat) {
    throw unreadable(
      row,
      `it has format ${row.format}, this program reads format ${watchFormat}: ` +
        'a newer version of the program wrote it; start that version',
    );
  }
  const read = trusted.safeParse(jsonOf(row));
  if (!read.success) throw unreadable(row, z.prettifyError(read.error).replaceAll('\n', ' '));
  if (read.data.cluster !== row.cluster) {
    throw unreadable(row, `its JSON says ${read.data.cluster}; its column says otherwise`);
  }
  return withMessages(read.data, messages);
}

function withMessages(watch: ClusterWatch, messages: readonly MessageRow[]): ClusterWatch {
  const placed = <T extends { readonly id: string }>(part: T): T & { message: MessagePlace | undefined } => {
    const found = messages.find(({ id }) => id === part.id);
    return { ...part, message: found && { channel: found.channel, ts: found.ts } };
  };
  const { reminder, alarm, earlier, pauses } = watch;
  return {
    ...watch,
    ...(pauses ? { pauses: pauses.map(placed) } : {}),
    reminder: reminder && placed(reminder),
    alarm: alarm && placed(alarm),
    earlier: earlier.map((each) =>
      each.kind === 'reminder'
        ? { ...each, reminder: placed(each.reminder) }
        : { ...each, alarm: placed(each.alarm) },
    ),
  };
}

function jsonOf(row: WatchRow): unknown {
  try {
    return JSON.parse(row.watch);
  } catch (cause) {
    throw unreadable(row, 'it holds no JSON', cause);
  }
}

function unreadable(row: WatchRow, what: string, cause?: unknown): Error {
  return new Error(
    `row ${JSON.stringify(row.cluster)} of table watches cannot be read as a cluster's watch: ${what}. ` +
      'Restore the records from a copy, or take the row and those that refer to it out by hand.',
    { cause },
  );
}
