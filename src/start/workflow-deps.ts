import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/build/config.ts';
import { clientEnvironmentOfProcess, waysOfProcess } from '../config/build/process.ts';
import { clientSecrets as clientSecretsOf } from '../config/build/secrets-of.ts';
import { createClientTool } from '../openshift/client/client-tool.ts';
import { createNodeSessions } from '../openshift/node/node-sessions.ts';
import { firstWords, roomPauseReason, stepTexts } from '../restore/step-text.ts';
import type { Slack } from '../slack/app/app.ts';
import { randomIds } from '../system/ids.ts';
import type { LiveFleet } from '../workflow/clusters/live-fleet.ts';
import type { ConfigStatus } from '../workflow/ports/configuration.ts';
import type { WorkflowDeps } from '../workflow/ports/deps.ts';
import { clientEnvironment } from './client-environment.ts';
import { openOffCluster } from './off-cluster.ts';

type Opened = Pick<WorkflowDeps, 'records' | 'clusters' | 'clock' | 'log' | 'wake'> & {
  readonly fleet: LiveFleet;
  readonly configuration: () => ConfigStatus;
  readonly slack: Pick<Slack, 'people' | 'self'>;
  /** Directory with authorities for oc or kubectl; undefined: there are none beside the system's. */
  readonly certificates: string | undefined;
};

/** What the workflow reaches the world through: the parts that are open already, and those that nothing else needs. */
export async function workflowDeps(
  config: Config,
  { slack, certificates, ...opened }: Opened,
): Promise<WorkflowDeps> {
  const network = { proxy: config.proxy.settings, certificates };
  const env = clientEnvironment(clientEnvironmentOfProcess(), config.clientEnv, network);
  const clientSecrets = clientSecretsOf(config);
  const { clientPath } = config;
  const cacheDir = join(tmpdir(), 'etcd-backup-client-cache');
  const { clock, fleet } = opened;
  const connections = (cluster: string) => fleet.connection(cluster);
  return {
    ...opened,
    restoreWords: { steps: stepTexts, first: firstWords, pauseReason: roomPauseReason },
    offCluster: await openOffCluster(config, clock, env.PATH ?? '', opened.log),
    sessions: createNodeSessions({ connections, clientPath, clientEnv: env, clientSecrets, cacheDir, clock }),
    people: slack.people,
    self: slack.self,
    ...(config.summary ? { summaryChannel: config.summary.channel } : {}),
    ways: () =>
      waysOfProcess({
        ...config,
        connections: fleet.clusters.flatMap(({ name }) => fleet.connection(name) ?? []),
      }),
    client: createClientTool({ path: clientPath, env, secrets: clientSecrets }),
    ids: randomIds(),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  };
}
