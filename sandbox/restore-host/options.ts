import type { EtcdTools } from '../../src/drill/find-etcd.ts';

export interface RestoreHostsOptions {
  /** A directory of the hosts' own: made if missing; nothing outside it is touched. A path that needs no quotes in a shell. */
  readonly dir: string;
  /** Minor of OpenShift 4: decides on scripts and operators. */
  readonly minor: number;
  /** Control-plane nodes with their addresses. */
  readonly hosts: readonly { readonly name: string; readonly address: string }[];
  readonly tools: EtcdTools;
  /** The cluster runs keepalived, and another host than the first holds the API's address. */
  readonly keepalived?: boolean;
  readonly ovn?: boolean;
  /** Nodes whose kubelet's certificate expired. */
  readonly notReady?: readonly string[];
  /** Names of webhooks that reject pods, because their own service does not run. */
  readonly webhooks?: readonly string[];
  /** The release line switches the quorum guard off by hand. */
  readonly guard?: boolean;
  /** Aborted: what runs on the hosts is killed. */
  readonly signal?: AbortSignal;
}
