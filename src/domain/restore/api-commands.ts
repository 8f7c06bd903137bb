import { word } from './file-commands.ts';
import type { Host } from './recovery-host.ts';

/** The commands of a restore plan that go to the restored API, with `oc`. */

export const requestsCommands: readonly string[] = [
  'oc get csr',
  'oc describe csr NAME',
  'oc adm certificate approve NAME',
];

export const membersCommands: readonly string[] = ['oc -n openshift-etcd get pods -l k8s-app=etcd'];

export function deleteNodesCommands(names: readonly string[]): readonly string[] {
  return names.map((name) => `oc delete node ${word(name)}`);
}

/**
 * Of the other control-plane nodes; where one is not known, the reader fills them in. Twenty minutes are more than it takes;
 * an API that does not answer is no empty answer.
 */
export function ovnWaitCommands(others: readonly Host[]): readonly string[] {
  const addresses = others.flatMap(({ address }) => (address === undefined ? [] : [address]));
  const known = addresses.length === others.length && addresses.length > 0;
  const pattern = addresses.map((each) => each.replaceAll('.', String.raw`\.`)).join('|');
  const wait = [
    'n=0',
    'while list=$(oc -n openshift-ovn-kubernetes get ds/ovnkube-master -o yaml) || exit 1; printf "%s\\n" "$list" | grep -E "$OTHER_ADDRESSES"',
    'do n=$((n + 1)); [ $n -le 80 ] || { echo "the network operator still names the other nodes: do not go on"; exit 1; }; echo "waiting for the network operator to let go of the other nodes"; sleep 15; done',
    'echo "no address of the other nodes is left"',
  ].join('; ');
  return [
    known
      ? `export OTHER_ADDRESSES='${pattern}'`
      : `: "\${OTHER_ADDRESSES:?first: export OTHER_ADDRESSES='ADDRESS-1|ADDRESS-2', of the other control-plane nodes}"`,
    `(${wait})`,
  ];
}

export const ovnControlPlaneCommands: readonly string[] = [
  'oc -n openshift-ovn-kubernetes delete pod -l app=ovnkube-control-plane',
  'oc -n openshift-ovn-kubernetes get pod -l app=ovnkube-control-plane',
];

export const webhookCommands: readonly string[] = [
  'oc get validatingwebhookconfigurations,mutatingwebhookconfigurations',
];

export const machineCommands: readonly string[] = [
  'oc get machines -n openshift-machine-api -o wide',
  `: "\${LOST_MACHINE:?first: export LOST_MACHINE=NAME}"`,
  'oc get machine "$LOST_MACHINE" -n openshift-machine-api -o yaml > new-master-machine.yaml',
  'oc delete machine -n openshift-machine-api "$LOST_MACHINE"',
  'oc apply -f new-master-machine.yaml',
  'oc get machines -n openshift-machine-api -o wide',
];

export const loginCommands: readonly string[] = ['oc login -u CLUSTER_ADMIN'];

export const guardOffCommands: readonly string[] = [
  `oc patch etcd/cluster --type=merge -p '{"spec": {"unsupportedConfigOverrides": {"useUnsupportedUnsafeNonHANonProductionUnstableEtcd": true}}}'`,
];

export const guardOnCommands: readonly string[] = [
  `oc patch etcd/cluster --type=merge -p '{"spec": {"unsupportedConfigOverrides": null}}'`,
];

/** The reason must differ each time. */
function redeploy(kind: string): string {
  return `oc patch ${kind}/cluster --type=merge -p '{"spec": {"forceRedeploymentReason": "recovery-'"$(date --rfc-3339=ns)"'"}}'`;
}

function rollout(kind: string): string {
  return `oc get ${kind} -o=jsonpath='{range .items[0].status.conditions[?(@.type=="NodeInstallerProgressing")]}{.reason}{"\\n"}{.message}{"\\n"}{end}'`;
}

/** For a rollout that does not come by itself. */
export const redeployCommands: readonly string[] = [redeploy('etcd')];

export const etcdRolloutCommands: readonly string[] = [rollout('etcd')];

/** In this order, each only when the one before is done. */
export const rolloutsCommands: readonly string[] = [
  'kubeapiserver',
  'kubecontrollermanager',
  'kubescheduler',
].flatMap((kind) => [redeploy(kind), rollout(kind)]);

export const stableCommands: readonly string[] = ['oc adm wait-for-stable-cluster'];
