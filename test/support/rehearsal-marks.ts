import { rm } from 'node:fs/promises';
import path from 'node:path';
import { write } from '../../sandbox/restore-host/furnish-hosts.ts';
import type { RestoreHosts } from '../../sandbox/restore-host/hosts.ts';
import type { StepKind } from '../../src/domain/restore/restore-steps.ts';

/** What a rehearsal does to a step, and what must come of it. */
type StepMark =
  /** Left out, the restore does not come to a good end. */
  | { readonly presence: 'matters'; readonly why: string }
  /** Changes nothing; where what it looks for is broken, it must stop the person. `fault` breaks that. */
  | { readonly presence: 'check'; readonly why: string; readonly fault: (at: FaultRoom) => Promise<void> };

export interface FaultRoom {
  readonly hosts: RestoreHosts;
  readonly snapshot: string;
  readonly resources: string;
}

async function mustRun(hosts: RestoreHosts, text: string): Promise<void> {
  const { code, output } = await hosts.run(text);
  if (code !== 0) throw new Error(output);
}

export const marks: { readonly [Kind in StepKind]?: StepMark } = {
  room: {
    presence: 'matters',
    why: 'the keys must lie where only this person reads; the last step removes that directory',
  },
  fetch: { presence: 'matters', why: 'without the file nothing can be checked or restored' },
  decrypt: { presence: 'matters', why: 'the script reads no encrypted file' },
  digests: {
    presence: 'check',
    why: 'what was decrypted is the file that the node wrote',
    fault: ({ hosts, resources }) => mustRun(hosts, `printf x >> ${resources}`),
  },
  trailer: {
    presence: 'check',
    why: 'a snapshot that etcd itself would refuse, whatever its digest says',
    fault: ({ hosts, snapshot }) => mustRun(hosts, `truncate -s -512 ${snapshot}`),
  },
  archive: {
    presence: 'check',
    why: 'an archive that ends early lacks keys',
    fault: ({ hosts, resources }) => mustRun(hosts, `truncate -s -100 ${resources}`),
  },
  'recovery-host': { presence: 'matters', why: 'all later commands go to the host that is chosen here' },
  place: { presence: 'matters', why: 'the script finds no files on the host' },
  obstacles: {
    presence: 'check',
    why: 'up to 4.17 the leftover stays in the data directory, later the script stops at it',
    fault: ({ hosts }) => write(hosts.root('master-0'), 'var/lib/etcd/left-over', 'of an earlier try'),
  },
  'stop-others': { presence: 'matters', why: 'their etcd members keep the quorum of the old cluster' },
  keepalived: { presence: 'matters', why: 'the API address stays at a host whose API server is stopped' },
  'disable-etcd': { presence: 'matters', why: 'their etcd members keep the quorum of the old cluster' },
  restore: { presence: 'matters', why: 'nothing is restored without it' },
  'kubelet-certificates': {
    presence: 'matters',
    why: 'a kubelet with an expired certificate asks for no new one',
  },
  kubelets: { presence: 'matters', why: 'a kubelet that goes on as before asks for no new certificate' },
  requests: { presence: 'matters', why: 'a request that is not approved leaves its node NotReady' },
  'single-member': {
    presence: 'check',
    why: 'a member that was not stopped joins nothing and confuses clients',
    async fault({ hosts }) {
      await write(
        hosts.root('master-1'),
        'etc/kubernetes/manifests/etcd-pod.yaml',
        'put back by another person',
      );
    },
  },
  webhooks: { presence: 'matters', why: 'a webhook that cannot answer rejects the new pods of the network' },
  'ovn-control-plane': { presence: 'matters', why: 'the network goes on with what it knew after the backup' },
  'ovn-nodes': { presence: 'matters', why: 'the databases of the nodes are of after the backup' },
  'guard-off': { presence: 'matters', why: 'with the guard on the operator brings no member back' },
  redeploy: {
    presence: 'matters',
    why: 'up to 4.17 the operator brings the other members back only when it is forced to',
  },
  'guard-on': { presence: 'matters', why: 'the cluster would run without its quorum guard for good' },
  'etcd-rollout': {
    presence: 'check',
    why: 'the other pods are redeployed only when etcd has all members',
    fault: ({ hosts }) => write(hosts.dir, 'cluster/stuck-etcd', ''),
  },
  rollouts: {
    presence: 'matters',
    why: 'the other nodes have no API server, controller manager and scheduler',
  },
  'keepalived-back': {
    presence: 'matters',
    why: 'without keepalived the network operator stays Progressing',
  },
  members: {
    presence: 'check',
    why: 'a member that is missing now is missing at the next failure',
    async fault({ hosts }) {
      // Lost for good, with its kubelet.
      const [last] = ['master-2', 'master-0'].filter((name) => hosts.names.includes(name));
      const root = hosts.root(last ?? '');
      await write(root, '.host/lost', '');
      await rm(path.join(root, '.host/containers/etcd'), { recursive: true, force: true });
    },
  },
  'webhooks-back': { presence: 'matters', why: 'the policies of the cluster stay off' },
  stable: {
    presence: 'check',
    why: 'an operator that does not come to rest needs a person',
    fault: ({ hosts }) => write(hosts.dir, 'cluster/degraded', 'ingress\n'),
  },
  'restart-nodes': {
    presence: 'matters',
    why: 'whatever keeps API information of after the backup must start over',
  },
  tidy: { presence: 'matters', why: 'both files together open every door of the cluster' },
};

/** Neighbours that must not change places, with the reason: `earlier later`. What is not here may be done in either order. */
export const orders: Readonly<Record<string, string>> = {
  'room fetch': 'the file would lie outside the directory that the later steps look in',
  'fetch decrypt': 'there is nothing to decrypt yet',
  'decrypt digests': 'there is nothing to check yet',
  'recovery-host place': 'the host is not named yet',
  'disable-etcd restore': 'the restored member would start beside the quorum of the old cluster',
  'restore kubelet-certificates': 'which nodes are NotReady only the restored API says',
  'kubelet-certificates kubelets': 'the kubelet looks for its certificate when it starts',
  'kubelets requests': 'the request comes when the kubelet starts',
  'restore guard-off': 'there is no API yet',
  'webhooks ovn-control-plane': 'the new pods would be rejected',
  'guard-off redeploy': 'the operator does not take the order with the guard on',
  'redeploy guard-on': 'the operator does not take the order with the guard on',
  'guard-off stable': 'nothing rolls out with the guard on',
  'stable guard-on': 'what has not rolled out by then does not any more',
};
