import { word } from './file-commands.ts';

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

/** `OTHER_ADDRESSES`: of the other control-plane nodes, with `|` between them. */
export const ovnWaitCommands: readonly string[] = [
  `: "\${OTHER_ADDRESSES:?first: export OTHER_ADDRESSES='ADDRESS-1|ADDRESS-2', of the other control-plane nodes}"`,
  'while oc -n openshift-ovn-kubernetes get ds/ovnkube-master -o yaml | grep -E "$OTHER_ADDRESSES"; do echo "the network operator still names the other nodes"; sleep 15; done',
];

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
