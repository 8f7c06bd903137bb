import type { Plan, PlanChange } from '../../../domain/preflight/plan.ts';
import { join, type Markup, md } from './markup.ts';
import type { Tools } from './tools.ts';

const shownChanges = 4;

/** A plan's value, as its text is in a PlanChange or an audit line. */
export function planValueIn(t: Tools, field: keyof Plan, text: string): Markup {
  const { planValue } = t.terms;
  switch (field) {
    case 'proxyInUse':
    case 'selfApproval':
      return text === 'true' ? planValue.yes : text === 'false' ? planValue.no : t.code(text);
    case 'approvers':
      return text === '' ? planValue.anyClusterAdmin : t.people(text.split(','));
    case 'members':
      return t.names(text.split(','));
    case 'encryptionType':
      return text === '' || text === 'identity' ? planValue.off : t.code(text);
    default:
      return t.code(withoutMiddle(text));
  }
}

export function planChangesIn(t: Tools, changes: readonly PlanChange[]): Markup {
  const shown = changes
    .slice(0, shownChanges)
    .map(
      ({ field, approved, now }) =>
        md`${t.planField(field)} ${t.planValue(field, approved)} → ${t.planValue(field, now)}`,
    );
  const said = join(shown, ', ');
  return changes.length > shownChanges ? md`${said} ${t.units.more(changes.length - shownChanges)}` : said;
}

/** Of two long values it is mostly the end that differs: image digests, paths. */
function withoutMiddle(text: string): string {
  return text.length <= 48 ? text : `${text.slice(0, 24)}…${text.slice(-16)}`.toWellFormed();
}
