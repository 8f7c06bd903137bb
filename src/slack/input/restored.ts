import type { App } from '@slack/bolt';
import {
  actionIds,
  commandProblem,
  parseRestoredButton,
  parseWatchButton,
  restoredAnswer,
} from '../messages/index.ts';
import { acknowledgeFirst } from './acknowledge.ts';
import { type Click, onButton } from './adapter.ts';
import type { Command } from './command-text.ts';
import type { Delivery, ListenerDeps } from './listener.ts';

/** A person says that a cluster was restored, or takes that back: shows what it comes to before anything is on record. */
export function restored(
  deps: ListenerDeps,
  delivery: Delivery,
  said: Extract<Command, { kind: 'restored' }>,
): Promise<void> {
  const { backups } = deps;
  const act = () => (said.undo ? backups.revokeRestored(delivery, said) : backups.restored(delivery, said));
  return acknowledgeFirst(deps, delivery, act, restoredAnswer);
}

/** The buttons of what people say of restores. Who may do it, and what it comes to, is decided again at the click. */
export function listenToRestoredButtons(app: App, deps: ListenerDeps): void {
  const { backups } = deps;
  onButton(app, deps, actionIds.restoredConfirm, (click) => {
    const input = parseRestoredButton(click.value);
    if (!input) return notOurs(deps, click);
    const declare = () => backups.restored(click, { ...input, at: undefined });
    return acknowledgeFirst(deps, click, declare, restoredAnswer);
  });
  onButton(app, deps, actionIds.restoredUndo, (click) => {
    const button = parseWatchButton(click.value);
    if (!button) return notOurs(deps, click);
    return acknowledgeFirst(deps, click, () => backups.revokeRestored(click, button), restoredAnswer);
  });
}

function notOurs(deps: ListenerDeps, click: Click): Promise<void> {
  const problem = { kind: 'unknown-word', word: click.what } as const;
  return acknowledgeFirst(deps, click, async () => problem, commandProblem);
}
