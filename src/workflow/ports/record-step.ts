import type { RunStep, RunSuccess } from '../../domain/run/run.ts';
import { auditEvent } from './audit-events.ts';
import type { RunWork } from './run-work.ts';

/**
 * Puts the next intent on record, with the messages it causes; throws ClaimLostError when another process works on the run.
 * `success`: what is proven already.
 */
export async function recordStep(work: RunWork, step: RunStep, success?: RunSuccess): Promise<void> {
  work.signal.throwIfAborted();
  const now = work.deps.clock.now();
  const started = auditEvent(now, 'bot', 'started', { node: work.plan.node, directory: work.plan.directory });
  await work.deps.records.advance(work.claim, (run) => ({
    set: { status: 'running', step, startedAt: run.startedAt ?? now, ...(success ? { success } : {}) },
    audit: [...(run.startedAt === undefined ? [started] : []), auditEvent(now, 'bot', 'step', { step })],
    // The card shows the step; no person needs to be notified of each. The audit keeps them all.
    notices: [{ kind: 'card' }],
  }));
  work.deps.wake();
}

/** A run that another process began: the thread says when and from where it goes on. Nothing to say of one's own. */
export async function recordResumed(work: RunWork): Promise<void> {
  if (work.goesOnHere) return;
  const now = work.deps.clock.now();
  await work.deps.records.advance(work.claim, (run) => {
    const event = auditEvent(now, 'bot', 'resumed', { step: run.step });
    return {
      set: {},
      audit: [event],
      notices: [{ kind: 'card' }, { kind: 'thread', entry: { type: 'audit', event } }],
    };
  });
  work.deps.wake();
}
