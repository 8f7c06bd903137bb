import {
  type FileKind,
  fileKinds,
  locationOf,
  type Manifest,
  type ManifestCopy,
  type ManifestFile,
  provenCopies,
  type Recipient,
} from './manifest.ts';
import {
  chooseBackup,
  type RejectedBackup,
  type RestoreNeed,
  type RestoreWarning,
  restoreWarnings,
} from './restore-choice.ts';
import * as commands from './restore-commands.ts';
import {
  type Chapter,
  chapterOf,
  hasQuorumRestore,
  isNewerThanKnown,
  type Procedure,
  procedureOf,
} from './restore-procedure.ts';

/** Every kind of step, with what its words need. Wording lives in restore/. */
export interface StepParams {
  room: Record<never, never>;
  fetch: {
    file: FileKind;
    destination: string;
    custodians: readonly string[];
    /** Other proven copies of the file. */
    also: readonly { readonly destination: string; readonly location: string }[];
    /** Where the original may still lie. */
    onNode: { readonly node: string; readonly path: string };
  };
  decrypt: { file: FileKind; recipients: readonly Recipient[] };
  digests: Record<never, never>;
  trailer: Record<never, never>;
  archive: Record<never, never>;
  'recovery-host': { node: string; arbiter: boolean };
  place: { directory: string };
  'stop-others': { nodes: readonly string[] };
  'disable-etcd': { nodes: readonly string[] };
  restore: { proxy: commands.RestoreProxy };
  kubelets: Record<never, never>;
  requests: Record<never, never>;
  'guard-off': Record<never, never>;
  stable: { redeploy: readonly string[] };
  'guard-on': Record<never, never>;
  /** From here on the chapter leads. */
  chapter: { chapter: Chapter; because: 'by-hand' | 'fencing' | 'unknown' };
  tidy: { directory: string };
}

export type StepKind = keyof StepParams;

/** `here`: needs no cluster, runs as printed. `nodes`: over SSH. `api`: with oc, once the API answers. */
export type StepPlace = 'here' | 'nodes' | 'api' | 'nowhere';

export type RestoreStep = {
  [Kind in StepKind]: {
    readonly kind: Kind;
    readonly where: StepPlace;
    readonly params: StepParams[Kind];
    readonly commands: readonly string[];
  };
}[StepKind];

export interface RestorePlan {
  readonly manifest: Manifest;
  /** Age of the snapshot when the plan was made, ms. */
  readonly ageMs: number;
  readonly rejected: readonly RejectedBackup[];
  readonly warnings: readonly RestoreWarning[];
  readonly procedure: Procedure;
  readonly chapter: Chapter;
  /** The release is later than those whose documentation the steps come from. */
  readonly compareFirst: boolean;
  /** This release can repair lost quorum without a backup. */
  readonly quorumRestore: boolean;
  readonly steps: readonly RestoreStep[];
  /** How far the steps go. */
  readonly reach: PlanReach;
}

/**
 * to-the-end    every step
 * first-member  up to a control plane with a single member of etcd; the chapter leads on
 * files         both files, on the host; how the cluster itself is restored only the chapter says
 */
export type PlanReach = 'to-the-end' | 'first-member' | 'files';

const reaches: Readonly<Record<Procedure, PlanReach>> = {
  'several-nodes': 'to-the-end',
  'single-node': 'to-the-end',
  'several-nodes-by-hand': 'first-member',
  'single-node-by-hand': 'first-member',
  'two-nodes-with-fencing': 'files',
  unknown: 'files',
};

export type RestoreAnswer =
  | { readonly outcome: 'plan'; readonly plan: RestorePlan }
  | { readonly outcome: 'none'; readonly need: RestoreNeed; readonly rejected: readonly RejectedBackup[] };

/** Which backup, and every step from its two files to a restored cluster. */
export function restorePlan(manifests: readonly Manifest[], need: RestoreNeed): RestoreAnswer {
  const choice = chooseBackup(manifests, need);
  if (choice.outcome === 'none') return choice;
  const { manifest, rejected } = choice;
  const { zStream } = manifest.release;
  const procedure = procedureOf(zStream, manifest.topology);
  const warnings = restoreWarnings(manifest, need, rejected);
  const plan = {
    manifest,
    ageMs: Math.max(0, need.now - Date.parse(manifest.times.started)),
    rejected,
    warnings,
    procedure,
    reach: reaches[procedure],
    chapter: chapterOf(zStream, procedure),
    compareFirst: isNewerThanKnown(zStream),
    quorumRestore: procedure.startsWith('several-nodes') && hasQuorumRestore(zStream),
    steps: [
      ...fileSteps(manifest, warnings),
      ...hostSteps(manifest),
      ...clusterSteps(manifest, procedure),
      tidyStep(manifest),
    ],
  };
  return { outcome: 'plan', plan };
}

