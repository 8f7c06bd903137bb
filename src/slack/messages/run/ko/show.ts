import { lines, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';
import type { show as english } from '../en/show.ts';

export const show = (t: Tools): ReturnType<typeof english> => ({
  runLine: (p) =>
    md`${t.code(p.id)} · ${p.cluster}${p.zStream ? md` · ${p.zStream}` : ''} · ${p.status} · ${t.time(p.at)} · 요청자 ${t.person(p.slackUser)}`,
  runTitle: (p) => md`*실행 ${t.code(p.id)}* · ${p.cluster} · ${p.status}`,
  runTimes: (p) =>
    lines(
      md`요청 시각 ${t.time(p.requestedAt)}`,
      p.startedAt === undefined ? undefined : md`시작 시각 ${t.time(p.startedAt)}`,
      p.finishedAt === undefined ? undefined : md`종료 시각 ${t.time(p.finishedAt)}`,
    ),
  runPlan: (plan) =>
    lines(
      md`*계획*`,
      md`클러스터 ID ${t.code(plan.clusterId)} · 인프라 ${t.code(plan.infrastructureName)} · API ${t.code(plan.apiUrl)}`,
      md`z-stream ${t.code(plan.zStream)} · 릴리스 이미지 ${t.path(plan.releaseImage)}`,
      md`토폴로지 ${t.code(plan.topology)} · 노드 ${t.code(plan.node)} (${t.code(plan.nodeIp)}) · etcd 멤버 ${t.names(plan.members)}`,
      md`디렉토리 ${t.path(plan.directory)}`,
    ),
});
