import type { Button } from '@slack/types';
import type { BackupRun } from '../../../domain/run/run.ts';
import { actionIds } from '../kit/action-ids.ts';
import { button } from '../kit/blocks.ts';
import { buttonValue } from '../kit/button-value.ts';
import type { Tools } from '../kit/tools.ts';
import { cardWords } from './words.ts';

/** The buttons that are live in the run's status. Their values are ids only: who may click is decided on our side. */
export function cardButtons(run: BackupRun, t: Tools): readonly Button[] {
  const card = cardWords(t);
  // An id that long is none of ours; a button with a cut id would be worse than none.
  if (run.id === '' || run.id.length > 255) return [];
  const cancel = button({ id: actionIds.cancel, label: card.buttons.cancel, value: run.id });
  if (run.status === 'requested' || run.status === 'approved') return [cancel];
  if (run.status !== 'waiting') return [];
  const reject = button({
    id: actionIds.reject,
    label: card.buttons.reject,
    value: run.id,
    style: 'danger',
  });
  if (!run.plan) return [reject, cancel];
  const confirm = card.confirm({ cluster: shortName(run.cluster), node: shortName(run.plan.node) });
  const approve = button({
    id: actionIds.approve,
    label: card.buttons.approve,
    // Approving is bound to the plan shown above the button; rejecting is safe on any.
    value: buttonValue(run),
    style: 'primary',
    confirm,
  });
  return [approve, reject, cancel];
}

/** Leaves room for the words around it in a confirmation. */
function shortName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59).toWellFormed()}…` : name;
}
