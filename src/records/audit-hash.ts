import { createHash } from 'node:crypto';
import { type AuditEvent, type AuditLine, auditText } from '../domain/audit.ts';

/** What the first line of every run is chained to. */
export const noPreviousHash = '0'.repeat(64);

/** The line that follows `previous` in the record of run `runId`; `previous` undefined: the first one. */
export function nextAuditLine(runId: string, event: AuditEvent, previous: AuditLine | undefined): AuditLine {
  const line = {
    ...event,
    runId,
    seq: (previous?.seq ?? 0) + 1,
    previousHash: previous?.hash ?? noPreviousHash,
  };
  return { ...line, hash: auditHash(line) };
}

function auditHash(line: Omit<AuditLine, 'hash'>): string {
  return createHash('sha256')
    .update(line.previousHash + auditText(line))
    .digest('hex');
}

/**
 * Checks the whole record of one run, in order. `brokenAt`: number of the first line that was changed, removed,
 * added or moved, counted from 1. Lines cut off at the end leave a whole chain: only a copy elsewhere
 * (the thread in Slack) shows those.
 */
export function verifyAuditChain(
  lines: readonly AuditLine[],
): { readonly ok: true } | { readonly ok: false; readonly brokenAt: number } {
  let previousHash = noPreviousHash;
  for (const [index, line] of lines.entries()) {
    const follows = line.seq === index + 1 && line.previousHash === previousHash;
    if (!follows || line.runId !== lines[0]?.runId || line.hash !== auditHash(line)) {
      return { ok: false, brokenAt: index + 1 };
    }
    previousHash = line.hash;
  }
  return { ok: true };
}
