import type { Readiness, ReadyReason } from '../domain/fleet/readiness.ts';
import type { Language } from '../domain/policy/policy.ts';
import { type CoverageWarning, isOnNodeOnly } from '../domain/watch/coverage.ts';

// For a terminal and a pipeline's log: plain lines, times in UTC.

interface Words {
  readonly verdict: (cluster: string, verdict: Verdict) => string;
  /** Instead of a plain yes: the backup is on a node of the cluster alone. */
  readonly onNodeOnly: (cluster: string) => string;
  readonly reason: { readonly [Kind in ReadyReason['kind']]: (reason: Of<Kind>, now: number) => string };
  readonly warning: { readonly [Kind in CoverageWarning['kind']]: (warning: Warning<Kind>) => string };
}
type Of<Kind> = Extract<ReadyReason, { kind: Kind }>;
type Warning<Kind> = Extract<CoverageWarning, { kind: Kind }>;

/** `unclear`: the cluster did not report what it runs, or others back it up. */
export type Verdict = 'ready' | 'not-ready' | 'unclear';

export function verdictOf({ ready, reasons }: Readiness): Verdict {
  if (ready) return 'ready';
  // Paused is a no, whatever else is known.
  if (reasons.some(({ kind }) => kind === 'paused')) return 'not-ready';
  return reasons.some(({ kind }) => kind === 'unreadable' || kind === 'elsewhere') ? 'unclear' : 'not-ready';
}

export function readinessLines(readiness: Readiness, language: Language, now: number): readonly string[] {
  const { verdict, onNodeOnly, reason, warning } = words[language];
  const { cluster, reasons, coverage } = readiness;
  return [
    readiness.ready && isOnNodeOnly(coverage) ? onNodeOnly(cluster) : verdict(cluster, verdictOf(readiness)),
    // The kind selects the function that takes this very value; TypeScript cannot follow one union through the table.
    ...reasons.map((each) => (reason[each.kind] as (given: ReadyReason, now: number) => string)(each, now)),
    ...coverage.warnings.map((each) => (warning[each.kind] as (given: CoverageWarning) => string)(each)),
  ];
}

const notKnown = {
  en: {
    absent: 'its marker is absent',
    different: 'the marker there belongs to a different place',
    'adopt-needed': 'its contents did not match the records',
    unreadable: 'its marker cannot be read',
  },
  ko: {
    absent: '식별 파일이 없습니다',
    different: '다른 위치의 식별 파일이 있습니다',
    'adopt-needed': '그곳의 내용이 기록과 일치하지 않습니다',
    unreadable: '식별 파일을 해석할 수 없습니다',
  },
} as const;

const en: Words = {
  verdict: (cluster, verdict) =>
    ({
      ready: `yes: ${cluster} is ready for an update`,
      'not-ready': `no: ${cluster} is not ready for an update`,
      unclear: `unclear: the bot cannot tell whether ${cluster} is ready for an update`,
    })[verdict],
  onNodeOnly: (cluster) =>
    `yes, with a warning: ${cluster} is ready for an update, but its backup is on a control-plane node only`,
  reason: {
    'fresh-backup': ({ backup }, now) =>
      `run ${backup.runId} is a verified backup of ${backup.zStream}, taken ${time(backup.takenAt)} (${hours(now - backup.takenAt)} h ago)`,
    'no-backup': ({ release }) =>
      `there is no verified backup of ${release.version}: take one with /etcd-backup run before the update`,
    'too-old': ({ backup, maxAgeMs }, now) =>
      `the newest verified backup of ${backup.zStream}, run ${backup.runId}, is ${hours(now - backup.takenAt)} h old, ${hours(maxAgeMs)} h are allowed before an update: take a new one`,
    elsewhere: ({ elsewhere, release }) =>
      `this bot does not back it up${elsewhere.by === undefined ? ', and no owner of its backups is configured (backedUpBy)' : `; it is backed up by: ${elsewhere.by}`}: ask there whether there is a good backup of ${release.version}`,
    updating: ({ to }) =>
      `an update to ${to.version} is under way or asked for: wait for its end, then ask again`,
    paused: ({ pause }) =>
      `it is paused until ${time(pause.until)} by ${pause.by.clusterUser} (${pause.reason}): end the pause first, with /etcd-backup resume`,
    'place-not-known': ({ destination, state }) =>
      `warning: the copies at ${destination} may not be there: ${notKnown.en[state]}; mount or configure the right place before the update`,
    unreadable: ({ why }) =>
      `its version could not be read (${why.reason}: ${why.detail}): ask again in a minute`,
  },
  warning: {
    'signers-end': ({ endAt }) =>
      `warning: signer certificates in the backup end ${time(endAt)}: a restore after that meets expired ones`,
    'only-on-node': () => 'warning: the backup lies on the control-plane node alone',
    'not-a-z-stream': () =>
      'warning: the cluster runs no released z-stream; there is no guarantee that it can be restored',
    'preview-backups-not-counted': () =>
      'warning: backups by the cluster’s own preview API are not counted: their "completed" can be said after a failure',
  },
};

