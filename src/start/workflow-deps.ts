import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { clientEnvironmentOfProcess } from '../config/process.ts';
import { createClientTool } from '../openshift/client-tool.ts';
import { createNodeSessions } from '../openshift/node-sessions.ts';
import type { Slack } from '../slack/app.ts';
import { randomIds } from '../system/ids.ts';
import type { WorkflowDeps } from '../workflow/deps.ts';
import { openOffCluster } from './off-cluster.ts';

type Opened = Pick<WorkflowDeps, 'records' | 'clusters' | 'clock' | 'log' | 'wake'> & {
  readonly slack: Pick<Slack, 'people' | 'self'>;
};

/** What the workflow reaches the world through: the parts that are open already, and those that nothing else needs. */
export async function workflowDeps(config: Config, { slack, ...opened }: Opened): Promise<WorkflowDeps> {
  const env = clientEnvironmentOfProcess();
  const { clientPath, connections, fleet } = config;
  const cacheDir = join(tmpdir(), 'etcd-backup-client-cache');
  const { clock } = opened;
  return {
    ...opened,
    fleet,
    offCluster: await openOffCluster(config, clock, env.PATH ?? ''),
    sessions: createNodeSessions({ connections, clientPath, clientEnv: env, cacheDir, clock }),
    people: slack.people,
    self: slack.self,
    client: createClientTool({ path: clientPath, env }),
    ids: randomIds(),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  };
}
