import type { Elsewhere } from '../../../../domain/policy/elsewhere.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { coverage as english } from '../en/coverage.ts';

/** What others do the bot does not see: nothing is said of how good their backups are. */
function who(elsewhere: Elsewhere | undefined): Markup {
  const where =
    elsewhere?.controlPlane === 'hosted'
      ? md`컨트롤 플레인이 다른 클러스터에서 실행되므로 이 봇으로는 백업할 수 없습니다.`
      : md`이 봇은 이 클러스터를 백업하지 않습니다.`;
  return elsewhere?.by === undefined
    ? md`${where} 백업 담당이 지정되어 있지 않습니다. 누가 백업하는지 확인하여 봇 구성의 backedUpBy 항목에 적도록 하십시오.`
    : md`${where} 백업 담당: ${elsewhere.by}. 백업 상태는 봇이 확인할 수 없으므로 담당 쪽에 문의하십시오.`;
}

export const coverage = (t: Tools): ReturnType<typeof english> => ({
  state: {
    covered: md`✅ 백업됨`,
    stale: md`🟡 백업이 오래됨`,
    uncovered: md`🔴 현재 버전의 백업 없음`,
    updating: md`🔄 업데이트 중`,
    unknown: md`❔ 알 수 없음`,
    elsewhere: md`➖ 이 봇의 백업 대상 아님`,
  },
  coveredOnNode: md`⚠️ 백업 있음, 노드에만 있음`,
  elsewhere: ({ cluster, elsewhere }) => md`➖ ${t.code(cluster)}: ${who(elsewhere)}`,
  elsewhereShort: (by) => (by === undefined ? md`백업 담당이 지정되지 않음` : md`백업 담당: ${by}`),
  means: ({ state, release, since, why, backup, elsewhere }) => {
    const version = release === undefined ? md`현재 릴리스` : md`${release.version}`;
    switch (state) {
      case 'elsewhere':
        return who(elsewhere);
      case 'covered':
        return backup === undefined
          ? md`${version} 클러스터를 복원할 수 있는 검증된 백업이 있습니다.`
          : md`${version} 클러스터를 복원할 수 있는 검증된 백업이 있습니다: ${t.code(backup.runId)} (${t.ago(backup.takenAt)})`;
      case 'stale':
        return backup === undefined
          ? md`${version} 클러스터를 복원할 수 있는 최신 백업이 너무 오래되었습니다.`
          : md`${version} 클러스터를 복원할 수 있는 최신 백업이 너무 오래되었습니다: ${t.code(backup.runId)} (${t.ago(backup.takenAt)})`;
      case 'uncovered': {
        const from = since === undefined ? '' : md` (${t.time(since)}부터)`;
        return md`${version} 버전의 검증된 백업이 없어${from} 지금 상태의 클러스터를 복원할 백업이 없습니다.`;
      }
      case 'updating': {
        const left =
          backup === undefined
            ? md`업데이트 전 릴리스를 복원할 수 있는 검증된 백업이 없습니다.`
            : md`업데이트 전 릴리스(${backup.zStream})는 ${t.code(backup.runId)} 백업으로 복원할 수 있습니다.`;
        return md`${version} 버전으로 업데이트하는 중이라 끝날 때까지 백업할 수 없습니다. ${left}`;
      }
      case 'unknown': {
        if (since === undefined && why === undefined)
          return md`봇이 아직 이 클러스터의 응답을 받은 적이 없습니다.`;
        const from = since === undefined ? '' : md`${t.time(since)}부터 `;
        const because = why === undefined ? '' : md`: ${t.why(why)}`;
        return md`${from}클러스터가 응답하지 않습니다${because}.`;
      }
    }
  },
  warning: (warning) => {
    switch (warning.kind) {
      case 'signers-end':
        return warning.endAt <= t.now
          ? md`⚠️ 이 백업의 서명자 인증서는 ${t.time(warning.endAt)}에 만료되어, 복원하면 만료된 인증서를 사용하게 됩니다. 지금 새로 백업하십시오.`
          : md`⚠️ 이 백업의 서명자 인증서는 ${t.time(warning.endAt)}에 만료됩니다. 그 뒤에 복원하면 만료된 인증서를 사용하게 되므로 그 전에 새로 백업하십시오.`;
      case 'only-on-node':
        return md`⚠️ 백업이 컨트롤 플레인 노드에만 있어 클러스터와 함께 잃을 수 있습니다. 두 파일을 클러스터 외부로 복사하거나 저장소를 구성하십시오.`;
      case 'not-a-z-stream':
        return md`⚠️ 정식 z-stream 릴리스가 아닙니다(nightly, CI, OKD 빌드). 복원에는 정확히 이 빌드가 필요하므로 릴리스 이미지도 보관하십시오.`;
      case 'preview-backups-not-counted':
        return md`⚠️ 클러스터가 프리뷰 Backup API로 자체 백업을 하고 있습니다. 이 API의 “완료” 표시는 복원된다는 보장이 아니므로 백업으로 인정하지 않습니다.`;
    }
  },
  warningShort: {
    'signers-end': md`⚠️ 백업의 인증서가 만료되었거나 곧 만료됨`,
    'only-on-node': md`⚠️ 노드에만 있음`,
    'not-a-z-stream': md`⚠️ z-stream 아님`,
    'preview-backups-not-counted': md`⚠️ 프리뷰 API 백업은 인정하지 않음`,
  },
});
