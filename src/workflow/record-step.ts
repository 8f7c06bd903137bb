import type { RunStep } from '../domain/run.ts';
import { auditEvent } from './audit-events.ts';
import type { RunWork } from './run-work.ts';

/** Puts the next intent on record, with the messages it causes; throws ClaimLostError when somebody else works on the run. */
export async function recordStep(work: RunWork, step: RunStep): Promise<void> {
  work.signal.throwIfAborted();
  const now = work.deps.clock.now();
  const started = auditEvent(now, 'bot', 'started', { node: work.plan.node, directory: work.plan.directory });
  await work.deps.records.advance(work.claim, (run) => ({
    set: { status: 'running', step, startedAt: run.startedAt ?? now },
    audit: [...(run.startedAt === undefined ? [started] : []), auditEvent(now, 'bot', 'step', { step })],
    notices: [
      { kind: 'card' },
      { kind: 'thread', entry: { type: 'step', step, at: now, detail: undefined } },
    ],
  }));
  work.deps.wake();
}
