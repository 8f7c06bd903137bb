import type { Selectable } from 'kysely';
import { type PlaceEvent, type PlaceLine, placeLineText } from '../../domain/copies/place-audit.ts';
import type { PlaceTrouble } from '../../domain/copies/place-state.ts';
import type { BackupRun } from '../../domain/run/run.ts';
import type { PlaceAudit, PlaceChange, PlaceRecord, StoredCopies } from '../../workflow/ports/records.ts';
import { brokenAt, chainedAfter } from '../engine/hash-chain.ts';
import {
  type Database,
  type DestinationAuditTable,
  type DestinationsTable,
  type RunsTable,
  type Write,
  write,
} from '../engine/schema.ts';
import { aboutCluster, appendNotices } from '../outbox/outbox.ts';
import { fromRow } from '../runs/run-row.ts';

export async function place(db: Database, destination: string): Promise<PlaceRecord | undefined> {
  const row = await db
    .selectFrom('destinations')
    .selectAll()
    .where('name', '=', destination)
    .executeTakeFirst();
  return row && toPlace(row);
}

interface Input {
  readonly destination: string;
  readonly now: number;
  readonly decision: (place: PlaceRecord | undefined) => PlaceChange | undefined;
}

export function decidePlace(db: Database, input: Input): Promise<PlaceRecord | undefined> {
  return write(db, async (trx) => {
    const before = await place(trx, input.destination);
    const change = input.decision(before);
    if (!change || !(await inform(trx, change, input.now))) return before;
    const after = { ...unknownPlace(input.destination), ...before, ...change.set };
    const { name, ...values } = toRow(after);
    await trx
      .insertInto('destinations')
      .values({ name, ...values })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .execute();
    await appendLines(trx, name, change.audit);
    return after;
  });
}

/** False: no cluster that could carry the message is watched yet. */
async function inform(trx: Write, { inform: message }: PlaceChange, now: number): Promise<boolean> {
  if (!message || message.slackUsers.length === 0) return true;
  const rows = await trx
    .selectFrom('watches')
    .select('cluster')
    .where('cluster', 'in', message.clusters)
    .execute();
  const cluster = message.clusters.find((name) => rows.some((row) => row.cluster === name));
  if (cluster === undefined) return false;
  const notices = message.slackUsers.map(
    (slackUser) => ({ kind: 'owner', slackUser, say: message.say }) as const,
  );
  await appendNotices(trx, aboutCluster(cluster, notices), now);
  return true;
}

function unknownPlace(destination: string): PlaceRecord {
  return { destination, id: undefined, since: undefined, trouble: undefined };
}

function toPlace(row: Selectable<DestinationsTable>): PlaceRecord {
  const { trouble, trouble_at: at } = row;
  return {
    destination: row.name,
    id: row.marker_id ?? undefined,
    since: row.known_since ?? undefined,
    trouble: trouble === null || at === null ? undefined : { state: trouble as PlaceTrouble, at },
  };
}

function toRow({ destination, id, since, trouble }: PlaceRecord): Selectable<DestinationsTable> {
  return {
    name: destination,
    marker_id: id ?? null,
    known_since: since ?? null,
    trouble: trouble?.state ?? null,
    trouble_at: trouble?.at ?? null,
  };
}

/** The caller holds the write lock: two writers cannot both follow the same line. */
async function appendLines(trx: Write, destination: string, events: readonly PlaceEvent[]): Promise<void> {
  if (events.length === 0) return;
  const last = await linesOf(trx, destination).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  let previous = last && toLine(last);
  for (const event of events) {
    previous = chainedAfter({ ...event, destination }, previous, placeLineText);
    await trx.insertInto('destination_audit').values(toLineRow(previous)).execute();
  }
}

export async function placeAudit(db: Database, destination: string): Promise<PlaceAudit> {
  const lines = (await linesOf(db, destination).orderBy('seq').execute()).map(toLine);
  const broken = brokenAt(lines, placeLineText);
  return { lines, chain: broken === undefined ? { ok: true } : { ok: false, brokenAt: broken } };
}

function linesOf(db: Database, destination: string) {
  return db.selectFrom('destination_audit').selectAll().where('destination', '=', destination);
}

function toLineRow(line: PlaceLine): Selectable<DestinationAuditTable> {
  return {
    destination: line.destination,
    seq: line.seq,
    at: line.at,
    actor: JSON.stringify(line.actor),
    action: line.action,
    detail: JSON.stringify(line.detail),
    previous_hash: line.previousHash,
    hash: line.hash,
  };
}

/** Not judged here: the hash chain finds whatever was changed. */
function toLine(row: Selectable<DestinationAuditTable>): PlaceLine {
  return {
    destination: row.destination,
    seq: row.seq,
    at: row.at,
    actor: jsonOf(row, row.actor) as PlaceLine['actor'],
    action: row.action as PlaceLine['action'],
    detail: jsonOf(row, row.detail) as PlaceLine['detail'],
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

function jsonOf(row: Selectable<DestinationAuditTable>, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const which = `line ${row.seq} of destination ${row.destination} in table destination_audit`;
    throw new Error(`${which} holds no JSON: it was changed`, { cause });
  }
}

const page = 200;

export async function storedCopies(db: Database, destination: string): Promise<StoredCopies> {
  const copies: { key: string; size: number }[] = [];
  let unreadable = 0;
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('runs')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(page)
      .execute();
    for (const row of rows) {
      const run = readable(row);
      if (!run) unreadable += 1;
      for (const { destination: at, key, stored } of run?.success?.copies ?? []) {
        if (at === destination && stored) copies.push({ key, size: stored.size });
      }
    }
    const last = rows.at(-1);
    if (!last) return { copies, unreadable };
    after = last.id;
  }
}

function readable(row: Selectable<RunsTable>): BackupRun | undefined {
  try {
    return fromRow(row);
  } catch {
    return undefined;
  }
}
