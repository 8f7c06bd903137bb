import type { Selectable } from 'kysely';
import type { AuditEvent, AuditLine } from '../../domain/people/audit.ts';
import type { AuditTable, Database, Write } from '../engine/schema.ts';
import { nextAuditLine } from './audit-hash.ts';

/** The caller holds the run's row: two writers cannot both follow the same line. */
export async function appendAudit(trx: Write, runId: string, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  const last = await trx
    .selectFrom('audit')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  let previous = last && toLine(last);
  for (const event of events) {
    const line = nextAuditLine(runId, event, previous);
    await trx.insertInto('audit').values(toAuditRow(line)).execute();
    previous = line;
  }
}

export async function readAuditLines(db: Database, runId: string): Promise<readonly AuditLine[]> {
  const rows = await db.selectFrom('audit').selectAll().where('run_id', '=', runId).orderBy('seq').execute();
  return rows.map(toLine);
}

function toAuditRow(line: AuditLine): Selectable<AuditTable> {
  return {
    run_id: line.runId,
    seq: line.seq,
    at: line.at,
    actor: JSON.stringify(line.actor),
    action: line.action,
    detail: JSON.stringify(line.detail),
    previous_hash: line.previousHash,
    hash: line.hash,
  };
}

/** Not judged here: `verifyAuditChain` finds whatever was changed. */
function toLine(row: Selectable<AuditTable>): AuditLine {
  try {
    return {
      at: row.at,
      actor: JSON.parse(row.actor) as AuditLine['actor'],
      action: row.action as AuditLine['action'],
      detail: JSON.parse(row.detail) as AuditLine['detail'],
      runId: row.run_id,
      seq: row.seq,
      previousHash: row.previous_hash,
      hash: row.hash,
    };
  } catch (cause) {
    throw new Error(`line ${row.seq} of run ${row.run_id} in table audit holds no JSON: it was changed`, {
      cause,
    });
  }
}
