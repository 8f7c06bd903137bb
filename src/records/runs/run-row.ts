import type { Selectable } from 'kysely';
import { z } from 'zod';
import { type BackupRun, dueAt, type Vote, workRank } from '../../domain/run/run.ts';
import type { RunsTable } from '../engine/schema.ts';
import { type Format1, fromFormat1 } from './run-format-1.ts';

export type RunRow = Selectable<RunsTable>;

/** Rises when the JSON of a run changes in a way that older programs would misread. */
const runFormat = 2;

const person = z.looseObject({ slackUser: z.string(), clusterUser: z.string() });

/** Our own data: checked only as far as queue, transitions and approvals depend on it. */
const trusted = z.looseObject({
  id: z.string(),
  cluster: z.string(),
  status: z.enum([
    'requested',
    'waiting',
    'approved',
    'running',
    'succeeded',
    'failed',
    'blocked',
    'refused',
    'rejected',
    'cancelled',
    'expired',
  ] satisfies BackupRun['status'][]),
  requester: person,
  requestedAt: z.number(),
  expiresAt: z.number().optional(),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  planRevision: z.number(),
  findings: z.array(z.looseObject({ code: z.string(), outcome: z.string() })),
  votes: z.array(
    // The JSON keeps the name of the first format.
    z
      .looseObject({
        person,
        decision: z.enum(['approve', 'reject']),
        standing: z.enum(['pending', 'counted', 'refused']),
      })
      .transform(({ standing, ...vote }) => ({ ...vote, status: standing })),
  ),
  plan: z.looseObject({ clusterId: z.string(), zStream: z.string(), node: z.string() }).optional(),
});

type Optional = Exclude<
  { [Key in keyof BackupRun]-?: undefined extends BackupRun[Key] ? Key : never }[keyof BackupRun],
  'nodeClock' | 'etcdMembers' | 'published' | 'papers' | 'abandoned'
>;

/** JSON drops fields that are undefined; a run that was read has them all the same. */
const absent: Record<Optional, undefined> = {
  reason: undefined,
  emergency: undefined,
  nodeWanted: undefined,
  plan: undefined,
  expiresAt: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  step: undefined,
  success: undefined,
  failed: undefined,
  endedBy: undefined,
  endReason: undefined,
  card: undefined,
  copyProgress: undefined,
};

export type RunColumns = Pick<
  RunRow,
  | 'id'
  | 'cluster'
  | 'status'
  | 'requested_at'
  | 'due_at'
  | 'work_rank'
  | 'format'
  | 'run'
  | 'card_channel'
  | 'card_ts'
>;

/** Throws when the run could not be read again: an unreadable row must never be written. */
export function toRow(run: BackupRun): RunColumns {
  const { card, ...rest } = run;
  const row = {
    id: run.id,
    cluster: run.cluster,
    status: run.status,
    requested_at: run.requestedAt,
    due_at: dueAt(run) ?? null,
    work_rank: workRank(run),
    format: runFormat,
    run: JSON.stringify({ ...rest, votes: rest.votes.map(storedVote) }),
    card_channel: card?.channel ?? null,
    card_ts: card?.ts ?? null,
  };
  fromRow(row);
  return row;
}

function storedVote({ status, ...vote }: Vote) {
  return { ...vote, standing: status };
}

/** Throws an error that names the row when it holds no run that this program can trust. */
export function fromRow(row: Omit<RunColumns, 'due_at' | 'work_rank' | 'requested_at'>): BackupRun {
  if (row.format !== runFormat && row.format !== 1) {
    throw unreadable(row.id, `it has format ${row.format}, this program reads formats 1 to ${runFormat}`);
  }
  const read = trusted.safeParse(jsonOf(row));
  if (!read.success) throw unreadable(row.id, z.prettifyError(read.error).replaceAll('\n', ' '));
  const { id, cluster, status } = read.data;
  if (id !== row.id || cluster !== row.cluster || status !== row.status) {
    throw unreadable(row.id, `its JSON says ${id}, ${cluster}, ${status}; its columns say otherwise`);
  }
  const card =
    row.card_channel !== null && row.card_ts !== null
      ? { channel: row.card_channel, ts: row.card_ts }
      : undefined;
  // The fields that were not looked at are as this program wrote them.
  const stored: unknown = { ...absent, ...read.data, card };
  return row.format === 1 ? fromFormat1(stored as Format1) : (stored as BackupRun);
}

function jsonOf(row: { id: string; run: string }): unknown {
  try {
    return JSON.parse(row.run);
  } catch (cause) {
    throw unreadable(row.id, 'it holds no JSON', cause);
  }
}

function unreadable(id: string, what: string, cause?: unknown): Error {
  return new Error(
    `row ${JSON.stringify(id)} of table runs cannot be read as a backup run: ${what}. ` +
      'Restore the records from a copy, or take the row out by hand.',
    { cause },
  );
}
