import type { HelpWording } from '../help-wording.ts';
import { lines, md } from '../markup.ts';

export const help: HelpWording = {
  overview: (t) => [
    md`*OpenShift 클러스터의 etcd를 백업합니다.* 요청하고 다른 사람이 승인하면, 두 파일의 위치와 온전한지 여부를 스레드에서 볼 수 있습니다.`,
    lines(
      md`${t.command('')} 모든 클러스터 한눈에 보기`,
      md`${t.command('run [cluster] [node=…] [reason="…"]')} 백업 요청`,
      md`${t.command('check [cluster] [node=…]')} 백업할 수 있는지 점검(아무것도 바꾸지 않음)`,
      md`${t.command('status [cluster|run]')} 끝나지 않은 실행`,
      md`${t.command('list [cluster]')} 백업 목록(최신순)`,
      md`${t.command('show RUN')} 실행 하나의 모든 내용`,
      md`${t.command('audit RUN')} 실행 하나의 전체 기록과 변조 여부`,
      md`${t.command('approve RUN [reason]')} · ${t.command('reject RUN [reason]')} 승인 또는 반려`,
      md`${t.command('cancel RUN [reason]')} 본인의 요청 취소`,
      md`${t.command('verify RUN')} 백업의 사본을 다시 읽어 비교`,
      md`${t.command('drill RUN')} 백업의 스냅샷을 임시 etcd에 복원`,
      md`${t.command('restore-plan [cluster|RUN] [z-stream=4.16.8]')} 복원할 백업과 모든 단계`,
      md`${t.command('ready-to-update [cluster]')} 지금 업데이트해도 되돌릴 수 있는지 확인`,
      md`${t.command('doctor [cluster]')} 봇에 필요한 것이 갖추어졌는지 점검`,
      md`${t.command('help [topic]')} 각 명령과 ${t.code('files')}, ${t.code('restore')} 주제의 도움말`,
    ),
  ],
  topics: {
    run: (t) => [
      md`*백업 요청:* ${t.command('run prod-east node=master-1 reason="네트워크 변경 전"')}`,
      md`봇이 클러스터를 점검하고 클러스터 채널에 카드를 올립니다. 필요한 만큼 승인되면 다시 점검한 뒤 컨트롤 플레인 노드 하나에서 OpenShift의 백업 스크립트를 실행합니다. 요청자와 승인자 모두 cluster-admin이어야 합니다. 노드를 지정하지 않으면 봇이 고릅니다. 클러스터가 여럿인데 지정하지 않으면 입력 창이 열립니다.`,
      md`*혼자 있을 때의 긴급 실행:* ${t.command('run prod-east emergency="etcd 멤버가 계속 내려가는데 아무도 없음"')}`,
      md`이때는 승인이 필요 없습니다. 클러스터 정책에 지정된 사람만 할 수 있으며 점검은 모두 그대로 합니다. 클러스터 소유자에게 사유와 함께 즉시 알리고, 긴급 실행이라는 표시는 지워지지 않습니다. 시작 전에 계획이 바뀌면 승인이 필요하며, 본인이 직접 승인할 수 있습니다.`,
    ],
    check: (t) => [
      md`*먼저 점검:* ${t.command('check prod-east')}`,
      md`클러스터를 읽어 백업을 막는 것이 무엇인지, 왜 중요한지, 어떻게 해야 하는지 알려 줍니다. 아무것도 바꾸지 않으며 답변은 본인에게만 보입니다.`,
    ],
    status: (t) => [
      md`*진행 상황:* ${t.command('status')} 명령은 끝나지 않은 모든 실행을, ${t.command('status prod-east')} 명령은 한 클러스터의 최근 실행을 보여 줍니다.`,
    ],
    list: (t) => [
      md`*백업 목록:* ${t.command('list prod-east')} 명령은 백업을 최신순으로 보여 줍니다. 경과 시간, z-stream, 크기, 두 파일이 클러스터 외부에서 검증되었는지(✅, 아니면 ⚠️), 복원 훈련 결과를 볼 수 있습니다. 파일 위치는 ${t.command('show RUN')} 명령으로 볼 수 있습니다.`,
    ],
    show: (t) => [
      md`*실행 하나의 모든 내용:* ${t.command('show r-…')} 명령은 요청자와 승인자, 점검 결과, 노드와 클러스터 외부의 두 파일 위치, 검증 여부, 크기와 체크섬, 실패했다면 그 이유를 보여 줍니다.`,
    ],
    audit: (t) => [
      md`*누가 언제 무엇을 했는가:* ${t.command('audit r-…')} 명령은 실행의 전체 기록을 파일로 만들어 다이렉트 메시지로 보냅니다. 각 줄에는 앞줄의 해시가 들어 있으며, 모든 줄이 작성된 그대로인지, 끝까지 있는지 알려 줍니다.`,
    ],
    approve: (t) => [
      md`*승인:* 카드의 버튼 또는 ${t.command('approve r-… "확인했습니다"')}`,
      md`승인은 카드에 표시된 계획에만 유효합니다. 시작 전에 클러스터가 바뀌면 무효가 되어 다시 승인을 받습니다. 클러스터 정책이 허용하지 않는 한 본인의 요청은 승인할 수 없습니다.`,
    ],
    reject: (t) => [
      md`*반려:* 카드의 버튼 또는 ${t.command('reject r-… "릴리스 중이라 안 됩니다"')} 아무것도 실행하지 않습니다.`,
    ],
    cancel: (t) => [
      md`*본인의 요청 취소:* 카드의 버튼 또는 ${t.command('cancel r-…')} 노드에서 실행이 시작되기 전까지 취소할 수 있습니다.`,
    ],
    verify: (t) => [
      md`*사본이 아직 온전한가:* ${t.command('verify r-…')} 명령은 두 사본을 저장소에서 다시 읽어 모든 바이트의 체크섬을 다시 비교합니다. 저장소의 내용은 바꾸지 않으며, 파일 크기만큼 시간이 걸립니다.`,
    ],
    drill: (t) => [
      md`*정말 복원할 수 있는가:* ${t.command('drill r-…')} 명령은 스냅샷의 사본을 가져와 아무도 접근할 수 없는 etcd에 복원하고, 키를 세고 읽은 뒤 모두 다시 삭제합니다. 클러스터는 건드리지 않습니다.`,
      md`암호화된 스냅샷은 봇이 열 수 없습니다. 수신자가 직접 하는 방법은 RESTORE.md 파일에 있습니다.`,
    ],
    'restore-plan': (t) => [
      md`*어느 백업으로 어떻게 복원하는가:* ${t.command('restore-plan prod-east z-stream=4.16.8')} 명령은 그 z-stream의 검증된 최신 백업을 고르고, 다른 백업을 고르지 않은 이유를 알려 주며, 모든 단계가 담긴 RESTORE.md 파일을 다이렉트 메시지로 보냅니다. 백업 하나를 지정하려면: ${t.command('restore-plan r-…')}`,
      md`클러스터와 저장소에 묻지 않으므로 모두 중단되었을 때도 쓸 수 있습니다. z-stream에는 클러스터가 마지막으로 실행한 버전을 지정하십시오. 지정하지 않으면 짐작할 수밖에 없습니다.`,
    ],
    'ready-to-update': (t) => [
      md`*지금 업데이트해도 되는가:* ${t.command('ready-to-update prod-east')} 명령은 클러스터의 릴리스를 확인하고, 정확히 그 릴리스의 검증된 백업이 클러스터 정책에서 정한 기간 안에 있으면 된다고, 아니면 안 된다고 답합니다. 아무것도 바꾸지 않으며 답변은 본인에게만 보입니다.`,
      md`업데이트 자체를 진행할 수 있는지는 살펴보지 않습니다(${t.code('oc adm upgrade')}). 파이프라인에서는 ${t.code('npm run ready -- prod-east')} 명령으로 확인할 수 있으며, 업데이트해도 되면 종료 코드가 0입니다.`,
    ],
    doctor: (t) => [
      md`*봇 자체의 점검:* ${t.command('doctor')} 명령은 전체를, ${t.command('doctor prod-east')} 명령은 클러스터 하나를 점검합니다.`,
      md`Slack 권한 범위와 채널, 승인자의 계정, 각 클러스터의 API와 봇의 권한, 노드 세션의 이미지와 네임스페이스, 시계, oc 또는 kubectl, 기록을 살펴봅니다. 잘못된 것마다 고치는 방법을 알려 줍니다. 아무것도 바꾸지 않습니다.`,
    ],
    files: (t) => [
      md`*백업의 두 파일*`,
      lines(
        md`• ${t.code('snapshot_<time>.db')} 파일은 etcd 스냅샷입니다. 클러스터의 모든 오브젝트 상태가 들어 있습니다. etcd 암호화는 값만 암호화하므로 리소스 유형, 네임스페이스, 이름은 항상 읽을 수 있습니다.`,
        md`• ${t.code('static_kuberesources_<time>.tar.gz')} 파일은 정적 pod 리소스입니다. 인증서와 키가 들어 있고, etcd 암호화를 사용하면 스냅샷의 암호화 키도 들어 있습니다.`,
        md`복원에는 한 번의 실행에서 나온 두 파일이 모두 필요합니다. 서로 다른 두 곳에, 모두 클러스터 외부에 보관하십시오.`,
      ),
    ],
    restore: (t) => [
      md`*복원에 필요한 것*`,
      lines(
        md`• 백업한 클러스터와 정확히 동일한 z-stream: 4.16.8 백업은 4.16.8만 복원하며 4.16.9는 복원하지 못합니다`,
        md`• 정상인 컨트롤 플레인 노드의 한 디렉토리에 있는, 한 번의 실행에서 나온 두 파일(다른 파일 없이)`,
        md`• 모든 컨트롤 플레인 노드에 대한 SSH 접속: 그동안 클러스터 API가 중단됩니다`,
        md`• 사용 중인 릴리스 문서의 복원 절차`,
        md`${t.command('restore-plan CLUSTER')} 명령은 백업을 고르고 모든 단계를 알려 줍니다. 어떤 백업이 있는지는 ${t.command('list')} 명령으로 볼 수 있습니다.`,
      ),
    ],
  },
  unknownTopic: ({ topic, nearest }, t) =>
    nearest === undefined
      ? md`${t.code(topic)} 도움말은 없습니다. ${t.command('help')} 명령으로 모든 주제를 볼 수 있습니다.`
      : md`${t.code(topic)} 도움말은 없습니다. ${t.command(`help ${nearest}`)} 명령을 찾으십니까?`,
};
