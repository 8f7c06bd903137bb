import type { PlaceState } from '../../../../domain/copies/place-state.ts';
import type { FoundPlace } from '../../../../workflow/access/backups.ts';
import { lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { places as english } from '../en/places.ts';

const state: Readonly<Record<PlaceState, Markup>> = {
  known: md`✅ 등록된 위치`,
  new: md`✅ 새 위치: 다음 백업 때 식별 파일을 등록하거나 만듭니다`,
  absent: md`❌ 식별 파일이 없음`,
  different: md`❌ 다른 위치의 식별 파일이 있음`,
  'adopt-needed': md`❌ 아직 등록되지 않았고 내용이 기록과 일치하지 않음`,
  unreadable: md`❌ 식별 파일을 해석할 수 없음`,
  unreachable: md`❔ 응답이 없어 확인하지 못함`,
};

const what = {
  absent: md`식별 파일(etcd-backup-destination.json)이 없습니다.`,
  different: md`다른 위치의 식별 파일이 있습니다.`,
  'adopt-needed': md`처음 확인하는 위치이며, 그곳의 내용이 기록과 일치하지 않습니다.`,
  unreadable: md`etcd-backup-destination.json 파일이 있지만 봇이 해석할 수 있는 식별 파일이 아닙니다.`,
} as const;

function found({ contents }: FoundPlace, t: Tools): Markup {
  const { objects, newestAt, recorded, found: present } = contents;
  const newest = newestAt === undefined ? '' : md`(가장 최근: ${t.time(newestAt)})`;
  const lies =
    objects === 0
      ? md`그곳에는 저장된 파일이 없습니다.`
      : md`그곳에 저장된 파일: ${t.number(objects)}개${newest}.`;
  if (recorded === 0) return md`${lies} 이 저장 위치에 기록된 사본이 없습니다.`;
  return present === recorded
    ? md`${lies} 기록된 사본 ${t.number(recorded)}개가 모두 있습니다.`
    : md`${lies} 기록된 사본 ${t.number(recorded)}개 가운데 ${t.number(recorded - present)}개가 없습니다.`;
}

export const places = (t: Tools): ReturnType<typeof english> => ({
  owner: ({ destination, label, kind, state: found }) => [
    lines(
      md`⚠️ *저장 위치 ${t.code(destination)} 항목에 등록된 곳이 아닙니다: ${label}.* ${what[found]}`,
      kind === 'directory'
        ? md`볼륨이 마운트되지 않은 빈 마운트 지점일 수 있으므로 새 백업을 그곳에 저장하지 않습니다. 복사는 실패로 처리하고 다시 시도합니다.`
        : md`새 백업은 계속 그곳에 저장합니다.`,
      md`그곳의 오래된 백업은 삭제하지 않으며, 어떤 사본도 없어졌다고 기록하지 않습니다.`,
    ),
    lines(
      kind === 'directory'
        ? md`*할 일:* ${t.path(label)} 경로에 올바른 볼륨이 마운트되어 있는지 확인하십시오. 마운트하면 봇이 자동으로 계속 진행합니다.`
        : md`*할 일:* 봇 구성의 버킷과 접두사를 확인하고, 수명 주기 규칙이 식별 파일을 삭제했는지 확인하십시오.`,
      found === 'unreadable'
        ? md`올바른 위치라면 그 파일을 직접 다른 곳으로 옮긴 뒤 ${t.command(`destination adopt ${destination}`)} 명령을 보내십시오.`
        : md`올바른 위치라면 ${t.command(`destination adopt ${destination}`)} 명령을 보내십시오.`,
    ),
  ],
  youAreOwner: (destination) =>
    md`저장 위치 ${t.code(destination)} 또는 이를 사용하는 클러스터의 소유자이므로 알려 드립니다. 한 번만 보내며, 다른 것이 발견되거나 정상이 된 뒤 다시 문제가 생기면 또 보냅니다.`,
  written: ({ destination, state: found }) =>
    lines(
      md`⚠️ 저장 위치 ${t.code(destination)} 항목이 등록된 곳을 가리키지 않습니다. ${what[found]} 백업은 그대로 저장하지만, 그동안 그곳의 오래된 백업은 삭제하지 않습니다.`,
      md`버킷과 접두사를 확인하십시오. 올바른 위치라면 ${t.command(`destination adopt ${destination}`)} 명령을 보내십시오.`,
    ),
  listTitle: (count) =>
    count === 0 ? md`구성된 저장 위치가 없습니다. 백업은 노드에만 남습니다.` : md`*저장 위치* (${count}개)`,
  listLine: (place) => {
    const since = place.since === undefined ? '' : md` · 등록된 위치는 ${t.time(place.since)}부터 기록됨`;
    const trouble = place.troubleSince === undefined ? '' : md`, ${t.ago(place.troubleSince)} 처음 확인됨`;
    const next =
      place.state === 'known' || place.state === 'new' || place.state === 'unreachable'
        ? undefined
        : md`올바른 위치를 마운트하거나 구성하십시오. 지금 그곳에 있는 것에 새 백업을 저장하려는 경우에만 ${t.command(`destination adopt ${place.destination}`)} 명령을 보내십시오.`;
    return lines(
      md`• ${t.code(place.destination)}: ${state[place.state]}${trouble}${since}`,
      t.path(place.label),
      place.detail === undefined ? undefined : md`${t.quote(place.detail)}`,
      next,
    );
  },
  adopted: (answer) =>
    lines(
      md`✅ *저장 위치 ${t.code(answer.destination)} 항목에 등록했습니다: ${answer.label}.* ${answer.marker === 'written' ? md`식별 파일을 만들었습니다.` : md`그곳에 있던 식별 파일을 그대로 등록했습니다.`}`,
      found(answer, t),
      md`다음 재시도 또는 다음 백업부터 다시 저장합니다.`,
      answer.contents.found < answer.contents.recorded
        ? md`사본이 없는 백업은 ${t.command('verify RUN')} 명령으로 확인하십시오.`
        : undefined,
    ),
  confirm: (answer) =>
    lines(
      answer.changed
        ? md`⚠️ *확인을 요청한 뒤 그 위치가 바뀌었습니다. 아무것도 등록하지 않았습니다.*`
        : md`⚠️ *저장 위치 ${t.code(answer.destination)} 항목에 다음 위치를 등록할까요? ${answer.label}* 아직 등록하지 않았습니다.`,
      answer.state === 'different'
        ? md`다른 위치의 식별 파일이 있습니다.`
        : md`식별 파일이 없고, 그곳의 내용이 기록과 다릅니다.`,
      found(answer, t),
      md`볼륨이 마운트되지 않은 것이라면 먼저 마운트하십시오. 새 백업을 바로 이 위치에 저장하려는 경우에만 등록하십시오.`,
    ),
  adoptButton: '이 위치 등록',
  refused: {
    'known-already': ({ destination, label }) =>
      md`✅ 저장 위치 ${t.code(destination)} 항목에 이미 등록되어 있습니다: ${label}. 아무것도 바꾸지 않았습니다.`,
    'place-unreachable': ({ destination, detail }) =>
      md`저장 위치 ${t.code(destination)} 항목을 확인하지 못해 등록하지 않았습니다: ${t.quote(detail)} 응답하면 다시 시도하십시오.`,
    'marker-unreadable': ({ destination, label, detail }) =>
      md`${label}에 있는 etcd-backup-destination.json 파일은 식별 파일이 아닙니다(${detail}). 봇은 이 파일을 고쳐 쓰지 않습니다. 직접 다른 곳으로 옮긴 뒤 ${t.command(`destination adopt ${destination}`)} 명령을 다시 보내십시오.`,
    'unknown-destination': ({ name, nearest, known }) => {
      if (nearest !== undefined)
        return md`${t.code(name)} 저장 위치가 없습니다. ${t.command(`destination adopt ${nearest}`)} 명령을 찾으십니까?`;
      return known.length === 0
        ? md`${t.code(name)} 저장 위치가 없습니다. 구성된 저장 위치가 없습니다.`
        : md`${t.code(name)} 저장 위치가 없습니다. 구성된 저장 위치: ${t.names(known)}`;
    },
    'not-an-owner': ({ destination, owners }) =>
      md`${t.code(destination)} 저장 위치의 소유자만 등록할 수 있습니다: ${t.people(owners)}. 아무것도 바꾸지 않았습니다.`,
    'not-cluster-admin-everywhere': ({ destination, lacking }) =>
      md`${t.code(destination)} 저장 위치에는 구성된 소유자가 없으므로, 이를 사용하는 클러스터 모두에서 cluster-admin인 사람만 등록할 수 있습니다. ${t.names(lacking)} 클러스터에서 cluster-admin이 아닙니다. 아무것도 바꾸지 않았습니다.`,
    'rights-unreadable': ({ destination, cluster, why }) =>
      md`${t.code(cluster)} 클러스터에서 cluster-admin인지 확인하지 못해(${t.why(why)}) 저장 위치 ${t.code(destination)} 항목을 등록하지 않았습니다. 다시 시도하거나, 봇이 실행되는 곳에서 ${t.code(`npm run destination -- adopt ${destination}`)} 명령을 실행하도록 요청하십시오.`,
    'no-decider': ({ destination }) =>
      md`${t.code(destination)} 저장 위치를 사용하는 클러스터가 없고 구성된 소유자도 없습니다. 봇이 실행되는 곳에서만 등록할 수 있습니다: ${t.code(`npm run destination -- adopt ${destination}`)}`,
  },
});
