import type { Manifest } from '../copies/manifest-document.ts';
import * as api from './api-commands.ts';
import * as nodes from './node-commands.ts';
import { type Host, hostText, memberHosts, otherHosts, recoveryHost } from './recovery-host.ts';
import { type ByHandLine, byHandLine, type SourceKey } from './release-lines.ts';
import { chapterOf, type Procedure } from './restore-procedure.ts';
import { type AbsentPhase, type RestoreStep, step } from './restore-steps.ts';

/** The cluster's own part of a restore, from the files on the recovery host on. */
export interface ClusterSteps {
  readonly steps: readonly RestoreStep[];
  readonly absent: readonly AbsentPhase[];
}

export function clusterSteps(manifest: Manifest, procedure: Procedure): ClusterSteps {
  const line = byHandLine(manifest.release.zStream);
  switch (procedure) {
    case 'several-nodes':
      return severalNodes(manifest);
    case 'single-node':
      return singleNode(manifest);
    case 'two-nodes-with-fencing':
      return fencing(manifest);
    case 'several-nodes-by-hand':
      return line ? byHand(manifest, line) : chapterOnly(manifest, procedure);
    case 'single-node-by-hand':
      return line ? singleNodeByHand(manifest, line) : chapterOnly(manifest, procedure);
    case 'fencing-not-documented':
    case 'unknown':
      return chapterOnly(manifest, procedure);
  }
}

/** The files are on the host; the rest only the chapter says. */
function chapterOnly({ release }: Manifest, procedure: Procedure): ClusterSteps {
  const because = procedure === 'fencing-not-documented' ? 'fencing' : 'unknown';
  const chapter = chapterOf(release.zStream, procedure);
  return { steps: [step('restore', 'chapter', 'nowhere', { chapter, because }, [])], absent: [] };
}

function notNeeded(phase: AbsentPhase['phase'], source: SourceKey): AbsentPhase {
  return { phase, because: 'not-needed', source };
}

/** 4.18 and later. */
function severalNodes(manifest: Manifest): ClusterSteps {
  const hosts = memberHosts(manifest);
  return {
    steps: [
      obstacles(true),
      step(
        'stop',
        'disable-etcd',
        'nodes',
        { nodes: hosts.map(hostText), byName: byName(hosts) },
        nodes.disableEtcdCommands(hosts),
        'K418',
      ),
      restore(manifest, 'etcd', 'K418'),
      step('redeploy', 'guard-off', 'api', {}, api.guardOffCommands, 'K418'),
      stable('K418'),
      step('redeploy', 'guard-on', 'api', {}, api.guardOnCommands, 'K418'),
      membersStep(hosts.length, 'CEO'),
    ],
    absent: [notNeeded('restart', 'K418'), notNeeded('rejoin', 'K418')],
  };
}

function singleNode(manifest: Manifest): ClusterSteps {
  return {
    steps: [obstacles(true), restore(manifest, 'etcd', 'SNO'), stable('SNO'), membersStep(1, 'CEO')],
    absent: (['stop', 'restart', 'rejoin', 'redeploy'] as const).map((phase) => notNeeded(phase, 'SNO')),
  };
}

/** 4.22 and later: on one node; Pacemaker brings the other one back. */
function fencing(manifest: Manifest): ClusterSteps {
  const others = otherHosts(manifest).map(hostText);
  const host = recoveryHost(manifest);
  return {
    steps: [
      step(
        'stop',
        'disable-etcd',
        'nodes',
        { nodes: [hostText(host)], byName: false },
        nodes.disableEtcdCommands([host]),
        'TNF',
      ),
      restore(manifest, 'pacemaker', 'TNF'),
      step('rejoin', 'fencing-peer', 'nodes', { nodes: others }, nodes.fencingPeerCommands(manifest), 'CEO'),
      stable('TNF'),
    ],
    absent: [notNeeded('restart', 'TNF'), notNeeded('redeploy', 'TNF')],
  };
}

/** Up to 4.17, several control-plane nodes. */
function byHand(manifest: Manifest, line: ByHandLine): ClusterSteps {
  const hosts = otherHosts(manifest);
  const others = hosts.map(hostText);
  const names = hosts.map(({ name }) => name);
  const steps = [
    obstacles(false),
    step(
      'stop',
      'stop-others',
      'nodes',
      { nodes: others, pods: line.stopped, byName: byName(hosts) },
      nodes.stopOthersCommands(manifest, line.stopped),
      line.stoppedFrom,
    ),
    ...when(line.keepalived, (source) =>
      step('stop', 'keepalived', 'nodes', { nodes: others }, nodes.keepalivedCommands(manifest), source),
    ),
    restore(manifest, 'four', line.text),
    ...restart(manifest, line, false),
    ...when(line.deleteNodes, (source) =>
      step('rejoin', 'delete-nodes', 'api', { nodes: names }, api.deleteNodesCommands(names), source),
    ),
    ...network(manifest, line, line.deleteNodes !== undefined),
    ...when(line.machines, (source) =>
      step('rejoin', 'machines', 'api', { nodes: names }, api.machineCommands, source),
    ),
    ...when(line.login, (source) => step('redeploy', 'login', 'api', {}, api.loginCommands, source)),
    ...when(line.guard, (source) => step('redeploy', 'guard-off', 'api', {}, api.guardOffCommands, source)),
    step('redeploy', 'redeploy', 'api', {}, api.redeployCommands, line.text),
    ...when(line.guard, (source) => step('redeploy', 'guard-on', 'api', {}, api.guardOnCommands, source)),
    ...rollouts(line),
    ...when(line.keepalived, (source) =>
      step(
        'clean-up',
        'keepalived-back',
        'nodes',
        { nodes: others },
        nodes.keepalivedBackCommands(manifest),
        source,
      ),
    ),
    ...end(manifest, line, manifest.members.length),
  ];
  return { steps, absent: [] };
}