function step<Kind extends StepKind>(
  kind: Kind,
  where: StepPlace,
  params: StepParams[Kind],
  lines: readonly string[],
): RestoreStep {
  // One kind and its params make one member of the union; TypeScript cannot see that through the type parameter.
  return { kind, where, params, commands: lines } as unknown as RestoreStep;
}

/** The proven copies of a file, those first whose place is the known one: the first is what a person fetches. */
export function copiesToFetch(
  file: ManifestFile,
  warnings: readonly RestoreWarning[],
): readonly ManifestCopy[] {
  const isInTrouble = ({ destination }: ManifestCopy) =>
    warnings.some((each) => each.kind === 'place-not-known' && each.destination === destination);
  const copies = provenCopies(file);
  return [...copies.filter((copy) => !isInTrouble(copy)), ...copies.filter(isInTrouble)];
}

function fileSteps(manifest: Manifest, warnings: readonly RestoreWarning[]): readonly RestoreStep[] {
  const { snapshot, resources } = manifest.files;
  return [
    step('room', 'here', {}, commands.roomCommands(manifest)),
    ...fileKinds.flatMap((kind) => fetchSteps(manifest, kind, warnings)),
    step('digests', 'here', {}, commands.digestsCommands(manifest)),
    step('trailer', 'here', {}, commands.trailerCommands(snapshot)),
    step('archive', 'here', {}, commands.archiveCommands(resources)),
  ];
}

function fetchSteps(
  manifest: Manifest,
  kind: FileKind,
  warnings: readonly RestoreWarning[],
): readonly RestoreStep[] {
  const file = manifest.files[kind];
  const [copy, ...rest] = copiesToFetch(file, warnings);
  if (!copy) return [];
  const { encryptedFor } = copy;
  const params = {
    file: kind,
    destination: copy.destination,
    custodians: copy.custodians,
    also: rest.map((each: ManifestCopy) => ({
      destination: each.destination,
      location: locationOf(each),
    })),
    onNode: { node: manifest.node.name, path: file.nodePath },
  };
  const fetch = step('fetch', 'here', params, commands.fetchCommands(file, copy));
  if (encryptedFor.length === 0) return [fetch];
  const decrypt = { file: kind, recipients: encryptedFor };
  return [fetch, step('decrypt', 'here', decrypt, commands.decryptCommands(file))];
}

function hostSteps(manifest: Manifest): readonly RestoreStep[] {
  const arbiter = manifest.topology === 'HighlyAvailableArbiter';
  const host = { node: manifest.node.name, arbiter };
  return [
    step('recovery-host', 'here', host, commands.hostCommands(manifest)),
    step('place', 'nodes', { directory: commands.hostDirectory(manifest) }, commands.placeCommands(manifest)),
  ];
}

function tidyStep(manifest: Manifest): RestoreStep {
  return step(
    'tidy',
    'nodes',
    { directory: commands.hostDirectory(manifest) },
    commands.tidyCommands(manifest),
  );
}

function clusterSteps(manifest: Manifest, procedure: Procedure): readonly RestoreStep[] {
  const chapter = chapterOf(manifest.release.zStream, procedure);
  const proxy = commands.restoreProxy(manifest);
  const restore = step('restore', 'nodes', { proxy }, commands.restoreCommands(manifest));
  const stable = step('stable', 'api', { redeploy: commands.redeployCommands }, commands.stableCommands);
  const follow = (because: StepParams['chapter']['because']) =>
    step('chapter', 'nowhere', { chapter, because }, []);
  const byHand = [
    step('kubelets', 'nodes', {}, commands.kubeletCommands(manifest)),
    step('requests', 'api', {}, commands.requestsCommands),
    follow('by-hand'),
  ];
  switch (procedure) {
    case 'several-nodes':
      return [
        step('disable-etcd', 'nodes', { nodes: manifest.members }, commands.disableEtcdCommands(manifest)),
        restore,
        step('guard-off', 'api', {}, commands.guardOffCommands),
        stable,
        step('guard-on', 'api', {}, commands.guardOnCommands),
      ];
    case 'several-nodes-by-hand': {
      const nodes = commands.otherNodes(manifest);
      return [
        step('stop-others', 'nodes', { nodes }, commands.stopOthersCommands(manifest)),
        restore,
        ...byHand,
      ];
    }
    case 'single-node':
      return [restore, stable];
    case 'single-node-by-hand':
      return [restore, ...byHand];
    case 'two-nodes-with-fencing':
      return [follow('fencing')];
    case 'unknown':
      return [follow('unknown')];
  }
}
