import { md } from '../../kit/markup.ts';
import type { doctor as english } from '../en/doctor.ts';

export const doctor = (): ReturnType<typeof english> => ({
  title: (cluster) =>
    cluster === undefined ? md`*봇에 필요한 것 점검*` : md`*봇에 필요한 것 점검: ${cluster}*`,
  verdict: ({ bad, warning: warnings, unknown, good }) => {
    const warned = warnings === 0 ? '' : md`, 경고 ${warnings}개`;
    if (bad > 0) return md`❌ 고쳐야 할 것 ${bad}개${warned}, 정상 ${good}개`;
    if (warnings > 0)
      return unknown > 0
        ? md`⚠️ 경고 ${warnings}개, 확인하지 못한 것 ${unknown}개, 정상 ${good}개`
        : md`⚠️ 경고 ${warnings}개, 정상 ${good}개`;
    return unknown > 0 ? md`❔ 확인하지 못한 것 ${unknown}개, 정상 ${good}개` : md`✅ 모두 정상입니다.`;
  },
  more: (count) => md`… 외 ${count}줄. 클러스터 하나를 지정하면 줄어듭니다.`,
  fix: (text) => md`→ ${text}`,
  inTerminal: (command) => md`Slack을 쓰기 전에는 다음 명령으로 저장 위치를 등록합니다: ${command}`,
});