/** Up to 4.17 the documentation has no procedure of its own for one node: what concerns other nodes falls away. */
function singleNodeByHand(manifest: Manifest, line: ByHandLine): ClusterSteps {
  const steps = [
    obstacles(false),
    restore(manifest, 'four', line.text),
    ...restart(manifest, line, true),
    ...network(manifest, line, false),
    ...when(line.login, (source) => step('redeploy', 'login', 'api', {}, api.loginCommands, source)),
    step('redeploy', 'redeploy', 'api', {}, api.redeployCommands, line.text),
    ...rollouts(line),
    ...end(manifest, line, 1),
  ];
  return { steps, absent: [{ phase: 'stop', because: 'not-needed', source: line.text }] };
}

function obstacles(revision: boolean): RestoreStep {
  return step('check', 'obstacles', 'nodes', { revision }, nodes.obstacleCommands, 'CEO');
}

function restore(manifest: Manifest, pods: 'four' | 'etcd' | 'pacemaker', source: SourceKey): RestoreStep {
  const proxy = nodes.restoreProxy(manifest);
  return step('restore', 'restore', 'nodes', { proxy, pods }, nodes.restoreCommands(manifest), source);
}

function restart(manifest: Manifest, line: ByHandLine, only: boolean): readonly RestoreStep[] {
  return [
    step('restart', 'kubelet-certificates', 'nodes', {}, nodes.kubeletCertificateCommands, line.pem),
    step('restart', 'kubelets', 'nodes', { only }, nodes.kubeletCommands(manifest), line.text),
    step('rejoin', 'requests', 'api', { only }, api.requestsCommands, line.text),
    step('rejoin', 'single-member', 'api', { only }, api.membersCommands, line.text),
  ];
}

function network(manifest: Manifest, line: ByHandLine, wait: boolean): readonly RestoreStep[] {
  const { ovn } = line;
  const only = manifest.members.length === 1;
  const webhooks = when(line.webhooks, (source) =>
    step('rejoin', 'webhooks', 'api', {}, api.webhookCommands, source),
  );
  if (!ovn) return webhooks;
  if (ovn.kind === 'control-plane') {
    return [
      ...webhooks,
      step('rejoin', 'ovn-control-plane', 'api', {}, api.ovnControlPlaneCommands, ovn.from),
      step('rejoin', 'ovn-nodes', 'nodes', { only }, nodes.ovnNodeCommands(manifest), ovn.from),
    ];
  }
  return [
    ...webhooks,
    ...(wait
      ? [step('rejoin', 'ovn-wait', 'api', {}, api.ovnWaitCommands(otherHosts(manifest)), 'PR56802')]
      : []),
    step('rejoin', 'ovn-master', 'nodes', {}, nodes.ovnUpTo413Commands(manifest), ovn.from),
  ];
}

function rollouts(line: ByHandLine): readonly RestoreStep[] {
  return [
    step('redeploy', 'etcd-rollout', 'api', {}, api.etcdRolloutCommands, line.text),
    step('redeploy', 'rollouts', 'api', {}, api.rolloutsCommands, line.text),
  ];
}

function end(manifest: Manifest, line: ByHandLine, count: number): readonly RestoreStep[] {
  const webhooks = when(line.webhooks, (source) =>
    step('clean-up', 'webhooks-back', 'api', {}, api.webhookCommands, source),
  );
  const restarted =
    line.end === 'nodes'
      ? step(
          'clean-up',
          'restart-nodes',
          'nodes',
          { only: count === 1 },
          nodes.rebootCommands(manifest),
          line.text,
        )
      : step('clean-up', 'restart-pods', 'api', {}, [], line.text);
  return [membersStep(count, line.text), ...webhooks, ...(line.stable ? [stable(line.text)] : []), restarted];
}

/** Some can only be reached by name. */
function byName(hosts: readonly Host[]): boolean {
  return hosts.some(({ address }) => address === undefined);
}

function membersStep(count: number, source: SourceKey): RestoreStep {
  return step('verify', 'members', 'api', { count }, api.membersCommands, source);
}

function stable(source: SourceKey): RestoreStep {
  return step('verify', 'stable', 'api', { redeploy: api.redeployCommands }, api.stableCommands, source);
}

function when(
  source: SourceKey | undefined,
  make: (source: SourceKey) => RestoreStep,
): readonly RestoreStep[] {
  return source === undefined ? [] : [make(source)];
}
