import { lines, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { help as english } from '../en/help.ts';

export const help = (t: Tools): ReturnType<typeof english> => ({
  overview: [
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
      md`${t.command('restore-plan [cluster|RUN] [z-stream=4.16.8] [before=14:05]')} 복원할 백업과 복원 단계`,
      md`${t.command('restore-plan CLUSTER start')} · ${t.command('restore-plan CLUSTER stop')} 스레드에서 복원을 한 단계씩 진행`,
      md`${t.command('restored CLUSTER from=RUN [at=…]')} · ${t.command('restored CLUSTER undo')} 클러스터를 복원했음을 기록(갈라진 이전 타임라인의 백업 제외)`,
      md`${t.command('ready-to-update [cluster]')} 업데이트가 잘못될 때 복원에 쓸 최근 백업이 있는지 확인`,
      md`${t.command('pause CLUSTER until=3d reason="…"')} · ${t.command('resume CLUSTER')} 꺼 두거나 다시 구축하는 동안 경보와 예약 백업 중지`,
      md`${t.command('doctor [cluster]')} 봇에 필요한 것이 갖추어졌는지 점검`,
      md`${t.command('destination')} · ${t.command('destination adopt NAME')} 저장 위치가 올바른 곳인지 확인하고 등록`,
      md`${t.command('help [topic]')} 각 명령과 ${t.code('files')}, ${t.code('restore')} 주제의 도움말`,
    ),
  ],
  topics: {
    run: [
      md`*백업 요청:* ${t.command('run prod-east node=master-1 reason="네트워크 변경 전"')}`,
      md`봇이 클러스터를 점검하고 클러스터 채널에 카드를 올립니다. 필요한 만큼 승인되면 다시 점검한 뒤 컨트롤 플레인 노드 하나에서 OpenShift의 백업 스크립트를 실행합니다. 요청자와 승인자 모두 cluster-admin이어야 합니다. 노드를 지정하지 않으면 봇이 고릅니다. 클러스터가 여럿인데 지정하지 않으면 입력 창이 열립니다.`,
      md`*혼자 있을 때의 긴급 실행:* ${t.command('run prod-east emergency="etcd 멤버가 계속 내려가는데 아무도 없음"')}`,
      md`이때는 승인이 필요 없습니다. 클러스터 정책에 지정된 사람만 할 수 있으며 점검은 모두 그대로 합니다. 클러스터 소유자에게 사유와 함께 즉시 알리고, 긴급 실행이라는 표시는 지워지지 않습니다. 시작 전에 계획이 바뀌면 승인이 필요하며, 본인이 직접 승인할 수 있습니다.`,
    ],
    check: [
      md`*먼저 점검:* ${t.command('check prod-east')}`,
      md`클러스터를 읽어 백업을 막는 차단 항목과 그 이유, 조치 방법을 알려 줍니다. 아무것도 바꾸지 않으며 답변은 본인에게만 보입니다.`,
    ],
    status: [
      md`*진행 상황:* ${t.command('status')} 명령은 끝나지 않은 모든 실행을, ${t.command('status prod-east')} 명령은 한 클러스터의 최근 실행을 보여 줍니다.`,
    ],
    list: [
      md`*백업 목록:* ${t.command('list prod-east')} 명령은 백업을 최신순으로 보여 줍니다. 경과 시간, z-stream, 크기, 클러스터 외부의 두 사본이 검증되었는지(✅, 아니면 ⚠️), 복원 훈련 결과를 볼 수 있습니다. 파일 위치는 ${t.command('show RUN')} 명령으로 볼 수 있습니다.`,
    ],
    show: [
      md`*실행 하나의 모든 내용:* ${t.command('show r-…')} 명령은 요청자와 승인자, 점검 결과, 노드와 클러스터 외부의 두 파일 위치, 검증 여부, 크기와 체크섬, 실패했다면 그 이유를 보여 줍니다.`,
    ],
    audit: [
      md`*누가 언제 무엇을 했는가:* ${t.command('audit r-…')} 명령은 실행의 전체 기록을 파일로 만들어 다이렉트 메시지로 보냅니다. 각 줄에는 앞줄의 해시가 들어 있으며, 모든 줄이 작성된 그대로인지, 끝까지 있는지 알려 줍니다.`,
    ],
    approve: [
      md`*승인:* 카드의 버튼 또는 ${t.command('approve r-… "확인했습니다"')}`,
      md`승인은 카드에 표시된 계획에만 유효합니다. 시작 전에 클러스터가 바뀌면 무효가 되어 다시 승인을 받습니다. 클러스터 정책이 허용하지 않는 한 본인의 요청은 승인할 수 없습니다.`,
    ],
    reject: [
      md`*반려:* 카드의 버튼 또는 ${t.command('reject r-… "릴리스 중이라 안 됩니다"')} 아무것도 실행하지 않습니다.`,
    ],
    cancel: [
      md`*본인의 요청 취소:* 카드의 버튼 또는 ${t.command('cancel r-…')} 노드에서 실행이 시작되기 전까지 취소할 수 있습니다.`,
    ],
    verify: [
      md`*사본이 아직 온전한가:* ${t.command('verify r-…')} 명령은 두 사본을 저장소에서 다시 읽어 모든 바이트의 체크섬을 다시 비교합니다. 저장소의 내용은 바꾸지 않으며, 파일이 클수록 오래 걸립니다.`,
    ],
    drill: [
      md`*정말 복원할 수 있는가:* ${t.command('drill r-…')} 명령은 스냅샷의 사본을 가져와 아무도 접근할 수 없는 etcd에 복원하고, 키를 세고 읽은 뒤 모두 다시 삭제합니다. 클러스터는 건드리지 않습니다.`,
      md`암호화된 스냅샷은 봇이 열 수 없습니다. 수신자가 직접 하는 방법은 RESTORE.md 파일에 있습니다.`,
      md`봇은 한 번에 하나만 훈련합니다. 다른 훈련이 진행 중이면 최대 한 시간까지 차례를 기다리며, 어느 훈련을 기다리는지 알려 드립니다.`,
    ],
    'restore-plan': [
      md`*어느 백업으로 어떻게 복원하는가:* ${t.command('restore-plan prod-east z-stream=4.16.8')} 명령은 그 z-stream의 검증된 최신 백업을 고르고, 다른 백업을 고르지 않은 이유를 알려 주며, 복원 단계가 담긴 RESTORE.md 파일을 다이렉트 메시지로 보냅니다. 백업 하나를 지정하려면: ${t.command('restore-plan r-…')}`,
      md`*14:05에 무언가 삭제되었다면:* ${t.command('restore-plan prod-east before=14:05')} 명령은 클러스터 시간대로 그 시각 이전에 백업 스크립트가 끝난 최신 백업을 고릅니다. 노드와 봇의 시계 차이를 빼고 계산하며, 삭제된 것이 없을 수 있는 백업도 알려 줍니다. 날짜와 함께 쓸 수도 있습니다: ${t.code('before="2026-11-23 14:05"')}`,
      md`*여럿이 한 단계씩 복원하기:* ${t.command('restore-plan prod-east start')} 명령은 복원 작업방을 엽니다. 클러스터 채널의 스레드에 단계마다 메시지가 하나씩 나타나고, 명령과 보여야 하는 결과, 결과를 보고하는 버튼이 있습니다. 두 사람이 두 단계를 동시에 할 수 있습니다. 그동안 클러스터를 일시 중지하고 소유자에게 알리며, 끝나면 봇이 클러스터를 직접 확인합니다. 닫으려면: ${t.command('restore-plan prod-east stop')}`,
      md`클러스터와 저장소에 묻지 않으므로 모두 중단되었을 때도 쓸 수 있습니다. 봇이 마지막으로 확인한 클러스터의 z-stream과 응답한 etcd 멤버를, 각각 언제 확인했는지와 함께 알려 줍니다. z-stream을 지정하지 않으면 그 버전을 사용합니다. 온전한지 검증되지 않았거나 복원 훈련에서 실패한 백업은 제안하지 않고, 조건에 가장 가까운 백업을 알려 줍니다.`,
    ],
    restored: [
      md`*복원한 뒤:* ${t.command('restored prod-east from=r-… at="2026-12-01 03:40"')}`,
      md`복원한 클러스터는 이전 상태에서 다시 이어집니다. 그 백업과 복원 사이에 만든 백업은 갈라진 이전 타임라인의 것이므로, 표시를 하고 더 이상 인정하지 않습니다(백업 상태, 알림, ${t.code('ready-to-update')}, 보존 규칙 ${t.code('newest')}). 복원 계획에서는 실행 ID를 지정해야만 경고와 함께 사용할 수 있으며, 30일 동안은 삭제하지 않습니다.`,
      md`봇은 해당하는 백업을 보여 주고 한 번 더 확인합니다. ${t.code('at')} 옵션은 클러스터의 시계를 기준으로 복원한 시각입니다. ${t.code('at=03:40')} 형식으로 쓰거나 날짜를 함께 씁니다. 쓰지 않으면 지금을 뜻합니다. 복원 뒤에 만든 백업이 있을 수 있으면 봇이 시각을 묻습니다. ${t.command('restored prod-east undo')} 명령으로 취소합니다.`,
      md`cluster-admin과 긴급 실행 권한이 있는 사람이 할 수 있습니다. 긴급 실행 권한은 클러스터에 묻지 않으므로 API가 내려가 있어도 됩니다. 누가 기록했는지 채널에 표시합니다. 새 백업의 etcd 리비전이 바로 앞 백업보다 낮으면 봇이 먼저 묻습니다.`,
    ],
    'ready-to-update': [
      md`*지금 업데이트해도 되는가:* ${t.command('ready-to-update prod-east')} 명령은 클러스터의 릴리스를 확인하고, 정확히 그 릴리스의 검증된 백업이 클러스터 정책에서 정한 기간 안에 있으면 된다고, 아니면 안 된다고 답합니다. 아무것도 바꾸지 않으며 답변은 본인에게만 보입니다.`,
      md`업데이트 자체를 진행할 수 있는지는 살펴보지 않습니다(${t.code('oc adm upgrade')}). 파이프라인에서는 ${t.code('npm run ready -- prod-east')} 명령으로 확인할 수 있으며, 업데이트해도 되면 종료 코드가 0입니다.`,
    ],
    pause: [
      md`*꺼 두었거나 다시 구축 중인 클러스터:* ${t.command('pause prod-east until=3d reason="새 랙으로 이전"')}`,
      md`그때까지 알림과 경보가 없고 예약 백업을 실행하지 않으며, 누락으로 세지도 않습니다. 진행 중인 실행은 계속되고 직접 백업할 수도 있습니다. 현황판, 목록, 주간 요약에 누가 언제까지 왜 일시 중지했는지 표시되며, ${t.command('ready-to-update prod-east')} 명령은 업데이트하면 안 된다고 답합니다.`,
      md`${t.code('until')} 값은 기간(${t.code('8h')}, ${t.code('3d')}, ${t.code('2w')})이나 클러스터 시간대의 날짜 또는 시각입니다(${t.code('until=2026-12-01')}, ${t.code('until="2026-12-01 08:00"')}). 최대 30일입니다. 그때 저절로 끝나며, 더 일찍 끝내려면 ${t.command('resume prod-east')} 명령을 사용하십시오.`,
      md`클러스터 소유자는 혼자 결정합니다. 다른 사람이 요청하면 클러스터 채널의 버튼이나 ${t.command('approve prod-east')} 명령으로 또 다른 사람이 승인해야 합니다. 시작할 때와 끝날 때 소유자에게 알립니다.`,
    ],
    resume: [
      md`*일시 중지를 일찍 끝내기:* ${t.command('resume prod-east')} 소유자와 일시 중지를 요청한 사람은 혼자 할 수 있으며, 다른 사람이 요청하면 또 다른 사람의 승인이 필요합니다.`,
      md`그때부터 알림, 경보, 예약 백업은 클러스터의 현재 상태를 기준으로 합니다. 그동안 있었던 일은 알리지 않습니다.`,
    ],
    doctor: [
      md`*봇 자체의 점검:* ${t.command('doctor')} 명령은 전체를, ${t.command('doctor prod-east')} 명령은 클러스터 하나를 점검합니다.`,
      md`Slack 권한 범위와 채널, 승인자의 계정, 각 클러스터의 API와 봇의 권한, 노드 세션의 이미지와 네임스페이스, 시계, oc 또는 kubectl, 기록, 각 저장 위치와 식별 파일, 복원 훈련용 프로그램, 오래된 백업의 삭제가 멈추었는지를 살펴봅니다. 백업이 노드에만 있거나 소유자가 없는 클러스터도 알려 줍니다. 항목마다 조치 방법을 알려 줍니다. 저장 위치에 쓸 수 있는지 확인하려고, 등록된 위치인 경우에만 작은 시험 파일을 썼다가 지웁니다. 그 밖에는 아무것도 바꾸지 않습니다.`,
    ],
    destination: [
      md`*올바른 저장 위치입니까?* 저장 위치마다 식별 파일 etcd-backup-destination.json이 있으며, 봇은 그 ID를 기록해 둡니다. ${t.command('destination')} 명령은 저장 위치의 상태를 보여 줍니다.`,
      md`식별 파일이 없거나 다르면 그곳에서 아무것도 삭제하지 않고, 어떤 사본도 없어졌다고 기록하지 않습니다. 디렉토리는 빈 마운트 지점일 수 있으므로 쓰지도 않습니다. 버킷에는 계속 저장합니다.`,
      md`*올바른 위치일 때:* ${t.command('destination adopt nas-1')} 명령은 그곳에서 찾은 것을 알려 주고, 기록과 다르면 한 번 더 확인한 뒤 있는 식별 파일을 등록하거나 새로 만듭니다. 저장 위치의 소유자가 할 수 있으며, 구성된 소유자가 없으면 이를 사용하는 클러스터 모두에서 cluster-admin인 사람이 할 수 있습니다.`,
    ],
    files: [
      md`*백업의 두 파일*`,
      lines(
        md`• ${t.code('snapshot_<time>.db')} 파일은 etcd 스냅샷입니다. 클러스터의 모든 오브젝트 상태가 들어 있습니다. etcd 암호화는 값만 암호화하므로 리소스 유형, 네임스페이스, 이름은 항상 읽을 수 있습니다.`,
        md`• ${t.code('static_kuberesources_<time>.tar.gz')} 파일은 정적 pod 리소스입니다. 인증서와 키가 들어 있고, etcd 암호화를 사용하면 스냅샷의 암호화 키도 들어 있습니다.`,
        md`복원에는 한 번의 실행에서 나온 두 파일이 모두 필요합니다. 서로 다른 두 곳에, 모두 클러스터 외부에 보관하십시오.`,
      ),
    ],
    restore: [
      md`*꼭 복원해야 합니까?* API가 응답하고 변경도 된다면 복원하지 마십시오. 4.18부터는 데이터가 남은 etcd 멤버가 하나라도 있으면 잃어버린 쿼럼을 백업 없이 되살릴 수 있습니다(문서의 “Quorum restoration”).`,
      md`*복원에 필요한 것*`,
      lines(
        md`• 백업한 클러스터와 정확히 동일한 z-stream: 4.16.8 백업은 4.16.8만 복원하며 4.16.9는 복원하지 못합니다`,
        md`• 정상인 컨트롤 플레인 노드의 한 디렉토리에 있는, 한 번의 실행에서 나온 두 파일(다른 파일 없이)`,
        md`• 모든 컨트롤 플레인 노드에 대한 SSH 접속: 그동안 클러스터 API가 중단됩니다`,
        md`• 사용 중인 릴리스 문서의 복원 절차: 봇의 단계와 다르면 문서가 맞습니다`,
        md`${t.command('restore-plan CLUSTER')} 명령은 백업을 고르고 복원 단계를 알려 줍니다. 어떤 백업이 있는지는 ${t.command('list')} 명령으로 볼 수 있습니다.`,
        md`${t.command('restore-plan CLUSTER start')} 명령은 단계를 차례로 진행하는 스레드를 엽니다. 여럿이 함께 할 수 있습니다.`,
        md`Slack이나 봇을 쓸 수 없으면: 각 저장소의 백업 파일 옆에 있는 RESTORE.md 파일에 모든 단계가 있습니다.`,
        md`복원한 뒤: ${t.command('restored CLUSTER from=RUN')}`,
      ),
    ],
  },
  unknownTopic: ({ topic, nearest }) =>
    nearest === undefined
      ? md`${t.code(topic)} 도움말은 없습니다. ${t.command('help')} 명령으로 모든 주제를 볼 수 있습니다.`
      : md`${t.code(topic)} 도움말은 없습니다. ${t.command(`help ${nearest}`)} 명령을 찾으십니까?`,
});
