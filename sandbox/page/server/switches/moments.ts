import { backupScript } from '../../../../src/openshift/node/node-scripts.ts';
import { creating, deleting } from '../../../faults/calls.ts';
import { hasButton, type World } from '../../../world.ts';
import type { Moment } from '../../switch-names.ts';
import type { Match } from './play.ts';

/** Calls once, when a run comes to this point. The answer ends the waiting. */
export function whenRunIsAt(moment: Exclude<Moment, 'now'>, world: World, strike: () => void): () => void {
  let isOver = false;
  let stop: () => void = () => undefined;
  const end = () => {
    isOver = true;
    stop();
  };
  const come = () => {
    if (isOver) return;
    end();
    strike();
  };
  if (moment === 'card') {
    const look = () => {
      if (world.cards().some((card) => hasButton(card, 'approve'))) come();
    };
    stop = world.workspace.onChange(look);
    look();
  } else if (moment === 'script') {
    stop = world.subscribe((event) => {
      if (event.kind === 'command' && event.argv.includes(backupScript)) come();
    });
  } else {
    // Nothing is broken by it: the match hears of the request before it is done.
    const match: Match = (request) => {
      if ((moment === 'session' ? creating : deleting)(request)) come();
      return false;
    };
    stop = world.cluster.faults.add({ kind: 'delay', ms: 0, match });
  }
  if (isOver) stop();
  return end;
}
