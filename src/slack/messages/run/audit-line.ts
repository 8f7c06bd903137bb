import type { AuditEvent } from '../../../domain/people/audit.ts';
import type { Plan, PlanChange } from '../../../domain/preflight/plan.ts';
import { type RunStep, runSteps } from '../../../domain/run/run.ts';
import { join, type Markup, md } from '../kit/markup.ts';
import type { Tools } from '../kit/tools.ts';
import { refusalOf } from './vote-refusal.ts';
import { cardWords, threadWords } from './words.ts';

/** What happened, as one line in the run's thread. */
export function auditLine(event: AuditEvent, t: Tools): Markup {
  const thread = threadWords(t);
  const { at, detail } = event;
  switch (event.action) {
    case 'break-glass': {
      // An earlier version recorded them as notified before they were.
      const owners = listed(detail.owners ?? detail.toldOwners);
      return thread.breakGlass({ at, who: whoOf(event, t), why: detail.emergency ?? '', owners });
    }
    case 'owners-told':
      return thread.ownersNotified({ at, notified: listed(detail.told), missed: listed(detail.notTold) });
    case 'vote-refused':
      return thread.voteRefused({
        at,
        who: whoOf(event, t),
        decision: detail.decision === 'reject' ? 'reject' : 'approve',
        why: cardWords(t).voteRefused[refusalOf({ why: detail.why })],
        detail: detail.detail,
      });
    case 'plan-void': {
      const changes = changesIn(event, t);
      return thread.planVoid({ at, changes, voided: listed(detail.voidedApprovals) });
    }
    case 'handed-over':
      return thread.handedOver({ at, step: detail.step });
    case 'resumed':
      return thread.resumed({ at, step: detail.step, scriptBegun: hasBegun(detail.step) });
    case 'leftover-removed':
      return thread.leftoverRemoved({ at, path: detail.path ?? '', ofRun: detail.ofRun ?? '' });
    case 'cleaned-up':
      return detail.kept === undefined
        ? thread.cleanedUp({ at, pod: detail.pod !== undefined, directory: detail.path })
        : thread.cleanedUpButFiles({ at, directory: detail.kept });
    case 'clean-up-given-up':
      return thread.cleanUpGivenUp({ at, why: detail.why ?? '', pod: detail.pod !== undefined });
    case 'drilled':
      return thread.drilled({ at, who: whoOf(event, t), outcome: detail.outcome, why: detail.why });
    default:
      return plainLine(event, t);
  }
}

function plainLine(event: AuditEvent, t: Tools): Markup {
  const { reason, emergency, ...others } = event.detail;
  const rest = Object.entries(others)
    .slice(0, 8)
    .map(([key, value]) => {
      const label = Object.hasOwn(t.terms.detail, key)
        ? (t.terms.detail as Readonly<Record<string, Markup>>)[key]
        : undefined;
      return md`${label ?? key}: ${t.code(value)}`;
    });
  if (emergency !== undefined) rest.unshift(threadWords(t).emergency(emergency));
  return threadWords(t).auditLine({
    at: event.at,
    who: whoOf(event, t),
    what: t.terms.audit[event.action],
    reason,
    rest: rest.length === 0 ? undefined : join(rest, ', '),
  });
}

function whoOf({ actor }: AuditEvent, t: Tools): Markup {
  return actor.kind === 'bot' ? t.terms.bot : threadWords(t).person(actor);
}

/** The record holds each change as `field: "approved → now"`. */
function changesIn({ detail }: AuditEvent, t: Tools): readonly PlanChange[] {
  return Object.entries(detail)
    .filter(([key]) => Object.hasOwn(t.terms.planField, key))
    .map(([key, value]) => {
      const [approved = '', now = ''] = value.split(' → ');
      return { field: key as keyof Plan, approved, now };
    });
}

function listed(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split(', ');
}

function hasBegun(step: string | undefined): boolean {
  const index = runSteps.indexOf(step as RunStep);
  return index >= runSteps.indexOf('running-script');
}
