import type { CopiesWording } from '../copies-wording.ts';
import { drillWhy } from '../drill-why.ts';
import { join, lines, md } from '../markup.ts';
import { copyAnswers } from './copy-answers.ts';
import { copyFailures, otherFailure } from './copy-failures.ts';
import { drillFailures } from './drill-failures.ts';

const file: CopiesWording['file'] = { snapshot: md`etcd 스냅샷`, resources: md`정적 pod 리소스` };
const signs = { proven: '✅', unproven: '⚠️', failed: '❌', pending: '🕓', pruned: '🗑️' } as const;

export const copies: CopiesWording = {
  file,
  onNode: (there) => (there ? md`노드: 있음` : md`노드: 삭제함`),
  copyAt: (p, t) => md`${file[p.file]} → ${t.code(p.destination)}: ${p.state}`,
  state: (p, t) => {
    if (p.state === 'proven') return md`검증됨`;
    if (p.state === 'pruned') return md`보존 정책에 따라 삭제됨`;
    if (p.state === 'pending') return md`아직 복사하지 않음`;
    const said = p.state === 'unproven' ? md`저장했지만 검증되지 않음` : md`실패(${p.tries}번 시도)`;
    return p.nextTryAt === undefined ? said : md`${said}, 다음 시도 ${t.moment(p.nextTryAt)}`;
  },

  goesTo: (destinations) => md`저장 위치: ${join(destinations, ' · ')}`,
  destination: (p, t) => {
    const how = p.recipients === 0 ? '' : md`, 수신자 ${p.recipients}명용으로 암호화`;
    return md`${t.code(p.destination)} (${file[p.file]}${how})`;
  },
  onePlace: (destination, t) =>
    md`⚠️ 두 파일이 한곳에 저장됩니다. ${t.code(destination)} 저장소를 읽을 수 있는 사람은 스냅샷과 그것을 여는 키를 모두 갖게 됩니다.`,
  oneRecipient: (p, t) =>
    md`⚠️ ${file[p.file]} 파일은 ${t.code(p.recipient)} 수신자만 열 수 있습니다. 그 키를 잃으면 아무것도 복원할 수 없습니다.`,
  plainResources: () =>
    md`⚠️ 정적 pod 리소스를 암호화하지 않습니다. 이 파일을 가져갈 수 있는 사람은 etcd 키와 cluster-admin 토큰을 갖게 됩니다.`,

  progress: (p, t) => {
    const where = p.destination === undefined ? file[p.file] : md`${file[p.file]} → ${t.code(p.destination)}`;
    const speed = p.perSecond === undefined ? '' : md` · ${t.shortSize(p.perSecond)}/s`;
    const left = p.leftMs === undefined ? '' : md` · ${t.duration(p.leftMs)} 남음`;
    return md`• ${where}: ${t.shortSize(p.total)} 중 ${t.shortSize(p.bytes)}${speed}${left}`;
  },
  readingBack: (p, t) => {
    const where = p.destination === undefined ? file[p.file] : md`${file[p.file]} → ${t.code(p.destination)}`;
    return md`• ${where}: ${t.shortSize(p.total)} 모두 보냄, 저장하고 다시 읽는 중`;
  },

  notOffYet: (p, t) => {
    const took = p.durationMs === undefined ? '' : md` · ${t.duration(p.durationMs)} 소요`;
    const said = md`⚠️ *백업했지만 클러스터 외부에서 검증되지 않은 파일이 있음*${took}`;
    return p.approvers.length === 0 ? said : md`${said} · 승인자 ${t.people(p.approvers)}`;
  },
  notOffYetStatus: () => md`⚠️ 클러스터 외부에서 검증되지 않은 파일이 있음`,
  notOffYetTitle: (cluster) =>
    md`⚠️ *${cluster} 클러스터를 백업했지만 클러스터 외부에서 검증되지 않은 파일이 있습니다*`,
  removedFromNode: (node, t) =>
    md`${t.code(node)} 노드에서 만들었으며, 두 사본을 검증한 뒤 노드에서 삭제했습니다.`,
  drill: (drill, t) =>
    drill.ok
      ? md`✅ 복원 훈련: 임시 etcd에 복원함, 리비전 ${String(drill.revision)}, 유효한 키 ${t.number(drill.keys)}개`
      : md`❌ 복원 훈련 실패: ${drillWhy(drillFailures, drill, t)}`,

  receipt: {
    head: (p, t) => md`${signs[p.state]} *${file[p.file]}* → ${t.code(p.destination)}`,
    stored: (p, t) => lines(md`저장 시각 ${t.time(p.at)}: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    plain: (p, t) => lines(md`복호화하면: ${t.size(p.size)}`, md`sha256 ${t.code(p.sha256)}`),
    proven: (at, t) => md`*검증됨:* ${t.time(at)} 다시 읽은 결과 모든 바이트가 저장한 그대로임`,
    notProven: () => md`*검증되지 않음:* 다시 읽어 온전함을 확인하지 못했으므로 믿고 쓰지 마십시오`,
    unread: (p, t) =>
      md`*읽지 못함* ${t.time(p.at)}: ${p.said}. 파일의 내용에 대해 알게 된 것은 없으며, 위의 검증 결과는 그대로 유효함`,
    lockedUntil: (at, t) => md`${t.time(at)} 전에는 삭제할 수 없음`,
    encryptedFor: (names, t) => md`암호화됨. 다음 중 한 명이면 열 수 있음: ${t.names(names)}`,
    notEncrypted: () => md`암호화되지 않음. 가져갈 수 있으면 읽을 수 있음`,
    custodians: (p, t) =>
      p.names.length === 0
        ? md`가져올 수 있는 사람: ${t.code(p.destination)} 저장소의 인증 정보를 가진 사람`
        : md`가져올 수 있는 사람: ${t.names(p.names)}`,
    failed: (p, t) => md`*실패* ${t.time(p.at)} (${p.tries}번 시도): ${p.said}`,
    detail: (detail) => md`자세한 내용: ${detail}`,
    next: (next) => md`*조치:* ${next}`,
    nextTry: (at, t) => md`봇이 다시 시도하는 시각: ${t.moment(at)}`,
    noNextTry: () => md`봇이 스스로 다시 시도하지 않습니다.`,
    originalGone: (cluster, t) =>
      md`원본은 더 이상 노드에 없습니다. 새로 백업하십시오: ${t.command(`run ${cluster}`)}`,
    originalOnNode: (p, t) => md`원본은 ${t.code(p.node)} 노드에 있습니다: ${t.path(p.path)}`,
  },
  failures: copyFailures,
  otherFailure,
  restoreFiles: (p) =>
    md`📎 ${p.cluster} 클러스터(${p.zStream}) 복원에 필요한 manifest.json 및 RESTORE.md 파일입니다. 클러스터 없이도 찾을 수 있는 곳에 보관하십시오. 비밀 정보는 들어 있지 않습니다.`,
  manifestMissing: (destinations, t) =>
    md`⚠️ 백업 파일은 저장되었지만 그 옆에 manifest.json 및 RESTORE.md 파일을 쓰지 못했습니다: ${t.names(destinations)}. 그곳에는 이전 문서만 있거나 문서가 없습니다. 최신 RESTORE.md 파일은 ${t.command('restore-plan')} 명령으로 받을 수 있습니다.`,
  restoreFilesMissing: (p, t) =>
    md`⚠️ ${p.cluster} 클러스터의 manifest.json 및 RESTORE.md 파일을 이 스레드에 올리지 못했습니다: ${p.why}. 두 파일 모두 각 사본 옆에 있으며, ${t.command(`restore-plan ${p.cluster}`)} 명령으로 RESTORE.md 파일을 다시 받을 수 있습니다. 백업 자체는 이와 상관없습니다.`,

  offTitle: () => md`*클러스터 외부*`,
  place: (p, t) =>
    lines(
      md`• ${file[p.file]} → ${t.code(p.destination)}: ${p.state}`,
      p.location === undefined ? undefined : t.path(p.location),
    ),
  proof: (p) => {
    if (p.files === 0) return md`⚠️ 노드에만 있음`;
    if (p.pruned === p.files) return md`🗑️ 보존 정책에 따라 삭제됨`;
    if (p.pruned > 0 && p.proven + p.pruned === p.files)
      return md`🗑️ 파일 ${p.files}개 중 ${p.proven}개만 남음, 나머지는 보존 정책에 따라 삭제됨`;
    return p.proven === p.files
      ? md`✅ ${p.places}곳에서 검증됨`
      : md`⚠️ 파일 ${p.files}개 중 ${p.proven}개 검증됨`;
  },
  drillShort: (ok) => (ok === undefined ? md`훈련 –` : ok ? md`훈련 ✅` : md`훈련 ❌`),
  listLine: (p, t) => {
    const size = p.bytes === undefined ? '' : md` · ${t.shortSize(p.bytes)}`;
    const version = p.zStream === undefined ? '' : md` · ${p.zStream}`;
    return md`${t.code(p.id)} · ${p.cluster}${version} · ${t.ago(p.at)}, ${t.time(p.at)}${size} · ${p.proof} · ${p.drill}`;
  },
  answers: copyAnswers,
};
