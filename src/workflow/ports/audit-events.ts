import type { Actor, AuditAction, AuditEvent } from '../../domain/people/audit.ts';
import type { Person } from '../../domain/people/person.ts';

export function byPerson(person: Person): Actor {
  return { kind: 'person', slackUser: person.slackUser, clusterUser: person.clusterUser };
}

export function auditEvent(
  at: number,
  actor: Actor | Person | 'bot',
  action: AuditAction,
  detail: Readonly<Record<string, string | undefined>> = {},
): AuditEvent {
  const kept = Object.entries(detail).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { at, actor: asActor(actor), action, detail: Object.fromEntries(kept) };
}

function asActor(actor: Actor | Person | 'bot'): Actor {
  if (actor === 'bot') return { kind: 'bot' };
  return 'kind' in actor ? actor : byPerson(actor);
}

/** The configuration's own word on a scheduled run: no person is asked. */
export function approvedBySchedule(at: number): AuditEvent {
  return auditEvent(at, 'bot', 'approved', { by: 'schedule policy' });
}
