import type { FailureWords } from './failure-words.ts';

const ssh = [
  '`Permission denied (publickey)`: 설치할 때 쓴 키가 아닌 다른 키로 접속하고 있습니다(`ssh -i KEY`).',
  '`Could not resolve hostname`, `Connection timed out`: 노드 네트워크에 닿는 호스트에서 노드의 주소로 접속하십시오.',
];
const noApi =
  '`connection refused`, `Unable to connect to the server`: API가 아직 응답하지 않습니다. 기다리거나, 복구 호스트에서 root로(`sudo -i`) `export KUBECONFIG=/etc/kubernetes/static-pod-resources/kube-apiserver-certs/secrets/node-kubeconfigs/localhost-recovery.kubeconfig` 명령을 실행한 뒤 같은 명령을 실행하십시오.';

export const failuresKo: FailureWords = {
  at: { here: [], nodes: ssh, api: [noApi], nowhere: [] },
  of: {
    fetch: [
      '`Unable to locate credentials`, `AccessDenied`: 인증 정보가 없거나 이 저장소의 것이 아닙니다.',
      '`SSL validation failed`: 저장소가 자체 인증 기관을 씁니다. `--ca-bundle FILE` 옵션으로 파일을 지정하십시오.',
      '`No such file or directory`, `404`: 공유 디렉토리가 마운트되어 있지 않거나 백업한 곳과 다른 곳입니다.',
    ],
    decrypt: [
      '`no identity matched any of the recipients`: 위에 적힌 키가 아닙니다.',
      '`AGE_KEY_FILE: first: export …`: 이 셸에 변수가 설정되어 있지 않습니다.',
    ],
    digests: ['`No such file or directory`: 이 셸이 첫 단계에서 만든 디렉토리에 있지 않습니다.'],
    place: [
      '`No such file or directory`: 이 셸이 첫 단계에서 만든 디렉토리에 있지 않습니다.',
      '`No space left on device`: 복구 호스트의 `/home/core` 아래에서 필요 없는 파일을 지우십시오.',
    ],
    'disable-etcd': [
      '`command not found`: 노드의 릴리스가 4.18보다 앞서서 이 스크립트가 없습니다. 그렇다면 이 계획은 맞지 않습니다.',
      '컨테이너가 멈추지 않아 스크립트가 기다리는 경우: `sudo crictl ps --name etcd` 명령으로 찾아 `sudo crictl stop ID` 명령으로 멈추십시오.',
    ],
    'stop-others': [
      '`… still runs: crictl stop …`: 노드에서 그 명령을 `sudo`로 실행한 뒤 이 단계를 다시 하십시오.',
    ],
    restore: [
      '`folder /var/lib/etcd is not empty`: 스크립트를 막을 만한 것을 찾는 단계로 돌아가십시오.',
      '`required dependencies not found`: 이 노드는 etcd를 정적 pod로 실행한 적이 없습니다. 다른 복구 호스트를 고르십시오.',
      '`does not exist`: 디렉토리나 그 안의 파일이 이 백업의 것이 아니거나, 아카이브에 매니페스트가 빠져 있습니다.',
      '스크립트는 root로 실행해야 합니다. 명령이 `sudo`로 시작하는지 확인하십시오.',
    ],
    'single-member': ['pod가 둘 이상이면 멈춰야 할 노드에서 etcd가 아직 실행 중입니다.'],
    requests: ['첫 요청 뒤에 몇 분 지나 새 요청이 더 올 수 있습니다. 진행하기 전에 다시 확인하십시오.'],
    stable: [
      'NotReady 노드가 있거나 그 노드를 기다리는 Operator가 있습니다: `oc get nodes`, `oc get clusteroperators`',
      '대기 중인 인증서 요청이 있습니다: `oc get csr`',
    ],
    'restart-nodes': ['Ready가 되지 않는 노드에는 대기 중인 인증서 요청이 있을 수 있습니다(`oc get csr`).'],
  },
  back: {
    untouched:
      '아직 클러스터에서 바뀐 것이 없습니다. 이 단계를 다시 하거나, 다른 사본이나 다른 백업을 쓰거나, 여기서 멈출 수 있습니다.',
    scriptedStop:
      'etcd 데이터는 제자리에 있어 아직 잃은 것이 없습니다. 노드를 되돌리려면: `sudo mv /home/core/assets/manifests-stopped/etcd-pod.yaml /etc/kubernetes/manifests/`',
    pacemakerStop:
      'etcd 데이터는 제자리에 있어 아직 잃은 것이 없습니다. 되돌리려면: `sudo pcs resource enable etcd`',
    stopByHand:
      '아직 잃은 것이 없습니다. 노드를 되돌리려면 `sudo mv -v /tmp/etcd /var/lib/etcd` 명령을 실행한 뒤 `/tmp`에 있는 매니페스트를 `/etc/kubernetes/manifests/`로 옮기십시오. 그 전에 노드를 다시 시작하지 마십시오. `/tmp`의 파일이 없어질 수 있습니다.',
    keepalived: '노드를 되돌리려면: `sudo cp -v /home/core/keepalived.yaml /etc/kubernetes/manifests/`',
    restore:
      '이전 etcd 데이터는 스크립트를 다시 실행하기 전까지 복구 호스트의 `/var/lib/etcd-backup`에 있습니다. 필요할 수 있으면 먼저 다른 곳에 복사하십시오. 원인을 고친 뒤 스크립트를 다시 실행하십시오.',
    machines:
      '다시 하기 전에 어떤 머신이 있는지 확인하십시오(`oc get machines -n openshift-machine-api`). 같은 머신을 두 번 삭제하면 안 됩니다.',
    forward:
      '복원된 etcd가 이미 자리를 잡았으므로 되돌아가지 않고 앞으로 진행합니다. 이 단계는 다시 할 수 있습니다.',
    over: '클러스터는 이 단계에 의존하지 않습니다. 다시 할 수 있습니다.',
  },
  pauseReason: (runId) => `${runId} 백업에서 복원하는 중`,
};
