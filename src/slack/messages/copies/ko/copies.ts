import { verdictOf } from '../../../../domain/run/drill-outcome.ts';
import { join, lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import { drillReason, drillWhy } from '../drill-why.ts';
import type { copies as english } from '../en/copies.ts';
import { drillFailures, drillReasons } from './drill-failures.ts';

const signs = {
  proven: '✅',
  unproven: '⚠️',
  failed: '❌',
  pending: '🕓',
  pruned: '🗑️',
  leaving: '🗑️',
} as const;

export const copies = (t: Tools): ReturnType<typeof english> => ({
  onNode: ({ there, copies: some }) => {
    if (there) return md`노드에 있음`;
    return some ? md`보존 정책에 따라 노드에서 삭제함, 사본` : md`보존 정책에 따라 노드에서 삭제함`;
  },
  copyAt: (p) => md`${t.terms.file[p.file]} → ${t.code(p.destination)}: ${p.state}`,
  state: (p) => {
    if (p.state === 'proven') return p.unread ? md`사본 검증됨(마지막 확인 때 읽지 못함)` : md`사본 검증됨`;
    if (p.state === 'pruned') return md`보존 정책에 따라 삭제됨`;
    if (p.state === 'leaving') return md`보존 정책에 따라 삭제하는 중`;
    if (p.state === 'pending') return md`아직 복사하지 않음`;
    const said = p.state === 'unproven' ? md`저장했지만 검증되지 않음` : md`실패(${p.tries}번 시도)`;
    return p.nextTryAt === undefined ? said : md`${said}, 다음 시도 ${t.moment(p.nextTryAt)}`;
  },

  goesTo: (destinations) => md`저장 위치: ${join(destinations, ' · ')}`,
  destination: (p) => {
    const how = p.recipients === 0 ? '' : md`, 수신자 ${p.recipients}명용으로 암호화`;
    return md`${t.code(p.destination)} (${t.terms.file[p.file]}${how})`;
  },
  onePlace: (destination) =>
    md`⚠️ 두 파일이 한곳에 저장됩니다. ${t.code(destination)} 저장소를 읽을 수 있는 사람은 스냅샷과 그 암호화 키를 모두 얻어 클러스터 전체를 장악할 수 있습니다.`,
  oneRecipient: (p) =>
    md`⚠️ ${t.terms.file[p.file]} 파일은 ${t.code(p.recipient)} 수신자만 열 수 있습니다. 그 키를 잃으면 아무것도 복원할 수 없습니다.`,
  plainResources: () =>
    md`⚠️ 정적 pod 리소스를 암호화하지 않습니다. 이 파일을 가져갈 수 있는 사람은 etcd 키와 cluster-admin 토큰을 갖게 됩니다.`,

  progress: (p) => {
    const where =
      p.destination === undefined
        ? t.terms.file[p.file]
        : md`${t.terms.file[p.file]} → ${t.code(p.destination)}`;
    const speed = p.perSecond === undefined ? '' : md` · ${t.shortSize(p.perSecond)}/s`;
    const left = p.leftMs === undefined ? '' : md` · ${t.duration(p.leftMs)} 남음`;
    return md`• ${where}: ${t.shortSize(p.total)} 중 ${t.shortSize(p.bytes)}${speed}${left}`;
  },
  readingBack: (p) => {
    const where =
      p.destination === undefined
        ? t.terms.file[p.file]
        : md`${t.terms.file[p.file]} → ${t.code(p.destination)}`;
    return md`• ${where}: ${t.shortSize(p.total)} 모두 보냄, 저장하고 다시 읽는 중`;
  },
  removedFromNode: (node) =>
    md`${t.code(node)} 노드에서 만들었으며, 두 사본을 검증한 뒤 보존 정책에 따라 노드에서 삭제했습니다.`,
  drill: (drill) => {
    if (drill.ok)
      return md`✅ 복원 훈련: 임시 etcd에 복원함, 리비전 ${String(drill.revision)}, 유효한 키 ${t.number(drill.keys)}개`;
    const why = drillWhy(drillFailures(t), drill, t);
    const reason = drillReason(drillReasons, drill, md`알 수 없는 버전`, t);
    switch (verdictOf(drill)) {
      case 'does-not-restore':
        return lines(
          md`❌ *복원 훈련 결과 이 백업은 복원되지 않습니다:* ${why}`,
          reason,
          md`이제부터 백업으로 인정하지 않습니다. 새로 백업하십시오.`,
        );
      case 'not-made':
        return lines(md`⚠️ 복원 훈련을 하지 못함: ${why}`, reason, md`이 백업에 문제가 있다는 뜻은 아닙니다.`);
      default:
        return lines(
          md`⚠️ 복원 훈련 결과를 판단할 수 없음: ${why}`,
          reason,
          md`이전과 같이 백업으로 인정하지만, 복원된다는 보장이 없으므로 이 백업에만 의존하지 마십시오.`,
        );
    }
  },
  drillToCome: (state) =>
    ({
      begun: md`🕓 복원 훈련: 진행 중입니다. 몇 분 걸립니다. 결과는 카드에 표시됩니다.`,
      turn: md`🕓 복원 훈련: 차례를 기다리고 있습니다. 봇은 한 번에 하나만 훈련합니다. 결과는 카드에 표시됩니다.`,
      node: md`⚠️ 복원 훈련: 아직 하지 못했습니다. 봇이 읽을 수 있는 스냅샷은 노드에만 있는데 노드 세션을 열지 못했습니다. 나중에 자동으로 다시 시도하며, 결과는 카드에 표시됩니다.`,
    })[state],
  drillAway: (p) =>
    md`⚠️ 복원 훈련: 아직 하지 못했습니다. ${t.code(p.destination)} 저장소에서 스냅샷을 가져오지 못했습니다: ${t.quote(p.detail)}. 나중에 자동으로 다시 시도하며, 결과는 카드에 표시됩니다.`,
  drillTry: (drill): Markup => md`${copies(t).drill(drill)} 이전 훈련의 결과는 그대로 유효합니다.`,

  noReport: () => md`이 실행에는 보고할 백업이 없습니다.`,

  receipt: {
    head: (p) => md`${p.unread ? '⚠️' : signs[p.state]} *${t.terms.file[p.file]}* → ${t.code(p.destination)}`,
    stored: (p) => lines(md`저장 시각 ${t.time(p.at)}: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    plain: (p) => lines(md`복호화하면: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    proven: (at) => md`*사본 검증됨:* ${t.time(at)} 다시 읽은 결과 모든 바이트가 저장한 그대로임`,
    notProven: () =>
      md`*사본이 검증되지 않음:* 다시 읽어 온전함을 확인하지 못했으므로 복원된다는 보장이 없습니다`,
    unread: (p) =>
      md`*읽지 못함* ${t.time(p.at)}: ${p.said}. 파일에 문제가 있다는 뜻은 아니며, 위의 검증 결과는 그대로 유효함`,
    lockedUntil: (at) => md`${t.time(at)} 전에는 삭제할 수 없음`,
    encryptedFor: (names) => md`암호화됨. 다음 중 한 명이면 열 수 있음: ${t.names(names)}`,
    notEncrypted: () => md`암호화되지 않음. 파일을 가져갈 수 있는 사람은 내용을 읽을 수 있음`,
    custodians: (p) =>
      p.names.length === 0
        ? md`가져올 수 있는 사람: ${t.code(p.destination)} 저장소의 인증 정보를 가진 사람`
        : md`가져올 수 있는 사람: ${t.names(p.names)}`,
    failed: (p) => md`*실패* ${t.time(p.at)} (${p.tries}번 시도): ${p.said}`,
    detail: (detail) => md`자세한 내용: ${detail}`,
    next: (next) => md`*조치:* ${next}`,
    nextTry: (at) => md`봇이 다시 시도하는 시각: ${t.moment(at)}`,
    noNextTry: () => md`봇이 자동으로 다시 시도하지 않습니다.`,
    originalGone: (cluster) =>
      md`원본은 더 이상 노드에 없습니다. 새로 백업하십시오: ${t.command(`run ${cluster}`)}`,
    originalOnNode: (p) => md`원본은 ${t.code(p.node)} 노드에 있습니다: ${t.path(p.path)}`,
  },
  restoreFiles: (p) =>
    md`📎 ${p.cluster} 클러스터(${p.zStream}) 복원에 필요한 manifest.json 및 RESTORE.md 파일입니다. 클러스터 없이도 찾을 수 있는 곳에 보관하십시오. 비밀 정보는 들어 있지 않습니다.`,
  manifestMissing: (destinations) =>
    md`⚠️ 백업 파일 옆에 manifest.json 및 RESTORE.md 파일을 저장하지 못했습니다: ${t.names(destinations)}. 백업 파일 자체에는 영향이 없습니다. 그곳에는 이전 문서만 있거나 문서가 없습니다. 최신 RESTORE.md 파일은 ${t.command('restore-plan')} 명령으로 받을 수 있습니다.`,
  restoreFilesMissing: (p) =>
    md`⚠️ ${p.cluster} 클러스터의 manifest.json 및 RESTORE.md 파일을 이 스레드에 올리지 못했습니다: ${p.why}. RESTORE.md 파일은 ${t.command(`restore-plan ${p.cluster}`)} 명령으로 다시 받을 수 있습니다. 두 파일은 저장에 성공한 저장소의 사본 옆에도 있습니다. 백업 자체는 이와 상관없습니다.`,

  offTitle: () => md`*클러스터 외부*`,
  place: (p) =>
    lines(
      md`• ${t.terms.file[p.file]} → ${t.code(p.destination)}: ${p.state}`,
      p.location === undefined ? undefined : t.path(p.location),
    ),
  proof: (p) => {
    if (p.files === 0) return md`⚠️ 노드에만 있음`;
    if (p.pruned === p.files) return md`🗑️ 보존 정책에 따라 삭제됨`;
    if (p.pruned > 0 && p.proven + p.pruned === p.files)
      return md`🗑️ 파일 ${p.files}개 중 ${p.proven}개만 남음, 나머지는 보존 정책에 따라 삭제됨`;
    return p.proven === p.files
      ? md`✅ 사본 검증됨(${p.places}곳)`
      : md`⚠️ 파일 ${p.files}개 중 ${p.proven}개의 사본 검증됨`;
  },
  drillShort: (verdict) => {
    if (verdict === 'restores') return md`훈련 ✅`;
    if (verdict === 'does-not-restore') return md`훈련 ❌`;
    return verdict === 'inconclusive' ? md`훈련 ⚠️ 판단할 수 없음` : md`훈련 –`;
  },
  listLine: (p) => {
    const size = p.bytes === undefined ? '' : md` · ${t.shortSize(p.bytes)}`;
    const version = p.zStream === undefined ? '' : md` · ${p.zStream}`;
    return md`${t.code(p.id)} · ${p.cluster}${version} · ${t.ago(p.at)}, ${t.time(p.at)}${size} · ${p.proof} · ${p.drill}`;
  },
});
