import type { NetworkWay } from '../../../../domain/network/network-way.ts';
import { type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { DoctorTexts } from '../doctor-text.ts';

const proxyBy = {
  file: md`봇 구성 파일의 설정`,
  environment: md`봇 환경 변수의 설정`,
  kubeconfig: md`클러스터 kubeconfig의 설정`,
} as const;

function wayTo(to: NetworkWay['to'], host: string, t: Tools): Markup {
  if (to.kind === 'slack') return md`Slack (${t.code(host)})`;
  const name = t.code(to.name);
  return to.kind === 'cluster' ? md`${name} API (${t.code(host)})` : md`저장 위치 ${name} (${t.code(host)})`;
}

const consequence = {
  directory: md`새 백업을 그곳에 쓰지 않고, 오래된 백업도 삭제하지 않습니다`,
  bucket: md`새 백업은 그곳에 저장하지만, 오래된 백업은 삭제하지 않습니다`,
} as const;

export const botLines = (t: Tools) =>
  ({
    'client.usable': ({ path, version }) => ({
      looked: md`클라이언트 ${t.path(path)}`,
      found: md`동작함, 버전 ${t.code(version)}`,
    }),

    'client.absent': ({ path }) => ({
      looked: md`클라이언트 ${t.path(path)}`,
      found: md`봇이 실행할 수 있는 프로그램이 없어 노드에서 아무것도 할 수 없습니다`,
      fix: md`봇이 실행되는 곳에 oc 또는 kubectl을 설치하거나, 봇 구성의 ${t.code('client.path')} 값을 고치십시오.`,
    }),

    'client.unusable': ({ path, why }) => ({
      looked: md`클라이언트 ${t.path(path)}`,
      found: md`버전을 확인하지 못했습니다(${why.detail})`,
      fix: md`봇이 실행되는 곳에서 ${t.code(`${path} version --client -o json`)} 명령을 실행해 보고, ${t.code('client.path')} 값에 동작하는 oc 또는 kubectl을 지정하십시오.`,
    }),

    'records.writable': () => ({ looked: md`기록`, found: md`쓸 수 있음` }),

    'records.new': ({ file }) => ({
      looked: md`기록`,
      found: md`봇이 처음 시작할 때 ${t.path(file)} 파일을 만듭니다. 디렉터리에 쓸 수 있음`,
    }),

    'records.unwritable': ({ detail }) => ({
      looked: md`기록`,
      found: md`쓸 수 없어(${detail}) 요청도 결정도 할 수 없습니다`,
      fix: md`${t.code('records.file')} 파일이 있는 디스크가 가득 찼는지, 읽기 전용인지, 없어졌는지 확인하십시오.`,
    }),

    'config.current': ({ clusters }) => ({
      looked: md`구성`,
      found: md`파일의 내용대로 동작하고 있습니다 (클러스터 ${t.number(clusters)}개)`,
    }),

    'config.mistaken': ({ count, file, line, text }) => ({
      looked: md`구성`,
      found: md`파일에 잘못된 곳이 ${t.number(count)}개 있어 이전 구성으로 동작하고 있습니다. ${t.path(file)}${line === undefined ? '' : md` ${t.number(line)}번째 줄`}: ${text}`,
      fix: md`파일을 고치십시오. 봇이 스스로 다시 읽습니다. 그 전에는 봇을 다시 시작하지 마십시오. 시작되지 않습니다.`,
    }),

    'config.next-start': ({ keys }) => ({
      looked: md`구성`,
      found: md`변경되었으며 다음에 시작할 때 적용됩니다: ${t.names(keys)}`,
      fix: md`편한 때에 봇을 다시 시작하십시오. 진행 중인 실행은 이어집니다.`,
    }),

    'config.leaving': ({ clusters }) => ({
      looked: md`제거 중`,
      found: md`${t.names(clusters)}: 구성에서 빠졌지만 진행 중인 작업이 아직 끝나지 않았습니다`,
      fix: md`의도한 것이면 할 일이 없습니다. 실행, 사본, 복원 훈련, 복원 작업방, 일시 중지가 끝나면 제거됩니다. 남기려면 구성 파일을 다시 넣으십시오.`,
    }),

    'config.waiting': ({ clusters }) => ({
      looked: md`변경된 구성`,
      found: md`${t.names(clusters)}: 진행 중인 실행이 끝나면 적용됩니다`,
    }),

    'config.differs': ({ hosts }) => ({
      looked: md`다른 봇의 구성`,
      found: md`같은 기록을 쓰지만 구성이 이 봇과 다른 봇: ${t.names(hosts)}`,
      fix: md`모든 봇에 같은 기본 파일과 같은 ${t.path('clusters.d')} 내용을 제공하십시오.`,
    }),

    'destination.works': ({ destination, place }) => ({
      looked: md`저장 위치 ${t.code(destination)}`,
      found: md`${t.path(place)} 경로에 파일을 저장할 수 있음`,
    }),

    'destination.broken': ({ destination, place, detail }) => ({
      looked: md`저장 위치 ${t.code(destination)}`,
      found: md`${t.path(place)} 경로에 파일을 저장할 수 없습니다: ${detail}`,
      fix: md`저장 위치를 복구하거나, 봇 구성의 ${t.code('destinations')} 항목에서 ${t.code(destination)} 설정을 고치십시오. 그때까지 복사는 실패로 처리하고 다시 시도합니다.`,
    }),

    'destination.no-conditional-write': ({ destination }) => ({
      looked: md`저장 위치 ${t.code(destination)}`,
      found: md`${t.code('If-None-Match')} 헤더를 지원하지 않습니다. 봇이 쓰기 직전에 키가 비어 있는지 확인하지만 서버는 다시 확인하지 않습니다`,
    }),

    'destination.no-test-write': ({ destination }) => ({
      looked: md`${t.code(destination)} 쓰기 시험`,
      found: md`버킷이 모든 오브젝트를 잠그므로 시험 쓰기를 하지 않았습니다. 권한은 다른 방법으로 확인했습니다`,
    }),

    'destination.test-object-stays': ({ destination }) => ({
      looked: md`${t.code(destination)} 쓰기 시험`,
      found: md`봇에 시험 오브젝트를 삭제할 권한이 없습니다. 몇 바이트 크기의 ${t.code('.check-…')} 오브젝트 하나가 남아 있으며, 더 만들지는 않습니다`,
    }),

    'destination.uploads-unseen': ({ destination }) => ({
      looked: md`${t.code(destination)} 저장 위치의 미완료 업로드`,
      found: md`봇이 조회하거나 중단할 수 없습니다. 강제 종료된 봇이 남긴 업로드는 목록에 나타나지 않으면서 공간을 차지합니다`,
      fix: md`인증 정보에 ${t.code('s3:ListBucketMultipartUploads')} 권한과 ${t.code('s3:AbortMultipartUpload')} 권한을 부여하거나, 며칠이 지난 미완료 업로드를 중단하는 수명 주기 규칙을 버킷에 설정하십시오.`,
    }),

    'drill.tools': ({ versions }) => ({
      looked: md`복원 훈련`,
      found: md`etcd 프로그램을 사용할 수 있음: ${t.names(versions)}`,
    }),

    'drill.tools-unusable': ({ detail }) => ({
      looked: md`복원 훈련`,
      found: md`봇이 실행되는 곳에서 사용할 수 없는 etcd 프로그램이 있음: ${t.quote(detail)}. 백업에는 영향이 없음`,
      fix: md`같은 버전의 ${t.code('etcd')}, ${t.code('etcdctl')}, ${t.code('etcdutl')} 프로그램을 그 디렉토리에 설치하거나 봇 구성의 ${t.code('drillTools')} 항목을 고친 뒤 봇을 다시 시작하십시오.`,
    }),

    'drill.possible': ({ cluster, needs }) => ({
      looked: md`${t.code(cluster)} 클러스터의 복원 훈련`,
      found: md`클러스터의 etcd 릴리스(${t.code(needs)})에 맞는 프로그램으로 함`,
    }),

    'drill.tools-other': ({ cluster, needs, has }) => ({
      looked: md`${t.code(cluster)} 클러스터의 복원 훈련`,
      found: md`다른 etcd 릴리스의 프로그램(${t.names(has)})으로 하므로, 훈련이 실패해도 원인을 알 수 없음`,
      fix: md`봇이 실행되는 곳에 etcd ${t.code(needs ?? '3.x')} 프로그램을 설치하고 그 디렉토리를 봇 구성의 ${t.code('drillTools')} 항목에 지정한 뒤 봇을 다시 시작하십시오.`,
    }),

    'drill.tools-missing': ({ cluster, needs }) => ({
      looked: md`${t.code(cluster)} 클러스터의 복원 훈련`,
      found: md`구성되어 있지만 봇이 실행되는 곳에 사용할 수 있는 etcd 프로그램이 없어 하지 못함. 백업에는 영향이 없음`,
      fix: md`봇이 실행되는 곳에 etcd ${t.code(needs ?? '3.x')} 프로그램을 설치하고 그 디렉토리를 봇 구성의 ${t.code('drillTools')} 항목에 지정한 뒤 봇을 다시 시작하십시오.`,
    }),

    'drill.unknown': ({ cluster }) => ({
      looked: md`${t.code(cluster)} 클러스터의 복원 훈련`,
      found: md`클러스터의 etcd 릴리스를 아직 몰라 프로그램이 맞는지 알 수 없음`,
      fix: md`봇이 클러스터를 확인한 뒤에 다시 확인하십시오.`,
    }),

    'place.known': ({ destination }) => ({
      looked: md`${t.code(destination)} 위치 식별`,
      found: md`기록된 식별 파일과 일치함`,
    }),

    'place.new': ({ destination }) => ({
      looked: md`${t.code(destination)} 위치 식별`,
      found: md`새 위치. 다음 백업 때 식별 파일을 등록하거나 만듦`,
    }),

    'place.absent': ({ destination, kind }) => ({
      looked: md`${t.code(destination)} 위치 식별`,
      found: md`식별 파일이 없습니다. ${consequence[kind]}. 방금도 쓰기 점검을 하지 않았습니다`,
      fix: md`${kind === 'directory' ? md`볼륨을 마운트하십시오.` : md`버킷과 접두사를 확인하고, 수명 주기 규칙이 삭제했는지 확인하십시오.`} 올바른 위치라면 ${t.command(`destination adopt ${destination}`)} 명령을 보내십시오.`,
    }),

    'place.different': ({ destination, kind }) => ({
      looked: md`${t.code(destination)} 위치 식별`,
      found: md`다른 위치의 식별 파일이 있습니다. ${consequence[kind]}. 방금도 쓰기 점검을 하지 않았습니다`,
      fix: md`${kind === 'directory' ? md`올바른 볼륨을 마운트하십시오.` : md`버킷과 접두사를 확인하십시오.`} 올바른 위치라면 ${t.command(`destination adopt ${destination}`)} 명령을 보내십시오.`,
    }),

    'place.adopt-needed': ({ destination, kind }) => ({
      looked: md`${t.code(destination)} 위치 식별`,
      found: md`아직 등록되지 않았고 내용이 기록과 일치하지 않습니다. ${consequence[kind]}. 방금도 쓰기 점검을 하지 않았습니다`,
      fix: md`${kind === 'directory' ? md`올바른 볼륨이 마운트되어 있는지 확인하십시오.` : md`버킷과 접두사를 확인하십시오.`} 그런 다음 ${t.command(`destination adopt ${destination}`)} 명령을 보내십시오.`,
    }),

    'place.unreadable': ({ destination, detail }) => ({
      looked: md`${t.code(destination)} 위치 식별`,
      found: md`식별 파일을 해석할 수 없습니다: ${detail}`,
      fix: md`그곳의 etcd-backup-destination.json 파일을 확인하십시오. 올바른 위치라면 그 파일을 직접 다른 곳으로 옮긴 뒤 ${t.command(`destination adopt ${destination}`)} 명령을 보내십시오.`,
    }),

    'place.not-looked-at': ({ destination, detail }) => ({
      looked: md`${t.code(destination)} 위치 식별`,
      found: md`확인하지 못했습니다: ${detail}`,
      fix: md`저장 위치 ${t.code(destination)} 항목을 확인한 뒤 ${t.command('destination')} 명령으로 다시 확인하십시오.`,
    }),

    'network.no-proxy': () => ({ looked: md`프록시`, found: md`설정되어 있지 않아 모두 직접 연결합니다` }),

    'way.direct': ({ to, host }) => ({
      looked: md`연결 경로: ${wayTo(to, host, t)}`,
      found: md`프록시 없이 직접 연결합니다`,
    }),

    'way.proxied': ({ to, host, address, by }) => ({
      looked: md`연결 경로: ${wayTo(to, host, t)}`,
      found: md`프록시 ${t.code(address)} 경유 (${proxyBy[by]})`,
    }),
  }) satisfies Partial<DoctorTexts>;
