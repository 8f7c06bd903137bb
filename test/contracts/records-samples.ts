import assert from 'node:assert/strict';
import type { AuditAction, AuditEvent } from '../../src/domain/people/audit.ts';
import type { Person } from '../../src/domain/people/person.ts';
import type { Notice } from '../../src/domain/run/notice.ts';
import type { BackupRun, RunStatus, Vote } from '../../src/domain/run/run.ts';
import type { Claim, Records, RunChange } from '../../src/workflow/ports/records.ts';
import { aRun } from '../support/runs.ts';

/** What a database offers the suite. `reopen` opens it once more beside whatever is open; `close` closes all and removes it. */
export interface Store {
  readonly records: Records;
  reopen(): Promise<Records>;
  close(): Promise<void>;
}
export type OpenStore = () => Promise<Store>;

/** Hands a fresh store to `work` and removes it whatever happens. */
export async function withStore(open: OpenStore, work: (store: Store) => Promise<void>): Promise<void> {
  const store = await open();
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

export const t0 = Date.UTC(2026, 0, 15, 3, 0, 0);
/** When everything that the samples date has been for long. */
export const later = t0 + 10 * 86_400_000;
export const leaseMs = 30_000;

export const requester: Person = { slackUser: 'U0REQUESTER', clusterUser: 'requester' };
export const approver: Person = { slackUser: 'U0APPROVER', clusterUser: 'approver' };

export function requestedRun(id: string, cluster: string, fields: Partial<BackupRun> = {}): BackupRun {
  return aRun({
    id,
    cluster,
    requester,
    reason: 'before the network change',
    askedIn: 'C0OPS',
    requestedAt: t0,
    ...fields,
  });
}

export function event(action: AuditAction, at: number, detail: Record<string, string> = {}): AuditEvent {
  return { at, actor: { kind: 'person', ...requester }, action, detail };
}

export function vote(at: number, person: Person = approver): Vote {
  return { person, decision: 'approve', reason: undefined, at, status: 'pending' };
}

export const cardNotice: Notice = { kind: 'card' };

export function threadNotice(at: number): Notice {
  return { kind: 'thread', entry: { type: 'step', step: 'verifying', at, detail: undefined } };
}

export function change(
  set: RunChange['set'],
  rest: { audit?: readonly AuditEvent[]; notices?: readonly Notice[] } = {},
): RunChange {
  return { set, audit: rest.audit ?? [], notices: rest.notices ?? [] };
}

/** Puts a run on record that must be accepted. */
export async function accepted(
  records: Records,
  id: string,
  cluster = 'prod-east',
  more: { run?: Partial<BackupRun>; audit?: readonly AuditEvent[]; notices?: readonly Notice[] } = {},
): Promise<BackupRun> {
  const run = requestedRun(id, cluster, more.run);
  const answer = await records.accept({
    run,
    deliveryId: `delivery-of-${id}`,
    audit: more.audit ?? [],
    notices: more.notices ?? [],
  });
  assert.equal(answer.outcome, 'accepted');
  return run;
}

export async function claimed(records: Records, now: number, owner = 'worker-1'): Promise<Claim> {
  const claim = await records.claim({ owner, now, monotonic: now, leaseMs });
  assert.ok(claim, 'a run is due and free');
  return claim;
}

/** Leads a fresh run to `status` on legal ways, through a worker that gives it back. */
export async function lead(records: Records, ...statuses: readonly RunStatus[]): Promise<BackupRun> {
  const claim = await claimed(records, t0, 'leader');
  let run = claim.run;
  for (const status of statuses) run = await records.advance(claim, change({ status }));
  await records.release(claim);
  return run;
}

/** Takes and sends everything that is sendable now; what it was, in order. */
export async function sendAll(records: Records, now: number): Promise<string[]> {
  const sent: string[] = [];
  for (let item = await records.takeNotice({ now }); item; item = await records.takeNotice({ now })) {
    const { notice } = item;
    const at = notice.kind === 'thread' && notice.entry.type === 'step' ? `+${notice.entry.at - t0}` : '';
    sent.push(
      `${'runId' in item ? item.runId : 'cluster' in item ? item.cluster : item.about} ${notice.kind}${at}`,
    );
    await records.noticeSent(item.id, { now, ts: '1.1' });
  }
  return sent;
}
