import type { MessagePlace } from '../../src/domain/people/message-place.ts';
import { provenBackup } from '../../src/domain/run/proven-backup.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import type { ClusterEvent, ClusterWatch } from '../../src/domain/watch/cluster-watch.ts';
import type { CoverageState } from '../../src/domain/watch/coverage.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { rollOut } from '../cluster/upgrade-play.ts';
import { clusterName, hasButton, type Message, until, type World } from '../world.ts';
import { coverageOf, type MetricsPlace, waitForCoverage } from './bot-coverage.ts';
import { StoryError } from './story.ts';
import { approveAndWait } from './take-backup.ts';

const upgradeKinds = [
  'update-alarm',
  'upgrade-finished',
  'reminder',
  'run-requested',
  'backup-proven',
  'reminder-resolved',
] as const;

/** One thing that happened, in the words that people in the channel read. `at`: ISO 8601. */
interface UpgradeEvent {
  readonly at: string;
  readonly kind: (typeof upgradeKinds)[number];
  readonly text: string;
}

export interface UpgradeEnd {
  readonly events: readonly UpgradeEvent[];
  readonly coverage: Readonly<Record<'before' | 'during' | 'after' | 'end', CoverageState>>;
}

export interface UpgradeStage {
  readonly world: World;
  readonly records: Records;
  readonly metrics: MetricsPlace;
  readonly to: string;
  /** From one stage of the update to the next. */
  readonly stepMs: number;
}

/**
 * An update from end to end, as people and the bot live through it: the alarm, the restarts of the API, the reminder, the
 * click on its button, the backup, the ✅. Throws StoryError at the first thing that did not come true.
 */
export async function playUpgradeStory(stage: UpgradeStage): Promise<UpgradeEnd> {
  const { world, records, metrics, to } = stage;
  const { upgrade } = world.cluster;
  const { workspace, people } = world;
  const from = upgrade.status().version;
  const startedAt = Date.now();
  const before = await waitForCoverage(metrics, 'stale');

  workspace.note(`Somebody asks the cluster for an update: ${from} → ${to}`);
  upgrade.request(to);
  const alarm = await shown(stage, (each) => says(stage, each, '🚨'), 'the alarm');
  workspace.note('The version operator begins the update');
  upgrade.begin();
  const during = await waitForCoverage(metrics, 'updating');
  await rollOut(upgrade, {
    stepMs: stage.stepMs,
    reboot: world.plane.nodes.map(({ name }) => name),
    say: (text) => workspace.note(`The cluster says: ${text}`),
  });
  upgrade.finish();
  workspace.note(`The cluster says: ${upgrade.status().says}`);

  const reminder = await shown(stage, (each) => hasButton(each, 'reminderBackUp'), 'the reminder');
  const after = (await coverageOf(metrics)) ?? fail('the bot reports no coverage');
  upgrade.finishWorkers();
  await world.click(people.requester, 'reminderBackUp', reminder);
  const { run, thread } = await approveAndWait(world, records);
  const watch = await untilWatch(
    stage,
    'the end of the reminder',
    (each) => each.reminder?.end?.kind === 'resolved',
  );
  const end = await waitForCoverage(metrics, 'covered');

  const lastForm = (place: MessagePlace | undefined, first: Message, word = '') =>
    editedForm(stage, place, first, word);
  // The closing report is the last message with both digests.
  const { snapshot, resources } = run.success?.artifacts ?? fail('the run holds no artifacts');
  const report = thread.findLast((each) =>
    [snapshot, resources].every(({ sha256 }) => says(stage, each, sha256)),
  );
  const seen = await eventsSince(stage, startedAt);
  const events = [
    event('update-alarm', seen, firstForm(stage, alarm)),
    event('upgrade-finished', seen, await lastForm(watch.alarm?.message, alarm, '🏁')),
    event('reminder', seen, firstForm(stage, reminder)),
    { kind: 'run-requested', at: run.requestedAt, text: sentence(stage, thread[0]) },
    { kind: 'backup-proven', at: provenAt(run), text: sentence(stage, report) },
    event('reminder-resolved', seen, await lastForm(watch.reminder?.message, reminder)),
  ] as const;
  const known: readonly string[] = upgradeKinds;
  const [more] = seen.filter(({ kind }) => known.includes(kind)).slice(4);
  if (more) fail(`the bot put one more event on record: ${more.kind}`);
  const late = events.find(({ at }, index) => at < (events[index - 1]?.at ?? 0));
  if (late) fail(`${late.kind} is on record before what must come first`);
  return {
    events: events.map(({ at, kind, text }) => ({ at: new Date(at).toISOString(), kind, text })),
    coverage: { before, during, after, end },
  };
}

function fail(what: string): never {
  throw new StoryError(what);
}

/** Waits for a message of the bot that fits. */
function shown({ world }: UpgradeStage, fits: (message: Message) => boolean, what: string): Promise<Message> {
  const { workspace, channels } = world;
  const has = (each: Message) => each.byApp && fits(each);
  return workspace.waitFor(() => workspace.messages(channels.platform).find(has), {
    timeoutMs: 30_000,
    what,
  });
}

export function untilWatch(
  { records, world }: Pick<UpgradeStage, 'records' | 'world'>,
  what: string,
  fits: (watch: ClusterWatch) => boolean,
): Promise<ClusterWatch> {
  const found = async () => {
    const watch = await records.watch(clusterName);
    return watch && fits(watch) && watch;
  };
  return until(what, found, { timeoutMs: 30_000, whatIsThere: world.transcript });
}

/** Waits until the message was edited into its last form, without buttons and with this word; the sentence that it begins with. */
async function editedForm(
  { world }: UpgradeStage,
  place: MessagePlace | undefined,
  first: Message,
  word: string,
): Promise<string> {
  if (place?.ts !== first.ts) return fail('the record names another message than the one in the channel');
  const { workspace } = world;
  const form = await workspace.waitFor(
    () => {
      const last = workspace.history(place.channel, place.ts).at(-1);
      const isLast = last && !JSON.stringify(last.blocks).includes('"type":"actions"');
      return isLast && workspace.renderMessage(last).includes(word) && last;
    },
    { timeoutMs: 15_000, what: 'the message in its last form' },
  );
  return firstLine(workspace.renderMessage(form));
}

function firstForm({ world }: UpgradeStage, message: Message): string {
  const [first] = world.workspace.history(message.channel, message.ts);
  return firstLine(world.workspace.renderMessage(first ?? message));
}

function sentence({ world }: UpgradeStage, message: Message | undefined): string {
  return message
    ? firstLine(world.workspace.renderMessage(message))
    : fail('a line of the thread is missing');
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? '';
}

function says({ world }: UpgradeStage, message: Message, word: string): boolean {
  return world.workspace.renderMessage(message).includes(word);
}

function provenAt(run: BackupRun): number {
  return provenBackup(run)?.provenAt ?? fail('the run is no proven backup');
}

/** Oldest first. */
async function eventsSince({ records }: UpgradeStage, since: number): Promise<readonly ClusterEvent[]> {
  const found = await records.clusterEvents(clusterName, { limit: 100 });
  return found.filter(({ at }) => at >= since).toReversed();
}

function event<Kind extends ClusterEvent['kind'] & UpgradeEvent['kind']>(
  kind: Kind,
  seen: readonly ClusterEvent[],
  text: string,
): { readonly kind: Kind; readonly at: number; readonly text: string } {
  const found = seen.filter((each) => each.kind === kind);
  if (found.length !== 1) fail(`the bot put ${found.length} events ${kind} on record, expected one`);
  return { kind, at: found[0]?.at ?? 0, text };
}
