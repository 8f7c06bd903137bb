import type { CoverageWarning } from '../domain/coverage.ts';
import type { Language } from '../domain/policy.ts';
import type { Readiness, ReadyReason } from '../domain/readiness.ts';

// For a terminal and a pipeline's log: plain lines, times in UTC.

interface Words {
  readonly verdict: (cluster: string, verdict: Verdict) => string;
  readonly reason: { readonly [Kind in ReadyReason['kind']]: (reason: Of<Kind>, now: number) => string };
  readonly warning: { readonly [Kind in CoverageWarning['kind']]: (warning: Warning<Kind>) => string };
}
type Of<Kind> = Extract<ReadyReason, { kind: Kind }>;
type Warning<Kind> = Extract<CoverageWarning, { kind: Kind }>;

/** `unclear`: the cluster did not tell what it runs. */
export type Verdict = 'ready' | 'not-ready' | 'unclear';

export function verdictOf({ ready, reasons }: Readiness): Verdict {
  if (ready) return 'ready';
  return reasons.some(({ kind }) => kind === 'unreadable') ? 'unclear' : 'not-ready';
}

export function readinessLines(readiness: Readiness, language: Language, now: number): readonly string[] {
  const { verdict, reason, warning } = words[language];
  const { cluster, reasons, coverage } = readiness;
  return [
    verdict(cluster, verdictOf(readiness)),
    // The kind selects the function that takes this very value; TypeScript cannot follow one union through the table.
    ...reasons.map((each) => (reason[each.kind] as (given: ReadyReason, now: number) => string)(each, now)),
    ...coverage.warnings.map((each) => (warning[each.kind] as (given: CoverageWarning) => string)(each)),
  ];
}

const en: Words = {
  verdict: (cluster, verdict) =>
    ({
      ready: `yes: ${cluster} is ready for an update`,
      'not-ready': `no: ${cluster} is not ready for an update`,
      unclear: `unclear: nobody can tell whether ${cluster} is ready for an update`,
    })[verdict],
  reason: {
    'fresh-backup': ({ backup }, now) =>
      `run ${backup.runId} is a proven backup of ${backup.zStream}, taken ${time(backup.takenAt)} (${hours(now - backup.takenAt)} h ago)`,
    'no-backup': ({ release }) =>
      `there is no proven backup of ${release.version}: take one with /etcd-backup run before the update`,
    'too-old': ({ backup, maxAgeMs }, now) =>
      `the newest proven backup of ${backup.zStream}, run ${backup.runId}, is ${hours(now - backup.takenAt)} h old, ${hours(maxAgeMs)} h are allowed before an update: take a new one`,
    updating: ({ to }) =>
      `an update to ${to.version} is under way or asked for: wait for its end, then ask again`,
    unreadable: ({ why }) =>
      `its version could not be read (${why.reason}: ${why.detail}): ask again in a minute`,
  },
  warning: {
    'signers-end': ({ endAt }) =>
      `warning: signer certificates in the backup end ${time(endAt)}: a restore after that meets expired ones`,
    'only-on-node': () => 'warning: the backup lies on the control-plane node alone',
    'not-a-z-stream': () =>
      'warning: the cluster runs no released z-stream; nobody promises that it can be restored',
    'preview-backups-not-counted': () =>
      'warning: backups by the cluster’s own preview API are not counted: their "completed" proves nothing',
  },
};

const ko: Words = {
  verdict: (cluster, verdict) =>
    ({
      ready: `예: ${cluster} 클러스터는 업데이트할 준비가 되었습니다`,
      'not-ready': `아니요: ${cluster} 클러스터는 업데이트할 준비가 되지 않았습니다`,
      unclear: `알 수 없음: ${cluster} 클러스터가 업데이트할 준비가 되었는지 확인하지 못했습니다`,
    })[verdict],
  reason: {
    'fresh-backup': ({ backup }, now) =>
      `실행 ${backup.runId}이(가) 검증된 ${backup.zStream} 백업입니다. 백업 시각: ${time(backup.takenAt)} (${hours(now - backup.takenAt)}시간 전)`,
    'no-backup': ({ release }) =>
      `검증된 ${release.version} 백업이 없습니다. 업데이트 전에 /etcd-backup run 명령으로 백업하십시오`,
    'too-old': ({ backup, maxAgeMs }, now) =>
      `가장 최근의 검증된 ${backup.zStream} 백업(실행 ${backup.runId})은 ${hours(now - backup.takenAt)}시간 전의 것입니다. 업데이트 전에는 ${hours(maxAgeMs)}시간까지만 인정됩니다. 새로 백업하십시오`,
    updating: ({ to }) =>
      `${to.version} 업데이트가 진행 중이거나 요청되었습니다. 끝난 뒤에 다시 확인하십시오`,
    unreadable: ({ why }) =>
      `클러스터 버전을 읽지 못했습니다(${why.reason}: ${why.detail}). 잠시 뒤에 다시 확인하십시오`,
  },
  warning: {
    'signers-end': ({ endAt }) =>
      `경고: 백업에 든 서명자 인증서가 ${time(endAt)}에 만료됩니다. 그 뒤에 복구하면 만료된 인증서를 만나게 됩니다`,
    'only-on-node': () => '경고: 백업이 컨트롤 플레인 노드에만 있습니다',
    'not-a-z-stream': () => '경고: 정식 z-stream 릴리스가 아니므로 복구가 보장되지 않습니다',
    'preview-backups-not-counted': () =>
      '경고: 클러스터 자체 프리뷰 API의 백업은 인정되지 않습니다. 그 “완료”는 증거가 되지 못합니다',
  },
};

const words: Readonly<Record<Language, Words>> = { en, ko };

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function hours(ms: number): number {
  return Math.round(ms / 3_600_000);
}
