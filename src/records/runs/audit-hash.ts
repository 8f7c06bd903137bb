import { type AuditEvent, type AuditLine, auditText } from '../../domain/people/audit.ts';
import { brokenAt, chainedAfter } from '../engine/hash-chain.ts';

/** The line that follows `previous` in the record of run `runId`; `previous` undefined: the first one. */
export function nextAuditLine(runId: string, event: AuditEvent, previous: AuditLine | undefined): AuditLine {
  return chainedAfter({ ...event, runId }, previous, auditText);
}

/**
 * Checks the whole record of one run, in order. `brokenAt`: number of the first line that was changed, removed,
 * added or moved, counted from 1. Lines cut off at the end leave a whole chain: only a copy elsewhere
 * (the thread in Slack) shows those.
 */
export function verifyAuditChain(
  lines: readonly AuditLine[],
): { readonly ok: true } | { readonly ok: false; readonly brokenAt: number } {
  const foreign = lines.findIndex(({ runId }) => runId !== lines[0]?.runId);
  const broken = brokenAt(lines, auditText) ?? Number.POSITIVE_INFINITY;
  const first = Math.min(broken, foreign === -1 ? Number.POSITIVE_INFINITY : foreign + 1);
  return first === Number.POSITIVE_INFINITY ? { ok: true } : { ok: false, brokenAt: first };
}
