import assert from 'node:assert/strict';
import type { MetricsPlace } from '../../sandbox/bot-coverage.ts';
import { type BotProcess, startBot } from '../../sandbox/bot-process.ts';
import { freePort } from '../../sandbox/free-port.ts';
import type { Message } from '../../sandbox/slack/model.ts';
import { clusterName } from '../../sandbox/world.ts';
import type { ClusterEventKind, ClusterWatch } from '../../src/domain/watch/cluster-watch.ts';
import { type ActionId, actionIds } from '../../src/slack/messages/kit/action-ids.ts';
import { eventually } from './backups.ts';
import { openStage, type Stage, type StageOptions } from './e2e.ts';

/** A stage whose bot looks at the cluster every second and tells its coverage. */
export interface WatchedStage extends Stage {
  readonly metrics: MetricsPlace;
  /** The bot of now: another one after `restart`. */
  readonly running: BotProcess;
  /** Ends the bot, if it runs, and starts the next one. `between`: while there is none. */
  restart(between?: () => Promise<void> | void): Promise<void>;
}

export async function openWatchedStage(options: StageOptions = {}): Promise<WatchedStage> {
  const port = await freePort();
  const stage = await openStage({
    ...options,
    config: { health: { port }, watch: { every: '1s' }, ...options.config },
  });
  let bot = stage.bot;
  return {
    ...stage,
    metrics: { port, cluster: clusterName },
    get running() {
      return bot;
    },
    async restart(between = () => undefined) {
      await bot.stop();
      await between();
      bot = await startBot(stage.world);
    },
    async [Symbol.asyncDispose]() {
      await bot.stop();
      await stage[Symbol.asyncDispose]();
    },
  };
}

/** Messages of the cluster's channel that have, or once had, this button; `fits` is asked about their first form. */
function withButton({ world }: Stage, actionId: ActionId, fits: RegExp): readonly Message[] {
  const { workspace, channels } = world;
  return workspace.messages(channels.platform).filter((each) => {
    const forms = workspace.history(channels.platform, each.ts);
    const had = forms.some(({ blocks }) => JSON.stringify(blocks).includes(`"action_id":"${actionId}"`));
    return each.byApp && had && forms[0] && fits.test(workspace.renderMessage(forms[0]));
  });
}

/** Those of the arrival at this version. */
export function reminders(stage: Stage, version: string): readonly Message[] {
  return withButton(
    stage,
    actionIds.reminderBackUp,
    new RegExp(`(?:→|runs) ${version.replaceAll('.', '\\.')}\\b`),
  );
}

/** With or without the button: a backup may run only while the cluster refuses the update. */
export function alarms({ world }: Stage): readonly Message[] {
  const { workspace, channels } = world;
  return workspace.messages(channels.platform).filter((each) => {
    const [first] = workspace.history(channels.platform, each.ts);
    return each.byApp && first !== undefined && workspace.renderMessage(first).includes('🚨');
  });
}

/** Waits for the one reminder of this version with the words that `fits` looks for. */
export async function oneReminder(stage: Stage, version: string, fits = /./): Promise<Message> {
  const { workspace } = stage.world;
  const found = await workspace.waitFor(
    () => reminders(stage, version).find((each) => fits.test(workspace.renderMessage(each))),
    { timeoutMs: 60_000, what: `the reminder of ${version} to say ${fits}` },
  );
  assert.equal(reminders(stage, version).length, 1, `one reminder of ${version}`);
  return found;
}

export function untilWatch(
  { records }: Stage,
  what: string,
  fits: (watch: ClusterWatch) => boolean,
): Promise<ClusterWatch> {
  return eventually(what, async () => {
    const watch = await records.watch(clusterName);
    return watch && fits(watch) && watch;
  });
}

/** Kinds of what the watch put on record, oldest first. */
export async function eventKinds({ records }: Stage): Promise<readonly ClusterEventKind[]> {
  const events = await records.clusterEvents(clusterName, { limit: 200 });
  return events.map(({ kind }) => kind).toReversed();
}

/** The settled release that the bot knows, once it knows it. */
export function untilSettled(stage: Stage, version: string): Promise<ClusterWatch> {
  return untilWatch(
    stage,
    `the bot to see ${version}`,
    ({ seen, settled }) => seen?.state.kind === 'settled' && settled?.release.version === version,
  );
}
