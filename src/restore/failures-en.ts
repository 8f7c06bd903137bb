import type { FailureWords } from './failure-words.ts';

const ssh = [
  '`Permission denied (publickey)`: ssh offers another key than that of the installation (`ssh -i KEY`).',
  '`Could not resolve hostname`, `Connection timed out`: use the address of the node, from a host that reaches its network.',
];
const noApi =
  '`connection refused`, `Unable to connect to the server`: the API does not answer yet. Wait, or run the command as root on the recovery host (`sudo -i`) after `export KUBECONFIG=/etc/kubernetes/static-pod-resources/kube-apiserver-certs/secrets/node-kubeconfigs/localhost-recovery.kubeconfig`.';

export const failuresEn: FailureWords = {
  at: { here: [], nodes: ssh, api: [noApi], nowhere: [] },
  of: {
    fetch: [
      '`Unable to locate credentials`, `AccessDenied`: the credentials are missing, or are not those of this place.',
      '`SSL validation failed`: the endpoint has a certificate authority of its own; name its file with `--ca-bundle FILE`.',
      '`No such file or directory`, `404`: the share is not mounted there, or it is another one than that of the backup.',
    ],
    decrypt: [
      '`no identity matched any of the recipients`: the key is none of those named above.',
      '`AGE_KEY_FILE: first: export …`: the variable is not set in this shell.',
    ],
    digests: ['`No such file or directory`: this shell is not in the directory of the first step.'],
    place: [
      '`No such file or directory`: this shell is not in the directory of the first step.',
      '`No space left on device`: remove what is not needed below `/home/core` on the recovery host.',
    ],
    'disable-etcd': [
      '`command not found`: the node runs a release before 4.18, where this script does not exist. Then this is the wrong plan.',
      'The script waits for a container that does not stop: `sudo crictl ps --name etcd` shows it, `sudo crictl stop ID` ends it.',
    ],
    'stop-others': [
      '`… still runs: crictl stop …`: run that command with `sudo` on the node, then this step again.',
    ],
    restore: [
      '`folder /var/lib/etcd is not empty`: go back to the step that looks for what would stop the script.',
      '`required dependencies not found`: this node never ran etcd as a static pod. Choose another recovery host.',
      '`does not exist`: the directory or a file in it is not the one of this backup, or a manifest is missing in the archive.',
      'The script must run as root: the command begins with `sudo`.',
    ],
    'single-member': ['More than one pod: etcd still runs on a node that had to be stopped.'],
    requests: ['New requests come some minutes after the first ones: look again before you go on.'],
    stable: [
      'A node that is NotReady, or an operator that waits for one: `oc get nodes`, `oc get clusteroperators`.',
      'Pending certificate requests: `oc get csr`.',
    ],
    'restart-nodes': [
      'A node that does not become Ready: its certificate requests are pending (`oc get csr`).',
    ],
  },
  back: {
    untouched:
      'Nothing in the cluster has changed so far. Repeat the step, take another copy or another backup, or stop here.',
    scriptedStop:
      "etcd's data is where it was, so nothing is lost yet. To go back on a node: `sudo mv /home/core/assets/manifests-stopped/etcd-pod.yaml /etc/kubernetes/manifests/`.",
    pacemakerStop:
      "etcd's data is where it was, so nothing is lost yet. To go back: `sudo pcs resource enable etcd`.",
    stopByHand:
      'Nothing is lost yet. To go back on a node: `sudo mv -v /tmp/etcd /var/lib/etcd`, then move its manifests from `/tmp` to `/etc/kubernetes/manifests/`. Do not restart that node before: what is in `/tmp` may be lost by that.',
    keepalived: 'To go back on a node: `sudo cp -v /home/core/keepalived.yaml /etc/kubernetes/manifests/`.',
    restore:
      'What etcd held before is in `/var/lib/etcd-backup` on the recovery host, until the script runs once more: copy it elsewhere first if you may need it. Correct the cause and run the script again.',
    machines:
      'Look which machines exist before you repeat it (`oc get machines -n openshift-machine-api`): none may be deleted twice.',
    forward: 'The restored etcd is in place: the way leads on, not back. The step can be repeated.',
    over: 'The cluster does not depend on this step. It can be repeated.',
  },
  pauseReason: (runId) => `is being restored from ${runId}`,
};
