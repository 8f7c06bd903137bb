import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { KubeObject } from '../../sandbox/cluster/kube-object.ts';
import { known, unknown } from '../../src/domain/cluster/reading.ts';
import type { SlackProfile } from '../../src/domain/people/person.ts';
import type { ClusterPolicy, PersonMapping } from '../../src/domain/policy/policy.ts';
import type { Notice } from '../../src/domain/run/notice.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { createClientTool } from '../../src/openshift/client/client-tool.ts';
import { createClusterReader } from '../../src/openshift/facts/cluster-reader.ts';
import { verifyAuditChain } from '../../src/records/runs/audit-hash.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { firstWords, roomPauseReason, stepTexts } from '../../src/restore/step-text.ts';
import { systemClock } from '../../src/system/clock.ts';
import { randomIds } from '../../src/system/ids.ts';
import type { Asked, RequestAnswer } from '../../src/workflow/access/backups.ts';
import { type Backups, createBackups } from '../../src/workflow/answers/create-backups.ts';
import { evaluateRequest } from '../../src/workflow/approval/evaluate-request.ts';
import { reviewVotes } from '../../src/workflow/approval/review-votes.ts';
import { removeLeftBehind } from '../../src/workflow/backup/left-behind.ts';
import { runBackup } from '../../src/workflow/backup/run-backup.ts';
import { workOnEnded } from '../../src/workflow/backup/work-on-ended.ts';
import type { OffCluster } from '../../src/workflow/ports/copy-ports.ts';
import type { WorkflowDeps } from '../../src/workflow/ports/deps.ts';
import type { Clock, Log, SlackPeople, SlackSelf } from '../../src/workflow/ports/ports.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { type ClusterLab, labPolicy, openLab } from './cluster-lab.ts';
import { fleetOf } from './policies.ts';

/** Real time, and as much more as the test says: what sleeps on it is not woken by that. */
export interface LabClock extends Clock {
  /** So much time passes, for the cluster as well. */
  forward(ms: number): void;
  /** This clock alone is wrong from now on, by so much more. */
  jump(ms: number): void;
  /** This clock alone is set so far ahead; no time passes. */
  set(aheadMs: number): void;
  /** How much time has passed for everybody. */
  passed(): number;
}

export function labClock(aheadMs = 0): LabClock {
  const real = systemClock();
  let passed = aheadMs;
  let wrong = 0;
  return {
    now: () => real.now() + passed + wrong,
    monotonic: () => real.monotonic() + passed,
    sleep: (ms, signal) => real.sleep(ms, signal),
    forward(ms) {
      passed += ms;
    },
    jump(ms) {
      wrong += ms;
    },
    set(aheadMs) {
      wrong = aheadMs;
    },
    passed: () => passed,
  };
}

/** The clocks of API server and nodes are real ones: time that the test lets pass has passed there, too. */
function sameTime(deps: Pick<WorkflowDeps, 'clusters' | 'sessions'>, clock: LabClock): typeof deps {
  const { clusters, sessions } = deps;
  return {
    clusters: {
      ...clusters,
      async serverTime(cluster) {
        const reading = await clusters.serverTime(cluster);
        const { serverAt } = reading.ok ? reading.value : {};
        if (!reading.ok || serverAt === undefined) return reading;
        return known({ ...reading.value, serverAt: serverAt + clock.passed() });
      },
    },
    sessions: {
      ...sessions,
      async open(...request) {
        const session = await sessions.open(...request);
        return {
          ...session,
          async diskFacts(paths) {
            const facts = await session.diskFacts(paths);
            return { ...facts, nodeTime: facts.nodeTime + clock.passed() };
          },
        };
      },
    },
  };
}

/** A workspace's accounts as a plain list: what Slack would say of each. */
export interface LabPeople extends SlackPeople {
  set(slackUser: string, change: Partial<SlackProfile>): void;
  /** So many questions are not answered in time. */
  silence(questions: number): void;
}

export function labPeople(slackUsers: readonly string[]): LabPeople {
  const teamId = 'T1';
  const member = { teamId, deleted: false, guest: false, stranger: false, bot: false, locale: 'en-US' };
  const profiles = new Map<string, SlackProfile>(slackUsers.map((id) => [id, member]));
  let silent = 0;
  return {
    teamId,
    async profile(slackUser) {
      if (silent > 0) {
        silent -= 1;
        return unknown('timeout', `Slack did not say within 5 s who ${slackUser} is`);
      }
      const profile = profiles.get(slackUser);
      return profile ? known(profile) : unknown('absent', `users.info of ${slackUser}: user_not_found`);
    },
    set: (slackUser, change) => void profiles.set(slackUser, { ...member, ...change }),
    silence(questions) {
      silent = questions;
    },
  };
}

