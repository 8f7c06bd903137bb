import path from 'node:path';
import { type ControlPlaneSandboxNode, createNode } from './create-node.ts';
import { type Etcd, type EtcdOptions, startEtcd } from './etcd.ts';
import type { NodeEvent } from './port.ts';

export interface ControlPlaneOptions {
  /** Gets one directory per node, and `etcd`. */
  dir: string;
  now?: () => Date;
  /** How many members etcd has; absent: one on each node. */
  members?: number;
  /** Size of the database; `false` for the recorded snapshot even where an etcd is installed. */
  etcd?: Omit<EtcdOptions, 'dir'> | false;
  onEvent?: (event: NodeEvent) => void;
}

export interface ControlPlane {
  /** master-0, master-1, master-2, at 172.31.77.10 to .12. */
  nodes: ControlPlaneSandboxNode[];
  /** Absent where none is installed: then the nodes hand out the recorded snapshot. */
  etcd?: Etcd;
  close(): Promise<void>;
}

/** Three control-plane nodes over one etcd, whose state a real cluster would hold three times. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { dir, now = () => new Date(), onEvent } = options;
  const etcd =
    options.etcd === false ? undefined : await startEtcd({ ...options.etcd, dir: path.join(dir, 'etcd') });
  const member = etcd ? { etcd } : {};
  const nodes: ControlPlaneSandboxNode[] = [];
  const addressOf = (index: number) => `172.31.77.${10 + index}`;
  const members = Array.from({ length: options.members ?? 3 }, (_, index) => addressOf(index));
  for (const index of [0, 1, 2]) {
    const name = `master-${index}`;
    nodes.push(
      await createNode({
        name,
        dir: path.join(dir, name),
        internalIp: addressOf(index),
        members,
        now,
        ...(onEvent === undefined ? {} : { onEvent }),
        ...member,
      }),
    );
  }
  return {
    nodes,
    ...member,
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
      await etcd?.stop();
    },
  };
}
