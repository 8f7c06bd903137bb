import { md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { retentionStopped as english } from '../en/retention.ts';

const clocks = {
  'bot-api': md`봇과 클러스터 API 서버`,
  'bot-node': md`봇과 노드`,
  'api-node': md`클러스터 API 서버와 노드`,
};

export const retentionStopped =
  (t: Tools): ReturnType<typeof english> =>
  ({ cluster, stop }) => {
    const kept = md`⚠️ 지금은 ${cluster} 클러스터의 오래된 백업을 삭제하지 않습니다. 백업에는 영향이 없습니다.`;
    switch (stop.kind) {
      case 'clocks-apart':
        return md`${kept} ${clocks[stop.between]}의 시계가 ${t.duration(stop.apartMs)} 차이 납니다. 백업 나이에 따라 삭제하므로 시계가 맞아야 합니다. 틀린 시계를 바로잡으십시오(chrony, NTP). 그러면 자동으로 다시 진행합니다.`;
      case 'clock-unknown':
        return stop.of === 'node'
          ? md`${kept} 노드의 시계를 확인하지 못했습니다. 백업 나이에 따라 삭제하므로 시계를 알아야 합니다. 다음 실행에서 확인하므로 하실 일은 없습니다.`
          : md`${kept} 클러스터 API 서버의 시각을 확인하지 못했습니다(${stop.detail}). 백업 나이에 따라 삭제하므로 시계를 알아야 합니다. 자동으로 다시 시도하며, 계속되면 ${t.command('doctor')} 명령으로 확인하십시오.`;
      case 'place':
        return md`${kept} ${t.code(stop.destination)} 저장소가 요청을 처리하지 못했습니다: ${stop.detail} 다음 백업 뒤에 다시 시도합니다.`;
      case 'restore-room':
        return md`${kept} ${t.time(stop.openedAt)}부터 ${t.code(stop.runId)} 실행의 백업으로 복원하는 작업방이 열려 있습니다. 작업방이 끝난 뒤 삭제를 다시 진행합니다. 더 필요하지 않은 작업방은 ${t.command(`restore-plan ${cluster} stop`)} 명령으로 닫으십시오.`;
      case 'unexpected':
        return md`${kept} 예기치 않은 오류가 발생했습니다: ${stop.detail}. 전체 오류는 봇 로그에 있으며, 자동으로 다시 시도합니다.`;
    }
  };
