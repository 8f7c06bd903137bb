import type { Plan } from '../../../../domain/preflight/plan.ts';
import { lines, type Markup, md } from '../../kit/markup.ts';
import type { Tools } from '../../kit/tools.ts';

export const show = (t: Tools) => ({
  runLine: (p: {
    id: string;
    cluster: string;
    zStream: string | undefined;
    status: Markup;
    slackUser: string;
    at: number;
  }) =>
    md`${t.code(p.id)} · ${p.cluster}${p.zStream ? md` · ${p.zStream}` : ''} · ${p.status} · ${t.time(p.at)} · asked by ${t.person(p.slackUser)}`,
  runTitle: (p: { id: string; cluster: string; status: Markup }) =>
    md`*Run ${t.code(p.id)}* · ${p.cluster} · ${p.status}`,
  runTimes: (p: { requestedAt: number; startedAt: number | undefined; finishedAt: number | undefined }) =>
    lines(
      md`Asked for at ${t.time(p.requestedAt)}`,
      p.startedAt === undefined ? undefined : md`Started at ${t.time(p.startedAt)}`,
      p.finishedAt === undefined ? undefined : md`Over at ${t.time(p.finishedAt)}`,
    ),
  runPlan: (plan: Plan) =>
    lines(
      md`*Plan*`,
      md`Cluster id ${t.code(plan.clusterId)} · infrastructure ${t.code(plan.infrastructureName)} · API ${t.code(plan.apiUrl)}`,
      md`z-stream ${t.code(plan.zStream)} · release image ${t.path(plan.releaseImage)}`,
      md`Topology ${t.code(plan.topology)} · node ${t.code(plan.node)} (${t.code(plan.nodeIp)}) · etcd members ${t.names(plan.members)}`,
      md`Directory ${t.path(plan.directory)}`,
    ),
});