/** Slack ids of the lab's people; the cluster knows the users behind them. */
export const who = { requester: 'U1', approver: 'U2', viewer: 'U3', deputy: 'U4', unmapped: 'U9' } as const;

const mapping: readonly PersonMapping[] = [
  { slackUser: who.requester, clusterUser: 'requester', groups: [] },
  { slackUser: who.approver, clusterUser: 'approver', groups: [] },
  { slackUser: who.viewer, clusterUser: 'viewer', groups: [] },
  // Cluster-admin by a group that only the configuration knows of.
  { slackUser: who.deputy, clusterUser: 'deputy', groups: ['cluster-admins'] },
];

export type RequestInput = Parameters<Backups['request']>[1];

export const nothingSaid: RequestInput = {
  cluster: undefined,
  node: undefined,
  reason: undefined,
  emergency: undefined,
};

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** The workflow over real records, a real API server, real nodes and the real client; only Slack is a list. */
export interface WorkflowLab extends AsyncDisposable {
  readonly lab: ClusterLab;
  readonly records: Records;
  readonly deps: WorkflowDeps;
  readonly clock: LabClock;
  readonly people: LabPeople;
  readonly backups: Backups;
  readonly log: readonly LogLine[];
  asked(slackUser: string, channel?: string): Asked;
  /** Asks for a backup; what is not said is left out, as in a command. */
  request(input?: Partial<RequestInput>, by?: string, channel?: string): Promise<RequestAnswer>;
  /** Does what a worker would do next, once; undefined when nothing is due. */
  turn(): Promise<BackupRun | undefined>;
  /** A request that was evaluated. */
  waiting(input?: { cluster?: string; node?: string; by?: string }): Promise<BackupRun>;
  /** A request with one counted approval. */
  approved(input?: { cluster?: string; node?: string; by?: string }): Promise<BackupRun>;
  vote(runId: string, slackUser: string, decision?: 'approve' | 'reject'): Promise<BackupRun>;
  run(runId: string): Promise<BackupRun>;
  /** Takes the run's messages out of the outbox in the order in which they would be sent. */
  notices(runId: string): Promise<readonly Notice[]>;
  actions(runId: string): Promise<readonly string[]>;
  /** Changes an object of the cluster; the answer puts it back. */
  change(
    resource: string,
    name: string,
    change: object | ((object: KubeObject) => void),
    namespace?: string,
  ): () => void;
  sessionPods(): readonly KubeObject[];
  /** Ends what is still active, so that the next test finds the cluster free. */
  tidy(): Promise<void>;
}

export async function openWorkflowLab(
  options: Parameters<typeof openLab>[0] & {
    clusters?: readonly Partial<ClusterPolicy>[];
    /** Clusters of the configuration to which no connection leads. */
    unwired?: readonly string[];
    offCluster?: OffCluster;
  } = {},
): Promise<WorkflowLab> {
  const { clusters = [], unwired = [], offCluster, ...rest } = options;
  await using opening = new AsyncDisposableStack();
  const lab = opening.use(await openLab(rest));
  const policies = [lab.policy, ...clusters.map((each) => labPolicy({ ...rest.policy, ...each }))];
  const records = await openSqliteRecords({ file: path.join(lab.dir, 'records.sqlite') });
  opening.defer(() => records.close());
  const clock = labClock();
  const people = labPeople(Object.values(who));
  const log: LogLine[] = [];
  const connections = policies
    .filter(({ name }) => !unwired.includes(name))
    .map(({ name }) => ({ ...lab.connection, cluster: name }));
  const deps: WorkflowDeps = {
    ...(offCluster ? { offCluster } : {}),
    records,
    restoreWords: { steps: stepTexts, first: firstWords, pauseReason: roomPauseReason },
    fleet: fleetOf(policies, mapping),
    ...sameTime({ clusters: createClusterReader(connections, clock), sessions: lab.sessions }, clock),
    people,
    self: labSelf,
    client: createClientTool({ path: lab.client.path, env: { PATH: process.env.PATH ?? '' } }),
    clock,
    ids: randomIds(),
    log: keptLog(log),
    wake: () => undefined,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  };
  const all = opening.move();
  return labOf({ lab, records, deps, clock, people, log }, () => all.disposeAsync());
}

/** Slack's word on the bot, where no test asks for it. */
export const labSelf: SlackSelf = {
  botName: 'etcd-backup',
  permalink: async () => undefined,
  scopes: async () => unknown('unreachable', 'there is no Slack in this lab'),
  channel: async () => unknown('unreachable', 'there is no Slack in this lab'),
};

