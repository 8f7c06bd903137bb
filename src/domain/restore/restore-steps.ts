import type { FileKind, ManifestMembers, Place, Recipient } from '../copies/manifest-document.ts';
import type { RestoreProxy } from './node-commands.ts';
import type { RecoveryHost } from './recovery-host.ts';
import type { SourceKey, StaticPod } from './release-lines.ts';
import type { Chapter } from './restore-procedure.ts';

/** What a restore consists of, in this order. */
export const phases = [
  'fetch',
  'check',
  'stop',
  'restore',
  'restart',
  'rejoin',
  'redeploy',
  'verify',
  'clean-up',
] as const;
export type Phase = (typeof phases)[number];

/** Every kind of step, with what its words need. Wording lives in restore/. */
export interface StepParams {
  room: Record<never, never>;
  fetch: {
    file: FileKind;
    destination: string;
    custodians: readonly string[];
    place: Place;
    /** Other proven copies of the file. */
    also: readonly {
      readonly destination: string;
      readonly location: string;
      readonly where?: string | undefined;
    }[];
    /** Where the original may still lie. */
    onNode: { readonly node: string; readonly path: string };
  };
  decrypt: { file: FileKind; recipients: readonly Recipient[] };
  digests: Record<never, never>;
  trailer: Record<never, never>;
  archive: Record<never, never>;
  'recovery-host': {
    host: RecoveryHost;
    only: boolean;
    arbiter: boolean;
    /** As etcd was before the run; undefined: not known. */
    members: ManifestMembers | undefined;
  };
  place: { directory: string };
  /** `revision`: the script of this release also moves `revision.json` away, and stops at anything else. */
  obstacles: { revision: boolean };
  /** `byName`: the address of one is not known. */
  'stop-others': { nodes: readonly string[]; pods: readonly StaticPod[]; byName: boolean };
  keepalived: { nodes: readonly string[] };
  'disable-etcd': { nodes: readonly string[]; byName: boolean };
  restore: { proxy: RestoreProxy; pods: 'four' | 'etcd' | 'pacemaker' };
  'kubelet-certificates': Record<never, never>;
  kubelets: { only: boolean };
  requests: { only: boolean };
  'single-member': { only: boolean };
  'delete-nodes': { nodes: readonly string[] };
  webhooks: Record<never, never>;
  'ovn-wait': Record<never, never>;
  'ovn-master': Record<never, never>;
  'ovn-control-plane': Record<never, never>;
  'ovn-nodes': { only: boolean };
  machines: { nodes: readonly string[] };
  'fencing-peer': { nodes: readonly string[] };
  login: Record<never, never>;
  'guard-off': Record<never, never>;
  redeploy: Record<never, never>;
  'guard-on': Record<never, never>;
  'etcd-rollout': Record<never, never>;
  rollouts: Record<never, never>;
  'webhooks-back': Record<never, never>;
  'keepalived-back': { nodes: readonly string[] };
  members: { count: number };
  stable: { redeploy: readonly string[] };
  'restart-nodes': { only: boolean };
  'restart-pods': Record<never, never>;
  /** From here on the chapter leads. */
  chapter: { chapter: Chapter; because: 'fencing' | 'unknown' };
  tidy: { directory: string; cluster: string; runId: string };
}

export type StepKind = keyof StepParams;

/** `here`: needs no cluster, runs as printed. `nodes`: over SSH. `api`: with oc, once the API answers. */
export type StepPlace = 'here' | 'nodes' | 'api' | 'nowhere';

export type RestoreStep = {
  [Kind in StepKind]: {
    readonly kind: Kind;
    readonly phase: Phase;
    readonly where: StepPlace;
    readonly params: StepParams[Kind];
    readonly commands: readonly string[];
    /** Where the step comes from; `own`: made by this bot's own files, whatever the release. */
    readonly source: SourceKey | 'own';
  };
}[StepKind];

/** A phase without a step, and why. */
export interface AbsentPhase {
  readonly phase: Phase;
  readonly because: 'not-needed' | 'not-found';
  readonly source: SourceKey;
}

export function step<Kind extends StepKind>(
  phase: Phase,
  kind: Kind,
  where: StepPlace,
  params: StepParams[Kind],
  commands: readonly string[],
  source: SourceKey | 'own' = 'own',
): RestoreStep {
  // One kind and its params make one member of the union; TypeScript cannot see that through the type parameter.
  return { phase, kind, where, params, commands, source } as unknown as RestoreStep;
}
