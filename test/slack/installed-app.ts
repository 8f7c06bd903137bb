import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../sandbox/free-port.ts';
import { startWorkspace, type Workspace, type WorkspaceOptions } from '../../sandbox/slack/workspace.ts';
import type { ClusterPolicy, Fleet } from '../../src/domain/policy/policy.ts';
import type { Notice } from '../../src/domain/run/notice.ts';
import type { BackupRun } from '../../src/domain/run/run.ts';
import { openSqliteRecords } from '../../src/records/store/sqlite.ts';
import { type DeliveryOptions, openSlack, type Slack, type SlackOptions } from '../../src/slack/app/app.ts';
import type { OutboxDeps } from '../../src/slack/outbox/deps.ts';
import { createOutboxSender, type OutboxSender } from '../../src/slack/outbox/outbox-sender.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { Log } from '../../src/workflow/ports/ports.ts';
import type { Records } from '../../src/workflow/ports/records.ts';
import { fleetOf as fleetOfPeople, policyOf } from '../support/policies.ts';
import { aRun } from '../support/runs.ts';

const requestPath = '/slack/events';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** A workspace with the app installed as manifest.yml says, real records, and one cluster with its channel. */
export interface Installed {
  readonly workspace: Workspace;
  /** Where the app listens in http mode. */
  readonly requestUrl: string;
  readonly records: Records;
  readonly fleet: Fleet;
  /** The cluster's channel, with the people and the bot in it. */
  readonly channel: string;
  readonly requester: string;
  readonly approver: string;
  /** Whose Slack speaks Korean. */
  readonly viewer: string;
  readonly log: Log;
  readonly lines: LogLine[];
  open(change?: Partial<SlackOptions>): Promise<Slack>;
  /** A sender that runs until the end of the test. */
  sender(slack: Slack, change?: Partial<OutboxDeps>): OutboxSender;
  /** Puts a run with its messages on record. */
  put(run: Partial<BackupRun>, notices: readonly Notice[]): Promise<BackupRun>;
  /** Until nothing is left in the outbox. */
  outboxEmpty(): Promise<void>;
  close(): Promise<void>;
}

/** `mode`: how Slack delivers; in http mode the workspace uses it from start() on. */
export async function install(
  options: WorkspaceOptions = {},
  mode: DeliveryOptions['mode'] = 'socket',
): Promise<Installed> {
  const workspace = await startWorkspace(options);
  const requester = workspace.addUser({ name: 'requester' }).id;
  const approver = workspace.addUser({ name: 'approver' }).id;
  const viewer = workspace.addUser({ name: 'viewer', locale: 'ko-KR' }).id;
  const channel = workspace.addChannel({
    name: 'prod-east',
    members: ['requester', 'approver', 'viewer'],
  }).id;
  const directory = await mkdtemp(join(tmpdir(), 'slack-'));
  const records = await openSqliteRecords({ file: join(directory, 'records.db') });
  const reader = new DatabaseSync(join(directory, 'records.db'), { readOnly: true });
  const lines: LogLine[] = [];
  const write = (level: LogLine['level']) => (fields: object, message: string) =>
    void lines.push({ level, fields, message });
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  const fleet = fleetOf([aPolicy(channel)], [requester, approver, viewer]);
  const ends: (() => Promise<void>)[] = [];
  const port = await freePort();
  const requestUrl = `http://127.0.0.1:${port}${requestPath}`;
  const delivery: DeliveryOptions =
    mode === 'http'
      ? { mode, signingSecret: workspace.signingSecret, port, path: requestPath }
      : { mode, appToken: workspace.appToken };
  const startAt = async (slack: Slack) => {
    await slack.start();
    await workspace.useHttp(requestUrl);
  };
  return {
    workspace,
    records,
    fleet,
    channel,
    requester,
    approver,
    viewer,
    log,
    lines,
    requestUrl,
    async open(change = {}) {
      const { apiUrl, botToken } = workspace;
      const slack = await openSlack({
        botToken,
        delivery,
        apiUrl,
        teamId: undefined,
        clock: systemClock(),
        log,
        onFatal: () => undefined,
        ...change,
      });
      ends.push(() => slack.stop());
      return mode === 'http' ? { ...slack, start: () => startAt(slack) } : slack;
    },
    sender(slack, change = {}) {
      const { client, identity, people } = slack;
      const onFatal = () => undefined;
      const deps = {
        client,
        identity,
        people,
        records,
        fleet,
        clock: systemClock(),
        log,
        onFatal,
        ...change,
      };
      const sender = createOutboxSender(deps);
      ends.push(() => sender.stop());
      return sender;
    },
    async put(change, notices) {
      const run = aRun({
        requester: { slackUser: requester, clusterUser: 'requester' },
        requestedAt: Date.now(),
        ...change,
      });
      const accepted = await records.accept({ run, deliveryId: `test ${run.id}`, audit: [], notices });
      if (accepted.outcome !== 'accepted') throw new Error(`the run was not accepted: ${accepted.outcome}`);
      return accepted.run;
    },
    async outboxEmpty() {
      const unsent = () => {
        const row = reader
          .prepare("select count(*) as n from outbox where state in ('pending', 'posting')")
          .get();
        return Number(row?.n);
      };
      const deadline = Date.now() + 30_000;
      while (unsent() > 0) {
        if (Date.now() > deadline) throw new Error(`${unsent()} messages are still in the outbox after 30 s`);
        await delay(10);
      }
    },
    async close() {
      reader.close();
      for (const end of ends.toReversed()) await end();
      await workspace.close();
      await records.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function aPolicy(channel: string, change: Partial<ClusterPolicy> = {}): ClusterPolicy {
  return policyOf('prod-east', { channel, timeZone: 'Asia/Seoul', ...change });
}

export function fleetOf(clusters: readonly ClusterPolicy[], people: readonly string[]): Fleet {
  return fleetOfPeople(
    clusters,
    people.map((slackUser) => ({ slackUser, clusterUser: `user of ${slackUser}`, groups: [] })),
  );
}

/** A promise that the test ends by hand. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
