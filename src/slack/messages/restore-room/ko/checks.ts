import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { checks as english } from '../en/checks.ts';

export const checks = (t: Tools): ReturnType<typeof english> => ({
  title: (at) =>
    at === undefined
      ? md`👁️ *모든 단계를 마쳤습니다. 이제 봇이 직접 확인합니다.*`
      : md`👁️ *봇이 ${t.time(at)} 직접 확인한 내용입니다.*`,
  looking: () => md`API가 응답하는 대로 클러스터를 읽고, 확인한 내용을 이 메시지에 표시합니다.`,
  apiWell: () => md`✅ API가 응답합니다.`,
  apiUnknown: (why) => md`⏳ API를 읽지 못했습니다: ${why}`,
  compared: ({ of, expected }) =>
    ({
      'cluster-id': md`✅ 같은 클러스터입니다: ${t.code(expected)}`,
      'z-stream': md`✅ 릴리스: ${t.code(expected)}`,
    })[of],
  differs: ({ of, expected, found }) =>
    ({
      'cluster-id': md`❌ 다른 클러스터입니다. 지금 ID: ${t.code(found)}, 백업의 ID: ${t.code(expected)}`,
      'z-stream': md`❌ 릴리스가 다릅니다. 지금: ${t.code(found)}, 백업: ${t.code(expected)}`,
    })[of],
  well: ({ of, count }) =>
    ({
      nodes: md`✅ 노드 ${count}개가 모두 Ready 상태입니다.`,
      operators: md`✅ 클러스터 Operator ${count}개를 모두 사용할 수 있으며, 진행 중이거나 저하된 것이 없습니다.`,
      members: md`✅ etcd 멤버 ${count}개, pod가 모두 Ready 상태입니다.`,
    })[of],
  notYet: ({ of, names, count }) =>
    ({
      nodes: md`⏳ Ready가 아닌 노드: ${t.names(names)}`,
      operators: md`⏳ 아직 안정되지 않은 클러스터 Operator: ${t.names(names)}`,
      members: md`⏳ Ready pod가 있는 etcd 멤버: ${count}개, 없는 멤버: ${t.names(names)}`,
    })[of],
  unknown: ({ of, why }) =>
    ({
      nodes: md`❔ 노드를 읽지 못했습니다: ${t.why(why)}`,
      operators: md`❔ 클러스터 Operator를 읽지 못했습니다: ${t.why(why)}`,
      members: md`❔ etcd pod를 읽지 못했습니다: ${t.why(why)}`,
    })[of],
  again: () =>
    md`모두 정상이 될 때까지 다시 확인하고, 정상이 되면 작업방을 닫습니다. 나머지가 중요하지 않다면 첫 메시지의 버튼으로 작업방을 닫으십시오.`,
  backUp: '지금 백업',
  backUpReason: '클러스터를 복원한 뒤의 새 백업',
});
