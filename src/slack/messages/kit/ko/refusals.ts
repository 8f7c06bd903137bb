import type { AccountKind } from '../../../../domain/people/person.ts';
import type { refusals as english, UnreadableProfile } from '../en/refusals.ts';
import { type Markup, md } from '../markup.ts';
import type { Tools } from '../tools.ts';

export const refusedAccount: Readonly<Record<Exclude<AccountKind, 'member'>, Markup>> = {
  guest: md`게스트는 백업을 요청하거나 결정할 수 없습니다. 이 워크스페이스의 정식 멤버에게 부탁하십시오.`,
  stranger: md`다른 워크스페이스의 사용자는 백업을 요청하거나 결정할 수 없습니다. 이 워크스페이스의 멤버에게 부탁하십시오.`,
  deactivated: md`비활성화된 Slack 계정으로는 백업을 요청하거나 결정할 수 없습니다. 이 워크스페이스의 멤버에게 부탁하십시오.`,
  bot: md`봇은 백업을 요청하거나 결정할 수 없습니다. 사람이 직접 해야 합니다.`,
};

export const profileUnreadable = ({ reason, detail }: UnreadableProfile) => {
  switch (reason) {
    case 'unauthorized':
    case 'forbidden':
      return md`봇이 Slack에서 사용자 정보를 읽을 수 없어(${detail}) 아무것도 하지 않았습니다. 다시 시도해도 결과는 같습니다. 봇 담당자에게 봇의 Slack 토큰과 권한을 확인해 달라고 요청하십시오.`;
    case 'absent':
      return md`Slack에서 이 워크스페이스의 계정을 찾지 못해(${detail}) 아무것도 하지 않았습니다. 이 워크스페이스의 멤버에게 부탁하십시오.`;
    default:
      return md`Slack에서 사용자 정보를 확인하지 못해(${detail}) 아무것도 하지 않았습니다. 잠시 후 다시 시도하십시오.`;
  }
};

const permitted = {
  endReminder: md`알림을 끝내는`,
  startDrill: md`복원 훈련`,
  verify: md`사본을 다시 읽는`,
};

export const refusals = (t: Tools): ReturnType<typeof english> => ({
  'unknown-person': (_answer) =>
    md`어느 클러스터 사용자이신지 봇이 알지 못합니다. 봇 구성의 ${t.code('people')} 항목에 추가해 달라고 관리자에게 요청하십시오.`,
  'refused-person': (answer) => refusedAccount[answer.accountKind],
  'profile-unreadable': profileUnreadable,
  'wrong-channel': (answer) =>
    md`이 채널에서는 ${t.code(answer.cluster)} 클러스터를 다룰 수 없습니다. ${t.list(answer.allowed.map((id) => t.channel(id)))} 채널에서 다시 요청하십시오.`,
  'not-permitted': ({ cluster, clusterUser, act }) =>
    md`${t.code(cluster)} 클러스터에서 ${permitted[act]} 작업은 소유자와 cluster-admin만 할 수 있습니다. 클러스터 사용자 ${t.code(clusterUser)} 님은 cluster-admin이 아닙니다. 변경된 것은 없습니다. 소유자나 cluster-admin에게 요청하십시오.`,
  'permission-unreadable': ({ cluster, why }) =>
    md`${t.code(cluster)} 클러스터의 cluster-admin인지 확인하지 못했습니다: ${t.why(why)}. 변경된 것은 없습니다. ${t.remedy(why, md`봇에 SubjectAccessReview 생성 권한을 부여하십시오.`)} 그동안 클러스터 소유자가 대신 할 수 있습니다.`,
  'being-removed': ({ cluster }) =>
    md`${t.code(cluster)} 클러스터는 제거되는 중입니다. 봇 구성에서 빠졌으며, 진행 중인 작업이 끝나면 제거됩니다. 새 작업은 시작하지 않습니다. 실수로 빠졌다면 구성 파일을 다시 넣으십시오.`,

  'cluster-missing': (answer) =>
    answer.known.length === 0
      ? md`구성된 클러스터가 없습니다. 봇 구성에 클러스터를 추가해 달라고 관리자에게 요청하십시오.`
      : md`어느 클러스터입니까? ${t.names(answer.known)} 중 하나를 지정하십시오. 예: ${t.command(`run ${answer.known[0]}`)}`,
  'unknown-cluster': (answer) =>
    answer.nearest === undefined
      ? md`${t.code(answer.name)} 클러스터가 없습니다. 구성된 클러스터: ${t.names(answer.known)}`
      : md`${t.code(answer.name)} 클러스터가 없습니다. ${t.code(answer.nearest)} 클러스터를 찾으십니까? 구성된 클러스터: ${t.names(answer.known)}`,
  'no-such-run': ({ runId, nearest }) =>
    md`${t.code(runId)} 실행이 없습니다. ${nearest === undefined ? '' : md`${t.code(nearest)} 실행을 찾으십니까? `}${t.command('status')} 명령은 진행 중인 실행을, ${t.command('list')} 명령은 백업을 보여 줍니다.`,
});
