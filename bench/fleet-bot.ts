import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { kubeconfigYaml } from '../sandbox/cluster/accounts.ts';
import { startWorkspace, type Workspace } from '../sandbox/slack/workspace.ts';
import { startBot } from '../sandbox/world/bot-process.ts';
import { runOfManifest } from '../src/catalog/run-of-manifest.ts';
import type { BackupRun } from '../src/domain/run/run.ts';
import { openSqliteRecords } from '../src/records/store/sqlite.ts';
import { anotherManifest, dayMs } from '../test/support/manifests.ts';
import type { FleetAsked, FleetListening, FleetTask, ServerKind } from './fleet-servers.ts';

/** The real bot over a fleet of API servers. */
export interface FleetBot extends AsyncDisposable {
  asked(): Promise<FleetAsked>;
  /** Peak resident memory of the bot's process since its start or `forgetPeak`, KiB; undefined where /proc does not report it. */
  peakKiB(): Promise<number | undefined>;
  forgetPeak(): Promise<void>;
}

/** Starts servers and bot; every cluster has a fresh proven backup on record, so that no reminder is due. */
export async function startFleet(kinds: readonly ServerKind[]): Promise<FleetBot> {
  await using opening = new AsyncDisposableStack();
  const dir = await mkdtemp(path.join(tmpdir(), 'etcd-backup-fleet-'));
  opening.defer(() => rm(dir, { recursive: true, force: true }));
  const servers = fork(path.join(import.meta.dirname, 'fleet-servers.ts'), { stdio: 'inherit' });
  opening.defer(() => void servers.kill('SIGKILL'));
  servers.send({ kinds } satisfies FleetTask);
  const listening = await answerOf<FleetListening>(servers);
  const workspace = await startWorkspace();
  opening.defer(() => workspace.close());
  const recordsFile = path.join(dir, 'records.sqlite');
  await putBackups(recordsFile, kinds.length, listening.clusterId);
  const configFile = await writeConfig({ dir, recordsFile, listening, workspace });
  const bot = await startBot({ dir, workspace, configFile });
  opening.defer(() => bot.stop());
  const all = opening.move();
  return {
    asked() {
      servers.send('asked');
      return answerOf<FleetAsked>(servers);
    },
    forgetPeak: () => writeFile(`/proc/${bot.pid}/clear_refs`, '5').catch(() => undefined),
    async peakKiB() {
      const status = await readFile(`/proc/${bot.pid}/status`, 'utf8').catch(() => '');
      const found = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
      return found === undefined ? undefined : Number(found);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function answerOf<T>(servers: ChildProcess): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const ended = once(servers, 'exit', { signal }).then(([code]) => {
      throw new Error(`the servers' process ended (exit ${code})`);
    });
    const [answer] = await Promise.race([once(servers, 'message', { signal }), ended]);
    return answer as T;
  } finally {
    over.abort();
  }
}

const nameOf = (index: number) => `cluster-${index}`;

async function putBackups(file: string, clusters: number, clusterId: string): Promise<void> {
  const records = await openSqliteRecords({ file });
  try {
    for (let index = 0; index < clusters; index += 1)
      await records.importRun(backupOf(nameOf(index), clusterId, index), []);
  } finally {
    await records.close();
  }
}

function backupOf(cluster: string, clusterId: string, index: number): BackupRun {
  const now = Date.now();
  const runId = `r-${index.toString(36).padStart(8, 'b')}`;
  const manifest = anotherManifest({ runId, at: now - dayMs / 2 });
  const named = { ...manifest, cluster: { ...manifest.cluster, name: cluster, id: clusterId } };
  return runOfManifest({ manifest: named, objects: new Map(), notKnown: new Map(), policy: undefined, now });
}

async function writeConfig(parts: {
  readonly dir: string;
  readonly recordsFile: string;
  readonly listening: FleetListening;
  readonly workspace: Workspace;
}): Promise<string> {
  const { dir, listening, workspace } = parts;
  const { caPem } = listening;
  const channel = workspace.addChannel({ name: 'fleet', members: [] });
  workspace.invite(channel.id, 'app');
  const people = ['requester', 'approver'].map((user) => ({
    slack: workspace.addUser({ name: user }).id,
    user,
  }));
  const clusters = await Promise.all(
    listening.urls.map(async (url, index) => {
      const kubeconfig = path.join(dir, `${nameOf(index)}.kubeconfig`);
      const text = kubeconfigYaml({ url, caPem, token: `sha256~of-${nameOf(index)}`, user: 'bot' });
      await writeFile(kubeconfig, text, { mode: 0o600 });
      return { name: nameOf(index), connect: { kubeconfig }, channel: channel.id };
    }),
  );
  const configFile = path.join(dir, 'config.yaml');
  const config = {
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: references that the bot's configuration resolves
    slack: {
      botToken: '${SLACK_BOT_TOKEN}',
      appToken: '${SLACK_APP_TOKEN}',
      apiUrl: workspace.apiUrl,
    },
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: references that the bot's configuration resolves
    records: { file: parts.recordsFile },
    log: { level: 'error' },
    client: { path: 'kubectl' },
    people,
    clusters,
  };
  await writeFile(configFile, stringify(config), { mode: 0o600 });
  return configFile;
}
