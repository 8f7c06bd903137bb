import type { AuditAnswer } from '../../workflow/access/backups.ts';

/** A run's whole record as JSON for an auditor: the run in its current state, each line with its hash, and what the check found. */
export function auditFile(answer: Extract<AuditAnswer, { outcome: 'audit' }>): {
  name: string;
  content: string;
} {
  const { run, lines, brokenAt, endsAsTheRun } = answer;
  const record = {
    format: 'etcd-backup-audit/1',
    hashOf:
      'sha256 of previousHash followed by the line as JSON: [runId, seq, previousHash, at, actor, action, detail]',
    check: {
      chainWhole: brokenAt === undefined,
      ...(brokenAt === undefined ? {} : { brokenAt }),
      endsAsTheRun,
    },
    run,
    lines: lines.map((line) => ({ ...line, time: new Date(line.at).toISOString() })),
  };
  return { name: `etcd-backup-audit-${run.id}.json`, content: `${JSON.stringify(record, undefined, 2)}\n` };
}
