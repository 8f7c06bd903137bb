import { hostname } from 'node:os';
import type { Config } from '../config/build/config.ts';
import { createLiveFleet, type LiveFleet } from '../workflow/clusters/live-fleet.ts';
import { type ConfigReload, createConfigReload } from '../workflow/clusters/reload.ts';
import type { WorkflowDeps } from '../workflow/ports/deps.ts';
import { configurationFiles, watchFolders } from './configuration-files.ts';

/** The clusters of a configuration, which may come and go from now on. */
export function openFleet({ fleet, connections }: Config): LiveFleet {
  const clusters = fleet.clusters.flatMap((policy, index) => {
    const connection = connections[index];
    return connection ? [{ policy, connection }] : [];
  });
  return createLiveFleet({ clusters, people: fleet.people });
}

/** Network file systems give no hint, nor does every mount of a ConfigMap. */
const everyMs = 10_000;
const steadyMs = 1_000;
const settleMs = 1_000;

/** Reads the configuration of `file` again when it changes. `id`: of this process, in the records. */
export function openReload(
  config: Config,
  { file, id, ...deps }: { readonly file: string; readonly id: string } & ReloadParts,
): ConfigReload {
  const files = configurationFiles(file, config);
  const folders = watchFolders(file, () => reload.hint());
  const state = () => {
    folders.refresh();
    return files.state();
  };
  const reload = createConfigReload({ ...deps, files: { ...files, state } }, config.digest, {
    everyMs,
    steadyMs,
    settleMs,
    bot: { id, host: hostname() },
  });
  return {
    ...reload,
    async stop() {
      // First what looks at the files: each look watches again what it finds.
      await reload.stop();
      await folders.stop();
    },
  };
}

type ReloadParts = Pick<WorkflowDeps, 'records' | 'offCluster' | 'clock' | 'log' | 'wake'> & {
  readonly fleet: LiveFleet;
};
