import type { App } from '@slack/bolt';
import { actionIds, adoptAnswer, commandProblem, parsePlaceButton } from '../messages/index.ts';
import { acknowledgeFirst } from './acknowledge.ts';
import { onButton } from './adapter.ts';
import type { ListenerDeps } from './listener.ts';

/** The button under the question whether a place is to be adopted. Who may do it is decided again at the click. */
export function listenToPlaceButton(app: App, deps: ListenerDeps): void {
  onButton(app, deps, actionIds.placeAdopt, (click) => {
    const input = parsePlaceButton(click.value);
    if (input) return acknowledgeFirst(deps, click, () => deps.backups.adopt(click, input), adoptAnswer);
    const problem = { kind: 'missing', what: 'destination', command: 'destination' } as const;
    return acknowledgeFirst(deps, click, async () => problem, commandProblem);
  });
}
