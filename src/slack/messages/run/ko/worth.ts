import type { PoorWorth } from '../../../../domain/run/backup-worth.ts';
import { join, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { worth as english } from '../en/worth.ts';

function lost({ files }: Extract<PoorWorth, { kind: 'unusable' }>, t: Tools): Markup {
  return join(
    files.map((each) => t.terms.file[each]),
    ', ',
  );
}

function headline(worth: PoorWorth, t: Tools): Markup {
  switch (worth.kind) {
    case 'disproven':
      return md`❌ *사용할 수 있는 백업 없음: 복원되지 않음*`;
    case 'unusable':
      return md`❌ *사용할 수 있는 백업 없음: 검증된 사본이 남아 있지 않음(${lost(worth, t)})*`;
    case 'abandoned':
      return md`🔀 *백업 완료 · 이후 클러스터를 더 이전의 백업으로 복원함*`;
    case 'removed':
      return md`🗑️ *백업 완료 · 이후 보존 정책에 따라 사본을 삭제했거나 삭제하는 중*`;
    case 'not-off-yet':
      return md`⚠️ *노드에 백업했지만 클러스터 외부의 검증된 사본이 모두 갖추어지지 않음*`;
    case 'node-only':
      return md`⚠️ *백업 완료 · 노드에만 있음*`;
  }
}

export const worth = (t: Tools): ReturnType<typeof english> => ({
  done: (p) => {
    const took = p.durationMs === undefined ? '' : md` · ${t.duration(p.durationMs)} 소요`;
    const by = p.approvers.length === 0 ? '' : md` · 승인자 ${t.people(p.approvers)}`;
    return md`${headline(p.worth, t)}${took}${by}`;
  },
  status: (of) => {
    switch (of.kind) {
      case 'disproven':
        return md`❌ 사용할 수 있는 백업 없음: 복원되지 않음`;
      case 'unusable':
        return md`❌ 사용할 수 있는 백업 없음: 검증된 사본 없음(${lost(of, t)})`;
      case 'abandoned':
        return md`🔀 클러스터 복원으로 갈라진 이전 타임라인의 백업`;
      case 'removed':
        return md`🗑️ 보존 정책에 따라 삭제됨`;
      case 'not-off-yet':
        return md`⚠️ 노드에는 있지만 클러스터 외부의 검증된 사본이 모두 갖추어지지 않음`;
      case 'node-only':
        return md`⚠️ 백업 완료, 노드에만 있음`;
    }
  },
  title: ({ worth: of, cluster }) => {
    switch (of.kind) {
      case 'disproven':
        return md`❌ *${cluster} 클러스터의 이 백업은 사용할 수 없습니다: 복원되지 않습니다*`;
      case 'unusable':
        return md`❌ *${cluster} 클러스터의 이 백업은 사용할 수 없습니다: 검증된 사본이 남아 있지 않습니다(${lost(of, t)})*`;
      case 'abandoned':
        return md`🔀 *이후 ${cluster} 클러스터를 더 이전의 백업으로 복원했으므로 이 백업은 갈라진 이전 타임라인의 것입니다*`;
      case 'removed':
        return md`🗑️ *${cluster} 클러스터의 이 백업 사본을 보존 정책에 따라 삭제했거나 삭제하는 중입니다*`;
      case 'not-off-yet':
        return md`⚠️ *${cluster} 클러스터를 노드에 백업했지만 클러스터 외부의 검증된 사본이 모두 갖추어지지 않았습니다*`;
      case 'node-only':
        return md`⚠️ *${cluster} 클러스터의 백업이 끝났지만 노드에만 있습니다*`;
    }
  },
  makeNew: (cluster) => md`*다음 조치:* 지금 새로 백업하십시오: ${t.command(`run ${cluster}`)}`,
});