export function keptLog(lines: LogLine[]): Log {
  const keep = (level: LogLine['level']) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  return { info: keep('info'), warn: keep('warn'), error: keep('error') };
}

type Parts = Pick<WorkflowLab, 'lab' | 'records' | 'deps' | 'clock' | 'people' | 'log'>;

function labOf(parts: Parts, close: () => Promise<void>): WorkflowLab {
  const { lab, records, deps, clock } = parts;
  const backups = createBackups(deps);
  let deliveries = 0;
  const asked: WorkflowLab['asked'] = (slackUser, channel = 'C1') => {
    deliveries += 1;
    return { slackUser, channel, deliveryId: `delivery-${deliveries}` };
  };
  const run: WorkflowLab['run'] = async (runId) =>
    (await records.run(runId)) ?? assert.fail(`${runId} is not on record`);
  const turn = () => oneTurn(deps);
  const request: WorkflowLab['request'] = (input, by = who.requester, channel = 'C1') =>
    backups.request(asked(by, channel), { ...nothingSaid, ...input });

  const waiting: WorkflowLab['waiting'] = async ({
    cluster = 'prod-east',
    node,
    by = who.requester,
  } = {}) => {
    const answer = await request({ cluster, node }, by);
    assert.equal(answer.outcome, 'recorded', JSON.stringify(answer));
    return (await turn()) ?? assert.fail('nothing was due');
  };
  const vote: WorkflowLab['vote'] = async (runId, slackUser, decision = 'approve') => {
    const answer = await backups.vote(asked(slackUser), { runId, decision, reason: undefined });
    assert.equal(answer.outcome, 'received', JSON.stringify(answer));
    return (await turn()) ?? assert.fail('nothing was due');
  };

  return {
    ...parts,
    backups,
    asked,
    request,
    turn,
    waiting,
    vote,
    async approved(input = {}) {
      const { id } = await waiting(input);
      const after = await vote(id, who.approver);
      assert.equal(after.status, 'approved', JSON.stringify(after.findings));
      return after;
    },
    run,
    async notices(runId) {
      const taken: Notice[] = [];
      for (;;) {
        const item = await records.takeNotice({ now: clock.now() });
        if (!item) return taken;
        if (item.about === 'run' && item.runId === runId) taken.push(item.notice);
        await records.noticeSent(item.id, { now: clock.now(), ts: undefined });
      }
    },
    async actions(runId) {
      const lines = await records.auditLines(runId);
      assert.deepEqual(verifyAuditChain(lines), { ok: true });
      return lines.map((line) => line.action);
    },
    change(resource, name, change, namespace) {
      const before = structuredClone(lab.cluster.objects.get(resource, name, namespace));
      lab.cluster.objects.patch(resource, name, change, namespace);
      return () => void lab.cluster.objects.put(before);
    },
    sessionPods: () => lab.cluster.objects.list('pods', 'etcd-backup-sessions'),
    async tidy() {
      for (const each of await records.runs({ active: true, limit: 50 })) {
        const input = { runId: each.id, reason: undefined };
        const answer = await backups.cancel(asked(each.requester.slackUser), input);
        assert.equal(answer.outcome, 'cancelled', `${each.id} is ${each.status}`);
      }
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Asks again as soon as the event loop has had its turn: the records say when, no pause does. */
export async function until<T>(ask: () => Promise<T | false>): Promise<T> {
  for (;;) {
    const found = await ask();
    if (found !== false) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The worker's one step without its loop: a test decides what happens between two of them. */
async function oneTurn(deps: WorkflowDeps): Promise<BackupRun | undefined> {
  const { clock } = deps;
  const times = { now: clock.now(), monotonic: clock.monotonic() };
  const claim = await deps.records.claim({ owner: 'test', ...times, leaseMs: 600_000 });
  if (!claim) return undefined;
  const cluster = deps.fleet.cluster(claim.run.cluster) ?? assert.fail(claim.run.cluster);
  const { status, plan } = claim.run;
  if (status === 'requested') await evaluateRequest(deps, claim, cluster);
  else if (status === 'waiting') await reviewVotes(deps, claim, cluster);
  else {
    assert.ok(plan);
    const work = { deps, claim, cluster, plan, signal: new AbortController().signal };
    if (status === 'succeeded') await workOnEnded(work);
    else if (status === 'failed') await removeLeftBehind(work);
    else await runBackup(work);
  }
  await deps.records.release(claim);
  return deps.records.run(claim.run.id);
}
