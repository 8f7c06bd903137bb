import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { check as english } from '../en/check.ts';

export const check = (t: Tools): ReturnType<typeof english> => ({
  checkTitle: (p) => {
    const version = p.version === undefined ? '' : md` · ${p.version}`;
    const node = p.node === undefined ? '' : md` · 노드 ${t.code(p.node)}`;
    return md`*${p.cluster} 클러스터 점검*${version}${node}`;
  },
  checkVerdict: (p) => {
    if (p.counts.blockers > 0) return md`⛔ 지금은 백업할 수 없습니다. 클러스터는 바뀌지 않았습니다.`;
    return p.planned
      ? md`✅ 지금 백업할 수 있습니다: ${t.command(p.wanted === undefined ? `run ${p.cluster}` : `run ${p.cluster} node=${p.wanted}`)}`
      : md`⛔ 지금은 백업할 수 없습니다. 계획에 필요한 정보를 모두 읽지는 못했습니다. 읽지 못한 항목은 경고에 있습니다. 클러스터는 바뀌지 않았습니다.`;
  },
  counts: (p) =>
    sentence([
      p.blockers > 0 ? md`⛔ 차단 항목 ${p.blockers}개` : undefined,
      md`✅ 점검 ${p.passed}개 통과`,
      p.warnings > 0 ? md`⚠️ 경고 ${p.warnings}개` : undefined,
      p.later > 0 ? md`🕓 시작할 때 노드에서 점검 ${p.later}개` : undefined,
    ]),
  warning: (text) =>
    lines(
      md`⚠️ *${text.looked}:* ${text.found}`,
      md`중요한 이유: ${text.why}`,
      text.next ? md`조치: ${text.next}` : undefined,
    ),
  group: ({ outcome, count, canRun, over }) => {
    if (over && outcome === 'blocker') return md`⛔ *차단 항목 ${count}개* · 이 때문에 백업하지 않았습니다`;
    if (over && outcome === 'warning') return md`⚠️ *경고 ${count}개* · 당시 상태`;
    if (over && outcome === 'passed') return md`✅ *점검 ${count}개 통과* · 당시 상태`;
    if (outcome === 'blocker') return md`⛔ *차단 항목 ${count}개* · 백업을 실행할 수 없습니다`;
    if (outcome === 'warning') {
      const title = md`⚠️ *경고 ${count}개*`;
      return canRun ? md`${title} · 백업은 실행할 수 있지만 먼저 읽어 주십시오` : title;
    }
    if (outcome === 'later') return md`🕓 *시작할 때 노드에서 점검 ${count}개*`;
    return md`✅ *점검 ${count}개 통과*`;
  },
  laterOver: ({ made, looked }) =>
    made
      ? md`✅ *시작할 때 노드에서 점검 ${looked.length}개 통과*: ${join(looked, ', ')}`
      : md`⚪ *노드에서 하지 않은 점검 ${looked.length}개*: ${join(looked, ', ')}`,
  findingLong: (text) =>
    lines(
      md`• ${text.looked}: ${text.found}`,
      md`   중요한 이유: ${text.why}`,
      text.next ? md`   조치: ${text.next}` : undefined,
    ),
  findingShort: (text) => md`• ${text.looked}: ${text.found}`,
  moreFindings: (count, acted) =>
    acted
      ? md`… 외 ${count}건은 여기에 담지 못했습니다. 위 항목을 먼저 해결한 뒤 다시 점검하십시오`
      : md`… 외 ${count}건은 여기에 담지 못했습니다`,
  nothingChecked: () => md`아직 점검 결과가 없습니다.`,
});

function sentence(parts: readonly (Markup | undefined)[]): Markup {
  return join(
    parts.filter((part) => part !== undefined),
    ' · ',
  );
}
