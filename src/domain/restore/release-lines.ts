import { releaseLine } from '../cluster/z-stream.ts';

/**
 * What the documentation of each release line says about a restore, from 4.6 on. `docs/restore-sources.md` names what each
 * key means; a test compares its table with this one. Nothing here is guessed: what was not found is recorded as that.
 */
export type SourceKey = keyof typeof sources;

export const sources = {
  M46: 'openshift/openshift-docs 0150104c, modules/dr-restoring-cluster-state.adoc (4.6)',
  C47: 'openshift/openshift-docs 80ac0d25, the same module (4.7)',
  PR37499:
    'openshift/openshift-docs pull requests 37499, 38202, 38207, 38209 and 38444 (machines, 4.6 and later)',
  PR45004: 'openshift/openshift-docs pull request 45004 (PEM files, 4.6 to 4.11)',
  PR50076: 'openshift/openshift-docs pull request 50076 (OVN-Kubernetes databases, 4.9 and later)',
  PR55699: 'openshift/openshift-docs pull request 55699 (node objects, 4.11 and later)',
  PR56622: 'openshift/openshift-docs pull requests 56622 and 70609 (quorum guard, 4.11)',
  PR56802: 'openshift/openshift-docs pull request 56802 (wait for the network operator, 4.11 to 4.13)',
  PR70698: 'openshift/openshift-docs pull requests 70698 and 72103 (keepalived, 4.11 to 4.15)',
  PR71209:
    'openshift/openshift-docs pull requests 70568 and 71209 (controller manager and scheduler, 4.11 and later)',
  PR90079:
    'openshift/openshift-docs pull requests 90079, 90363 and 90364 (pods that do not terminate, 4.12 to 4.17)',
  P71061:
    'openshift/openshift-docs b2aed9d2, the same module (4.12; reverted for its OVN part, used for the rest)',
  P71062:
    'openshift/openshift-docs 14b7ce7d, the same module (4.13; reverted for its OVN part, used for the rest)',
  PR104747: 'openshift/openshift-docs pull requests 72302 and 104747 (4.12)',
  A415: 'alokstech/openshift-docs d296f52b, the same module (4.14 and 4.15)',
  P90902: 'openshift/openshift-docs c5ec30ae, the same module (4.16 and 4.17)',
  K418: 'kowen-rh/openshift-docs 8ec24e0c (4.18 and later)',
  SNO: 'openshift/openshift-docs 227c6165, modules/dr-restoring-cluster-state-sno.adoc (4.18 and later)',
  TNF: 'openshift/openshift-docs pull request 110077 (two nodes with fencing, 4.22)',
  QH: 'openshift/openshift-docs 00fa0988, modules/dr-restoring-etcd-quorum-ha.adoc (4.18 and later)',
  CEO: 'openshift/cluster-etcd-operator, bindata/etcd of the release branch (what the scripts do)',
} as const;

export type StaticPod = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler';

/** A release line up to 4.17, where the other control-plane nodes are stopped and brought back by hand. */
export interface ByHandLine {
  /** The text that the line's steps follow where no other source is named. */
  readonly text: SourceKey;
  /** Static pods that are moved away on the other control-plane nodes, in this order. */
  readonly stopped: readonly StaticPod[];
  readonly stoppedFrom: SourceKey;
  readonly keepalived: SourceKey | undefined;
  readonly pem: SourceKey;
  /** The node objects of the other control-plane nodes are deleted before OVN-Kubernetes is restarted. */
  readonly deleteNodes: SourceKey | undefined;
  /** How OVN-Kubernetes is started over: `master` up to 4.13, `control-plane` from 4.14 on. */
  readonly ovn: { readonly kind: 'master' | 'control-plane'; readonly from: SourceKey } | undefined;
  readonly webhooks: SourceKey | undefined;
  /** The other control-plane machines are deleted and created again. */
  readonly machines: SourceKey | undefined;
  readonly login: SourceKey | undefined;
  readonly guard: SourceKey | undefined;
  /** What is restarted at the end. */
  readonly end: 'pods' | 'nodes';
  /** The text has `oc adm wait-for-stable-cluster`. */
  readonly stable: boolean;
}

const two: readonly StaticPod[] = ['etcd', 'kube-apiserver'];
const four: readonly StaticPod[] = [...two, 'kube-controller-manager', 'kube-scheduler'];

const line46: ByHandLine = {
  text: 'M46',
  stopped: two,
  stoppedFrom: 'M46',
  keepalived: undefined,
  pem: 'M46',
  deleteNodes: undefined,
  ovn: undefined,
  webhooks: undefined,
  machines: undefined,
  login: undefined,
  guard: undefined,
  end: 'pods',
  stable: false,
};
const line47: ByHandLine = {
  ...line46,
  text: 'C47',
  stoppedFrom: 'C47',
  pem: 'PR45004',
  machines: 'PR37499',
  login: 'C47',
};
const line49: ByHandLine = { ...line47, ovn: { kind: 'master', from: 'PR50076' } };
const line410: ByHandLine = {
  ...line49,
  text: 'A415',
  stoppedFrom: 'C47',
  login: undefined,
  webhooks: 'A415',
  machines: 'A415',
};
const line411: ByHandLine = {
  ...line410,
  stopped: four,
  stoppedFrom: 'PR71209',
  keepalived: 'PR70698',
  deleteNodes: 'PR55699',
  guard: 'PR56622',
};
const line412: ByHandLine = {
  ...line411,
  text: 'P71061',
  stoppedFrom: 'PR104747',
  pem: 'P71061',
  webhooks: 'P71061',
  machines: 'P71061',
  guard: 'P71061',
};
const line413: ByHandLine = {
  ...line412,
  text: 'P71062',
  stopped: two,
  stoppedFrom: 'P71062',
  pem: 'P71062',
  webhooks: 'P71062',
  machines: 'P71062',
  guard: 'P71062',
};
const line414: ByHandLine = {
  ...line413,
  text: 'A415',
  stopped: four,
  stoppedFrom: 'PR71209',
  pem: 'A415',
  deleteNodes: undefined,
  ovn: { kind: 'control-plane', from: 'A415' },
  webhooks: 'A415',
  machines: 'A415',
  guard: 'A415',
};
const line416: ByHandLine = {
  ...line414,
  text: 'P90902',
  stoppedFrom: 'P90902',
  keepalived: 'P90902',
  pem: 'P90902',
  ovn: { kind: 'control-plane', from: 'P90902' },
  webhooks: 'P90902',
  machines: undefined,
  guard: 'P90902',
  end: 'nodes',
  stable: true,
};

/** By minor of OpenShift 4. */
const byHand: ReadonlyMap<number, ByHandLine> = new Map([
  [6, line46],
  [7, line47],
  [8, line47],
  [9, line49],
  [10, line410],
  [11, line411],
  [12, line412],
  [13, line413],
  [14, line414],
  [15, line414],
  [16, line416],
  [17, line416],
]);

export const firstMinor = 6;
/** From here on scripts on the node do what was done by hand. */
export const firstScriptedMinor = 18;
/** Two nodes with fencing: before this release nothing is documented. */
export const firstFencingMinor = 22;
/** The newest release whose documentation the steps were taken from. */
export const lastMinor = 22;

export function byHandLine(zStream: string): ByHandLine | undefined {
  const version = releaseLine(zStream);
  return version?.major === 4 ? byHand.get(version.minor) : undefined;
}
