import type { ModalView } from '@slack/types';
import { slackFailure } from '../client/slack-failure.ts';
import { acknowledge } from './acknowledge.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

export interface OpenView {
  readonly id: string;
  /** Given: only if the view is still as it was then. */
  readonly hash?: string | undefined;
}

/**
 * Opens a view before anything is read or waited for (its trigger lives 3 s), then acknowledges. `earlier`: Slack delivered
 * it twice, and the first delivery has opened it.
 */
export async function openView(
  deps: ListenerDeps,
  delivery: Delivery,
  view: ModalView,
): Promise<OpenView | 'earlier' | 'failed'> {
  const opening = open(deps, delivery, view);
  await acknowledge(deps, delivery);
  return opening;
}

async function open(
  { client, log }: ListenerDeps,
  { triggerId, what }: Delivery,
  view: ModalView,
): Promise<OpenView | 'earlier' | 'failed'> {
  try {
    const answer = await client.views.open({ trigger_id: triggerId, view });
    return answer.view?.id === undefined ? 'failed' : { id: answer.view.id };
  } catch (error) {
    const trouble = slackFailure(error);
    if (trouble.kind === 'refused' && trouble.code === 'exchanged_trigger_id') return 'earlier';
    log.warn({ what, trouble: trouble.detail }, 'a view could not be opened');
    return 'failed';
  }
}

/** `over`: it is not there any more, or it has changed since; the person who closed it does not wait for it. */
export async function updateView(
  { client, log }: ListenerDeps,
  { id, hash }: OpenView,
  view: ModalView,
): Promise<OpenView | 'over' | 'failed'> {
  try {
    const answer = await client.views.update({ view_id: id, ...(hash === undefined ? {} : { hash }), view });
    return { id, hash: answer.view?.hash };
  } catch (error) {
    const trouble = slackFailure(error);
    if (trouble.kind === 'refused' && ['not_found', 'hash_conflict'].includes(trouble.code)) return 'over';
    log.warn({ trouble: trouble.detail }, 'a view could not be changed');
    return 'failed';
  }
}
