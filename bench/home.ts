import type { VersionFacts } from '../src/domain/cluster/facts.ts';
import { known } from '../src/domain/cluster/reading.ts';
import type { ClusterPolicy } from '../src/domain/policy/policy.ts';
import type { BackupRun } from '../src/domain/run/run.ts';
import { watchTurn } from '../src/domain/watch/watch-turn.ts';
import { slashCommand } from '../src/slack/client/slash-command.ts';
import { systemClock } from '../src/system/clock.ts';
import { randomIds } from '../src/system/ids.ts';
import { createBackups } from '../src/workflow/answers/create-backups.ts';
import type { Records } from '../src/workflow/ports/records.ts';
import { aPolicy, fleetOf, type Installed, install } from '../test/slack/installed-app.ts';
import { copied } from '../test/slack/messages/copied-runs.ts';
import { runs } from '../test/slack/messages/runs.ts';
import { version } from '../test/support/cluster-facts.ts';
import { aPlan } from '../test/support/runs.ts';
import { unusedPorts } from '../test/support/unused-ports.ts';

const dayMs = 24 * 3_600_000;

export interface HomeSize {
  readonly clusters: number;
  /** On record, of each cluster. */
  readonly runsEach: number;
  readonly rounds: number;
}

export interface HomeFigures {
  readonly clusters: number;
  readonly runs: number;
  /** From Slack's event of the opened tab to the bot's call of views.publish, each with nothing cached. */
  readonly openedMs: readonly number[];
  /** From a click on the next page to the call that shows it. */
  readonly pageMs: readonly number[];
  /** From `/etcd-backup` alone to its answer. */
  readonly commandMs: readonly number[];
  /** The largest view that was published. */
  readonly viewBytes: number;
}

/** Real records in SQLite and a real Bolt app over Socket Mode; the simulated Slack runs in the same process. */
export async function measureHome({ clusters, runsEach, rounds }: HomeSize): Promise<HomeFigures> {
  const app = await install();
  try {
    const names = Array.from({ length: clusters }, (_, n) => `cluster-${String(n).padStart(3, '0')}`);
    const policies = names.map((name) => aPolicy(app.channel, { name }));
    for (const [n, policy] of policies.entries()) await fill(app.records, policy, n, runsEach);
    await listen(app, policies);
    const openedMs: number[] = [];
    const pageMs: number[] = [];
    const commandMs: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const taken = [await openHome(app), await turnPage(app), await typeCommand(app)] as const;
      // The first round warms everything up.
      if (round === 0) continue;
      openedMs.push(taken[0]);
      pageMs.push(taken[1]);
      commandMs.push(taken[2]);
    }
    const views = app.workspace.calls('views.publish').map(({ args }) => JSON.stringify(args.view));
    const viewBytes = Math.max(...views.map((view) => Buffer.byteLength(view)));
    return { clusters, runs: clusters * runsEach, openedMs, pageMs, commandMs, viewBytes };
  } finally {
    await app.close();
  }
}

async function listen(app: Installed, policies: readonly ClusterPolicy[]): Promise<void> {
  const slack = await app.open();
  const fleet = fleetOf(policies, [app.requester]);
  const backups = createBackups({
    records: app.records,
    fleet,
    ...unusedPorts,
    people: slack.people,
    self: slack.self,
    clock: systemClock(),
    ids: randomIds(),
    log: app.log,
    wake: () => undefined,
  });
  const watch = (cluster: string) => app.records.watch(cluster);
  slack.listen({ backups, watch, fleet, language: 'en' });
  await slack.start();
}

async function openHome(app: Installed): Promise<number> {
  return untilPublished(app, () => app.workspace.openHome({ user: app.requester }));
}

async function turnPage(app: Installed): Promise<number> {
  return untilPublished(app, () =>
    app.workspace.clickView({
      user: app.requester,
      home: true,
      actionId: 'board-page',
      value: '2',
      blockId: 'board-end',
    }),
  );
}

async function untilPublished(app: Installed, act: () => Promise<unknown>): Promise<number> {
  const before = app.workspace.calls('views.publish').length;
  const started = performance.now();
  const acting = act();
  const call = await app.workspace.waitFor(() => app.workspace.calls('views.publish')[before], {
    what: 'the call of views.publish',
    timeoutMs: 60_000,
  });
  const taken = performance.now() - started;
  await acting;
  await app.workspace.waitFor(() => call.outcome !== 'pending', { what: 'its answer' });
  if (call.outcome !== 'ok') throw new Error(`views.publish was answered ${call.outcome}`);
  return taken;
}

async function typeCommand(app: Installed): Promise<number> {
  const started = performance.now();
  const { requester: user, channel } = app;
  const typed = await app.workspace.slash({ user, channel, command: slashCommand, text: '' });
  await typed.nextPrivate(60_000);
  return performance.now() - started;
}

/** A cluster's history: a look at it, backups, a failure now and then. One in ten has moved on to another release. */
async function fill(records: Records, policy: ClusterPolicy, n: number, runsEach: number): Promise<void> {
  const now = Date.now();
  const cluster = policy.name;
  const moved = n % 10 === 0;
  const facts: VersionFacts = version(moved ? { desiredVersion: '4.16.9' } : {});
  await records.decideWatch({
    cluster,
    now,
    decision: ({ watch, proven }) =>
      watchTurn({ watch, cluster, reading: known(facts), proven, policy, now }),
  });
  for (let age = runsEach; age > 0; age -= 1) {
    const at = now - age * dayMs - (n % 24) * 3_600_000;
    await records.importRun(pastRun(cluster, `r-${id(n, age)}`, at, age % 7 === 0), []);
  }
}

function pastRun(cluster: string, id: string, at: number, failed: boolean): BackupRun {
  const base = failed ? runs.failed : copied.proven;
  const plan = { ...aPlan, clusterId: version().clusterId };
  return { ...base, id, cluster, plan, requestedAt: at, startedAt: at + 60_000, finishedAt: at + 120_000 };
}

function id(n: number, age: number): string {
  return (n * 1_000 + age).toString(36).padStart(8, '2');
}
