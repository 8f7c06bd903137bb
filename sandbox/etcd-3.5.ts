import path from 'node:path';
import { type EtcdTools, findEtcdTools } from '../src/drill/find-etcd.ts';

const project = path.dirname(import.meta.dirname);

/** Where `.ci/etcd-3.5.sh` puts etcd 3.5 with etcdutl; ETCD_3_5_DIR names another place. */
export const etcd35Dir = process.env.ETCD_3_5_DIR ?? path.join(project, 'node_modules', '.cache', 'etcd-3.5');

/** undefined: the programs are not there. */
export function etcd35(): (EtcdTools & { readonly etcdutl: string }) | undefined {
  const tools = findEtcdTools(etcd35Dir);
  const { etcdutl } = tools ?? {};
  return tools && etcdutl !== undefined ? { ...tools, etcdutl } : undefined;
}

/** For a reason to skip what needs them: where they come from. */
export const etcd35Name = 'etcd 3.5 with etcdutl (.ci/etcd-3.5.sh)';
