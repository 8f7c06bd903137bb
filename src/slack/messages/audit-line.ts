import type { AuditEvent } from '../../domain/audit.ts';
import type { Plan, PlanChange } from '../../domain/plan.ts';
import { type RunStep, runSteps } from '../../domain/run.ts';
import type { Voice } from './language.ts';
import { join, type Markup, md } from './markup.ts';

/** What happened, as one line in the run's thread. */
export function auditLine(event: AuditEvent, voice: Voice): Markup {
  const { thread } = voice.words;
  const { at, detail } = event;
  const t = voice.tools;
  switch (event.action) {
    case 'break-glass': {
      const told = listed(detail.toldOwners);
      return thread.breakGlass({ at, who: whoOf(event, voice), why: detail.emergency ?? '', told }, t);
    }
    case 'plan-void': {
      const changes = changesIn(event, voice);
      return thread.planVoid({ at, changes, voided: listed(detail.voidedApprovals) }, t);
    }
    case 'handed-over':
      return thread.handedOver({ at, step: detail.step }, t);
    case 'resumed':
      return thread.resumed({ at, step: detail.step, scriptBegun: hasBegun(detail.step) }, t);
    case 'leftover-removed':
      return thread.leftoverRemoved({ at, path: detail.path ?? '', ofRun: detail.ofRun ?? '' }, t);
    default:
      return plainLine(event, voice);
  }
}

function plainLine(event: AuditEvent, voice: Voice): Markup {
  const { words, tools } = voice;
  const { reason, emergency, ...others } = event.detail;
  const rest = Object.entries(others)
    .slice(0, 8)
    .map(([key, value]) => {
      const label = Object.hasOwn(words.terms.detail, key) ? words.terms.detail[key] : undefined;
      return md`${label ?? key}: ${tools.code(value)}`;
    });
  if (emergency !== undefined) rest.unshift(words.thread.emergency(emergency, tools));
  return words.thread.auditLine(
    {
      at: event.at,
      who: whoOf(event, voice),
      what: words.terms.audit[event.action],
      reason,
      rest: rest.length === 0 ? undefined : join(rest, ', '),
    },
    tools,
  );
}

function whoOf({ actor }: AuditEvent, { words, tools }: Voice): Markup {
  return actor.kind === 'bot' ? words.terms.bot : words.thread.person(actor, tools);
}

/** The record holds each change as `field: "approved → now"`. */
function changesIn({ detail }: AuditEvent, { words }: Voice): readonly PlanChange[] {
  return Object.entries(detail)
    .filter(([key]) => Object.hasOwn(words.terms.planField, key))
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
