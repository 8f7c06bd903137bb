import assert from 'node:assert/strict';
import type { MetricsPlace } from '../../sandbox/demos/bot-coverage.ts';
import {
  type ButtonName,
  clusterName,
  freePort,
  hasButton,
  type Message,
  until,
} from '../../sandbox/world.ts';
import type { ClusterEventKind, ClusterWatch } from '../../src/domain/watch/cluster-watch.ts';

import { openStage, type Stage, type StageOptions } from './e2e.ts';

/** A stage whose bot looks at the cluster every second and reports its coverage. */
export interface WatchedStage extends Stage {
  readonly metrics: MetricsPlace;
}

export async function openWatchedStage(options: StageOptions = {}): Promise<WatchedStage> {
  const port = await freePort();
  const config = { health: { port }, watch: { every: '1s' }, ...options.config };
  return Object.assign(await openStage({ ...options, config }), { metrics: { port, cluster: clusterName } });
}

/** Messages of the cluster's channel that have, or once had, this button; `fits` is asked about their first form. */
function withButton({ world }: Stage, button: ButtonName, fits: RegExp): readonly Message[] {
  const { workspace, channels } = world;
  return workspace.messages(channels.platform).filter((each) => {
    const forms = workspace.history(channels.platform, each.ts);
    const had = forms.some((form) => hasButton(form, button));
    return each.byApp && had && forms[0] && fits.test(workspace.renderMessage(forms[0]));
  });
}

/** Those of the arrival at this version. */
export function reminders(stage: Stage, version: string): readonly Message[] {
  return withButton(stage, 'reminderBackUp', new RegExp(`(?:→|runs) ${version.replaceAll('.', '\\.')}\\b`));
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
  return until(what, async () => {
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