const ko: Words = {
  verdict: (cluster, verdict) =>
    ({
      ready: `예: ${cluster} 클러스터는 업데이트할 준비가 되었습니다`,
      'not-ready': `아니요: ${cluster} 클러스터는 업데이트할 준비가 되지 않았습니다`,
      unclear: `알 수 없음: ${cluster} 클러스터가 업데이트할 준비가 되었는지 확인하지 못했습니다`,
    })[verdict],
  onNodeOnly: (cluster) =>
    `예(경고 있음): ${cluster} 클러스터는 업데이트할 준비가 되었지만, 백업이 컨트롤 플레인 노드에만 있습니다`,
  reason: {
    'fresh-backup': ({ backup }, now) =>
      `실행 ${backup.runId} 건이 검증된 ${backup.zStream} 백업입니다. 백업 시각: ${time(backup.takenAt)} (${hours(now - backup.takenAt)}시간 전)`,
    'no-backup': ({ release }) =>
      `검증된 ${release.version} 백업이 없습니다. 업데이트 전에 /etcd-backup run 명령으로 백업하십시오`,
    'too-old': ({ backup, maxAgeMs }, now) =>
      `가장 최근의 검증된 ${backup.zStream} 백업(실행 ${backup.runId})은 ${hours(now - backup.takenAt)}시간 전의 것입니다. 업데이트 전에는 ${hours(maxAgeMs)}시간 이내의 백업이 필요합니다. 새로 백업하십시오`,
    elsewhere: ({ elsewhere, release }) =>
      `이 봇이 백업하는 클러스터가 아닙니다. ${elsewhere.by === undefined ? '백업 담당이 지정되어 있지 않습니다(backedUpBy). 누가 백업하는지 확인한 뒤' : `백업 담당: ${elsewhere.by}. 담당 쪽에`} ${release.version} 백업이 온전한지 확인하십시오`,
    updating: ({ to }) =>
      `${to.version} 업데이트가 진행 중이거나 요청되었습니다. 끝난 뒤에 다시 확인하십시오`,
    paused: ({ pause }) =>
      `${time(pause.until)}까지 일시 중지되어 있습니다(요청: ${pause.by.clusterUser}, 사유: ${pause.reason}). 먼저 /etcd-backup resume 명령으로 일시 중지를 끝내십시오`,
    'place-not-known': ({ destination, state }) =>
      `경고: ${destination} 저장 위치에 사본이 없을 수 있습니다. ${notKnown.ko[state]}. 업데이트 전에 올바른 위치를 마운트하거나 구성하십시오`,
    unreadable: ({ why }) =>
      `클러스터 버전을 읽지 못했습니다(${why.reason}: ${why.detail}). 잠시 뒤에 다시 확인하십시오`,
  },
  warning: {
    'signers-end': ({ endAt }) =>
      `경고: 백업에 포함된 서명자 인증서가 ${time(endAt)}에 만료됩니다. 그 뒤에 복원하면 만료된 인증서를 사용하게 됩니다`,
    'only-on-node': () => '경고: 백업이 컨트롤 플레인 노드에만 있습니다',
    'not-a-z-stream': () => '경고: 정식 z-stream 릴리스가 아니므로 복원된다는 보장이 없습니다',
    'preview-backups-not-counted': () =>
      '경고: 클러스터 자체 프리뷰 API의 백업은 백업으로 인정하지 않습니다. 이 API의 “완료” 표시는 복원된다는 보장이 아닙니다',
  },
};

const words: Readonly<Record<Language, Words>> = { en, ko };

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function hours(ms: number): number {
  return Math.round(ms / 3_600_000);
}
